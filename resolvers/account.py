"""Where an account's fields come from."""

from collections.abc import Awaitable, Sequence
from datetime import datetime
from typing import Annotated

import msgspec
import strawberry

from providers.domain import (
    Account,
    AggregatedAccount,
    Balance,
    Connector,
    Customer,
    NodeType,
    Page,
    PageRequest,
    Payment,
    PaymentAccount,
    Pool,
    Provider,
)
from providers.protocols import ReadsAccounts, ReadsBalanceHistory
from resolvers import ids, payment
from resolvers.access.binding import visible
from resolvers.age import MaxAge, seconds
from resolvers.context import Info, RequestContext
from resolvers.holdings import accounts_of_caller, customers_of, raise_the_only, split
from resolvers.node import by_ref, handed_on
from resolvers.owner import customer_of
from resolvers.paging import After, Connection, Fetch, First, held, identity, window

ACCOUNT_TYPES = (NodeType.AGGREGATED_ACCOUNT, NodeType.PAYMENT_ACCOUNT, NodeType.SMART_ACCOUNT)


async def account(
    info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="An account's global id.")]
) -> Account | None:
    """The account with this id."""
    found: Account | None = await by_ref(ids.decode(id, *ACCOUNT_TYPES), info.context)
    return found


async def accounts(
    info: Info,
    provider: Annotated[
        Provider | None, strawberry.argument(description="Only accounts of this provider; of all when omitted.")
    ] = None,
    first: First = 20,
    after: After = None,
) -> Connection[Account]:
    """All accounts that the credentials reach, provider after provider."""
    context = info.context
    if context.caller.is_bound:
        return await _accounts_of_caller(info, provider, first, after)
    sources = {
        name.value: _listing(vendor, context)
        for name, vendor in context.providers.able(ReadsAccounts).items()
        if provider is None or name is provider
    }
    connection = await window(sources, of=identity("accounts"), first=first, after=after)
    context.lacks(info.path, connection.problems)
    return connection


async def _accounts_of_caller(
    info: Info, provider: Provider | None, first: int | None, after: str | None
) -> Connection[Account]:
    """The accounts of a bound caller's customers, ordered by provider and the provider's own id."""
    answers = [outcome for _, outcome in await accounts_of_caller(info.context, provider)]
    if provider is not None:
        raise_the_only(answers)
    found, problems = split(answers)
    info.context.lacks(info.path, problems)
    keyed = {f"{account.provider}\x00{account.provider_id}": account for account in found}
    of = identity("accounts", customers_of(info.context))
    return held(list(keyed.items()), of=of, first=first, after=after, problems=problems)


def balances(
    root: strawberry.Parent[Account], info: Info, max_age: MaxAge = None
) -> Sequence[Balance] | Awaitable[Sequence[Balance] | None] | None:
    """The account's balances, by a call only when they did not come with it."""
    age = seconds(max_age)
    if root.known_balances is not None:
        return root.known_balances
    loader = info.context.loaders.balances_by_account.get(root.provider)
    return loader.lend((root.ref, age)) if loader else None


async def balances_of(account: Account, context: RequestContext, *, max_age: int = 0) -> Sequence[Balance] | None:
    """The balances of an account, which may be `max_age` seconds old. Raises its `ProviderError`."""
    if account.known_balances is not None:
        return account.known_balances
    loader = context.loaders.balances_by_account.get(account.provider)
    return await loader.load((account.ref, max_age)) if loader else None


async def balance_history(
    root: strawberry.Parent[PaymentAccount],
    info: Info,
    *,
    asset: Annotated[str | None, strawberry.argument(description="Only this asset, such as `USD/2`.")] = None,
    since: Annotated[
        datetime | None, strawberry.argument(description="Only balances that were still valid at or after this time.")
    ] = None,
    until: Annotated[
        datetime | None, strawberry.argument(description="Only balances that began at or before this time.")
    ] = None,
    first: First = 20,
    after: After = None,
) -> Connection[Balance] | None:
    """Past and present balances, newest first."""
    vendor = info.context.providers.able(ReadsBalanceHistory).get(root.provider)
    if vendor is None:
        return None

    async def fetch(page: PageRequest) -> Page[Balance]:
        return await vendor.balance_history(
            root.ref, page, info.context.operation, asset=asset, since=since, until=until
        )

    of = identity("balances", root.ref, asset, since, until)
    return await window({root.provider.value: fetch}, of=of, first=first, after=after)


async def customer(root: strawberry.Parent[Account], info: Info) -> Customer | None:
    """Whose account it is."""
    return await visible(await customer_of(root, info.context), info.context)


async def payments(
    root: strawberry.Parent[Account],
    info: Info,
    filter: payment.Filter = None,
    first: First = 20,
    after: After = None,
) -> Connection[Payment] | None:
    """Payments from or to the account, newest first."""
    return await payment.of_accounts(info, root.ref, {root.provider: [root.ref]}, filter, first=first, after=after)


def pools(root: strawberry.Parent[Account], info: Info) -> Awaitable[Sequence[Pool]] | None:
    """Pools that hold the account."""
    loader = info.context.loaders.pools_by_account.get(root.provider)
    return loader.lend(root.ref) if loader else None


def connector(root: strawberry.Parent[PaymentAccount], info: Info) -> Awaitable[Connector | None] | None:
    """The connector that brought the account."""
    return handed_on(root.connector, info.context)


def detail(root: strawberry.Parent[AggregatedAccount]) -> msgspec.Raw | None:
    """The provider's detail object as it was sent."""
    return _present(root.detail)


def raw(root: strawberry.Parent[PaymentAccount]) -> msgspec.Raw | None:
    """The payment provider's own record as it was sent."""
    return _present(root.raw)


def _present(raw: msgspec.Raw) -> msgspec.Raw | None:
    return None if bytes(raw) in (b"", b"null") else raw


def _listing(vendor: ReadsAccounts, context: RequestContext) -> Fetch[Account]:
    async def fetch(page: PageRequest) -> Page[Account]:
        return await vendor.list_accounts(page, context.operation)

    return fetch
