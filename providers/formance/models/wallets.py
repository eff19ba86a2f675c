"""What the wallets service answers and is sent. Amounts are whole numbers of the smallest unit."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

Assets = dict[str, int]
"""By asset."""


class AssetHolder(msgspec.Struct, frozen=True, gc=False):
    """What a balance holds."""

    assets: Assets | None = None


class Wallet(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """A wallet. Only some reads tell its balances, and of these the main one alone."""

    id: str
    name: str = ""
    metadata: dict[str, str] | None = None
    created_at: datetime | None = None
    ledger: str | None = None
    balances: dict[str, AssetHolder] | None = None


class Balance(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """A balance; lists do not tell its assets."""

    name: str
    expires_at: datetime | None = None
    priority: int | None = None
    assets: Assets | None = None


class Summary(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """All balances of a wallet and their sums."""

    balances: tuple[Balance, ...] | None = None
    available_funds: Assets | None = None
    expired_funds: Assets | None = None
    expirable_funds: Assets | None = None
    hold_funds: Assets | None = None


class Subject(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """An account of the ledger (ACCOUNT), or a balance of a wallet (WALLET)."""

    type: str
    identifier: str
    balance: str | None = None


class Hold(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """A hold; lists do not tell its amounts. Servers tell the asset, which is not documented."""

    id: str
    wallet_id: str = msgspec.field(name="walletID")
    metadata: dict[str, str] | None = None
    description: str | None = None
    destination: Subject | None = None
    asset: str | None = None
    remaining: int | None = None
    original_amount: int | None = None


class Monetary(msgspec.Struct, frozen=True, gc=False):
    """An amount of an asset."""

    asset: str
    amount: int


class WalletRequest(msgspec.Struct, frozen=True, gc=False):
    """A wallet to be made."""

    name: str
    metadata: Mapping[str, str]


class NotesRequest(msgspec.Struct, frozen=True, gc=False):
    """Notes to be added."""

    metadata: Mapping[str, str]


class BalanceRequest(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True, rename="camel"):
    """A balance to be made."""

    name: str
    expires_at: str | None = None
    priority: int = 0


class CreditRequest(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """Money for a wallet."""

    amount: Monetary
    sources: tuple[Subject, ...] = ()
    balance: str | None = None
    reference: str | None = None
    metadata: Mapping[str, str]
    timestamp: str | None = None


class DebitRequest(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """Money out of a wallet."""

    amount: Monetary
    pending: bool = False
    metadata: Mapping[str, str]
    description: str | None = None
    destination: Subject | None = None
    balances: tuple[str, ...] = ()
    timestamp: str | None = None


class ConfirmRequest(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """How much of a hold is taken; all that is left when `amount` is not told."""

    amount: int | None = None
    final: bool = False
