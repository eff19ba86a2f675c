"""Where bank accounts and their fields come from."""

import asyncio
from collections.abc import Sequence
from typing import Annotated

import strawberry

from providers.domain import Account, BankAccount, Connector, NodeType, Page, PageRequest, RelatedAccount
from providers.protocols import ReadsBankAccounts
from resolvers import ids
from resolvers.batching import value_of
from resolvers.context import Info, RequestContext
from resolvers.holdings import accounts_of_caller, customers_of
from resolvers.node import by_ref
from resolvers.paging import After, Connection, Fetch, First, held, identity, window


async def bank_account(
    info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="A bank account's global id.")]
) -> BankAccount | None:
    """The bank account with this id."""
    found: BankAccount | None = await by_ref(ids.decode(id, NodeType.BANK_ACCOUNT), info.context)
    return found


async def bank_accounts(info: Info, first: First = 20, after: After = None) -> Connection[BankAccount]:
    """All bank accounts."""
    if info.context.caller.is_bound:
        return await _bank_accounts_of_caller(info, first, after)
    sources = {
        name.value: _listing(vendor, info.context)
        for name, vendor in info.context.providers.able(ReadsBankAccounts).items()
    }
    connection = await window(sources, of=identity("bank accounts"), first=first, after=after)
    info.context.lacks(info.path, connection.problems)
    return connection


async def of_account(root: strawberry.Parent[Account], info: Info) -> Sequence[BankAccount] | None:
    """Bank accounts that an account stands for."""
    loader = info.context.loaders.bank_accounts_by_account.get(root.provider)
    return await loader.load(root.ref) if loader else None


async def related_account(root: strawberry.Parent[RelatedAccount], info: Info) -> Account | None:
    """The account at the payment provider."""
    found: Account | None = await by_ref(root.account, info.context) if root.account else None
    return found


async def related_connector(root: strawberry.Parent[RelatedAccount], info: Info) -> Connector | None:
    """The connector that it was forwarded to."""
    found: Connector | None = await by_ref(root.connector, info.context) if root.connector else None
    return found


async def _bank_accounts_of_caller(info: Info, first: int | None, after: str | None) -> Connection[BankAccount]:
    """Bank accounts of a bound caller's customers by their notes, and those forwarded to their accounts; by name."""
    loaders, customers = info.context.loaders, customers_of(info.context)
    noted = [loader.load(customer) for loader in loaders.bank_accounts_by_customer.values() for customer in customers]
    by_account = loaders.bank_accounts_by_account
    forwarded = [
        by_account[name].load(account.ref)
        for name, outcome in await accounts_of_caller(info.context)
        if name in by_account
        for account in value_of(outcome)
    ]
    found = await asyncio.gather(*noted, *forwarded)
    keyed = {f"{each.name}\x00{each.provider_id}": each for part in found for each in part}
    return held(list(keyed.items()), of=identity("bank accounts", customers), first=first, after=after)


def _listing(vendor: ReadsBankAccounts, context: RequestContext) -> Fetch[BankAccount]:
    async def fetch(page: PageRequest) -> Page[BankAccount]:
        return await vendor.list_bank_accounts(page, context.operation)

    return fetch
