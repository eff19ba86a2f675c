"""Where a customer's fields come from."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Annotated, TypeVar

import strawberry

from providers.domain import (
    Account,
    BankKey,
    CurrencyTotal,
    Customer,
    CustomerLink,
    NodeType,
    Payment,
    Pool,
    Provider,
)
from providers.errors import Outcome, ProviderError
from resolvers import ids, payment, totals
from resolvers.account import balances_of
from resolvers.batching import Loader
from resolvers.context import Info, RequestContext
from resolvers.node import by_ref
from resolvers.paging import After, Connection, First, held, identity, window
from resolvers.problems import UpstreamProblem, upstream_problem

K = TypeVar("K")
T = TypeVar("T")

OfProvider = Annotated[
    Provider | None, strawberry.argument(description="Only accounts of this provider; of every provider when omitted.")
]

OfInstitution = Annotated[
    str | None,
    strawberry.argument(
        description="Only accounts at the bank with this `institutionId` that are not pending. Providers that tell no "
        "institutions have none. Costs one call, none where all accounts of the customer are asked for as well."
    ),
]
OfLogin = Annotated[
    str | None,
    strawberry.argument(
        description="Only accounts behind the bank login with this `institutionLoginId`. Providers that tell no "
        "logins have none. Costs one call, none where all accounts of the customer are asked for as well."
    ),
]


async def customer(
    info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="A customer's global id.")]
) -> Customer | None:
    """The customer with this id."""
    found: Customer | None = await by_ref(ids.decode(id, NodeType.CUSTOMER), info.context)
    return found


async def customers(info: Info, first: First = 20, after: After = None) -> Connection[Customer]:
    """All customers of the directory."""
    directory = info.context.providers.directory
    return await window({"directory": directory.list_customers}, of=identity("customers"), first=first, after=after)


async def links(root: strawberry.Parent[Customer], info: Info) -> Sequence[CustomerLink]:
    """Stored links, and those which providers derive from their own records."""
    stored = await info.context.loaders.links_by_customer.load(root.customer_id)
    return sorted([*stored, *await _derived_links(root, info)])


async def accounts(
    root: strawberry.Parent[Customer],
    info: Info,
    *,
    provider: OfProvider = None,
    institution_id: OfInstitution = None,
    institution_login_id: OfLogin = None,
    first: First = 50,
    after: After = None,
) -> Connection[Account]:
    """Accounts of every provider that is asked, ordered by provider and the provider's own id."""
    bank = [each for each in (institution_id, institution_login_id) if each is not None]
    if bank:
        key = BankKey(customer_id=root.customer_id, institution_id=institution_id, login_id=institution_login_id)
        found = await _asked(info.context.loaders.accounts_by_bank, key, provider)
    else:
        found = await accounts_by_provider(root, info.context, provider)
    if provider is not None or bank:
        _raise_the_only(found)
    of_customer, problems = _split(found)
    info.context.lacks(info.path, problems)
    keyed = [(f"{account.provider}\x00{account.provider_id}", account) for account in of_customer]
    of = identity("accounts", root.ref, *([institution_id, institution_login_id] if bank else []))
    return held(keyed, of=of, first=first, after=after, problems=problems)


async def payments(
    root: strawberry.Parent[Customer],
    info: Info,
    filter: payment.Filter = None,
    first: First = 20,
    after: After = None,
) -> Connection[Payment] | None:
    """Payments that touch any of the customer's accounts, newest first."""
    able = info.context.loaders.payments_by_account
    found = await accounts_by_provider(root, info.context)
    _raise_the_only({provider: outcome for provider, outcome in found.items() if provider in able})
    refs = {
        provider: [account.ref for account in outcome]
        for provider, outcome in found.items()
        if provider in able and not isinstance(outcome, ProviderError)
    }
    return await payment.of_accounts(info, root.ref, refs, filter, first=first, after=after)


async def pools(root: strawberry.Parent[Customer], info: Info) -> Sequence[Pool] | None:
    """Pools that hold any of the customer's accounts."""
    by_account = info.context.loaders.pools_by_account
    if not by_account:
        return None
    found = await accounts_by_provider(root, info.context)
    _raise_the_only({provider: outcome for provider, outcome in found.items() if provider in by_account})
    of_customer, _ = _split(found)
    holding = await asyncio.gather(
        *(by_account[account.provider].load(account.ref) for account in of_customer if account.provider in by_account)
    )
    return sorted({pool.ref: pool for pools in holding for pool in pools}.values(), key=lambda pool: pool.name)


async def total(root: strawberry.Parent[Customer], info: Info) -> Sequence[CurrencyTotal]:
    """Sums for each currency, over everything that could be read."""
    of_customer, problems = _split(await accounts_by_provider(root, info.context))
    counted = [account for account in of_customer if totals.counts(account)]
    outcomes = await asyncio.gather(
        *(balances_of(account, info.context) for account in counted), return_exceptions=True
    )
    failures = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
    for failure in failures:
        if not isinstance(failure, ProviderError):
            raise failure
    problems += [upstream_problem(failure) for failure in failures if isinstance(failure, ProviderError)]
    info.context.lacks(info.path, problems)
    return totals.by_currency(
        [
            (account, outcome)
            for account, outcome in zip(counted, outcomes, strict=True)
            if isinstance(outcome, Sequence)
        ],
        is_complete=not problems,
    )


async def accounts_by_provider(
    customer: Customer, context: RequestContext, only: Provider | None = None
) -> Mapping[Provider, Outcome[Sequence[Account]]]:
    """What each provider answers for a customer's accounts, all asked at once."""
    return await _asked(context.loaders.accounts_by_customer, customer.customer_id, only)


async def _asked(
    loaders: Mapping[Provider, Loader[K, Sequence[Account]]], key: K, only: Provider | None
) -> Mapping[Provider, Outcome[Sequence[Account]]]:
    asked = {provider: loader for provider, loader in loaders.items() if only is None or provider is only}
    outcomes = await asyncio.gather(*(_outcome(loader.load(key)) for loader in asked.values()))
    return dict(zip(asked, outcomes, strict=True))


async def _outcome(loaded: "asyncio.Future[Sequence[T]]") -> Sequence[T] | ProviderError:
    try:
        return await loaded
    except ProviderError as error:
        return error


async def _derived_links(customer: Customer, info: Info) -> Sequence[CustomerLink]:
    loaders = info.context.loaders.derived_links_by_customer
    outcomes = await asyncio.gather(*(_outcome(loader.load(customer.customer_id)) for loader in loaders.values()))
    problems = [upstream_problem(outcome) for outcome in outcomes if isinstance(outcome, ProviderError)]
    info.context.lacks(info.path, problems)
    return [link for outcome in outcomes if not isinstance(outcome, ProviderError) for link in outcome]


def _split(
    found: Mapping[Provider, Outcome[Sequence[Account]]],
) -> tuple[list[Account], list[UpstreamProblem]]:
    accounts: list[Account] = []
    problems: list[UpstreamProblem] = []
    for outcome in found.values():
        if isinstance(outcome, ProviderError):
            problems.append(upstream_problem(outcome))
        else:
            accounts.extend(outcome)
    return accounts, problems


def _raise_the_only(found: Mapping[Provider, Outcome[Sequence[Account]]]) -> None:
    """Raise the failure when all providers that could answer failed: there is no part left to give."""
    failures = [outcome for outcome in found.values() if isinstance(outcome, ProviderError)]
    if failures and len(failures) == len(found):
        raise failures[0]
