"""Reads of what wallets are made of: balances, holds and the transactions that moved their money."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from providers.answers import translating
from providers.domain import (
    Hold,
    HoldAmounts,
    LedgerTransaction,
    Page,
    PageRequest,
    Provider,
    Ref,
    Wallet,
    WalletBalance,
    WalletSummary,
)
from providers.errors import Outcome, ProviderError, Unsupported
from providers.formance.client import Client
from providers.formance.client.wallets import (
    GET_BALANCE,
    GET_HOLD,
    GET_HOLDS,
    GET_TRANSACTIONS,
    GET_WALLET_SUMMARY,
    LIST_BALANCES,
)
from providers.formance.translate import wallets as translate
from providers.formance.wallets import accounts
from providers.formance.wallets.asking import Pages, each, known, noted_so
from providers.formance.wallets.books import Books
from providers.operation import Operation


class PartReads:
    """A part of `WalletReads`."""

    def __init__(self, client: Client, books: Books) -> None:
        self._service, self._books = client.wallets, books
        self._pages = Pages(client.wallets.largest_page)

    async def balances_by_wallet(
        self, wallets: Sequence[Ref], operation: Operation
    ) -> Mapping[Ref, Outcome[Sequence[WalletBalance]]]:
        """One call for a wallet, or for 50 of them at once, when they have two balances each."""
        asked = known(wallets)
        groups = await self._books.accounts(asked, accounts.all_balances, operation) if len(asked) > 1 else None
        if groups is None:
            summaries = await self.summaries_by_wallet(asked, operation)
            return {
                ref: outcome if isinstance(outcome, ProviderError) else outcome.balances
                for ref, outcome in summaries.items()
            }
        found: dict[Ref, Outcome[Sequence[WalletBalance]]] = {}
        for group, rows in groups:
            found |= dict.fromkeys(group, rows) if isinstance(rows, ProviderError) else accounts.by_wallet(group, rows)
        return found

    async def wallet_balances_by_ref(
        self, refs: Sequence[Ref], operation: Operation
    ) -> Mapping[Ref, Outcome[WalletBalance]]:
        """One call for each."""
        return await each(
            refs, lambda ref: self._balance(ref.keys[0], ref.native_id, operation), name=lambda ref: ref.keys[0]
        )

    async def list_wallet_balances(self, wallet: Ref, page: PageRequest, operation: Operation) -> Page[WalletBalance]:
        """One call."""
        identifier = wallet.native_id
        return await self._pages.read(
            lambda wanted: self._service.list_balances(identifier, wanted, operation),
            LIST_BALANCES.operation,
            page,
            (),
            lambda row, now: translate.balance(row, identifier, fetched_at=now),
        )

    async def summaries_by_wallet(
        self, wallets: Sequence[Ref], operation: Operation
    ) -> Mapping[Ref, Outcome[WalletSummary]]:
        """One call for each."""
        return await each(wallets, lambda ref: self._summary(ref.native_id, operation))

    async def holds_by_ref(self, refs: Sequence[Ref], operation: Operation) -> Mapping[Ref, Outcome[Hold]]:
        """One call for each."""
        return await each(refs, lambda ref: self._hold(ref.native_id, operation))

    async def amounts_by_hold(self, holds: Sequence[Ref], operation: Operation) -> Mapping[Ref, Outcome[HoldAmounts]]:
        """One call for a hold, or for 50 of them at once."""
        asked = known(holds)
        groups = await self._books.accounts(asked, accounts.held, operation) if len(asked) > 1 else None
        found: dict[Ref, Outcome[HoldAmounts]] = {}
        if groups is None:
            for ref, outcome in (await self.holds_by_ref(asked, operation)).items():
                known_amounts = outcome if isinstance(outcome, ProviderError) else outcome.known_amounts
                found |= {} if known_amounts is None else {ref: known_amounts}
            return found
        for group, rows in groups:
            found |= dict.fromkeys(group, rows) if isinstance(rows, ProviderError) else accounts.by_hold(group, rows)
        return found

    async def list_holds(
        self, wallet: Ref | None, metadata: Sequence[tuple[str, str]], page: PageRequest, operation: Operation
    ) -> Page[Hold]:
        """One call."""
        of_wallet = [("walletID", wallet.native_id)] if wallet else []
        return await self._pages.read(
            lambda wanted: self._service.get_holds(wanted, operation),
            GET_HOLDS.operation,
            page,
            [*of_wallet, *noted_so(metadata)],
            lambda row, now: translate.hold(row, fetched_at=now),
        )

    async def list_wallet_transactions(
        self, wallet: Wallet, page: PageRequest, operation: Operation
    ) -> Page[LedgerTransaction]:
        """One call."""
        ledger = wallet.ledger_name
        if ledger is None:
            raise Unsupported(Provider.FORMANCE, GET_TRANSACTIONS.operation)
        return await self._pages.read(
            lambda wanted: self._service.get_transactions(wanted, operation),
            GET_TRANSACTIONS.operation,
            page,
            [("walletID", wallet.provider_id)],
            lambda row, now: translate.transaction(row, ledger, fetched_at=now),
        )

    async def _summary(self, identifier: str, operation: Operation) -> WalletSummary:
        row = await self._service.get_wallet_summary(identifier, operation)
        with translating(Provider.FORMANCE, GET_WALLET_SUMMARY.operation):
            return translate.summary(row, identifier, fetched_at=datetime.now(UTC))

    async def _balance(self, wallet: str, name: str, operation: Operation) -> WalletBalance:
        row = await self._service.get_balance(wallet, name, operation)
        with translating(Provider.FORMANCE, GET_BALANCE.operation):
            return translate.balance(row, wallet, fetched_at=datetime.now(UTC))

    async def _hold(self, identifier: str, operation: Operation) -> Hold:
        row = await self._service.get_hold(identifier, operation)
        with translating(Provider.FORMANCE, GET_HOLD.operation):
            return translate.hold(row, fetched_at=datetime.now(UTC))
