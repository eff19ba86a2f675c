"""Orders that the sandbox takes, and every write of the provider by the vendor's name of its operation."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import msgspec

from providers import money
from providers.domain import AccountKind, PaymentStatus, PaymentType, Ref, TransferType
from providers.operation import Operation
from providers.orders import (
    AccountOrder,
    BankAccountOrder,
    BetweenOrder,
    ConnectorOrder,
    PaymentOrder,
    PoolOrder,
    ReversalOrder,
    TransferOrder,
)
from providers.seed import NOW
from tests.providers.formance.conftest import Rig, account, bank_account, connector, transfer

IBAN = "DE89370400440532013000"
SECRET = "sk_live_not_to_be_seen"


def installed(rig: Rig, provider: str = "GENERIC") -> Ref:
    """The first connector of a kind."""
    return connector(next(each.id for each in rig.state.connectors.values() if each.provider == provider))


def internal(rig: Rig, count: int) -> list[Ref]:
    """Accounts that pools can hold."""
    return [account(each.id) for each in rig.state.accounts.values() if each.kind == "INTERNAL"][:count]


def pool_order(rig: Rig, **changes: Any) -> PoolOrder:
    return msgspec.structs.replace(PoolOrder(name="New pool", accounts=tuple(internal(rig, 2))), **changes)


def account_order(rig: Rig, **changes: Any) -> AccountOrder:
    order = AccountOrder(
        connector=installed(rig), reference="acct_new", name="By hand", kind=AccountKind.INTERNAL, created_at=NOW
    )
    return msgspec.structs.replace(order, **changes)


def payment_order(rig: Rig, **changes: Any) -> PaymentOrder:
    order = PaymentOrder(
        connector=installed(rig),
        reference="py_new",
        type=PaymentType.PAY_IN,
        status=PaymentStatus.SUCCEEDED,
        money=money.from_minor(1250, "EUR/2"),
        scheme="visa",
        created_at=NOW,
    )
    return msgspec.structs.replace(order, **changes)


def bank_account_order(**changes: Any) -> BankAccountOrder:
    order = BankAccountOrder(name="Supplier", country="DE", iban=IBAN, metadata={"write": "w1"})
    return msgspec.structs.replace(order, **changes)


def transfer_order(rig: Rig, **changes: Any) -> TransferOrder:
    """A payout between two accounts of one connector."""
    accounts = list(rig.state.accounts.values())
    source = next(each for each in accounts if each.kind == "INTERNAL")
    same = (each for each in accounts if each.kind == "EXTERNAL" and each.connector.id == source.connector.id)
    order = TransferOrder(
        connector=connector(source.connector.id),
        reference="order-new",
        type=TransferType.PAYOUT,
        money=money.from_minor(4200, "EUR/2"),
        destination=account(next(same).id),
        source=account(source.id),
        description="Invoice 1",
    )
    return msgspec.structs.replace(order, **changes)


def reversal_order(done: Ref, **changes: Any) -> ReversalOrder:
    order = ReversalOrder(transfer=done, reference="back-1", money=money.from_minor(4200, "EUR/2"))
    return msgspec.structs.replace(order, **changes)


def connector_order(**changes: Any) -> ConnectorOrder:
    settings = {"name": "stripe-new", "apiKey": SECRET, "pageSize": 50}
    return msgspec.structs.replace(ConnectorOrder(provider_name="STRIPE", settings=settings), **changes)


def between_order(**changes: Any) -> BetweenOrder:
    order = BetweenOrder(provider_name="STRIPE", money=money.from_minor(100, "EUR/2"), source="a", destination="b")
    return msgspec.structs.replace(order, **changes)


def waiting(rig: Rig) -> Ref:
    """A seeded transfer that waits for its validation."""
    return transfer(next(each.id for each in rig.state.initiations.values() if each.status == "WAITING_FOR_VALIDATION"))


def kept(rig: Rig) -> Ref:
    """A seeded bank account."""
    return bank_account(next(iter(rig.state.bank_accounts)))


def later(moment: datetime) -> str:
    """A time in the vendor's form."""
    return moment.isoformat().replace("+00:00", "Z")


Write = Callable[[Rig, Operation], Awaitable[object]]

WRITES: dict[str, Write] = {
    "create_pool": lambda rig, on: rig.provider.create_pool(pool_order(rig), on),
    "delete_pool": lambda rig, on: rig.provider.delete_pool(rig.pools()[0], on),
    "add_account_to_pool": lambda rig, on: rig.provider.add_account_to_pool(rig.pools()[-1], internal(rig, 1)[0], on),
    "remove_account_from_pool": lambda rig, on: rig.provider.remove_account_from_pool(
        rig.pools()[0], internal(rig, 1)[0], on
    ),
    "create_account": lambda rig, on: rig.provider.create_account(account_order(rig), on),
    "create_payment": lambda rig, on: rig.provider.create_payment(payment_order(rig), on),
    "update_metadata": lambda rig, on: rig.provider.update_payment_metadata(rig.payments(1)[0], {"k": "v"}, on),
    "create_bank_account": lambda rig, on: rig.provider.create_bank_account(bank_account_order(), on),
    "forward_bank_account": lambda rig, on: rig.provider.forward_bank_account(kept(rig), installed(rig), on),
    "update_bank_account_metadata": lambda rig, on: rig.provider.update_bank_account_metadata(
        kept(rig), {"k": "v"}, on
    ),
    "create_transfer_initiation": lambda rig, on: rig.provider.create_transfer(transfer_order(rig), on),
    "udpate_transfer_initiation_status": lambda rig, on: rig.provider.reject_transfer(waiting(rig), on),
    "retry_transfer_initiation": lambda rig, on: rig.provider.retry_transfer(waiting(rig), on),
    "reverse_transfer_initiation": lambda rig, on: rig.provider.reverse_transfer(reversal_order(waiting(rig)), on),
    "delete_transfer_initiation": lambda rig, on: rig.provider.delete_transfer(waiting(rig), on),
    "connectors_transfer": lambda rig, on: rig.provider.transfer_between(between_order(), on),
    "install_connector": lambda rig, on: rig.provider.install_connector(connector_order(), on),
    "update_connector_config_v1": lambda rig, on: rig.provider.update_connector(
        installed(rig, "STRIPE"), connector_order(), on
    ),
    "reset_connector_v1": lambda rig, on: rig.provider.reset_connector(installed(rig), on),
    "uninstall_connector_v1": lambda rig, on: rig.provider.uninstall_connector(installed(rig), on),
    "reset_connector": lambda rig, on: rig.provider.reset_connector_by_kind("WISE", on),
    "uninstall_connector": lambda rig, on: rig.provider.uninstall_connector_by_kind("WISE", on),
}
"""Each is sent by one call. With `udpate_transfer_initiation_status`, validation stands for rejection."""
