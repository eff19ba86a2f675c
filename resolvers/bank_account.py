"""Where bank accounts and their fields come from."""

from collections.abc import Sequence
from typing import Annotated

import strawberry

from providers.domain import Account, BankAccount, Connector, NodeType, Page, PageRequest, RelatedAccount
from providers.protocols import ReadsBankAccounts
from resolvers import ids
from resolvers.context import Info, RequestContext
from resolvers.node import by_ref
from resolvers.paging import After, Connection, Fetch, First, identity, window


async def bank_account(
    info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="A bank account's global id.")]
) -> BankAccount | None:
    """The bank account with this id."""
    found: BankAccount | None = await by_ref(ids.decode(id, NodeType.BANK_ACCOUNT), info.context)
    return found


async def bank_accounts(info: Info, first: First = 20, after: After = None) -> Connection[BankAccount]:
    """All bank accounts."""
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


def _listing(vendor: ReadsBankAccounts, context: RequestContext) -> Fetch[BankAccount]:
    async def fetch(page: PageRequest) -> Page[BankAccount]:
        return await vendor.list_bank_accounts(page, context.operation)

    return fetch
