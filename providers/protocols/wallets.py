"""What can be asked of wallets."""

from collections.abc import Mapping, Sequence
from typing import Protocol, runtime_checkable

from providers.domain import (
    CustomerLink,
    Hold,
    HoldAmounts,
    LedgerTransaction,
    Page,
    PageRequest,
    Ref,
    Wallet,
    WalletBalance,
    WalletFilter,
    WalletSummary,
)
from providers.errors import Outcome
from providers.operation import Operation


@runtime_checkable
class ReadsWallets(Protocol):
    """Has wallets. The rules of batch methods are those of `providers.protocols.reads`."""

    async def wallets_by_ref(self, refs: Sequence[Ref], operation: Operation) -> Mapping[Ref, Outcome[Wallet]]:
        """Wallets by identity."""

    async def wallets_by_customer(
        self, links: Mapping[str, Sequence[CustomerLink]], operation: Operation
    ) -> Mapping[str, Outcome[Sequence[Wallet]]]:
        """All wallets of each customer: those that are linked to it, and those whose notes name it."""

    async def list_wallets(self, where: WalletFilter, page: PageRequest, operation: Operation) -> Page[Wallet]:
        """Wallets, in the vendor's order."""

    async def balances_by_wallet(
        self, wallets: Sequence[Ref], operation: Operation
    ) -> Mapping[Ref, Outcome[Sequence[WalletBalance]]]:
        """All balances of each wallet with their amounts."""

    async def wallet_balances_by_ref(
        self, refs: Sequence[Ref], operation: Operation
    ) -> Mapping[Ref, Outcome[WalletBalance]]:
        """Balances by identity, with their amounts."""

    async def list_wallet_balances(self, wallet: Ref, page: PageRequest, operation: Operation) -> Page[WalletBalance]:
        """A wallet's balances, in the vendor's order, without their amounts."""

    async def summaries_by_wallet(
        self, wallets: Sequence[Ref], operation: Operation
    ) -> Mapping[Ref, Outcome[WalletSummary]]:
        """What each wallet holds altogether."""

    async def holds_by_ref(self, refs: Sequence[Ref], operation: Operation) -> Mapping[Ref, Outcome[Hold]]:
        """Holds by identity."""

    async def amounts_by_hold(self, holds: Sequence[Ref], operation: Operation) -> Mapping[Ref, Outcome[HoldAmounts]]:
        """What is left of each hold."""

    async def list_holds(
        self, wallet: Ref | None, metadata: Sequence[tuple[str, str]], page: PageRequest, operation: Operation
    ) -> Page[Hold]:
        """Holds on a wallet, or on all."""

    async def list_wallet_transactions(
        self, wallet: Wallet, page: PageRequest, operation: Operation
    ) -> Page[LedgerTransaction]:
        """The ledger's transactions of a wallet, newest first."""
