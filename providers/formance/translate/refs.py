"""Formance's ids as identities. Those that many records name are remembered."""

from functools import lru_cache

from providers.domain import NodeType, Provider, Ref

_NAMED_OFTEN = 2_048

# An enum's members cost a call each time they are named.
_FORMANCE = Provider.FORMANCE
_PAYMENT, _PAYMENT_ACCOUNT = NodeType.PAYMENT, NodeType.PAYMENT_ACCOUNT


@lru_cache(maxsize=_NAMED_OFTEN)
def account_ref(account_id: str) -> Ref:
    """The identity of an account."""
    return Ref(_PAYMENT_ACCOUNT, (account_id,), _FORMANCE)


def payment_ref(payment_id: str) -> Ref:
    """The identity of a payment."""
    return Ref(_PAYMENT, (payment_id,), _FORMANCE)


def pool_ref(pool_id: str) -> Ref:
    """The identity of a pool."""
    return Ref(NodeType.POOL, (pool_id,), Provider.FORMANCE)


@lru_cache(maxsize=_NAMED_OFTEN)
def connector_ref(connector_id: str) -> Ref:
    """The identity of a connector."""
    return Ref(NodeType.CONNECTOR, (connector_id,), Provider.FORMANCE)


def task_ref(connector_id: str, task_id: str) -> Ref:
    """The identity of a connector's task."""
    return Ref(NodeType.CONNECTOR_TASK, (connector_id, task_id), Provider.FORMANCE)


def bank_account_ref(bank_account_id: str) -> Ref:
    """The identity of a bank account."""
    return Ref(NodeType.BANK_ACCOUNT, (bank_account_id,), Provider.FORMANCE)


def transfer_ref(transfer_id: str) -> Ref:
    """The identity of a transfer initiation."""
    return Ref(NodeType.TRANSFER_INITIATION, (transfer_id,), Provider.FORMANCE)
