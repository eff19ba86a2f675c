"""Wallets, their balances and holds into ours; orders into the service's requests.

The ledger's accounts of wallets are read here, too: the service keeps all that it knows in their addresses and notes.
"""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from providers.domain import (
    CUSTOMER_NOTE,
    Hold,
    HoldAmounts,
    LedgerTransaction,
    Money,
    NodeType,
    Provider,
    Ref,
    Wallet,
    WalletBalance,
    WalletEnd,
    WalletEndType,
    WalletSummary,
)
from providers.formance.models import ledger as ledger_models
from providers.formance.models import wallets as models
from providers.formance.translate.ledger import ledger_transaction, notes
from providers.formance.translate.values import amount, rfc3339, time
from providers.orders.wallets import BalanceOrder, ConfirmOrder, CreditOrder, DebitOrder, EndOrder

MAIN = "main"
_ENDS = {"ACCOUNT": WalletEndType.LEDGER_ACCOUNT, "WALLET": WalletEndType.WALLET}
_WORDS = {kind: word for word, kind in _ENDS.items()}
_EXPIRES_AT, _PRIORITY = "wallets/balances/expiresAt", "wallets/balances/priority"
_IS_BALANCE, _NAME = "wallets/balances", "wallets/balances/name"
_OWN_NOTE = "wallets/custom_data_"


def wallet_ref(wallet: str) -> Ref:
    """The identity of a wallet."""
    return Ref(NodeType.WALLET, (wallet,), Provider.FORMANCE)


def balance_ref(wallet: str, name: str) -> Ref:
    """The identity of a wallet's balance."""
    return Ref(NodeType.WALLET_BALANCE, (wallet, name), Provider.FORMANCE)


def hold_ref(hold: str) -> Ref:
    """The identity of a hold."""
    return Ref(NodeType.HOLD, (hold,), Provider.FORMANCE)


def balance_address(wallet: str, name: str) -> str:
    """The ledger's account of a balance; of all balances of a wallet when the name is ""."""
    return f"wallets:{wallet.replace('-', '')}:{name}"


def hold_address(hold: str) -> str:
    """The ledger's account of a hold."""
    return f"wallets:holds:{hold.replace('-', '')}"


def wallet(raw: models.Wallet, *, fetched_at: datetime) -> Wallet:
    """A wallet. Raises `InvalidAmount`."""
    metadata = raw.metadata or {}
    main = (raw.balances or {}).get(MAIN)
    return Wallet(
        ref=wallet_ref(raw.id),
        provider_id=raw.id,
        name=raw.name,
        metadata=metadata,
        created_at=time(raw.created_at),
        ledger_name=raw.ledger or None,
        customer_id=metadata.get(CUSTOMER_NOTE) or None,
        main_amounts=None if main is None else amounts(main.assets),
        fetched_at=fetched_at,
    )


def balance(raw: models.Balance, wallet: str, *, fetched_at: datetime) -> WalletBalance:
    """A balance. Raises `InvalidAmount`."""
    return WalletBalance(
        ref=balance_ref(wallet, raw.name),
        wallet=wallet_ref(wallet),
        name=raw.name,
        expires_at=time(raw.expires_at),
        priority=raw.priority or 0,
        known_amounts=None if raw.assets is None else amounts(raw.assets),
        ledger_address=balance_address(wallet, raw.name),
        fetched_at=fetched_at,
    )


def summary(raw: models.Summary, wallet: str, *, fetched_at: datetime) -> WalletSummary:
    """All that a wallet holds. Raises `InvalidAmount`."""
    balances = [balance(each, wallet, fetched_at=fetched_at) for each in raw.balances or ()]
    return WalletSummary(
        balances=tuple(in_order(balances)),
        available_funds=amounts(raw.available_funds),
        expired_funds=amounts(raw.expired_funds),
        expirable_funds=amounts(raw.expirable_funds),
        hold_funds=amounts(raw.hold_funds),
    )


def balance_of_account(raw: ledger_models.LedgerAccount, wallet: str, *, fetched_at: datetime) -> WalletBalance | None:
    """The balance that the ledger keeps at this address; None when it is none. Raises `InvalidAmount`."""
    told = notes(raw.metadata)
    if told.get(_IS_BALANCE) != "true":
        return None
    expires_at = told.get(_EXPIRES_AT)
    priority = told.get(_PRIORITY, "")
    return balance(
        models.Balance(
            name=told.get(_NAME) or raw.address.rpartition(":")[2],
            expires_at=_moment(expires_at) if expires_at else None,
            priority=int(priority) if priority.removeprefix("-").isdecimal() else 0,
            assets=_held(raw),
        ),
        wallet,
        fetched_at=fetched_at,
    )


def wallet_of_account(raw: ledger_models.LedgerAccount, ledger: str | None, *, fetched_at: datetime) -> Wallet | None:
    """The wallet whose main balance the ledger keeps at this address; None when it is none. Raises `InvalidAmount`."""
    told = notes(raw.metadata)
    identifier = told.get("wallets/id")
    if not identifier or told.get("wallets/spec/type") != "wallets.primary":
        return None
    created_at = told.get("wallets/createdAt")
    return wallet(
        models.Wallet(
            id=identifier,
            name=told.get("wallets/name", ""),
            metadata={key.removeprefix(_OWN_NOTE): each for key, each in told.items() if key.startswith(_OWN_NOTE)},
            created_at=_moment(created_at) if created_at else None,
            ledger=ledger,
            balances={MAIN: models.AssetHolder(_held(raw))},
        ),
        fetched_at=fetched_at,
    )


