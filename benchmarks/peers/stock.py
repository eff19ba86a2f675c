"""Strawberry as its documentation shows it: types with resolvers, data loaders, httpx, no tuning.

UPSTREAM is the vendors' address.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import strawberry
from starlette.applications import Starlette
from strawberry.asgi import GraphQL
from strawberry.dataloader import DataLoader

from benchmarks.peers import vendors
from benchmarks.peers.vendors import Customer as Person
from benchmarks.peers.vendors import Record
from providers.domain import AccountKind, BalanceKind, PaymentStatus, PaymentType, Provider

Info = strawberry.Info
Read = Callable[[str], Awaitable[Any]]

for each in (Provider, AccountKind, BalanceKind, PaymentStatus, PaymentType):
    strawberry.enum(each)


@strawberry.type
class Money:
    amount: str
    asset: str
    minor_units: str | None


@strawberry.type
class Balance:
    kind: BalanceKind
    money: Money


@strawberry.interface
class Account:
    provider_id: str
    name: str | None
    kind: AccountKind
    provider_type: str | None
    currency: str | None
    masked_number: str | None = None
    held: strawberry.Private[list[Balance] | None] = None

    @strawberry.field
    async def balances(self, info: Info) -> list[Balance] | None:
        """Those of accounts at banks came with them."""
        if self.held is not None:
            return self.held
        loaders: Loaders = info.context
        loader = loaders.smart_balances if isinstance(self, SmartAccount) else loaders.account_balances
        return await loader.load(self.provider_id)


@strawberry.type
class AggregatedAccount(Account):
    pass


@strawberry.type
class PaymentAccount(Account):
    pass


@strawberry.type
class SmartAccount(Account):
    agency: str | None = None
    number: str | None = None


@strawberry.type
class AccountConnection:
    nodes: list[Account]


@strawberry.type
class Pool:
    provider_id: str
    name: str

    @strawberry.field
    async def balances(self, info: Info) -> list[Balance] | None:
        return await info.context.pool_balances.load(self.provider_id)


@strawberry.type
class Payment:
    provider_id: str
    reference: str
    type: PaymentType
    provider_type: str
    status: PaymentStatus
    provider_status: str
    scheme: str | None
    provider_name: str
    created_at: str | None
    money: Money
    source_id: strawberry.Private[str]
    destination_id: strawberry.Private[str]

    @strawberry.field
    async def source(self, info: Info) -> Account | None:
        return await info.context.accounts.load(self.source_id)

    @strawberry.field
    async def destination(self, info: Info) -> Account | None:
        return await info.context.accounts.load(self.destination_id)


@strawberry.type
class PaymentConnection:
    nodes: list[Payment]


@strawberry.input
class PaymentFilter:
    connector_id: strawberry.ID | None = None


@strawberry.type
class Customer:
    id: strawberry.ID
    person: strawberry.Private[Person]

    @strawberry.field
    async def accounts(self, info: Info, provider: Provider | None = None, first: int = 50) -> AccountConnection | None:
        loaders: Loaders = info.context
        if provider is Provider.FINICITY:
            return AccountConnection(nodes=await loaders.bank_accounts(self.person.bank))
        parts = await asyncio.gather(
            loaders.bank_accounts(self.person.bank),
            loaders.payment_accounts_of.load(self.person.name),
            loaders.smart_accounts.load_many(self.person.smart_accounts),
        )
        return AccountConnection(nodes=[account for part in parts for account in part][:first])

    @strawberry.field
    async def pools(self, info: Info) -> list[Pool] | None:
        accounts = await info.context.payment_accounts_of.load(self.person.name)
        page = await info.context.read(vendors.pools_of(account.provider_id for account in accounts))
        return [Pool(provider_id=raw["id"], name=raw["name"]) for raw in page["cursor"]["data"]]


@strawberry.type
class Query:
    @strawberry.field
    def customer(self, id: strawberry.ID) -> Customer | None:
        return Customer(id=id, person=Person(id))

    @strawberry.field
    async def payments(
        self, info: Info, filter: PaymentFilter | None = None, first: int = 20
    ) -> PaymentConnection | None:
        connector = vendors.named(str(filter and filter.connector_id))
        page = await info.context.read(vendors.payments(connector, first))
        return PaymentConnection(nodes=[_payment(raw) for raw in page["cursor"]["data"]])


class Loaders:
    """What lives as long as an operation."""

    def __init__(self, read: Read) -> None:
        self.read = read
        self.accounts = DataLoader(self._accounts)
        self.payment_accounts_of = DataLoader(self._payment_accounts_of)
        self.smart_accounts = self._each(vendors.smart_account, _smart_account)
        self.account_balances = self._each(
            vendors.account_balances,
            lambda page: _balances(vendors.balances_of(page["cursor"]["data"], "CURRENT", "balance")),
        )
        self.smart_balances = self._each(vendors.smart_balance, lambda raw: _balances(vendors.smart_balances_of(raw)))
        self.pool_balances = self._each(
            vendors.pool_balances, lambda body: _balances(vendors.balances_of(body["data"], "CURRENT", "amount"))
        )

    async def bank_accounts(self, number: str) -> list[Account]:
        body = await self.read(vendors.bank_accounts(number))
        return [_bank_account(raw) for raw in body["accounts"]]

    async def _accounts(self, ids: list[str]) -> list[Account | None]:
        page = await self.read(vendors.payment_accounts(ids))
        found = {raw["id"]: _payment_account(raw) for raw in page["cursor"]["data"]}
        return [found.get(each) for each in ids]

    async def _payment_accounts_of(self, names: list[str]) -> list[list[Account]]:
        pages = await asyncio.gather(*(self.read(vendors.payment_accounts_of(name)) for name in names))
        return [[_payment_account(raw) for raw in page["cursor"]["data"]] for page in pages]

    def _each(self, path: Callable[[str], str], made: Callable[[Any], Any]) -> DataLoader[str, Any]:
        """One call for each key, all at once."""

        async def load(keys: list[str]) -> list[Any]:
            answers = await asyncio.gather(*(self.read(path(key)) for key in keys))
            return [made(answer) for answer in answers]

        return DataLoader(load)


def _balances(rows: list[Record]) -> list[Balance]:
    return [Balance(kind=BalanceKind[row["kind"]], money=_money(row["money"])) for row in rows]


def _money(record: Record) -> Money:
    return Money(amount=record["amount"], asset=record["asset"], minor_units=record["minorUnits"])


def _told(record: Record) -> dict[str, Any]:
    """The fields that all accounts have, as arguments."""
    return {
        "provider_id": record["providerId"],
        "name": record["name"],
        "kind": AccountKind[record["kind"]],
        "provider_type": record["providerType"],
        "currency": record["currency"],
    }


def _bank_account(raw: Record) -> Account:
    record = vendors.bank_account_of(raw)
    held = _balances(record["balances"])
    return AggregatedAccount(**_told(record), masked_number=record["maskedNumber"], held=held)


def _payment_account(raw: Record) -> Account:
    return PaymentAccount(**_told(vendors.payment_account_of(raw)))


def _smart_account(raw: Record) -> Account:
    record = vendors.smart_account_of(raw)
    return SmartAccount(**_told(record), agency=record["agency"], number=record["number"])


def _payment(raw: Record) -> Payment:
    record = vendors.payment_of(raw)
    return Payment(
        provider_id=record["providerId"],
        reference=record["reference"],
        type=PaymentType[record["type"]],
        provider_type=record["providerType"],
        status=PaymentStatus[record["status"]],
        provider_status=record["providerStatus"],
        scheme=record["scheme"],
        provider_name=record["providerName"],
        created_at=record["createdAt"],
        money=_money(record["money"]),
        source_id=raw["sourceAccountID"],
        destination_id=raw["destinationAccountID"],
    )


schema = strawberry.Schema(query=Query, types=[AggregatedAccount, PaymentAccount, SmartAccount])


class View(GraphQL[Loaders, None]):
    async def get_context(self, request: Any, response: Any) -> Loaders:  # noqa: ARG002 - Strawberry calls it so
        return Loaders(request.app.state.read)


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    limits = httpx.Limits(max_connections=100, max_keepalive_connections=100)
    async with httpx.AsyncClient(base_url=os.environ["UPSTREAM"], timeout=10, limits=limits) as client:

        async def read(path: str) -> Any:
            response = await client.get(path)
            response.raise_for_status()
            return response.json()

        app.state.read = read
        yield


app = Starlette(lifespan=lifespan)
app.add_route("/graphql", View(schema))
