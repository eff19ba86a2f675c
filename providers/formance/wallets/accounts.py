"""The ledger's accounts of wallets: which are asked for, and what they tell of balances, holds and wallets."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime

from providers.answers import translating
from providers.domain import HoldAmounts, Provider, Ref, Wallet, WalletBalance
from providers.errors import Outcome, ProviderError
from providers.formance import filters
from providers.formance.client.ledger import V2_LIST_ACCOUNTS
from providers.formance.models.ledger import LedgerAccount
from providers.formance.translate import wallets as translate


def all_balances(wallet: Ref) -> filters.Expression:
    """All accounts of a wallet's balances."""
    return filters.match("address", translate.balance_address(wallet.native_id, ""))


def main_balance(wallet: Ref) -> filters.Expression:
    """The account of a wallet's main balance."""
    return filters.match("address", translate.balance_address(wallet.native_id, translate.MAIN))


def held(hold: Ref) -> filters.Expression:
    """The account of a hold."""
    return filters.match("address", translate.hold_address(hold.native_id))


def by_wallet(wallets: Sequence[Ref], rows: Sequence[LedgerAccount]) -> dict[Ref, Outcome[Sequence[WalletBalance]]]:
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


def by_hold(holds: Sequence[Ref], rows: Sequence[LedgerAccount]) -> dict[Ref, Outcome[HoldAmounts]]:
    """What is left of each hold."""
    known = {translate.hold_address(ref.native_id): ref for ref in holds}
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


def by_ref(wallets: Sequence[Ref], rows: Sequence[LedgerAccount], ledger: str | None) -> dict[Ref, Outcome[Wallet]]:
    """Wallets by identity."""
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


def by_customer(
    customers: Sequence[str], rows: Sequence[LedgerAccount], ledger: str | None
) -> dict[str, Outcome[Sequence[Wallet]]]:
    """The wallets whose notes name each customer."""
    found: dict[str, list[Wallet]] = {customer: [] for customer in customers}
    failures: dict[str, ProviderError] = {}
    for row in rows:
        wallet = _wallet_of(row, ledger)
        if isinstance(wallet, ProviderError):
            failures |= dict.fromkeys(customers, wallet)
        elif wallet is not None and wallet.customer_id in found:
            found[wallet.customer_id].append(wallet)
    return {**found, **failures}
