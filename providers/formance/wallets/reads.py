"""Reads of wallets, their balances and holds."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from providers.answers import translating
from providers.domain import (
    CUSTOMER_NOTE,
    CustomerLink,
    Hold,
    HoldAmounts,
    LedgerTransaction,
    LinkKind,
    Page,
    PageRequest,
    Provider,
    Ref,
    Wallet,
    WalletBalance,
    WalletFilter,
    WalletSummary,
)
from providers.errors import NotFound, Outcome, ProviderError, Unsupported
from providers.formance import filters, ids, paging
from providers.formance.client import Client
from providers.formance.client.ledger import V2_LIST_ACCOUNTS
from providers.formance.client.wallets import (
    GET_BALANCE,
    GET_HOLD,
    GET_HOLDS,
    GET_TRANSACTIONS,
    GET_WALLET,
    GET_WALLET_SUMMARY,
    LIST_BALANCES,
    LIST_WALLETS,
    Wanted,
)
from providers.formance.models import Cursor
from providers.formance.models import wallets as models
from providers.formance.models.ledger import LedgerAccount
from providers.formance.translate import wallets as translate
from providers.formance.wallets.books import Books
from providers.operation import Operation

RowT = TypeVar("RowT")
ValueT = TypeVar("ValueT")
_WITH_BALANCES = ("expand", "balances")


class WalletReads:
    """Implements `ReadsWallets`."""

    def __init__(self, client: Client, books: Books) -> None:
        self._service, self._books = client.wallets, books

    async def wallets_by_ref(self, refs: Sequence[Ref], operation: Operation) -> Mapping[Ref, Outcome[Wallet]]:
        """One call for a wallet, or for 50 of them at once."""
        known = _known(refs)
        groups = await self._books.accounts(known, _main_account, operation) if len(known) > 1 else None
        if groups is None:
            return await _each(known, lambda ref: self._wallet(ref.native_id, operation))
        ledger, found = await self._books.name(operation), dict[Ref, Outcome[Wallet]]()
        for group, rows in groups:
            found |= dict.fromkeys(group, rows) if isinstance(rows, ProviderError) else _by_ref(group, rows, ledger)
        return found

    async def wallets_by_customer(
        self, links: Mapping[str, Sequence[CustomerLink]], operation: Operation
    ) -> Mapping[str, Outcome[Sequence[Wallet]]]:
        """One call for a customer, or for 50 of them at once; the same for wallets that are linked and not noted."""
        noted = await self._noted(list(links), operation)
        good = [outcome for outcome in noted.values() if not isinstance(outcome, ProviderError)]
        known: dict[Ref, Outcome[Wallet]] = {wallet.ref: wallet for outcome in good for wallet in outcome}
        linked = {customer: _linked(of_customer) for customer, of_customer in links.items()}
        unread = [ref for refs in linked.values() for ref in refs if ref not in known]
        known |= await self.wallets_by_ref(unread, operation)
        return {
            customer: _joined(noted[customer], [known[ref] for ref in refs if ref in known])
            for customer, refs in linked.items()
        }

    async def list_wallets(self, where: WalletFilter, page: PageRequest, operation: Operation) -> Page[Wallet]:
        """One call, which tells the main balances, too."""
        return await self._page(
            lambda wanted: self._listed(wanted, operation),
            LIST_WALLETS.operation,
            page,
            _conditions(where),
            lambda row, now: translate.wallet(row, fetched_at=now),
        )

    async def balances_by_wallet(
        self, wallets: Sequence[Ref], operation: Operation
    ) -> Mapping[Ref, Outcome[Sequence[WalletBalance]]]:
        """One call for a wallet, or for 50 of them at once, when they have two balances each."""
        known = _known(wallets)
        groups = (
            await self._books.accounts(known, lambda ref: _address(ref.native_id), operation)
            if len(known) > 1
            else None
        )
        if groups is None:
            summaries = await self.summaries_by_wallet(known, operation)
            return {
                ref: outcome if isinstance(outcome, ProviderError) else outcome.balances
                for ref, outcome in summaries.items()
            }
        found: dict[Ref, Outcome[Sequence[WalletBalance]]] = {}
        for group, rows in groups:
            found |= dict.fromkeys(group, rows) if isinstance(rows, ProviderError) else _by_wallet(group, rows)
        return found

    async def wallet_balances_by_ref(
        self, refs: Sequence[Ref], operation: Operation
    ) -> Mapping[Ref, Outcome[WalletBalance]]:
        """One call for each."""
        return await _each(
            refs, lambda ref: self._balance(ref.keys[0], ref.native_id, operation), name=lambda ref: ref.keys[0]
        )

    async def list_wallet_balances(self, wallet: Ref, page: PageRequest, operation: Operation) -> Page[WalletBalance]:
        """One call."""
        identifier = wallet.native_id
        return await self._page(
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
        return await _each(wallets, lambda ref: self._summary(ref.native_id, operation))

    async def holds_by_ref(self, refs: Sequence[Ref], operation: Operation) -> Mapping[Ref, Outcome[Hold]]:
        """One call for each."""
        return await _each(refs, lambda ref: self._hold(ref.native_id, operation))

    async def amounts_by_hold(self, holds: Sequence[Ref], operation: Operation) -> Mapping[Ref, Outcome[HoldAmounts]]:
        """One call for a hold, or for 50 of them at once."""
        known = _known(holds)
        groups = (
            await self._books.accounts(known, lambda ref: filters.match("address", _hold_address(ref)), operation)
            if len(known) > 1
            else None
        )
        found: dict[Ref, Outcome[HoldAmounts]] = {}
        if groups is None:
            for ref, outcome in (await self.holds_by_ref(known, operation)).items():
                known_amounts = outcome if isinstance(outcome, ProviderError) else outcome.known_amounts
                found |= {} if known_amounts is None else {ref: known_amounts}
            return found
        for group, rows in groups:
            found |= dict.fromkeys(group, rows) if isinstance(rows, ProviderError) else _by_hold(group, rows)
        return found

    async def list_holds(
        self, wallet: Ref | None, metadata: Sequence[tuple[str, str]], page: PageRequest, operation: Operation
    ) -> Page[Hold]:
        """One call."""
        of_wallet = [("walletID", wallet.native_id)] if wallet else []
        return await self._page(
            lambda wanted: self._service.get_holds(wanted, operation),
            GET_HOLDS.operation,
            page,
            [*of_wallet, *_noted_so(metadata)],
            lambda row, now: translate.hold(row, fetched_at=now),
        )

    async def list_wallet_transactions(
        self, wallet: Wallet, page: PageRequest, operation: Operation
    ) -> Page[LedgerTransaction]:
        """One call."""
        ledger = wallet.ledger_name
        if ledger is None:
            raise Unsupported(Provider.FORMANCE, GET_TRANSACTIONS.operation)
        return await self._page(
            lambda wanted: self._service.get_transactions(wanted, operation),
            GET_TRANSACTIONS.operation,
            page,
            [("walletID", wallet.provider_id)],
            lambda row, now: translate.transaction(row, ledger, fetched_at=now),
        )

    async def _page(
        self,
        ask: Callable[[Wanted], Awaitable[Cursor[RowT]]],
        operation: str,
        page: PageRequest,
        more: Sequence[tuple[str, str]],
        translated: Callable[[RowT, datetime], ValueT],
    ) -> Page[ValueT]:
        read = await ask(Wanted(page.token, min(page.size, self._service.largest_page), more))
        now = datetime.now(UTC)
        with translating(Provider.FORMANCE, operation):
            items = tuple(translated(row, now) for row in read.data)
        return Page(items=items, token=page.token, next=paging.following(read), has_more=read.has_more)

    async def _listed(self, wanted: Wanted, operation: Operation) -> Cursor[models.Wallet]:
        read = await self._service.list_wallets(wanted, operation)
        self._books.learn(read.data)
        return read

    async def _noted(self, customers: Sequence[str], operation: Operation) -> Mapping[str, Outcome[Sequence[Wallet]]]:
        """The wallets whose notes name each customer."""
        key = f"metadata[{translate.own_note(CUSTOMER_NOTE)[1]}]"
        groups = (
            await self._books.accounts(customers, lambda each: filters.match(key, each), operation)
            if len(customers) > 1
            else None
        )
        if groups is None:
            outcomes = await asyncio.gather(*(self._noted_with(each, operation) for each in customers))
            return dict(zip(customers, outcomes, strict=True))
        ledger, found = await self._books.name(operation), dict[str, Outcome[Sequence[Wallet]]]()
        for group, rows in groups:
            found |= (
                dict.fromkeys(group, rows) if isinstance(rows, ProviderError) else _by_customer(group, rows, ledger)
            )
        return found

    async def _noted_with(self, customer: str, operation: Operation) -> Outcome[Sequence[Wallet]]:
        where = [_WITH_BALANCES, *_noted_so([(CUSTOMER_NOTE, customer)])]

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


def _known(refs: Sequence[Ref]) -> list[Ref]:
    """What can be an id need be asked for."""
    return [ref for ref in dict.fromkeys(refs) if ids.is_uuid(ref.native_id)]


async def _each(
    refs: Sequence[Ref],
    read: Callable[[Ref], Awaitable[ValueT]],
    *,
    name: Callable[[Ref], str] = lambda ref: ref.native_id,
) -> dict[Ref, Outcome[ValueT]]:
    """One call for each, all at once. `name` is what must be an id of the service's."""
    known = [ref for ref in dict.fromkeys(refs) if ids.is_uuid(name(ref))]
    outcomes = await asyncio.gather(*(_outcome(read(ref)) for ref in known))
    return {ref: outcome for ref, outcome in zip(known, outcomes, strict=True) if not isinstance(outcome, NotFound)}


