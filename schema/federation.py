"""What makes this graph a subgraph of a federated one.

A gateway reads the subgraph's SDL from `_service`, and objects that other subgraphs name from `_entities`. Neither
stands in the printed SDL, which is for clients.
https://www.apollographql.com/docs/graphos/schema-design/federated-schemas
"""

import re
from functools import cache
from typing import Annotated, Any, Union

import strawberry

from resolvers import federation as resolve
from resolvers.context import Info
from schema.account import AggregatedAccount, PaymentAccount, SmartAccount
from schema.bank_account import BankAccount
from schema.connector import Connector, ConnectorTask
from schema.costs import Cost
from schema.customer import Customer
from schema.fields import resolved_by
from schema.hold import Hold
from schema.ledger import Ledger
from schema.ledger_account import LedgerAccount
from schema.ledger_transaction import LedgerTransaction
from schema.oauth import OAuthClient, OAuthUser
from schema.payment import Payment
from schema.pool import Pool
from schema.reconciliation import Reconciliation, ReconciliationPolicy
from schema.refresh import Refresh
from schema.subgraph import subgraph
from schema.transfer import TransferInitiation
from schema.trigger import Trigger
from schema.wallet import Wallet, WalletBalance
from schema.webhook import WebhookConfig
from schema.workflow import Workflow, WorkflowInstance

ENTITIES: tuple[type, ...] = (
    Customer,
    AggregatedAccount,
    PaymentAccount,
    SmartAccount,
    BankAccount,
    Connector,
    ConnectorTask,
    Payment,
    Pool,
    Refresh,
    TransferInitiation,
    Ledger,
    LedgerAccount,
    LedgerTransaction,
    Wallet,
    WalletBalance,
    Hold,
    Workflow,
    WorkflowInstance,
    Trigger,
    ReconciliationPolicy,
    Reconciliation,
    WebhookConfig,
    OAuthClient,
    OAuthUser,
)
"""Every type that can be fetched again by its id, which is its key."""

Entity = Annotated[
    Union[ENTITIES],  # type: ignore[valid-type]  # noqa: UP007 - made of a tuple
    strawberry.union(name="_Entity", description="Every type that can be fetched again by its id, which is its key."),
]

_PRINTED = re.compile(
    r'(?:"""(?:(?!""").)*"""\n)?(?:scalar _Any|union _Entity = [^\n]*|type _Service[^{]*\{.*?\n\})\n*', re.DOTALL
)
_FIELDS = re.compile(r'\n\n  """(?:(?!""").)*"""\n  _(?:entities\(.*?\n  \)|service): [^\n]*', re.DOTALL)


@cache
def _made(schema: Any, *, tells_scopes: bool) -> str:  # noqa: ANN401 - Strawberry's
    return subgraph(schema.as_str(), schema._schema, tells_scopes=tells_scopes)


def _sdl(info: Info) -> str:
    return _made(info.schema, tells_scopes=info.context.tells_scopes)


@strawberry.type(name="_Service", description="This graph as a subgraph.")
class Service:
    """GraphQL `_Service`."""

    sdl: str = strawberry.field(resolver=_sdl, description="Its SDL, with the directives of Apollo Federation 2.")


def _service() -> Service:
    return Service()


@strawberry.type
class FederationQueries:
    """What gateways ask, a part of the root `Query`."""

    entities: list[Entity | None] = resolved_by(
        resolve.entities,
        "Objects that other subgraphs name: for federation gateways.",
        name="_entities",
        cost=Cost(weight=100, by_id="representations", assumed=100),
    )
    service: Service = strawberry.field(
        resolver=_service, name="_service", description="This graph as a subgraph: for federation gateways."
    )


def for_clients(sdl: str) -> str:
    """The SDL without what only gateways ask."""
    return _FIELDS.sub("", _PRINTED.sub("", sdl)).rstrip("\n")
