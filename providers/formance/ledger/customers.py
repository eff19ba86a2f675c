"""Accounts of ledgers by the customer whom their metadata names, and those that are linked to one."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence

from providers.domain import CUSTOMER_NOTE, CustomerLink, Ledger, LedgerAccount, LinkKind, Provider
from providers.errors import Outcome, ProviderError
from providers.formance import filters
from providers.formance.client.ledger import Search
from providers.formance.filters import Expression
from providers.formance.ledger.accounts import LedgerAccounts
from providers.formance.ledger.generation import V1, LedgerGeneration
from providers.formance.ledger.search import VOLUMES, is_address, named
from providers.formance.translate.ledger import ledger_account_ref
from providers.operation import Operation

Links = Mapping[str, Sequence[CustomerLink]]

TOGETHER = 100
"""Customers, or accounts that are linked to them, in one call."""


class CustomersAccounts:
    """Reads by customer."""

    def __init__(self, accounts: LedgerAccounts, generation: LedgerGeneration) -> None:
        self._accounts, self._generation = accounts, generation

    async def by_customer(
        self, ledgers: Sequence[Ledger], links: Links, operation: Operation
    ) -> dict[str, Outcome[Sequence[LedgerAccount]]]:
        """The accounts of each customer in these ledgers. Where one ledger fails, all fail."""
        try:
            generation = await self._generation.current(operation)
            if generation == V1:
                found = await self._one_by_one(ledgers, links, operation)
            else:
                found = await self._together(ledgers, links, operation)
        except ProviderError as error:
            return dict.fromkeys(links, error)
        return _shared_out(links, found)

    async def _together(self, ledgers: Sequence[Ledger], links: Links, operation: Operation) -> Iterable[LedgerAccount]:
        searches = [
            (ledger.name, Search(filter=filters.text(filters.either(clauses)), more=[VOLUMES]))
            for ledger in ledgers
            for clauses in _clauses(ledger.name, links)
        ]
        reading = (self._accounts.everything(name, each, "", operation) for name, each in searches)
        return [account for part in await asyncio.gather(*reading) for account in part]

    async def _one_by_one(
        self, ledgers: Sequence[Ledger], links: Links, operation: Operation
    ) -> Iterable[LedgerAccount]:
        """By the first API, which takes one condition at a time."""
        noted = [
            self._accounts.everything(ledger.name, Search(more=[(f"metadata[{CUSTOMER_NOTE}]", each)]), V1, operation)
            for ledger in ledgers
            for each in links
        ]
        refs = [ledger_account_ref(*each) for stored in links.values() for each in linked(stored)]
        parts, by_ref = await asyncio.gather(asyncio.gather(*noted), self._accounts.by_ref(refs, operation))
        return [*(account for part in parts for account in part), *map(_value_of, by_ref.values())]


def linked(stored: Iterable[CustomerLink]) -> list[tuple[str, str]]:
    """Ledger and address of the accounts that links name."""
    named_ones = [
        link.external_id.partition("/")
        for link in stored
        if link.provider is Provider.FORMANCE and link.kind is LinkKind.LEDGER_ACCOUNT
    ]
    return [(ledger, address) for ledger, _, address in named_ones if is_address(address)]


def _value_of(outcome: Outcome[LedgerAccount]) -> LedgerAccount:
    """The account. Raises the error."""
    if isinstance(outcome, ProviderError):
        raise outcome
    return outcome


def _clauses(ledger: str, links: Links) -> Iterable[list[Expression]]:
    clauses: list[Expression] = [named(CUSTOMER_NOTE, customer_id) for customer_id in links]
    for stored in links.values():
        clauses += [filters.match("address", address) for name, address in linked(stored) if name == ledger]
    for start in range(0, len(clauses), TOGETHER):
        yield clauses[start : start + TOGETHER]


def _shared_out(links: Links, found: Iterable[LedgerAccount]) -> dict[str, Outcome[Sequence[LedgerAccount]]]:
    """To each customer theirs. Where link and note differ, the link is right."""
    owners = {ledger_account_ref(*each): customer for customer in links for each in linked(links[customer])}
    shares: dict[str, dict[object, LedgerAccount]] = {customer_id: {} for customer_id in links}
    for account in found:
        owner = owners.get(account.ref) or account.customer_id
        if owner in shares:
            shares[owner][account.ref] = account
    return {customer_id: list(share.values()) for customer_id, share in shares.items()}
