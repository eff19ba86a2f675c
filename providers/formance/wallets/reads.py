"""Reads of wallets: by identity, by customer, and all of them."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from providers.answers import translating
from providers.domain import (
    CUSTOMER_NOTE,
    CustomerLink,
    LinkKind,
    Page,
    PageRequest,
    Provider,
    Ref,
    Wallet,
    WalletFilter,
)
from providers.errors import Outcome, ProviderError
from providers.formance import filters, paging
from providers.formance.client.wallets import GET_WALLET, LIST_WALLETS, Wanted
from providers.formance.models import Cursor
from providers.formance.models import wallets as models
from providers.formance.translate import wallets as translate
from providers.formance.wallets import accounts
from providers.formance.wallets.asking import each, known, noted_so
from providers.formance.wallets.parts import PartReads
from providers.operation import Operation

_WITH_BALANCES = ("expand", "balances")


class WalletReads(PartReads):
    """Implements `ReadsWallets`."""

    async def wallets_by_ref(self, refs: Sequence[Ref], operation: Operation) -> Mapping[Ref, Outcome[Wallet]]:
        """One call for a wallet, or for 50 of them at once."""
        asked = known(refs)
        groups = await self._books.accounts(asked, accounts.main_balance, operation) if len(asked) > 1 else None
        if groups is None:
            return await each(asked, lambda ref: self._wallet(ref.native_id, operation))
        ledger, found = await self._books.name(operation), dict[Ref, Outcome[Wallet]]()
        for group, rows in groups:
            found |= (
                dict.fromkeys(group, rows) if isinstance(rows, ProviderError) else accounts.by_ref(group, rows, ledger)
            )
        return found

    async def wallets_by_customer(
        self, links: Mapping[str, Sequence[CustomerLink]], operation: Operation
    ) -> Mapping[str, Outcome[Sequence[Wallet]]]:
        """One call for a customer, or for 50 of them at once; the same for wallets that are linked and not noted."""
        noted = await self._noted(list(links), operation)
        good = [outcome for outcome in noted.values() if not isinstance(outcome, ProviderError)]
        found: dict[Ref, Outcome[Wallet]] = {wallet.ref: wallet for outcome in good for wallet in outcome}
        linked = {customer: _linked(of_customer) for customer, of_customer in links.items()}
        unread = [ref for refs in linked.values() for ref in refs if ref not in found]
        found |= await self.wallets_by_ref(unread, operation)
        return {
            customer: _joined(noted[customer], [found[ref] for ref in refs if ref in found])
            for customer, refs in linked.items()
        }

    async def list_wallets(self, where: WalletFilter, page: PageRequest, operation: Operation) -> Page[Wallet]:
        """One call, which tells the main balances, too."""
        return await self._pages.read(
            lambda wanted: self._listed(wanted, operation),
            LIST_WALLETS.operation,
            page,
            _conditions(where),
            lambda row, now: translate.wallet(row, fetched_at=now),
        )

    async def _listed(self, wanted: Wanted, operation: Operation) -> Cursor[models.Wallet]:
        read = await self._service.list_wallets(wanted, operation)
        self._books.learn(read.data)
        return read

    async def _noted(self, customers: Sequence[str], operation: Operation) -> Mapping[str, Outcome[Sequence[Wallet]]]:
        """The wallets whose notes name each customer."""
        key = f"metadata[{translate.own_note(CUSTOMER_NOTE)[1]}]"
        groups = (
            await self._books.accounts(customers, lambda customer: filters.match(key, customer), operation)
            if len(customers) > 1
            else None
        )
        if groups is None:
            outcomes = await asyncio.gather(*(self._noted_with(customer, operation) for customer in customers))
            return dict(zip(customers, outcomes, strict=True))
        ledger, found = await self._books.name(operation), dict[str, Outcome[Sequence[Wallet]]]()
        for group, rows in groups:
            found |= (
                dict.fromkeys(group, rows)
                if isinstance(rows, ProviderError)
                else accounts.by_customer(group, rows, ledger)
            )
        return found

    async def _noted_with(self, customer: str, operation: Operation) -> Outcome[Sequence[Wallet]]:
        where = [_WITH_BALANCES, *noted_so([(CUSTOMER_NOTE, customer)])]

        async def ask(cursor: str) -> Cursor[models.Wallet]:
            return await self._listed(Wanted(cursor, self._service.largest_page, where), operation)

        try:
            rows = await paging.everything(ask, LIST_WALLETS.operation)
            with translating(Provider.FORMANCE, LIST_WALLETS.operation):
                return [translate.wallet(row, fetched_at=datetime.now(UTC)) for row in rows]
        except ProviderError as error:
            return error

    async def _wallet(self, identifier: str, operation: Operation) -> Wallet:
        row = await self._service.get_wallet(identifier, operation)
        self._books.learn([row])
        with translating(Provider.FORMANCE, GET_WALLET.operation):
            return translate.wallet(row, fetched_at=datetime.now(UTC))


def _linked(links: Sequence[CustomerLink]) -> list[Ref]:
    return [translate.wallet_ref(link.external_id) for link in links if link.kind is LinkKind.WALLET]


def _joined(noted: Outcome[Sequence[Wallet]], linked: Sequence[Outcome[Wallet]]) -> Outcome[Sequence[Wallet]]:
    """All wallets of a customer, or why they are not known."""
    if isinstance(noted, ProviderError):
        return noted
    failure = next((outcome for outcome in linked if isinstance(outcome, ProviderError)), None)
    wallets = {one.ref: one for one in (*noted, *linked) if not isinstance(one, ProviderError)}
    return failure or list(wallets.values())


def _conditions(where: WalletFilter) -> list[tuple[str, str]]:
    named = [("name", where.name)] if where.name is not None else []
    return [_WITH_BALANCES, *named, *noted_so(where.metadata)]
