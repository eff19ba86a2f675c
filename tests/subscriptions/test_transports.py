"""Server-Sent Events to the letter, what both transports answer beside subscriptions, and how they end."""

import asyncio
import hashlib
import json
import socket
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from serving.sse import streams
from serving.websocket import pacing
from tests import process
from tests.inside import Inside, inside
from tests.subscriptions.client import BOTH, ByEvents, by_events, by_socket, listening
from tests.subscriptions.conftest import tell
from tests.subscriptions.graph import ask, fault, heal, payments
from tests.websocket.client import opened, ready

PAYMENTS = "subscription { paymentChanged { cursor payment { id } } }"
EVENTS = {"accept": "text/event-stream"}
CUSTOMERS = "query($n: Int!) { customers(first: $n) { nodes { id } } }"


@pytest.fixture(scope="module")
def ids(server: Inside) -> list[str]:
    return [each["id"] for each in payments(server)]


async def test_a_query_is_one_event_and_the_end(server: Inside) -> None:
    async with by_events(server, CUSTOMERS, n=2) as answer:
        assert answer.response.status_code == 200
        assert answer.response.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert answer.response.headers["cache-control"] == "no-store"
        assert await answer.next() == {"data": ask(server, CUSTOMERS, n=2)}
        assert await answer.next() == {"complete": True}
        assert await answer.next() == {"cut": True}


async def test_the_bytes_are_as_clients_read_them(server: Inside) -> None:
    async with httpx.AsyncClient(base_url=server.url, timeout=60) as http:
        answer = await http.post("/graphql", json={"query": "{ __typename }"}, headers=EVENTS)

    assert answer.text == 'event: next\ndata: {"data":{"__typename":"Query"}}\n\nevent: complete\ndata:\n\n'


async def test_a_mutation_is_carried_out_once_for_its_key(server: Inside) -> None:
    query = "mutation($in: CreatePoolInput!) { createPool(input: $in) { pool { id name } userErrors { message } } }"
    account = ask(server, "{ pools(first: 1) { nodes { accounts { id } } } }")["pools"]["nodes"][0]["accounts"][0]["id"]
    order = {"in": {"idempotencyKey": "by-events", "name": "Events", "accountIds": [account]}}
    async with by_events(server, query, **order) as answer:
        first = await answer.next()

    assert first["data"]["createPool"]["pool"]["name"] == "Events"
    assert first["data"] == ask(server, query, **order)


async def test_a_url_may_ask_and_subscribe_but_change_nothing(server: Inside, ids: list[str]) -> None:
    async with httpx.AsyncClient(base_url=server.url, timeout=60, headers=EVENTS) as http:
        asked = await http.get("/graphql", params={"query": CUSTOMERS, "variables": '{"n": 1}'})
        change = await http.get("/graphql", params={"query": "mutation { __typename }"})
        async with http.stream("GET", "/graphql", params={"query": PAYMENTS}) as response:
            subscriber = ByEvents(response)
            await listening(server, 1)
            await tell(server, ids[0])
            told = await subscriber.next()

    assert '"nodes":[{"id":' in asked.text
    assert '"code":"METHOD_NOT_ALLOWED"' in change.text
    assert told["data"]["paymentChanged"]["payment"]["id"] == ids[0]
    await listening(server, 0)


@pytest.mark.parametrize(
    ("accept", "is_stream"),
    [
        ("text/event-stream", True),
        ("Text/Event-Stream", True),
        ("application/json;q=0.5, text/event-stream", True),
        ("text/event-stream, application/json", False),
        ("application/graphql-response+json, application/json, text/event-stream, multipart/mixed", False),
        ("text/event-stream, */*", False),
        ("*/*", False),
        ("text/event-stream;q=0, application/json", False),
    ],
)
async def test_events_are_sent_to_those_who_want_them_most(server: Inside, accept: str, is_stream: bool) -> None:  # noqa: FBT001
    async with httpx.AsyncClient(base_url=server.url, timeout=60) as http:
        answers = [
            await http.post("/graphql", json={"query": "{ __typename }"}, headers={"accept": accept}) for _ in "ab"
        ]

    for answer in answers:
        assert answer.headers["content-type"].startswith("text/event-stream") is is_stream
        assert '"data":{"__typename":"Query"}' in answer.text


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        ({"method": "POST", "content": b"{"}, 400),
        ({"method": "POST", "content": b"[]"}, 400),
        ({"method": "POST", "json": {"query": 1}}, 400),
        ({"method": "POST", "content": b"{}", "headers": {**EVENTS, "content-type": "text/plain"}}, 415),
        ({"method": "GET", "params": {"query": "{a}", "variables": "x"}}, 400),
        ({"method": "PUT", "json": {"query": "{a}"}}, 405),
    ],
)
async def test_what_is_no_graphql_request_is_refused_by_its_status(
    server: Inside, request_: dict[str, Any], status: int
) -> None:
    headers = {**EVENTS, "content-type": "application/json"}
    async with httpx.AsyncClient(base_url=server.url, timeout=60) as http:
        answer = await http.request(url="/graphql", **{"headers": headers, **request_})

    assert answer.status_code == status
    assert answer.json()["errors"][0]["extensions"]["requestId"]


