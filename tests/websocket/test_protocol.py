"""`graphql-transport-ws` to the letter: what may come when, and with which code a socket is closed."""

import json
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus

from tests.inside import Inside
from tests.websocket.client import opened, ready, slow_pools

SUBSCRIBE: dict[str, Any] = {"type": "subscribe", "id": "1", "payload": {"query": "{ __typename }"}}


@pytest.mark.parametrize(
    "message",
    [
        "",
        "null",
        "1",
        "[]",
        "{",
        "{}",
        '"connection_init"',
        '{"type": null}',
        '{"type": "start"}',
        '{"type": "connection_init", "payload": 1}',
        '{"type": "subscribe"}',
        '{"type": "subscribe", "id": "1"}',
        '{"type": "subscribe", "id": "", "payload": {"query": "{ __typename }"}}',
        '{"type": "subscribe", "id": 1, "payload": {"query": "{ __typename }"}}',
        '{"type": "subscribe", "id": "1", "payload": []}',
        '{"type": "subscribe", "id": "1", "payload": {"query": 1}}',
        '{"type": "subscribe", "id": "1", "payload": {"query": "{ __typename }", "variables": []}}',
        '{"type": "subscribe", "id": "1", "payload": {"query": "{ __typename }", "operationName": {}}}',
        '{"type": "subscribe", "id": "1", "payload": {"query": "{ __typename }", "extensions": "x"}}',
        '{"type": "complete"}',
        '{"type": "ping", "payload": NaN}',
        b"{}",
        "[" * 50_000,
    ],
    ids=lambda message: repr(message[:60]),
)
async def test_a_message_of_no_known_form_closes_the_socket(server: Inside, message: str | bytes) -> None:
    async with ready(server.url) as client:
        await client.connection.send(message)
        code, reason = await client.closed()

    assert code == 4400
    assert reason


async def test_an_operation_before_the_initialisation_closes_the_socket(server: Inside) -> None:
    async with opened(server.url) as client:
        await client.send(**SUBSCRIBE)
        assert await client.closed() == (4401, "Unauthorized")


async def test_a_second_initialisation_closes_the_socket(server: Inside) -> None:
    async with ready(server.url) as client:
        await client.send(type="connection_init")
        assert await client.closed() == (4429, "Too many initialisation requests")


async def test_an_id_that_is_in_use_closes_the_socket(server: Inside) -> None:
    async with slow_pools(server.url), ready(server.url) as client:
        await client.subscribe("1", "{ pools { nodes { name } } }")
        await client.subscribe("1", "{ __typename }")
        assert await client.closed() == (4409, "An operation with this id is under way")


async def test_an_id_is_free_again_after_its_end(server: Inside) -> None:
    """Whether it was complete, failed, or the client no longer wanted it."""
    async with slow_pools(server.url), ready(server.url) as client:
        await client.subscribe("1", "{ pools { nodes { name } } }")
        await client.send(type="complete", id="1")
        assert await client.ask("{ __typename }") == {"data": {"__typename": "Query"}}
        await client.error("{")
        assert await client.ask("{ __typename }") == {"data": {"__typename": "Query"}}


async def test_pings_are_answered_before_and_after_the_initialisation(server: Inside) -> None:
    async with opened(server.url) as client:
        await client.send(type="ping", payload={"a": 1})
        assert await client.next() == {"type": "pong"}
        assert await client.begin() == {"type": "connection_ack"}
        await client.send(type="pong")
        await client.send(type="complete", id="unknown")
        await client.send(type="ping")
        assert await client.next() == {"type": "pong"}


@pytest.mark.parametrize("protocols", [None, ["graphql-ws"], ["x", "y"]])
async def test_other_subprotocols_are_not_spoken(server: Inside, protocols: list[str] | None) -> None:
    """Not the legacy one either, whose operations could begin before anybody had said who they are."""
    async with opened(server.url, subprotocols=protocols) as client:
        assert await client.closed() == (4406, "Subprotocol not acceptable")


async def test_the_newer_of_two_subprotocols_is_chosen(server: Inside) -> None:
    async with opened(server.url, subprotocols=["graphql-ws", "graphql-transport-ws"]) as client:
        assert client.connection.subprotocol == "graphql-transport-ws"


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1", "", "https://"])
async def test_a_page_of_another_site_opens_no_socket(server: Inside, origin: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with opened(server.url, additional_headers={"origin": origin}):
            pass
    [error] = json.loads(refused.value.response.body)["errors"]

    assert refused.value.response.status_code == 403
    assert (error["message"], error["extensions"]["code"]) == ("This origin is not allowed.", "FORBIDDEN")


async def test_a_page_of_this_server_opens_one(server: Inside) -> None:
    async with opened(server.url, additional_headers={"origin": server.url}) as client:
        assert await client.begin() == {"type": "connection_ack"}


async def test_there_is_no_socket_elsewhere(server: Inside) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with opened(server.url + "/x"):
            pass

    assert refused.value.response.status_code in (403, 404)
