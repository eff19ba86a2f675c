"""A customer's money for each currency: which accounts count, with which of their balances."""

from collections.abc import Iterable, Sequence

from providers import money
from providers.domain import DEBTS, Account, AccountKind, Balance, BalanceKind, CurrencyTotal, Money, Ref

_PREFERRED = (BalanceKind.CURRENT, BalanceKind.CLEARED)
"""The balance of an account that is summed: the first of these kinds that it has, for each asset."""


def counts(account: Account) -> bool:
    """True for accounts that hold the customer's own money: not debts, and not the accounts of counterparties."""
    return account.kind not in DEBTS and account.kind is not AccountKind.EXTERNAL


def by_currency(read: Iterable[tuple[Account, Sequence[Balance]]], *, is_complete: bool) -> Sequence[CurrencyTotal]:
    """Sums in the order of the currencies' codes."""
    amounts = ((account.ref, balance.money) for account, balances in read for balance in counted(balances))
    return summed(amounts, is_complete=is_complete)


def summed(amounts: Iterable[tuple[Ref, Money]], *, is_complete: bool) -> Sequence[CurrencyTotal]:
    """Sums of what accounts hold, in the order of the currencies' codes."""
    held: dict[str, list[tuple[Ref, Money]]] = {}
    for account, amount in amounts:
        held.setdefault(amount.currency, []).append((account, amount))
    return [
        CurrencyTotal(
            money=money.total(amount for _, amount in entries),
            account_count=len({account for account, _ in entries}),
            is_complete=is_complete,
        )
        for _, entries in sorted(held.items())
    ]


def counted(balances: Sequence[Balance]) -> Iterable[Balance]:
    """The one balance of each asset that is summed."""
    by_asset: dict[str, dict[BalanceKind, Balance]] = {}
    for balance in balances:
        by_asset.setdefault(balance.money.asset, {}).setdefault(balance.kind, balance)
    for kinds in by_asset.values():
        chosen = next((kinds[kind] for kind in _PREFERRED if kind in kinds), None)
        if chosen is not None:
            yield chosen