async def _outcome(reading: Awaitable[ValueT]) -> Outcome[ValueT]:
    try:
        return await reading
    except ProviderError as error:
        return error


def _linked(links: Sequence[CustomerLink]) -> list[Ref]:
    return [translate.wallet_ref(link.external_id) for link in links if link.kind is LinkKind.WALLET]


def _joined(noted: Outcome[Sequence[Wallet]], linked: Sequence[Outcome[Wallet]]) -> Outcome[Sequence[Wallet]]:
    """All wallets of a customer, or why they are not known."""
    if isinstance(noted, ProviderError):
        return noted
    failure = next((outcome for outcome in linked if isinstance(outcome, ProviderError)), None)
    wallets = {each.ref: each for each in (*noted, *linked) if not isinstance(each, ProviderError)}
    return failure or list(wallets.values())


def _conditions(where: WalletFilter) -> list[tuple[str, str]]:
    named = [("name", where.name)] if where.name is not None else []
    return [_WITH_BALANCES, *named, *_noted_so(where.metadata)]


def _noted_so(metadata: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(f"metadata[{key}]", value) for key, value in metadata]


def _address(wallet: str) -> filters.Expression:
    """All accounts of a wallet's balances."""
    return filters.match("address", translate.balance_address(wallet, ""))


def _main_account(wallet: Ref) -> filters.Expression:
    return filters.match("address", translate.balance_address(wallet.native_id, translate.MAIN))


