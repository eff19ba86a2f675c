"""Which parts of the graph a caller is let into: decided for each field before it asks anybody anything."""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any

from providers.domain import NodeType
from resolvers.caller import Caller, Scope
from resolvers.problems import Forbidden

TO_READ = {
    NodeType.CUSTOMER: Scope.CUSTOMERS_READ,
    NodeType.AGGREGATED_ACCOUNT: Scope.ACCOUNTS_READ,
    NodeType.PAYMENT_ACCOUNT: Scope.ACCOUNTS_READ,
    NodeType.SMART_ACCOUNT: Scope.ACCOUNTS_READ,
    NodeType.REFRESH: Scope.ACCOUNTS_READ,
    NodeType.PAYMENT: Scope.PAYMENTS_READ,
    NodeType.POOL: Scope.POOLS_READ,
    NodeType.CONNECTOR: Scope.CONNECTORS_READ,
    NodeType.CONNECTOR_TASK: Scope.CONNECTORS_READ,
    NodeType.BANK_ACCOUNT: Scope.BANK_ACCOUNTS_READ,
    NodeType.TRANSFER_INITIATION: Scope.TRANSFERS_READ,
    NodeType.LEDGER: Scope.LEDGER_READ,
    NodeType.LEDGER_ACCOUNT: Scope.LEDGER_READ,
    NodeType.LEDGER_TRANSACTION: Scope.LEDGER_READ,
    NodeType.WALLET: Scope.WALLETS_READ,
    NodeType.WALLET_BALANCE: Scope.WALLETS_READ,
    NodeType.HOLD: Scope.WALLETS_READ,
    NodeType.WORKFLOW: Scope.WORKFLOWS_READ,
    NodeType.WORKFLOW_INSTANCE: Scope.WORKFLOWS_READ,
    NodeType.TRIGGER: Scope.WORKFLOWS_READ,
    NodeType.RECONCILIATION_POLICY: Scope.RECONCILIATION_READ,
    NodeType.RECONCILIATION: Scope.RECONCILIATION_READ,
    NodeType.WEBHOOK_CONFIG: Scope.WEBHOOKS_READ,
    NodeType.OAUTH_CLIENT: Scope.OAUTH_READ,
    NodeType.OAUTH_USER: Scope.OAUTH_READ,
}
"""What it takes to read a node, however it is reached."""


def guarded(resolver: Callable[..., Any], needs: Scope, *, is_organisations: bool = False) -> Callable[..., Any]:
    """The resolver, for callers that have a scope. What is the organisation's is closed to those bound to customers.

    Gives the resolver's own result or awaitable, so that the check adds no step to the event loop.
    """
    if "info" not in inspect.signature(resolver).parameters:
        raise TypeError(f"{resolver.__qualname__} cannot be guarded: it does not take `info`")

    @wraps(resolver)
    def allowed(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - whatever the resolver takes and gives
        caller: Caller = kwargs["info"].context.caller
        if needs not in caller.scopes:
            require(caller, needs)
        if is_organisations and caller.is_bound:
            raise Forbidden("This is the organisation's, and closed to callers that are bound to customers.")
        return resolver(*args, **kwargs)

    return allowed


def require(caller: Caller, scope: Scope) -> None:
    """Raise `Forbidden` when the caller lacks a scope."""
    if not caller.may(scope):
        raise Forbidden(f"This needs the scope `{scope.value}`.", requiredScope=scope.value)
