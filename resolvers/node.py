"""Any object by its global id."""

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from typing import Annotated, Any, TypeAlias

import strawberry

from providers.domain import (
    Account,
    BankAccount,
    Connector,
    ConnectorTask,
    Customer,
    Hold,
    Ledger,
    LedgerAccount,
    LedgerTransaction,
    NodeType,
    OAuthClient,
    OAuthUser,
    Payment,
    Pool,
    Provider,
    Reconciliation,
    ReconciliationPolicy,
    Ref,
    Refresh,
    TransferInitiation,
    Trigger,
    Wallet,
    WalletBalance,
    WebhookConfig,
    Workflow,
    WorkflowInstance,
)
from resolvers import ids
from resolvers.access.binding import ORGANISATIONS, visible
from resolvers.access.scopes import TO_READ, require
from resolvers.batching import Loader
from resolvers.context import Info, RequestContext
from resolvers.loaders import Loaders
from resolvers.problems import BadInput

Node: TypeAlias = (
    Customer
    | Account
    | Payment
    | Pool
    | Connector
    | ConnectorTask
    | BankAccount
    | TransferInitiation
    | Refresh
    | Ledger
    | LedgerAccount
    | LedgerTransaction
    | Wallet
    | WalletBalance
    | Hold
    | Workflow
    | WorkflowInstance
    | Trigger
    | WebhookConfig
    | OAuthClient
    | OAuthUser
    | ReconciliationPolicy
    | Reconciliation
)

_MOST_IDS = 100

_LOADERS = {
    NodeType.PAYMENT: "payments_by_ref",
    NodeType.POOL: "pools_by_ref",
    NodeType.CONNECTOR: "connectors_by_ref",
    NodeType.CONNECTOR_TASK: "tasks_by_ref",
    NodeType.BANK_ACCOUNT: "bank_accounts_by_ref",
    NodeType.TRANSFER_INITIATION: "transfers_by_ref",
    NodeType.REFRESH: "refreshes_by_ref",
    NodeType.LEDGER: "ledgers_by_ref",
    NodeType.LEDGER_ACCOUNT: "ledger_accounts_by_ref",
    NodeType.LEDGER_TRANSACTION: "ledger_transactions_by_ref",
    NodeType.WALLET: "wallets_by_ref",
    NodeType.WALLET_BALANCE: "wallet_balances_by_ref",
    NodeType.HOLD: "holds_by_ref",
    NodeType.WORKFLOW: "workflows_by_ref",
    NodeType.WORKFLOW_INSTANCE: "workflow_instances_by_ref",
    NodeType.TRIGGER: "triggers_by_ref",
    NodeType.RECONCILIATION_POLICY: "reconciliation_policies_by_ref",
    NodeType.RECONCILIATION: "reconciliations_by_ref",
    NodeType.WEBHOOK_CONFIG: "webhook_configs_by_ref",
    NodeType.OAUTH_CLIENT: "oauth_clients_by_ref",
    NodeType.OAUTH_USER: "oauth_users_by_ref",
}
"""The loader of each type of node that is neither a customer nor an account."""


async def node(
    info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="A global id.")]
) -> Node | None:
    """The object with this id."""
    return await node_of(id, info.context)


async def nodes(
    info: Info,
    ids_: Annotated[list[strawberry.ID], strawberry.argument(name="ids", description="Up to 100 global ids.")],
) -> Sequence[Node | BaseException | None]:
    """The objects with these ids, in the same order. One that fails is null with an error of its own."""
    if len(ids_) > _MOST_IDS:
        raise BadInput(f"At most {_MOST_IDS} ids can be asked for at once.")
    return await asyncio.gather(*(node_of(each, info.context) for each in ids_), return_exceptions=True)


async def by_ref(ref: Ref, context: RequestContext) -> Any:  # noqa: ANN401 - an object of the ref's type
    """The object with this identity, if the caller may see it. One that a provider finds by another spelling of its id
    is not the same.
    """
    if context.caller.is_bound and ref.type in ORGANISATIONS:
        return None
    if ref.provider is None:
        found = await context.loaders.customers_by_id.load(ref.native_id)
    else:
        loader = _loaders(ref.type, context.loaders).get(ref.provider)
        found = await loader.load(ref) if loader else None
    return await visible(found, context) if found is not None and found.ref == ref else None


def handed_on(ref: Ref, context: RequestContext) -> "Awaitable[Any] | None":
    """The same for a resolver to hand on to the executor: without a step of the event loop of its own if it can be."""
    if context.caller.customers is not None or ref.provider is None:
        return by_ref(ref, context)
    loader = _loaders(ref.type, context.loaders).get(ref.provider)
    return None if loader is None else loader.lend(ref)


async def node_of(global_id: str, context: RequestContext) -> Node | None:
    """The object with a global id, if the caller may read its type and see it. Raises `Forbidden` and `BadInput`."""
    ref = ids.decode(global_id)
    require(context.caller, TO_READ[ref.type])
    found: Node | None = await by_ref(ref, context)
    return found


def load_of(type_: NodeType) -> str:
    """The name of the loader of a type of node that is no customer."""
    return _LOADERS.get(type_, "accounts_by_ref")


def _loaders(type_: NodeType, loaders: Loaders) -> Mapping[Provider, Loader[Ref, Any]]:
    by_provider: Mapping[Provider, Loader[Ref, Any]] = getattr(loaders, load_of(type_))
    return by_provider