def _hold_address(hold: Ref) -> str:
    return translate.hold_address(hold.native_id)


def _by_wallet(wallets: Sequence[Ref], rows: Sequence[LedgerAccount]) -> dict[Ref, Outcome[Sequence[WalletBalance]]]:
    """The balances among the accounts. A wallet has one at least: where there is none, there is no wallet."""
    known = {translate.balance_address(ref.native_id, ""): ref for ref in wallets}
    balances: dict[Ref, list[WalletBalance]] = defaultdict(list)
    failures: dict[Ref, ProviderError] = {}
    for row in rows:
        start, _, _ = row.address.rpartition(":")
        ref = known.get(f"{start}:")
        if ref is None:
            continue
        try:
            with translating(Provider.FORMANCE, V2_LIST_ACCOUNTS.operation):
                balance = translate.balance_of_account(row, ref.native_id, fetched_at=datetime.now(UTC))
        except ProviderError as error:
            failures[ref] = error
            continue
        balances[ref] += [balance] if balance else []
    return {**{ref: translate.in_order(of_wallet) for ref, of_wallet in balances.items()}, **failures}


def _by_hold(holds: Sequence[Ref], rows: Sequence[LedgerAccount]) -> dict[Ref, Outcome[HoldAmounts]]:
    known = {_hold_address(ref): ref for ref in holds}
    found: dict[Ref, Outcome[HoldAmounts]] = {}
    for row in rows:
        ref = known.get(row.address)
        try:
            with translating(Provider.FORMANCE, V2_LIST_ACCOUNTS.operation):
                amounts = translate.hold_amounts_of_account(row)
        except ProviderError as error:
            amounts, failure = None, error
            found |= {ref: failure} if ref else {}
        found |= {ref: amounts} if ref and amounts else {}
    return found


def _by_ref(wallets: Sequence[Ref], rows: Sequence[LedgerAccount], ledger: str | None) -> dict[Ref, Outcome[Wallet]]:
    found: dict[Ref, Outcome[Wallet]] = {}
    known = {translate.balance_address(ref.native_id, translate.MAIN): ref for ref in wallets}
    for row in rows:
        ref, outcome = known.get(row.address), _wallet_of(row, ledger)
        if ref is not None and outcome is not None and (isinstance(outcome, ProviderError) or outcome.ref == ref):
            found[ref] = outcome
    return found


def _wallet_of(row: LedgerAccount, ledger: str | None) -> Outcome[Wallet] | None:
    try:
        with translating(Provider.FORMANCE, V2_LIST_ACCOUNTS.operation):
            return translate.wallet_of_account(row, ledger, fetched_at=datetime.now(UTC))
    except ProviderError as error:
        return error


def _by_customer(
    customers: Sequence[str], rows: Sequence[LedgerAccount], ledger: str | None
) -> dict[str, Outcome[Sequence[Wallet]]]:
    found: dict[str, list[Wallet]] = {customer: [] for customer in customers}
    failures: dict[str, ProviderError] = {}
    for row in rows:
        wallet = _wallet_of(row, ledger)
        if isinstance(wallet, ProviderError):
            failures |= dict.fromkeys(customers, wallet)
        elif wallet is not None and wallet.customer_id in found:
            found[wallet.customer_id].append(wallet)
    return {**found, **failures}
