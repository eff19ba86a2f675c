"""A customer's money in wallets for each currency: it is no bank's, and so is summed apart."""

import asyncio
from collections.abc import Sequence

import strawberry

from providers import money
from providers.domain import CurrencyTotal, Customer, Money, Ref, Wallet, WalletBalance
from providers.errors import Outcome, ProviderError
from resolvers import wallet
from resolvers.context import Info
from resolvers.problems import upstream_problem


async def total(root: strawberry.Parent[Customer], info: Info) -> Sequence[CurrencyTotal] | None:
    """Sums for each currency of all balances that have not expired, over everything that could be read."""
    wallets = await wallet.of_customer(root, info)
    if wallets is None:
        return None
    outcomes = await asyncio.gather(*(_balances(each, info) for each in wallets))
    problems = [upstream_problem(outcome) for outcome in outcomes if isinstance(outcome, ProviderError)]
    info.context.lacks(info.path, problems)
    balances = [each for outcome in outcomes if not isinstance(outcome, ProviderError) for each in outcome]
    return by_currency(balances, is_complete=not problems)


def by_currency(balances: Sequence[WalletBalance], *, is_complete: bool) -> Sequence[CurrencyTotal]:
    """Sums in the order of the currencies' codes."""
    held: dict[str, list[tuple[Ref, Money]]] = {}
    for balance in balances:
        for amount in () if wallet.has_expired(balance) else balance.known_amounts or ():
            held.setdefault(amount.currency, []).append((balance.wallet, amount))
    return [
        CurrencyTotal(
            money=money.total(amount for _, amount in entries),
            account_count=len({ref for ref, _ in entries}),
            is_complete=is_complete,
        )
        for _, entries in sorted(held.items())
    ]


async def _balances(of: Wallet, info: Info) -> Outcome[Sequence[WalletBalance]]:
    try:
        return await wallet.balances(of, info) or ()
    except ProviderError as error:
        return error
