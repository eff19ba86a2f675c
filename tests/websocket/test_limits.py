"""How much of the server sockets may take, and what becomes of one that takes more."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import AsyncExitStack, suppress
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.inside import Inside, inside
from tests.websocket.client import PROTOCOL, Client, opened, ready, slow_pools

POOLS = "{ pools { nodes { name } } }"


@pytest.fixture(scope="module")
def tight(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Inside]:
    """A server with room for few."""
    folder = tmp_path_factory.mktemp("tight")
    limits = {"MAX_SOCKETS": "6", "MAX_SOCKETS_PER_CALLER": "4", "MAX_OPERATIONS_PER_SOCKET": "5"}
    with inside(folder, SOCKET_INIT_TIMEOUT="60", **limits) as running:
        yield running


@pytest.fixture(scope="module")
def hasty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Inside]:
    """A server that waits for nobody."""
    folder = tmp_path_factory.mktemp("hasty")
    with inside(folder, SOCKET_INIT_TIMEOUT="0.5", SOCKET_IDLE_TIMEOUT="0.5", OPERATION_TIMEOUT="1") as running:
        yield running


async def test_sockets_that_never_say_who_asks_are_closed(hasty: Inside) -> None:
    """Fifty at once, and the server answers others all the while."""
    async with AsyncExitStack() as stack, httpx.AsyncClient(base_url=hasty.url) as http:
        clients = [await stack.enter_async_context(opened(hasty.url)) for _ in range(50)]
        for client in clients[:25]:
            await client.send(type="ping")
        answer = await http.post("/graphql", json={"query": "{ __typename }"})
        codes = {await client.closed() for client in clients}

    assert answer.json() == {"data": {"__typename": "Query"}}
    assert codes == {(4408, "Connection initialisation timeout")}


async def test_a_socket_without_an_operation_is_closed(hasty: Inside) -> None:
    """Pings do not keep it; an operation does."""
    async with slow_pools(hasty.url), ready(hasty.url) as client:
        error = await client.ask(POOLS)
        await client.send(type="ping")
        assert await client.closed() == (1000, "Idle")

    assert error["errors"][0]["extensions"]["code"] == "UPSTREAM_TIMEOUT"


async def test_operations_beyond_the_limit_are_refused_and_the_others_run(tight: Inside) -> None:
    async with slow_pools(tight.url), ready(tight.url) as client:
        for number in range(150):
            await client.subscribe(str(number), POOLS)
        refused = [await client.next() for _ in range(145)]
        for number in range(5):
            await client.send(type="complete", id=str(number))
        after = await client.ask("{ __typename }")

    assert {message["type"] for message in refused} == {"error"}
    assert {message["payload"][0]["extensions"]["code"] for message in refused} == {"TOO_MANY_OPERATIONS"}
    assert {message["id"] for message in refused} == {str(number) for number in range(5, 150)}
    assert after == {"data": {"__typename": "Query"}}


async def test_one_caller_has_so_many_sockets_and_no_more(tight: Inside) -> None:
    """One that ends makes room for another."""
    async with AsyncExitStack() as stack:
        for _ in range(3):
            await stack.enter_async_context(ready(tight.url))
        async with ready(tight.url), opened(tight.url) as fifth:
            await fifth.send(type="connection_init")
            assert await fifth.closed() == (4429, "Too many sockets")
        await _eventually_ready(tight.url)


async def _eventually_ready(url: str) -> None:
    """The server notices the end of a socket a little after its client."""
    async with asyncio.timeout(30):
        while True:
            async with opened(url) as client:
                await client.send(type="connection_init")
                try:
                    assert await client.next() == {"type": "connection_ack"}
                    return
                except ConnectionClosed:
                    await asyncio.sleep(0.02)


async def test_the_socket_that_waited_longest_makes_room(tight: Inside) -> None:
    """Whoever fills all places with sockets that ask nothing keeps nobody out."""
    async with AsyncExitStack() as stack:
        idle = [await stack.enter_async_context(opened(tight.url)) for _ in range(6)]
        async with ready(tight.url) as client:
            assert await client.ask("{ __typename }") == {"data": {"__typename": "Query"}}
            assert await idle[0].closed() == (4408, "Connection initialisation timeout")
        for client in idle[1:]:
            await client.send(type="ping")
            assert await client.next() == {"type": "pong"}


async def test_when_all_places_are_in_use_one_more_is_told_to_come_later(tmp_path: Any) -> None:
    with inside(tmp_path, MAX_SOCKETS="2") as server:
        async with ready(server.url), ready(server.url):
            with pytest.raises(InvalidStatus) as refused:
                async with opened(server.url):
                    pass
    response = refused.value.response

    assert (response.status_code, response.headers["retry-after"]) == (503, "5")
    assert json.loads(response.body)["errors"][0]["extensions"]["code"] == "OVERLOADED"


async def test_a_huge_message_is_refused_by_its_size(server: Inside) -> None:
    """Fifteen megabytes, of which none is kept: the client gets to read why."""
    client = Client(await connect(server.url.replace("http", "ws") + "/graphql", subprotocols=[PROTOCOL]))
    await client.begin()
    huge = json.dumps({"type": "subscribe", "id": "1", "payload": {"query": "{ a" + " " * 15_000_000 + "}"}})
    with suppress(ConnectionClosed):
        await client.connection.send(huge)

    assert (await client.closed())[0] == 1009


async def test_a_huge_message_in_small_parts_is_refused_by_its_size(server: Inside) -> None:
    async def parts() -> Any:
        for _ in range(100):
            yield "x" * 1000

    async with opened(server.url) as client:
        with suppress(ConnectionClosed):
            await client.connection.send(parts())
        assert (await client.closed())[0] == 1009


async def test_a_message_of_the_largest_size_is_read(server: Inside) -> None:
    message = json.dumps({"type": "ping", "payload": {"a": ""}})
    async with opened(server.url) as client:
        await client.connection.send(message.replace('""', '"' + "x" * (65_536 - len(message)) + '"'))
        assert await client.next() == {"type": "pong"}


async def test_parts_of_nothing_are_not_kept(server: Inside) -> None:
    """A message may come in any number of empty parts: each is forgotten, and what they amount to is read."""
    async with opened(server.url) as client:
        connection = client.connection
        protocol = connection.protocol
        protocol.send_text(b'{"type":', fin=False)
        for _ in range(20_000):
            protocol.send_continuation(b"", fin=False)
        protocol.send_continuation(b'"ping"}', fin=True)
        connection.send_data()
        assert protocol.state.name == "OPEN"
        assert await client.next() == {"type": "pong"}
