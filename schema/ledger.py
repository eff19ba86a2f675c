"""Ledgers, and what is told of one as a whole."""

from datetime import datetime

import strawberry

from providers import domain
from providers.domain import LedgerLogType
from resolvers import ledger as resolve
from resolvers import ledger_account, ledger_export, ledger_transaction
from resolvers.caller import Scope
from schema.connection import Connection
from schema.costs import Cost, listed, load
from schema.fields import backed_by, described, resolved_by
from schema.ledger_account import ACCOUNT, LedgerAccount, LedgerVolumes
from schema.ledger_transaction import LedgerTransaction
from schema.money import Money
from schema.node import Node
from schema.scalars import JSON, BigInt

_UNSUPPORTED = (
    "Servers of the first generation know the present alone: another time is an error with the code `UNSUPPORTED`."
)


@strawberry.type(description="One entry of a ledger's log, which tells of every change.")
class LedgerLog:
    """GraphQL `LedgerLog`, backed by `providers.domain.LedgerLog`."""

    number: BigInt = described("Its number in the log.")
    type: LedgerLogType = described("What it tells of.")
    provider_type: str = described("The type in the provider's own word.")
    data: JSON = described("The change as the server keeps it, byte for byte.")
    hash: str | None = described("A hash over this entry and the one before it. Null when the server gives none.")
    date: datetime | None = described("When it was entered. Null when the server does not say.")


@strawberry.type(description="The oldest entries of a ledger's log.")
class LedgerExport:
    """GraphQL `LedgerExport`, backed by `providers.domain.LedgerExport`."""

    logs: list[LedgerLog] = described("The entries, from the oldest on.", cost=Cost(assumed=1000))
    lines: list[str] = described(
        "The same as the server writes them, as JSON, for `importLedgerLogs`.", cost=Cost(assumed=1000)
    )
    is_complete: bool = described("Whether these are all entries that there are.")


@strawberry.type(description="How much there is in a ledger.")
class LedgerStatistics:
    """GraphQL `LedgerStatistics`, backed by `providers.domain.LedgerStatistics`."""

    account_count: BigInt = described("How many accounts it has.")
    transaction_count: BigInt = described("How many transactions it has.")


@strawberry.type(description="What an account, or several whose addresses begin alike, received and gave of an asset.")
class LedgerVolume:
    """GraphQL `LedgerVolume`, backed by `providers.domain.LedgerVolume`."""

    address: str = described("The account's address; what the addresses have in common where accounts are summed up.")
    account: LedgerAccount | None = resolved_by(
        ledger_transaction.volume_of,
        "The account as it is now. Null where accounts are summed up, or when it could not be asked for.",
        needs=Scope.LEDGER_READ,
        cost=ACCOUNT,
    )
    volumes: LedgerVolumes = described("What was received and given.")


@strawberry.type(description="A rule of a ledger's mapping.")
class LedgerContract:
    """GraphQL `LedgerContract`, backed by `providers.domain.LedgerContract`."""

    address: str | None = described("The accounts that it is for. Null: all.")
    expression: JSON = described("The rule as the server keeps it, byte for byte.")


@strawberry.type(description="A change of the form in which the server stores a ledger.")
class LedgerMigration:
    """GraphQL `LedgerMigration`, backed by `providers.domain.LedgerMigration`."""

    version: str = described("Its number.")
    name: str | None = described("Its name. Null when it has none.")
    state: str | None = described("How far it has come, in the provider's own word. Null when it is not told.")
    date: datetime | None = described("When it was made. Null when it is not told.")


@strawberry.type(description="The server that keeps the ledgers.")
class LedgerServer:
    """GraphQL `LedgerServer`, backed by `providers.domain.LedgerServer`."""

    version: str | None = described("Its version. Null when it does not say.")
    api: str = described("What it can do: `v1`, `v2.1` or `v2.4`, as `FORMANCE_LEDGER` is set.")