@pytest.mark.parametrize("accept", ["application/json", "application/graphql-response+json"])
def test_over_plain_http_a_subscription_says_how_to_ask(server: Inside, accept: str) -> None:
    for _ in "abc":
        answer = httpx.post(f"{server.url}/graphql", json={"query": PAYMENTS}, headers={"accept": accept}, timeout=60)
        assert (answer.status_code, "text/event-stream" in answer.text) == (400, True), answer.text


async def test_whoever_waits_long_is_kept_alive(
    server: Inside, ids: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(streams.EventStreams.__init__, "__kwdefaults__", {"keep_alive": 0.02})
    with inside(tmp_path) as quick:
        async with by_events(quick, PAYMENTS) as subscriber:
            await listening(quick, 1)
            waiting = asyncio.create_task(subscriber.next())
            async with asyncio.timeout(60):
                while subscriber.comments < 3:  # noqa: ASYNC110 - it is told by the wire
                    await asyncio.sleep(0.01)
            await tell(quick, ids[0])
            assert (await waiting)["data"]["paymentChanged"]["payment"]["id"] == ids[0]


@pytest.mark.parametrize("transport", BOTH.values(), ids=BOTH)
async def test_a_client_that_leaves_leaves_nothing_behind(server: Inside, ids: list[str], transport: Any) -> None:
    """Not while it waits, and not in the middle of a read."""

    async def tasks() -> int:
        return len(asyncio.all_tasks())

    async with httpx.AsyncClient(base_url=server.url, timeout=60) as http:
        await http.get("/livez")
        before = await server.do(tasks())
        async with transport(server, PAYMENTS), transport(server, PAYMENTS):
            await listening(server, 2)
            fault(server, "*/payments*", delay_ms=60_000)
            await tell(server, ids[0])
            assert await server.do(tasks()) > before
        await listening(server, 0)
        heal(server)
        async with asyncio.timeout(60):
            while await server.do(tasks()) > before:  # noqa: ASYNC110 - it is another thread's
                await asyncio.sleep(0.01)


async def test_one_of_several_on_a_socket_is_completed_and_the_others_go_on(server: Inside, ids: list[str]) -> None:
    async with ready(server.url) as client:
        for id in "ab":
            await client.subscribe(id, PAYMENTS)
        await listening(server, 2)
        await client.send(type="complete", id="a")
        await listening(server, 1)
        await tell(server, ids[0])
        message = await client.next()

    assert (message["id"], message["type"]) == ("b", "next")
    await listening(server, 0)


async def test_those_who_wait_take_no_place_from_those_who_work(tmp_path: Path) -> None:
    limits = {"MAX_CONCURRENCY": "2", "MAX_SUBSCRIPTIONS": "8", "SOCKET_INIT_TIMEOUT": "60"}
    with inside(tmp_path, **limits) as small:
        async with AsyncExitStack() as stack:
            for number in range(8):
                await stack.enter_async_context((by_events, by_socket)[number % 2](small, PAYMENTS))
                await listening(small, number + 1)
            assert ask(small, "{ __typename }") == {"__typename": "Query"}
            async with by_events(small, PAYMENTS) as one_more:
                body = await one_more.response.aread()
        await listening(small, 0)

    assert (one_more.response.status_code, b"TOO_MANY_SUBSCRIPTIONS" in body) == (503, True)


async def test_what_an_event_may_cost_is_known_before(server: Inside) -> None:
    nested = (
        "payment { source { payments(first: 100) { nodes { source { payments(first: 100) { nodes { id } } } } } } }"
    )
    dearer = nested.replace("nodes { id }", "nodes { source { balances { kind } } }")
    dear = f"subscription {{ paymentChanged {{ {dearer} }} }}"
    explained = {"extensions": {"explain": True}}
    async with ready(server.url, **{"x-query-cost": "1"}) as client:
        refused = await client.error(dear)
        plan = await client.ask(PAYMENTS, **explained)
    async with httpx.AsyncClient(base_url=server.url, timeout=60) as http:
        by_event = await http.post("/graphql", json={"query": PAYMENTS, **explained}, headers=EVENTS)

    assert refused["extensions"]["code"] == "COST_LIMIT_EXCEEDED"
    assert plan["data"] is None
    assert plan["extensions"]["plan"]["calls"] == 2
    assert json.loads(by_event.text.split("data: ")[1].split("\n")[0])["extensions"]["plan"]["calls"] == 2
    await listening(server, 0)


async def test_each_event_may_take_what_an_operation_may(tmp_path: Path) -> None:
    """Its time and its calls are its own: waiting costs nothing, and a slow one does not end the next."""
    with inside(tmp_path, OPERATION_TIMEOUT="0.5", MAX_CALLS="4", SOCKET_INIT_TIMEOUT="60") as hasty:
        ids = [each["id"] for each in ask(hasty, "{ payments(first: 5) { nodes { id } } }")["payments"]["nodes"]]
        async with by_socket(hasty, PAYMENTS, headers={"x-query-cost": "1"}) as subscriber:
            await listening(hasty, 1)
            fault(hasty, "*/payments*", delay_ms=60_000)
            await tell(hasty, ids[0])
            slow = await subscriber.next()
            heal(hasty)
            told = []
            for id in (*ids, *ids):
                await tell(hasty, id)
                told.append(await subscriber.next())

    assert slow["errors"][0]["extensions"]["code"] == "UPSTREAM_TIMEOUT"
    assert [each["data"]["paymentChanged"]["payment"]["id"] for each in told] == [*ids, *ids]
    assert [each["extensions"]["cost"] for each in told] == [{"calls": 2, "limit": 4, "waves": 2}] * 10


async def test_a_client_that_takes_nothing_is_given_up(server: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits for it is bounded; its socket is ended, and others go on."""
    monkeypatch.setattr(pacing, "TAKING", 0.3)
    many = [each["id"] for each in payments(server, first=100)]
    large = " ".join(f"a{number}: adjustments {{ raw }}" for number in range(90))
    narrow = socket.socket()
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    narrow.connect(("127.0.0.1", server.port))
    narrow.setblocking(False)  # noqa: FBT003 - the library's
    async with (
        opened(server.url, sock=narrow, max_queue=1) as client,
        by_events(server, PAYMENTS) as other,
    ):
        await client.begin()
        await client.subscribe("1", f"subscription {{ paymentChanged {{ payment {{ {large} }} }} }}")
        await listening(server, 2)
        while server.app.state.feed.subscriptions > 1:  # however much the system keeps for it
            await tell(server, *many)
            told = [(await other.next())["data"]["paymentChanged"]["payment"]["id"] for _ in many]
            assert told == many
        await listening(server, 1)
        client.connection.transport.abort()
    await listening(server, 0)


async def test_a_subscription_may_be_named_by_its_hash(server: Inside, ids: list[str]) -> None:
    """It is learnt by one transport and known by the other."""
    digest = hashlib.sha256(PAYMENTS.encode()).hexdigest()
    named = {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": digest}}}
    async with (
        httpx.AsyncClient(base_url=server.url, timeout=60) as http,
        http.stream("POST", "/graphql", json={"query": PAYMENTS, **named}, headers=EVENTS),
        ready(server.url) as client,
    ):
        await listening(server, 1)
        await client.send(type="subscribe", id="1", payload=named)
        await listening(server, 2)
        await tell(server, ids[0])
        assert (await client.next())["payload"]["data"]["paymentChanged"]["payment"]["id"] == ids[0]
    await listening(server, 0)


@pytest.fixture
def draining(tmp_path: Path) -> Iterator[process.Process]:
    with process.serving(tmp_path, DRAIN_SECONDS="1.5") as running:
        yield running


async def test_a_server_that_stops_ends_its_subscriptions(draining: process.Process) -> None:
    """A socket is told so. A stream ends without being complete, so that its client comes back elsewhere."""
    async with (
        ready(draining.url) as client,
        httpx.AsyncClient(base_url=draining.url, timeout=60) as http,
        http.stream("POST", "/graphql", json={"query": PAYMENTS}, headers=EVENTS) as response,
    ):
        await client.subscribe("1", PAYMENTS)
        await client.send(type="ping")
        assert await client.next() == {"type": "pong"}
        draining.tell_to_stop()
        assert await ByEvents(response).next() == {"cut": True}
        one_more = await http.post("/graphql", json={"query": PAYMENTS}, headers=EVENTS)
        assert (one_more.status_code, one_more.headers["connection"]) == (503, "close")
        assert await client.closed() == (1001, "The server stops")
    status = await asyncio.to_thread(draining.wait)

    assert status == 0
    assert [line for line in draining.lines if line["level"] not in {"info", "debug"}] == []
