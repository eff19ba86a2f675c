"""The accounts of customers, as each provider answers for them, and of all customers whom a bound caller may see."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from providers.domain import Account, Provider
from providers.errors import Outcome, ProviderError
from resolvers.batching import Loader
from resolvers.context import RequestContext
from resolvers.problems import UpstreamProblem, upstream_problem

K = TypeVar("K")
T = TypeVar("T")
Answer = tuple[Provider, Outcome[Sequence[Account]]]
"""What a provider answers for one customer."""


async def accounts_by_provider(
    customer_id: str, context: RequestContext, only: Provider | None = None
) -> Mapping[Provider, Outcome[Sequence[Account]]]:
    """What each provider answers for a customer's accounts, all asked at once."""
    return await asked(context.loaders.accounts_by_customer, customer_id, only)


async def accounts_of_caller(context: RequestContext, only: Provider | None = None) -> Sequence[Answer]:
    """The same for every customer of a bound caller, all asked at once."""
    found = await asyncio.gather(*(accounts_by_provider(each, context, only) for each in customers_of(context)))
    return [answer for each in found for answer in each.items()]


def customers_of(context: RequestContext) -> Sequence[str]:
    """The customers of a bound caller, in the directory's order. They tell the caller's lists from others'."""
    return sorted(context.caller.customers or ())


async def asked(
    loaders: Mapping[Provider, Loader[K, Sequence[Account]]], key: K, only: Provider | None
) -> Mapping[Provider, Outcome[Sequence[Account]]]:
    """What each provider's loader gives for a key."""
    chosen = {provider: loader for provider, loader in loaders.items() if only is None or provider is only}
    outcomes = await asyncio.gather(*(outcome_of(loader.load(key)) for loader in chosen.values()))
    return dict(zip(chosen, outcomes, strict=True))


async def outcome_of(loaded: "asyncio.Future[Sequence[T]]") -> Sequence[T] | ProviderError:
    """What was loaded, or how it failed."""
    try:
        return await loaded
    except ProviderError as error:
        return error


def split(outcomes: Iterable[Outcome[Sequence[Account]]]) -> tuple[list[Account], list[UpstreamProblem]]:
    """What could be read, and what could not."""
    accounts: list[Account] = []
    problems: dict[UpstreamProblem, None] = {}
    for outcome in outcomes:
        if isinstance(outcome, ProviderError):
            problems[upstream_problem(outcome)] = None
        else:
            accounts.extend(outcome)
    return accounts, list(problems)


def raise_the_only(outcomes: Iterable[Outcome[Sequence[Account]]]) -> None:
    """Raise the failure when all that could answer failed: there is no part left to give."""
    given = list(outcomes)
    failures = [outcome for outcome in given if isinstance(outcome, ProviderError)]
    if failures and len(failures) == len(given):
        raise failures[0]
