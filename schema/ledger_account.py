"""Accounts of ledgers, and what they hold."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from providers import domain
from resolvers import ledger_account as resolve
from resolvers.caller import Scope
from schema.connection import Connection
from schema.costs import Cost, Load, load
from schema.fields import backed_by, described, resolved_by
from schema.money import Money
from schema.node import Node
from schema.scalars import JSON

if TYPE_CHECKING:
    from schema.customer import Customer
    from schema.ledger import Ledger
    from schema.ledger_transaction import LedgerTransaction

LazyCustomer = Annotated["Customer", strawberry.lazy("schema.customer")]
LazyLedger = Annotated["Ledger", strawberry.lazy("schema.ledger")]
LazyTransaction = Annotated["LedgerTransaction", strawberry.lazy("schema.ledger_transaction")]

LEDGER = Cost(weight=1, loads=load("ledgers_by_ref"))
"""The cost of a ledger that is named in a record."""

ACCOUNT = Cost(weight=2, loads=load("ledger_accounts_by_ref"))
"""The cost of an account that is named in a record."""


@strawberry.type(description="What an account of a ledger has ever received and given of one asset.")
class LedgerVolumes:
    """GraphQL `LedgerVolumes`, backed by `providers.domain.LedgerVolumes`."""

    asset: str = described("The asset's code and decimals, such as `USD/2`.")
    input: Money | None = described("What was received. Null where the server tells the balance alone.")
    output: Money | None = described("What was given. Null where the server tells the balance alone.")
    balance: Money = described("What was received less what was given; it may be negative.")


@strawberry.type(
    description="An account of a ledger (Formance). It has no owner of its own: its metadata may name a customer under "
    "`customer_id`, and the directory may link it to one."
)
class LedgerAccount(Node):
    """GraphQL `LedgerAccount`, backed by `providers.domain.LedgerAccount`."""

    address: str = described("Its name in the ledger: segments with colons between them, such as `users:001:main`.")
    ledger: LazyLedger | None = resolved_by(
        resolve.ledger_of,
        "The ledger that it is in. Null for callers that are bound to customers.",
        needs=Scope.LEDGER_READ,
        cost=LEDGER,
    )
    metadata: JSON = described(
        "Notes kept with it: an object of strings. What is no string, on servers of the first generation, is given as "
        "its JSON text."
    )
    volumes: list[LedgerVolumes] | None = resolved_by(
        resolve.volumes,
        "What it has received and given, by asset; as they were at `asOf` if that is not null. They come with the "
        "account, but in lists of servers of the first generation: there, they are one more call for each account. "
        "Null when the server could not be asked.",
        needs=Scope.LEDGER_READ,
        cost=Cost(weight=2, loads=load("ledger_volumes_by_account"), assumed=10, is_told=True),
    )
    balances: list[LedgerVolumes] | None = resolved_by(
        resolve.balances,
        "What it had received and given at a time, by asset; nothing before it was there. One call for all accounts "
        "that are asked about the same time. Servers of the first generation know the present alone: another time is "
        "an error with the code `UNSUPPORTED`.",
        needs=Scope.LEDGER_READ,
        cost=Cost(weight=2, loads=load("ledger_balances_by_account"), assumed=10, is_told=True),
    )
    transactions: Connection[LazyTransaction] | None = resolved_by(
        resolve.transactions,
        "Transactions that touch it, newest first. The first pages of up to 100 accounts come by one to three calls, "
        "and one more for each account that busier ones crowd out.",
        needs=Scope.LEDGER_READ,
        cost=Cost(
            weight=2,
            loads=(
                Load(name="ledger_transactions_by_account", absent=("after",)),
                Load(name="list_ledger_transactions", given=("after",)),
            ),
            is_sliced=True,
        ),
    )
    customer: LazyCustomer | None = resolved_by(
        resolve.customer,
        "Whose account it is: by the directory's link, or else by its metadata, or by its wallet where it holds the "
        "money of one. Null when nobody is named.",
        needs=Scope.CUSTOMERS_READ,
        cost=Cost(weight=1, loads=load("wallets_by_ref", is_common=True)),
    )
    first_usage: datetime | None = described(
        "When it was first used in a transaction. Null when it never was, or the server does not say."
    )
    inserted_at: datetime | None = described("When it was entered. Null when the server does not say.")
    updated_at: datetime | None = described("When it was last changed. Null when the server does not say.")
    as_of: datetime | None = described("The time that was asked about. Null: the present.")
    fetched_at: datetime = described("When this was read from the server.")

    is_type_of = backed_by(domain.LedgerAccount)
