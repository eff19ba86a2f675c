"""Everything that one sandbox remembers, by id. Tables are plain dicts, so that a write is an assignment."""

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import TypeVar

import msgspec

from providers.formance.sandbox.errors import internal, invalid
from providers.formance.sandbox.paging import Listing
from providers.formance.sandbox.query import Grammar, predicate
from providers.formance.sandbox.records import (
    Account,
    Balance,
    BankAccount,
    Connector,
    Generation,
    Initiation,
    Payment,
    Pool,
    Task,
)

Row = TypeVar("Row", Account, Balance, BankAccount, Initiation, Payment, Pool, Task)

_DIRECTIONS = {"": False, "asc": False, "ASC": False, "desc": True, "DESC": True}
_COLUMNS = {
    "account_name": "name",
    "balance": "amount",
    "connector_id": "connector.id",
    "source_account_id": "source",
    "destination_account_id": "destination",
    "type": "kind",
}
"""The server's columns that are called otherwise in a record."""


class State(msgspec.Struct):
    """The stored objects of one payments server. `balances` holds each account's history by account id."""

    generation: Generation
    connectors: dict[str, Connector] = {}
    accounts: dict[str, Account] = {}
    balances: dict[str, list[Balance]] = {}
    payments: dict[str, Payment] = {}
    pools: dict[str, Pool] = {}
    bank_accounts: dict[str, BankAccount] = {}
    initiations: dict[str, Initiation] = {}
    reversals: set[tuple[str, str]] = set()
    """Connector id and reference of every reversal: the latter must be the connector's only one."""
    tasks: dict[str, Task] = {}

    def forget(self, connector: Connector) -> None:
        """Remove a connector and all that came through it; pools and bank accounts stay, without its accounts."""
        self.connectors.pop(connector.id, None)
        gone = {account.id for account in self.accounts.values() if account.connector.id == connector.id}
        self.accounts = {each: account for each, account in self.accounts.items() if each not in gone}
        self.balances = {each: rows for each, rows in self.balances.items() if each not in gone}
        self.payments = {each: row for each, row in self.payments.items() if row.connector.id != connector.id}
        self.initiations = {each: row for each, row in self.initiations.items() if row.connector.id != connector.id}
        self.tasks = {each: row for each, row in self.tasks.items() if row.connector.id != connector.id}
        for pool in self.pools.values():
            pool.accounts = [account for account in pool.accounts if account not in gone]
        for bank_account in self.bank_accounts.values():
            bank_account.related = [row for row in bank_account.related if row.connector.id != connector.id]


def selected(rows: Iterable[Row], listing: Listing, grammar: Grammar) -> list[Row]:
    """The rows that pass the listing's filter, in its order."""
    wanted = predicate(listing.filters.qb, grammar)
    matching = [row for row in rows if wanted(row)] if wanted else list(rows)
    return ordered(matching, listing.filters.sort, grammar.generation)


def ordered(rows: list[Row], sort: Sequence[str], generation: Generation) -> list[Row]:
    """Newest first, unless v2 is told `column:asc` or `column:desc`; v3 does not listen."""
    if generation == "v3" or not sort:
        return sorted(rows, key=attrgetter("created_at"), reverse=True)
    for clause in reversed(sort):
        column, _, direction = clause.partition(":")
        if direction not in _DIRECTIONS:
            raise invalid(f"sort order not well specified, got {direction}")
        rows = _by_column(rows, column, generation, descending=_DIRECTIONS[direction])
    return rows


def _by_column(rows: list[Row], column: str, generation: Generation, *, descending: bool) -> list[Row]:
    try:
        return sorted(rows, key=attrgetter(_COLUMNS.get(column, column)), reverse=descending)
    except (AttributeError, TypeError) as error:
        raise internal(generation, f'ERROR: column "{column}" does not exist (SQLSTATE=42703)') from error
