"""The limit: no GraphQL at all. Each question is a function by hand, over the least HTTP client; orjson in and out.

UPSTREAM is the vendors' address.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from benchmarks.peers import vendors
from benchmarks.peers.connection import Client
from benchmarks.peers.vendors import Customer, Record

_IN_Q2 = ("providerId", "name", "maskedNumber", "kind", "providerType", "currency", "balances")
_IN_Q4 = ("providerId", "name", "kind", "currency", "balances")
_ENDS = ("providerId", "name", "kind")


async def q1(_client: Client, _variables: Record) -> Record:
    return {"__typename": "Query"}


async def q2(client: Client, variables: Record) -> Record:
    accounts = await _bank_accounts(client, Customer(variables["customer"]), _IN_Q2)
    return {"customer": {"id": variables["customer"], "accounts": {"nodes": accounts}}}


async def q3(client: Client, variables: Record) -> Record:
    page = await client.get(vendors.payments(vendors.named(variables["connector"]), 100))
    rows = page["cursor"]["data"]
    ids = dict.fromkeys(end for row in rows for end in (row["sourceAccountID"], row["destinationAccountID"]))
    found = (await client.get(vendors.payment_accounts(ids)))["cursor"]["data"]
    ends = {raw["id"]: _picked(vendors.payment_account_of(raw), _ENDS) for raw in found}
    nodes = [
        {
            "providerId": row["id"],
            "status": row["status"],
            "money": _money(vendors.minor(row["amount"], row["asset"])),
            "source": ends[row["sourceAccountID"]],
            "destination": ends[row["destinationAccountID"]],
        }
        for row in rows
    ]
    return {"payments": {"nodes": nodes}}


async def q4(client: Client, variables: Record) -> Record:
    customer = Customer(variables["customer"])
    bank, (paid, pools), smart = await asyncio.gather(
        _bank_accounts(client, customer, _IN_Q4), _formance(client, customer), _smart_accounts(client, customer)
    )
    accounts = {"nodes": [*bank, *paid, *smart]}
    return {"customer": {"id": variables["customer"], "accounts": accounts, "pools": pools}}


async def q5(client: Client, variables: Record) -> Record:
    connector, first = vendors.named(variables["connector"]), variables.get("first", 1000)
    page = await client.get(vendors.payments(connector, first))
    return {"payments": {"nodes": [vendors.payment_of(raw) for raw in page["cursor"]["data"]]}}


async def _bank_accounts(client: Client, customer: Customer, names: tuple[str, ...]) -> list[Record]:
    raw = await client.get(vendors.bank_accounts(customer.bank))
    accounts = [_picked(vendors.bank_account_of(each), names) for each in raw["accounts"]]
    for account in accounts:
        _strip(account["balances"])
    return accounts


async def _formance(client: Client, customer: Customer) -> tuple[list[Record], list[Record]]:
    found = (await client.get(vendors.payment_accounts_of(customer.name)))["cursor"]["data"]
    ids = [raw["id"] for raw in found]
    pools, *balances = await asyncio.gather(
        _pools(client, ids), *(client.get(vendors.account_balances(each)) for each in ids)
    )
    accounts = []
    for raw, page in zip(found, balances, strict=True):
        held = _strip(vendors.balances_of(page["cursor"]["data"], "CURRENT", "balance"))
        accounts.append({**_picked(vendors.payment_account_of(raw), _IN_Q4[:-1]), "balances": held})
    return accounts, pools


async def _pools(client: Client, accounts: list[str]) -> list[Record]:
    found = (await client.get(vendors.pools_of(accounts)))["cursor"]["data"]
    sums = await asyncio.gather(*(client.get(vendors.pool_balances(raw["id"])) for raw in found))
    return [
        {
            "providerId": raw["id"],
            "name": raw["name"],
            "balances": [{"money": _money(vendors.minor(row["amount"], row["asset"]))} for row in each["data"]],
        }
        for raw, each in zip(found, sums, strict=True)
    ]


async def _smart_accounts(client: Client, customer: Customer) -> list[Record]:
    return await asyncio.gather(*(_smart_account(client, each) for each in customer.smart_accounts))


async def _smart_account(client: Client, account: str) -> Record:
    raw, held = await asyncio.gather(
        client.get(vendors.smart_account(account)), client.get(vendors.smart_balance(account))
    )
    balances = _strip(vendors.smart_balances_of(held))
    told = vendors.smart_account_of(raw)
    return {**_picked(told, _IN_Q4[:-1]), "balances": balances, **_picked(told, ("agency", "number"))}


def _picked(record: Record, names: tuple[str, ...]) -> Record:
    return {name: record[name] for name in names}


def _strip(balances: list[Record]) -> list[Record]:
    """The money that was asked for."""
    for balance in balances:
        del balance["money"]["minorUnits"]
    return balances


def _money(money: Record) -> Record:
    del money["minorUnits"]
    return money


QUESTIONS: dict[str, Callable[[Client, Record], Awaitable[Record]]] = {"Q1": q1, "Q2": q2, "Q3": q3, "Q4": q4, "Q5": q5}


async def graphql(request: Request) -> Response:
    asked = orjson.loads(await request.body())
    data = await QUESTIONS[asked["operationName"]](request.app.state.client, asked.get("variables") or {})
    return Response(orjson.dumps({"data": data}), media_type="application/json")


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    app.state.client = Client(os.environ["UPSTREAM"])
    yield


app = Starlette(routes=[Route("/graphql", graphql, methods=["POST"])], lifespan=lifespan)
