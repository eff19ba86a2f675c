"""Accounts at banks by a provider's own customers, and the refreshes that show in them: what two loaders give."""

from collections.abc import Iterable, Mapping, Sequence

from providers.domain import (
    Account,
    AggregatedAccount,
    BankKey,
    CustomerLink,
    LinkKind,
    Provider,
    Ref,
    Refresh,
    refresh,
)
from providers.errors import Outcome, ProviderError
from providers.operation import Operation
from providers.protocols import ReadsAccounts
from resolvers.batching import Loader


async def accounts_at_provider(
    vendor: ReadsAccounts, provider: Provider, customers: Iterable[str], operation: Operation
) -> Mapping[str, Outcome[Sequence[Account]]]:
    """All accounts of each of the provider's own customers, whoever they are to the directory."""
    links = {each: [CustomerLink(provider, LinkKind.CUSTOMER, each, each)] for each in customers}
    return await vendor.accounts_by_customer(links, operation)


async def part_of(whole: Loader[str, Sequence[Account]], key: BankKey) -> Outcome[Sequence[Account]]:
    """Some accounts of a customer, taken from all of them."""
    try:
        return [account for account in await whole.load(key.customer_id) if key.holds(account)]
    except ProviderError as error:
        return error


def customers_of(refs: Iterable[Ref]) -> set[str]:
    """The provider's customers that refreshes are about."""
    return {ref.keys[0] for ref in refs if refresh.started_at(ref) is not None}


def refreshes(refs: Sequence[Ref], found: Mapping[str, Outcome[Sequence[Account]]]) -> Mapping[Ref, Outcome[Refresh]]:
    """The refreshes of these identities; those without accounts that could have been refreshed are left out."""
    told = {ref: _refresh(ref, found[ref.keys[0]]) for ref in refs if ref.keys[0] in found}
    return {ref: outcome for ref, outcome in told.items() if outcome is not None}


def _refresh(ref: Ref, outcome: Outcome[Sequence[Account]]) -> Outcome[Refresh] | None:
    started_at = refresh.started_at(ref)
    if isinstance(outcome, ProviderError) or started_at is None or ref.provider is None:
        return outcome if isinstance(outcome, ProviderError) else None
    held = tuple(account for account in outcome if isinstance(account, AggregatedAccount))
    accounts = refresh.of_login(held, ref.keys[1])
    return Refresh(ref=ref, provider=ref.provider, started_at=started_at, accounts=accounts) if accounts else None
