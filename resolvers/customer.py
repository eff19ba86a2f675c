"""Where a customer's fields come from."""

import asyncio
from collections.abc import Sequence
from typing import Annotated

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
from providers.errors import ProviderError
from resolvers import ids, payment, totals
from resolvers.account import balances_of
from resolvers.context import Info, RequestContext
from resolvers.holdings import accounts_by_provider, asked, customers_of, outcome_of, raise_the_only, split
from resolvers.node import by_ref
from resolvers.paging import After, Connection, First, held, identity, window
from resolvers.problems import upstream_problem

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
    if info.context.caller.is_bound:
        return await _customers_of_caller(info.context, first, after)
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
        found = await asked(info.context.loaders.accounts_by_bank, key, provider)
    else:
        found = await accounts_by_provider(root.customer_id, info.context, provider)
    if provider is not None or bank:
        raise_the_only(found.values())
    of_customer, problems = split(found.values())
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
    found = await accounts_by_provider(root.customer_id, info.context)
    raise_the_only(outcome for provider, outcome in found.items() if provider in able)
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
    found = await accounts_by_provider(root.customer_id, info.context)
    raise_the_only(outcome for provider, outcome in found.items() if provider in by_account)
    of_customer, _ = split(found.values())
    holding = await asyncio.gather(
        *(by_account[account.provider].load(account.ref) for account in of_customer if account.provider in by_account)
    )
    return sorted({pool.ref: pool for pools in holding for pool in pools}.values(), key=lambda pool: pool.name)


async def total(root: strawberry.Parent[Customer], info: Info) -> Sequence[CurrencyTotal]:
    """Sums for each currency, over everything that could be read."""
    of_customer, problems = split((await accounts_by_provider(root.customer_id, info.context)).values())
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


async def _customers_of_caller(context: RequestContext, first: int | None, after: str | None) -> Connection[Customer]:
    ids_ = customers_of(context)
    found = await asyncio.gather(*map(context.loaders.customers_by_id.load, ids_))
    kept = [(each.customer_id, each) for each in found if each is not None]
    return held(kept, of=identity("customers", ids_), first=first, after=after)


async def _derived_links(customer: Customer, info: Info) -> Sequence[CustomerLink]:
    loaders = info.context.loaders.derived_links_by_customer
    outcomes = await asyncio.gather(*(outcome_of(loader.load(customer.customer_id)) for loader in loaders.values()))
    problems = [upstream_problem(outcome) for outcome in outcomes if isinstance(outcome, ProviderError)]
    info.context.lacks(info.path, problems)
    return [link for outcome in outcomes if not isinstance(outcome, ProviderError) for link in outcome]
