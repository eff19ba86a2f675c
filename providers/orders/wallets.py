"""What can be ordered of wallets. Orders carry a key by which the vendor knows one that it has carried out."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol, runtime_checkable

import msgspec

from providers.domain import Hold, Money, Ref, WalletBalance
from providers.operation import Operation


class EndOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Where money comes from or goes to: an account of the ledger, or a balance of a wallet."""

    address: str | None = None
    wallet: Ref | None = None
    balance: str | None = None


class WalletOrder(msgspec.Struct, frozen=True, kw_only=True):
    """A wallet to be made."""

    name: str
    metadata: Mapping[str, str]


class BalanceOrder(msgspec.Struct, frozen=True, kw_only=True):
    """A balance of a wallet to be made."""

    wallet: Ref
    name: str
    expires_at: datetime | None = None
    priority: int = 0


class CreditOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Money for a wallet. Without sources it comes from outside of the ledger."""

    wallet: Ref
    money: Money
    sources: tuple[EndOrder, ...] = ()
    balance: str | None = None
    reference: str | None = None
    timestamp: datetime | None = None
    metadata: Mapping[str, str] = {}


class DebitOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Money out of a wallet, at once or to be held. Without a destination it leaves the ledger.

    Without `balances` it is the main one's; `*` is for all.
    """

    wallet: Ref
    money: Money
    is_pending: bool = False
    destination: EndOrder | None = None
    balances: tuple[str, ...] = ()
    description: str | None = None
    timestamp: datetime | None = None
    metadata: Mapping[str, str] = {}


class ConfirmOrder(msgspec.Struct, frozen=True, kw_only=True):
    """How much of a hold is taken: all that is left when `money` is None. The rest goes back when it `is_final`."""

    hold: Ref
    money: Money | None = None
    is_final: bool = False


@runtime_checkable
class WritesWallets(Protocol):
    """Makes wallets and moves their money. The rules are those of `providers.orders`."""

    async def create_wallet(self, order: WalletOrder, key: str, operation: Operation) -> Ref:
        """Make a wallet."""

    async def find_wallet(self, note: tuple[str, str], operation: Operation) -> Ref | None:
        """A wallet that has this note."""

    async def update_wallet(self, wallet: Ref, metadata: Mapping[str, str], key: str, operation: Operation) -> None:
        """Add notes to a wallet."""

    async def create_wallet_balance(self, order: BalanceOrder, key: str, operation: Operation) -> Ref:
        """Make a balance."""

    async def find_wallet_balance(self, ref: Ref, operation: Operation) -> WalletBalance | None:
        """The balance as it is now."""

    async def credit_wallet(self, order: CreditOrder, key: str, operation: Operation) -> Ref:
        """Put money into a wallet, and give the balance that it went to."""

    async def debit_wallet(self, order: DebitOrder, key: str, operation: Operation) -> Ref:
        """Take money out of a wallet, and give the wallet; or hold it, and give the hold."""

    async def has_moved(self, wallet: Ref, note: tuple[str, str], operation: Operation) -> bool:
        """Whether one of the wallet's newest transactions has this note."""

    async def find_hold(self, wallet: Ref, note: tuple[str, str], operation: Operation) -> Ref | None:
        """A hold on a wallet that has this note."""

    async def confirm_hold(self, order: ConfirmOrder, key: str, operation: Operation) -> None:
        """Let held money go where it was meant for."""

    async def void_hold(self, hold: Ref, key: str, operation: Operation) -> None:
        """Give held money back to its wallet."""

    async def hold_now(self, hold: Ref, operation: Operation) -> Hold:
        """The hold as it is now. Raises `NotFound`."""

    async def is_voided(self, hold: Hold, operation: Operation) -> bool:
        """Whether money of the hold went back to its wallet, as one of the wallet's newest transactions tells."""
