"""What is done to wallets and their money."""

from collections.abc import Mapping
from datetime import UTC, datetime

from providers.answers import translating
from providers.domain import Hold, Provider, Ref, WalletBalance, WalletEndType
from providers.errors import NotFound
from providers.formance import ids
from providers.formance.client import Client
from providers.formance.client.wallets import (
    CONFIRM_HOLD,
    CREATE_BALANCE,
    CREDIT_WALLET,
    DEBIT_WALLET,
    GET_BALANCE,
    GET_HOLD,
    GET_TRANSACTIONS,
    UPDATE_WALLET,
    VOID_HOLD,
    Wanted,
)
from providers.formance.models import wallets as models
from providers.formance.models.ledger import LedgerTransaction
from providers.formance.part import known
from providers.formance.translate import wallets as translate
from providers.formance.translate.ledger import notes
from providers.operation import Operation
from providers.orders.wallets import BalanceOrder, ConfirmOrder, CreditOrder, DebitOrder, WalletOrder


class WalletWrites:
    """Implements `WritesWallets`."""

    def __init__(self, client: Client) -> None:
        self._service = client.wallets

    async def create_wallet(self, order: WalletOrder, key: str, operation: Operation) -> Ref:
        """Names need not be unique."""
        body = models.WalletRequest(order.name, order.metadata)
        return translate.wallet_ref((await self._service.create_wallet(body, key, operation)).id)

    async def find_wallet(self, note: tuple[str, str], operation: Operation) -> Ref | None:
        """One call."""
        rows = (await self._service.list_wallets(_having(note), operation)).data
        return next((translate.wallet_ref(row.id) for row in rows if _has(row.metadata, note)), None)

    async def update_wallet(self, wallet: Ref, metadata: Mapping[str, str], key: str, operation: Operation) -> None:
        """Notes of other names stay."""
        identifier = known(wallet, ids.is_uuid, UPDATE_WALLET)
        await self._service.update_wallet(identifier, models.NotesRequest(metadata), key, operation)

    async def create_wallet_balance(self, order: BalanceOrder, key: str, operation: Operation) -> Ref:
        """A name that is taken is refused with VALIDATION, and so is `main`."""
        wallet = known(order.wallet, ids.is_uuid, CREATE_BALANCE)
        await self._service.create_balance(wallet, translate.balance_request(order), key, operation)
        return translate.balance_ref(wallet, order.name)

    async def find_wallet_balance(self, ref: Ref, operation: Operation) -> WalletBalance | None:
        """One call."""
        wallet, name = ref.keys
        if not ids.is_uuid(wallet):
            return None
        try:
            row = await self._service.get_balance(wallet, name, operation)
        except NotFound:
            return None
        with translating(Provider.FORMANCE, GET_BALANCE.operation):
            return translate.balance(row, wallet, fetched_at=datetime.now(UTC))

    async def credit_wallet(self, order: CreditOrder, key: str, operation: Operation) -> Ref:
        """Sources that have too little are refused with INSUFFICIENT_FUND."""
        wallet = known(order.wallet, ids.is_uuid, CREDIT_WALLET)
        await self._service.credit_wallet(wallet, translate.credit_request(order), key, operation)
        return translate.balance_ref(wallet, order.balance or translate.MAIN)

    async def debit_wallet(self, order: DebitOrder, key: str, operation: Operation) -> Ref:
        """Balances that have too little are refused with INSUFFICIENT_FUND."""
        wallet, body = known(order.wallet, ids.is_uuid, DEBIT_WALLET), translate.debit_request(order)
        if order.is_pending:
            return translate.hold_ref((await self._service.debit_wallet_pending(wallet, body, key, operation)).id)
        await self._service.debit_wallet(wallet, body, key, operation)
        return order.wallet

    async def has_moved(self, wallet: Ref, note: tuple[str, str], operation: Operation) -> bool:
        """One call, for the newest hundred transactions."""
        return any(_is_noted(row, note) for row in await self._newest(wallet, operation))

    async def find_hold(self, wallet: Ref, note: tuple[str, str], operation: Operation) -> Ref | None:
        """One call."""
        wanted = _having(note, ("walletID", wallet.native_id))
        rows = (await self._service.get_holds(wanted, operation)).data
        return next((translate.hold_ref(row.id) for row in rows if _has(row.metadata, note)), None)

    async def confirm_hold(self, order: ConfirmOrder, key: str, operation: Operation) -> None:
        """One of which nothing is left is refused with HOLD_CLOSED; more than is left with INSUFFICIENT_FUND."""
        hold = known(order.hold, ids.is_uuid, CONFIRM_HOLD)
        await self._service.confirm_hold(hold, translate.confirm_request(order), key, operation)

    async def void_hold(self, hold: Ref, key: str, operation: Operation) -> None:
        """One of which nothing is left is refused with HOLD_CLOSED."""
        await self._service.void_hold(known(hold, ids.is_uuid, VOID_HOLD), key, operation)

    async def hold_now(self, hold: Ref, operation: Operation) -> Hold:
        """One call."""
        row = await self._service.get_hold(known(hold, ids.is_uuid, GET_HOLD), operation)
        with translating(Provider.FORMANCE, GET_HOLD.operation):
            return translate.hold(row, fetched_at=datetime.now(UTC))

    async def is_voided(self, hold: Hold, operation: Operation) -> bool:
        """One call. What went back when a part was taken for good went there together with that part."""
        source = translate.hold_address(hold.provider_id)
        start = translate.balance_address(hold.wallet.native_id, "")
        goes_there = hold.destination is not None and hold.destination.wallet == hold.wallet
        if goes_there or (hold.destination and hold.destination.type is WalletEndType.UNKNOWN):
            return hold.known_amounts is not None and not hold.known_amounts.remaining.minor_units
        rows = await self._newest(hold.wallet, operation)
        return any(
            all(each.source == source and each.destination.startswith(start) for each in row.postings) for row in rows
        )

    async def _newest(self, wallet: Ref, operation: Operation) -> tuple[LedgerTransaction, ...]:
        identifier = known(wallet, ids.is_uuid, GET_TRANSACTIONS)
        wanted = Wanted(size=self._service.largest_page, more=[("walletID", identifier)])
        return (await self._service.get_transactions(wanted, operation)).data


def _having(note: tuple[str, str], *more: tuple[str, str]) -> Wanted:
    name, value = note
    return Wanted(size=2, more=[*more, (f"metadata[{name}]", value)])


def _has(metadata: Mapping[str, str] | None, note: tuple[str, str]) -> bool:
    return (metadata or {}).get(note[0]) == note[1]


def _is_noted(row: LedgerTransaction, note: tuple[str, str]) -> bool:
    told = notes(row.metadata)
    return any(told.get(name) == note[1] for name in translate.own_note(note[0]))