@strawberry.type(description="A book of accounts, and of the transactions that moved money between them (Formance).")
class Ledger(Node):
    """GraphQL `Ledger`, backed by `providers.domain.Ledger`."""

    name: str = described("Its name, unique at the provider.")
    bucket: str | None = described("Where the server stores it. Null when the server does not say.")
    metadata: JSON | None = described("Notes kept with it: an object of strings. Null when the server does not say.")
    added_at: datetime | None = described("When it was made. Null when the server does not say.")
    accounts: Connection[LedgerAccount] | None = resolved_by(
        ledger_account.accounts,
        "Its accounts, by address. Servers of the first generation begin with the last. Their volumes come with them, "
        f"as they were at a time if that is given. {_UNSUPPORTED}",
        needs=Scope.LEDGER_READ,
        is_organisations=True,
        cost=listed("list_ledger_accounts"),
    )
    transactions: Connection[LedgerTransaction] | None = resolved_by(
        ledger_transaction.transactions,
        f"Its transactions, newest first, as they were at a time if that is given. {_UNSUPPORTED}",
        needs=Scope.LEDGER_READ,
        is_organisations=True,
        cost=listed("list_ledger_transactions"),
    )
    logs: Connection[LedgerLog] | None = resolved_by(
        resolve.logs,
        "Its log, newest first.",
        needs=Scope.LEDGER_READ,
        is_organisations=True,
        cost=listed("list_ledger_logs"),
    )
    volumes: Connection[LedgerVolume] | None = resolved_by(
        resolve.volumes,
        "What its accounts received and gave, by address and asset. Servers of the first generation tell the balances "
        "alone, and take no condition but `address`: others are an error with the code `UNSUPPORTED` there.",
        needs=Scope.LEDGER_READ,
        is_organisations=True,
        cost=listed("list_ledger_volumes"),
    )
    aggregated_balances: list[Money] | None = resolved_by(
        resolve.aggregated_balances,
        f"The sums of its accounts' balances, by asset. {_UNSUPPORTED}",
        needs=Scope.LEDGER_READ,
        is_organisations=True,
        cost=Cost(weight=1, loads=load("ledger_sums"), assumed=10),
    )
    account_count: BigInt | None = resolved_by(
        ledger_account.account_count,
        f"How many accounts it has. {_UNSUPPORTED}",
        needs=Scope.LEDGER_READ,
        is_organisations=True,
        cost=Cost(weight=1, loads=load("count_ledger_accounts")),
    )
    transaction_count: BigInt | None = resolved_by(
        ledger_transaction.transaction_count,
        f"How many transactions it has. {_UNSUPPORTED}",
        needs=Scope.LEDGER_READ,
        is_organisations=True,
        cost=Cost(weight=1, loads=load("count_ledger_transactions")),
    )
    statistics: LedgerStatistics | None = resolved_by(
        resolve.statistics,
        "How much there is in it. Null when the server could not be asked.",
        needs=Scope.LEDGER_READ,
        is_organisations=True,
        cost=Cost(weight=1, loads=load("ledger_statistics_by_ref")),
    )
    migrations: list[LedgerMigration] | None = resolved_by(
        resolve.migrations,
        "What was done to how it is stored, in order. Null when the server could not be asked.",
        needs=Scope.LEDGER_READ,
        is_organisations=True,
        cost=Cost(weight=1, loads=load("ledger_migrations_by_ref"), assumed=50),
    )
    mapping: list[LedgerContract] | None = resolved_by(
        resolve.mapping,
        "The rules of its accounts. An error with the code `UNSUPPORTED` on servers since 2.0.",
        needs=Scope.LEDGER_READ,
        is_organisations=True,
        cost=Cost(weight=1, loads=load("ledger_mappings_by_ref"), assumed=20),
        deprecation_reason="Only servers of the first generation have it.",
    )
    exported_logs: LedgerExport | None = resolved_by(
        ledger_export.exported_logs,
        "The beginning of its log, in the form that another ledger can be filled with. Null when the server could not "
        "be asked. An error with the code `UNSUPPORTED` on servers of the first generation.",
        needs=Scope.LEDGER_READ,
        is_organisations=True,
        cost=Cost(weight=1, loads=load("export_ledger_logs")),
    )
    fetched_at: datetime = described("When this was read from the server.")

    is_type_of = backed_by(domain.Ledger)