def hold(raw: models.Hold, *, fetched_at: datetime) -> Hold:
    """A hold. Raises `InvalidAmount`."""
    known = None
    if raw.asset and raw.remaining is not None and raw.original_amount is not None:
        known = HoldAmounts(amount(raw.original_amount, raw.asset), amount(raw.remaining, raw.asset))
    return Hold(
        ref=hold_ref(raw.id),
        provider_id=raw.id,
        wallet=wallet_ref(raw.wallet_id),
        asset=raw.asset or None,
        description=raw.description or None,
        destination=None if raw.destination is None else end(raw.destination),
        metadata=raw.metadata or {},
        known_amounts=known,
        ledger_address=hold_address(raw.id),
        fetched_at=fetched_at,
    )


def hold_amounts_of_account(raw: ledger_models.LedgerAccount) -> HoldAmounts | None:
    """What the ledger keeps of a hold; None when it cannot be told. Raises `InvalidAmount`."""
    asset = notes(raw.metadata).get("wallets/holds/asset")
    volumes = (raw.volumes or {}).get(asset) if asset else None
    if asset is None or volumes is None:
        return None
    return HoldAmounts(amount(volumes.input, asset), amount(volumes.input - volumes.output, asset))


def end(raw: models.Subject) -> WalletEnd:
    """Where money comes from or goes to."""
    kind = _ENDS.get(raw.type, WalletEndType.UNKNOWN)
    is_wallet = kind is WalletEndType.WALLET
    return WalletEnd(
        type=kind,
        provider_type=raw.type,
        identifier=raw.identifier,
        wallet=wallet_ref(raw.identifier) if is_wallet else None,
        balance=(raw.balance or MAIN) if is_wallet else None,
    )


def transaction(raw: ledger_models.LedgerTransaction, ledger: str, *, fetched_at: datetime) -> LedgerTransaction:
    """A transaction of a wallet, as the ledger has it. Raises `InvalidAmount`."""
    return ledger_transaction(raw, ledger, fetched_at=fetched_at)


def own_note(key: str) -> tuple[str, str]:
    """How a note that came with an order can be called in a transaction: as it is, and among the service's own."""
    return key, f"{_OWN_NOTE}{key}"


def amounts(raw: Mapping[str, int] | None) -> tuple[Money, ...]:
    """In the order of the assets. Raises `InvalidAmount`."""
    return tuple(amount(units, asset) for asset, units in sorted((raw or {}).items()))


def in_order(balances: list[WalletBalance]) -> list[WalletBalance]:
    """The main one first, then by name."""
    return sorted(balances, key=lambda each: (each.name != MAIN, each.name))


def balance_request(order: BalanceOrder) -> models.BalanceRequest:
    """A balance to be made."""
    return models.BalanceRequest(
        name=order.name,
        expires_at=None if order.expires_at is None else rfc3339(order.expires_at),
        priority=order.priority,
    )


def credit_request(order: CreditOrder) -> models.CreditRequest:
    """Money for a wallet."""
    return models.CreditRequest(
        amount=_monetary(order.money),
        sources=tuple(_subject(each) for each in order.sources),
        balance=order.balance,
        reference=order.reference,
        metadata=order.metadata,
        timestamp=None if order.timestamp is None else rfc3339(order.timestamp),
    )


def debit_request(order: DebitOrder) -> models.DebitRequest:
    """Money out of a wallet."""
    return models.DebitRequest(
        amount=_monetary(order.money),
        pending=order.is_pending,
        metadata=order.metadata,
        description=order.description,
        destination=None if order.destination is None else _subject(order.destination),
        balances=order.balances,
        timestamp=None if order.timestamp is None else rfc3339(order.timestamp),
    )


def confirm_request(order: ConfirmOrder) -> models.ConfirmRequest:
    """How much of a hold is taken."""
    return models.ConfirmRequest(amount=None if order.money is None else _units(order.money), final=order.is_final)


def _held(raw: ledger_models.LedgerAccount) -> dict[str, int]:
    return {asset: each.input - each.output for asset, each in (raw.volumes or {}).items()}


def _monetary(money: Money) -> models.Monetary:
    return models.Monetary(money.asset, _units(money))


def _units(money: Money) -> int:
    if money.minor_units is None:
        raise ValueError(money.asset)
    return money.minor_units


def _subject(order: EndOrder) -> models.Subject:
    if order.wallet is not None:
        return models.Subject(_WORDS[WalletEndType.WALLET], order.wallet.native_id, order.balance)
    return models.Subject(_WORDS[WalletEndType.LEDGER_ACCOUNT], order.address or "")


def _moment(text: str) -> datetime | None:
    try:
        return msgspec.convert(text, datetime)
    except msgspec.ValidationError:
        return None
