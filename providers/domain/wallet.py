"""Wallets: money that is kept for somebody in balances of a ledger, and holds on it."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

import msgspec

from providers.domain.money import Money
from providers.domain.ref import Ref


class WalletEndType(StrEnum):
    """What money of a wallet comes from or goes to."""

    LEDGER_ACCOUNT = "ledger_account"
    WALLET = "wallet"
    UNKNOWN = "unknown"


class WalletEnd(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """An account of the ledger, or a balance of a wallet: the main one when `balance` is None."""

    type: WalletEndType
    provider_type: str
    identifier: str
    wallet: Ref | None = None
    balance: str | None = None


class Wallet(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One wallet. `main_amounts` are those of its main balance; None when they did not come with it."""

    ref: Ref
    provider_id: str
    name: str
    metadata: Mapping[str, str]
    created_at: datetime | None
    ledger_name: str | None
    """The ledger that keeps it."""
    customer_id: str | None
    """The customer that its metadata names."""
    main_amounts: tuple[Money, ...] | None
    fetched_at: datetime


class WalletBalance(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A part of a wallet. `known_amounts` is None where they take another call."""

    ref: Ref
    wallet: Ref
    name: str
    expires_at: datetime | None
    priority: int
    known_amounts: tuple[Money, ...] | None
    ledger_address: str
    """The account that it is, in the ledger that keeps its wallet."""
    fetched_at: datetime


class WalletSummary(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """What a wallet holds altogether, by what can be done with it."""

    balances: tuple[WalletBalance, ...]
    available_funds: tuple[Money, ...]
    expired_funds: tuple[Money, ...]
    expirable_funds: tuple[Money, ...]
    hold_funds: tuple[Money, ...]


class HoldAmounts(msgspec.Struct, frozen=True, gc=False):
    """What was held at first, and what still is."""

    original: Money
    remaining: Money


class Hold(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """Money of a wallet that waits to be taken or given back. `known_amounts` is None where they take another call."""

    ref: Ref
    provider_id: str
    wallet: Ref
    asset: str | None
    description: str | None
    destination: WalletEnd | None
    metadata: Mapping[str, str]
    known_amounts: HoldAmounts | None
    ledger_address: str
    """The account in which the money is held, in the ledger that keeps the wallet."""
    fetched_at: datetime


class WalletFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which wallets are wanted: all conditions must hold."""

    name: str | None = None
    metadata: tuple[tuple[str, str], ...] = ()

    def takes(self, wallet: Wallet) -> bool:
        """Whether a wallet is one of them."""
        if self.name is not None and wallet.name != self.name:
            return False
        return all(wallet.metadata.get(key) == value for key, value in self.metadata)
