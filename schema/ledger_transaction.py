"""Transactions of ledgers, and what they moved."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from providers import domain
from resolvers import ledger_transaction as resolve
from resolvers.caller import Scope
from schema.costs import LEDGER_ENDS, Cost, load
from schema.fields import backed_by, described, resolved_by
from schema.ledger_account import ACCOUNT, LEDGER, LedgerAccount, LedgerVolumes
from schema.money import Money
from schema.node import Node
from schema.scalars import JSON, BigInt

if TYPE_CHECKING:
    from schema.ledger import Ledger
    from schema.payment import Payment

LazyLedger = Annotated["Ledger", strawberry.lazy("schema.ledger")]
LazyPayment = Annotated["Payment", strawberry.lazy("schema.payment")]

_THEIRS = "Callers that are bound to customers see those of their customers' accounts alone."


@strawberry.type(description="Money that moves from one account of a ledger to another.")
class LedgerPosting:
    """GraphQL `LedgerPosting`, backed by `providers.domain.LedgerPosting`."""

    source: LedgerAccount | None = resolved_by(
        resolve.source,
        f"The account that the money leaves. Null when it could not be asked for. {_THEIRS}",
        needs=Scope.LEDGER_READ,
        cost=ACCOUNT,
    )
    destination: LedgerAccount | None = resolved_by(
        resolve.destination,
        f"The account that the money reaches. Null when it could not be asked for. {_THEIRS}",
        needs=Scope.LEDGER_READ,
        cost=ACCOUNT,
    )
    source_address: str | None = resolved_by(
        resolve.source_address, f"The address of the account that the money leaves. {_THEIRS}", needs=Scope.LEDGER_READ
    )
    destination_address: str | None = resolved_by(
        resolve.destination_address,
        f"The address of the account that the money reaches. {_THEIRS}",
        needs=Scope.LEDGER_READ,
    )
    money: Money = described("How much moves.")


@strawberry.type(description="What one account had before or after a transaction.")
class LedgerAccountVolumes:
    """GraphQL `LedgerAccountVolumes`, backed by `providers.domain.LedgerAccountVolumes`."""

    address: str = described("The account's address.")
    account: LedgerAccount | None = resolved_by(
        resolve.held_by,
        "The account as it is now. Null when it could not be asked for.",
        needs=Scope.LEDGER_READ,
        cost=ACCOUNT,
    )
    volumes: list[LedgerVolumes] = described("What it had, by asset.")


@strawberry.type(description="Postings of a ledger that happened together (Formance).")
class LedgerTransaction(Node):
    """GraphQL `LedgerTransaction`, backed by `providers.domain.LedgerTransaction`."""

    number: BigInt = described("Its number in the ledger.")
    ledger: LazyLedger | None = resolved_by(
        resolve.ledger_of,
        "The ledger that it is in. Null for callers that are bound to customers.",
        needs=Scope.LEDGER_READ,
        cost=LEDGER,
    )
    postings: list[LedgerPosting] | None = resolved_by(
        resolve.postings,
        "What moved, in order. Callers that are bound to customers see what left or reached an account of theirs.",
        needs=Scope.LEDGER_READ,
        cost=Cost(assumed=LEDGER_ENDS // 2, is_told=True),
    )
    reference: str | None = described("A name that no other transaction of the ledger has. Null when it has none.")
    metadata: JSON = described(
        "Notes kept with it: an object of strings. What is no string, on servers of the first generation, is given as "
        "its JSON text."
    )
    timestamp: datetime | None = described("When it counts from. Null when the server does not say.")
    inserted_at: datetime | None = described("When it was entered. Null when the server does not say.")
    updated_at: datetime | None = described("When it was last changed. Null when the server does not say.")
    is_reverted: bool | None = described(
        "Whether another transaction has undone it. Null where the server does not say: on those of the first "
        "generation, unless its notes do."
    )
    reverted_at: datetime | None = described("When it was undone. Null when it was not, or the server does not say.")
    template: str | None = described("The template that it was made of. Null when there was none.")
    volumes_before: list[LedgerAccountVolumes] | None = resolved_by(
        resolve.volumes_before,
        f"What its accounts had before it. Null when the server does not say. {_THEIRS}",
        needs=Scope.LEDGER_READ,
        cost=Cost(assumed=LEDGER_ENDS, is_told=True),
    )
    volumes_after: list[LedgerAccountVolumes] | None = resolved_by(
        resolve.volumes_after,
        f"What its accounts had after it. Null when the server does not say. {_THEIRS}",
        needs=Scope.LEDGER_READ,
        cost=Cost(assumed=LEDGER_ENDS, is_told=True),
    )
    payment: LazyPayment | None = resolved_by(
        resolve.payment,
        "The payment whose reference it carries. Null when there is none, or more than one. One call for each 40 "
        "transactions.",
        needs=Scope.PAYMENTS_READ,
        cost=Cost(weight=1, loads=load("payments_by_reference")),
    )
    fetched_at: datetime = described("When this was read from the server.")

    is_type_of = backed_by(domain.LedgerTransaction)
