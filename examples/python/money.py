"""A customer's money over three vendors, and a pay-out that happens once and is followed until it is settled.

make run                          # in the project's folder: the graph, over its sandboxes
pip install 'gql[aiohttp]'
python examples/python/money.py   # or with another address of a graph
"""

import asyncio
import json
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from gql import Client, GraphQLRequest, gql
from gql.client import AsyncClientSession
from gql.transport.aiohttp import AIOHTTPTransport
from gql.transport.aiohttp_websockets import AIOHTTPWebsocketsTransport
from gql.transport.exceptions import TransportQueryError

EXAMPLES = Path(__file__).parents[1]
ADDRESS = "http://127.0.0.1:8000/graphql"
CHANGES = gql("subscription { transferInitiationChanged { transferInitiation { id reference status } } }")
PATIENCE = 3.0
"""Seconds to wait for an event that may not come."""
UNDER_WAY = {"WAITING_FOR_VALIDATION", "VALIDATED", "SCHEDULED", "PROCESSING", "RETRY_ASKED"}


async def main(address: str) -> None:
    """Print what there is, pay out, and print what becomes of that."""
    async with Client(transport=AIOHTTPTransport(address)) as asking, _events(address) as listening:
        customer = (await answer(asking, example("show-balances")))["customer"]
        print("\n".join(told(customer)))
        await pay_out(asking, listening)


def _events(address: str) -> Client:
    return Client(transport=AIOHTTPWebsocketsTransport(address.replace("http", "ws", 1)))


def example(name: str) -> GraphQLRequest:
    """A document of this folder, with its variables."""
    text = (EXAMPLES / f"{name}.graphql").read_text(encoding="utf-8")
    variables = (EXAMPLES / f"{name}.variables.json").read_text(encoding="utf-8")
    return GraphQLRequest(text, variable_values=json.loads(variables))


async def answer(session: AsyncClientSession, request: GraphQLRequest) -> dict[str, Any]:
    """The data, with nulls where a vendor failed: an answer that lacks something is worth having, if one says what."""
    try:
        data: dict[str, Any] = await session.execute(request)
        return data
    except TransportQueryError as failed:
        if not failed.data:
            raise
        for error in failed.errors or ():
            print(f"missing: {error['message']} ({error['extensions']['code']})", file=sys.stderr)
        return failed.data


def told(customer: dict[str, Any]) -> Iterator[str]:
    """Lines about a customer. Amounts are text: `Decimal` keeps them exact, `float` would not."""
    yield customer["name"]
    for total in customer["totals"] or ():
        money = total["money"]
        yield f"{Decimal(money['amount']):>20,f} {money['currency']} in {total['accountCount']} accounts"
    for account in customer["accounts"]["nodes"]:
        for balance in account["balances"] or ():
            money = balance["money"]
            amount = f"{Decimal(money['amount']):>20,f} {money['currency']}"
            yield f"{amount}  {balance['kind'].lower()}, {account['provider'].lower()} {account['name'] or ''}".rstrip()


async def pay_out(asking: AsyncClientSession, listening: AsyncClientSession) -> None:
    """Send an order, as often as it takes: its key makes it happen once. Events are listened to before it leaves."""
    order, seen = example("pay-out"), asyncio.Event()
    reference = (order.variable_values or {})["order"]["reference"]
    async with asyncio.TaskGroup() as tasks:
        following = tasks.create_task(follow(listening, reference, seen))
        payload = (await asking.execute(order))["createTransferInitiation"]
        for error in payload["userErrors"]:
            print(f"{error['code']}: {error['message']}", file=sys.stderr)
        if payload["transferInitiation"]:
            print(f"answer: {payload['transferInitiation']['status']}")
            await until(seen)
        following.cancel()


async def follow(listening: AsyncClientSession, reference: str, seen: asyncio.Event) -> None:
    """Print each step of a transfer until it is settled."""
    async for event in listening.subscribe(CHANGES):
        transfer = event["transferInitiationChanged"]["transferInitiation"]
        if transfer and transfer["reference"] == reference:
            print(f"event: {transfer['status']}")
            if transfer["status"] not in UNDER_WAY:
                seen.set()


async def until(seen: asyncio.Event) -> None:
    """Wait for news, which does not come when the order was sent before."""
    try:
        await asyncio.wait_for(seen.wait(), PATIENCE)
    except TimeoutError:
        print("no event: it was paid before")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else ADDRESS))
