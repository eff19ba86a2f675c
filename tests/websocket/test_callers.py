"""Who asks on a socket is said once, by `connection_init`, and holds for as long as the token does."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.inside import Inside, inside
from tests.process import serving
from tests.tokens import SETTINGS, token
from tests.websocket.client import Client, opened, ready

NAMES = "{ customers(first: 50) { nodes { id name } } }"
LEEWAY = 30


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Inside]:
    """A server that lets in callers with a token of this run only."""
    folder = tmp_path_factory.mktemp("guarded")
    settings = {**SETTINGS, "SOCKET_INIT_TIMEOUT": "60", "MAX_SOCKETS_PER_CALLER": "3", "TRACES": "scope"}
    with inside(folder, **settings) as running:
        yield running


def bearer(**claims: Any) -> str:
    return f"Bearer {token(**claims)}"


async def refused(client: Client, **payload: Any) -> tuple[int | None, str | None]:
    await client.send(type="connection_init", payload=payload)
    return await client.closed()


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"Authorization": ""},
        {"Authorization": "Bearer x"},
        {"Authorization": 1},
        {"authorization": bearer(aud="another")},
        {"Authorization": bearer(ttl=-LEEWAY - 5)},
        {"headers": {"Authorization": "Basic YTpi"}},
        {"headers": [bearer()]},
        {"token": token()},
    ],
    ids=["none", "empty", "no token", "no text", "audience", "expired", "basic", "a list", "another name"],
)
async def test_whoever_has_no_valid_token_is_turned_away(guarded: Inside, payload: dict[str, Any]) -> None:
    async with opened(guarded.url) as client:
        assert await refused(client, **payload) == (4403, "Forbidden")


@pytest.mark.parametrize("name", ["Authorization", "authorization", "AUTHORIZATION"])
async def test_a_token_may_stand_in_the_payload_or_in_its_headers(guarded: Inside, name: str) -> None:
    for payload in ({name: bearer()}, {"headers": {name: bearer()}}):
        async with ready(guarded.url, **payload) as client:
            assert await client.ask("{ __typename }") == {"data": {"__typename": "Query"}}


async def test_a_token_may_stand_in_the_handshake(guarded: Inside) -> None:
    """But only the one that is said last counts."""
    handshake = {"additional_headers": {"authorization": bearer()}}
    async with opened(guarded.url, **handshake) as client:
        assert await client.begin() == {"type": "connection_ack"}
    async with opened(guarded.url, **handshake) as client:
        assert await refused(client, authorization="Bearer x") == (4403, "Forbidden")


async def test_a_caller_sees_what_is_its_own(guarded: Inside) -> None:
    """And not what is another's, who asks at the same time."""
    async with ready(guarded.url, authorization=bearer()) as client:
        customers = (await client.ask(NAMES))["data"]["customers"]["nodes"][:2]
    async with opened(guarded.url) as one, opened(guarded.url) as other:
        clients = [one, other]
        for number, client in enumerate(clients, start=1):
            await client.begin(authorization=bearer(customers=f"cus_{number:04d}", sub=str(number)))
        seen = [
            await client.ask("query($id: ID!) { customer(id: $id) { name } }", variables={"id": customer["id"]})
            for client in clients
            for customer in customers
        ]

    names = [answer["data"]["customer"] and answer["data"]["customer"]["name"] for answer in seen]
    assert names == [customers[0]["name"], None, None, customers[1]["name"]]


async def test_a_trace_is_for_those_who_may_see_it(guarded: Inside) -> None:
    for scopes, is_told in ((["accounts:read", "traces:read"], True), (["accounts:read"], False)):
        asked = {"Authorization": bearer(scopes=scopes), "X-Upstream-Trace": "1"}
        async with ready(guarded.url, **asked) as client:
            answer = await client.ask("{ __typename }")
        assert ("extensions" in answer) is is_told


async def test_a_socket_ends_with_its_token(guarded: Inside) -> None:
    """Also in the middle of an operation; until then it works."""
    async with ready(guarded.url, authorization=bearer(ttl=3 - LEEWAY)) as client:
        assert await client.ask("{ __typename }") == {"data": {"__typename": "Query"}}
        assert await client.closed() == (4403, "Forbidden")


async def test_callers_do_not_take_each_others_places(guarded: Inside) -> None:
    mine, others = {"authorization": bearer(sub="busy")}, {"authorization": bearer(sub="another")}
    async with ready(guarded.url, **mine), ready(guarded.url, **mine), ready(guarded.url, **mine):
        async with opened(guarded.url) as client:
            assert await refused(client, **mine) == (4429, "Too many sockets")
        async with ready(guarded.url, **others) as client:
            assert await client.ask("{ __typename }") == {"data": {"__typename": "Query"}}


async def test_no_token_and_no_address_reaches_the_log(tmp_path: Path) -> None:
    secret = token(sub="logged")
    with serving(tmp_path, **SETTINGS) as process:
        async with opened(process.url) as client:
            await client.begin(authorization=f"Bearer {secret}")
            await client.error("{ unknown }")
        with pytest.raises(Exception, match="HTTP 40"):
            async with opened(f"{process.url}/x?access_token={secret}"):
                pass

    assert secret not in process.text
    assert "access_token" not in process.text
    assert '"WebSocket' not in process.text


async def test_tokens_that_cannot_be_checked_now_may_come_again(tmp_path: Path) -> None:
    settings = {**SETTINGS, "AUTH_JWKS_URL": "http://127.0.0.1:9/keys"}
    del settings["AUTH_PUBLIC_KEY"]
    with inside(tmp_path, **settings) as server:
        async with opened(server.url) as client:
            assert await refused(client, authorization=bearer()) == (1013, "Tokens cannot be checked at present.")


async def test_a_caller_asks_no_more_often_on_a_socket_than_over_http(tmp_path: Path) -> None:
    """Each operation counts, not each socket."""
    with inside(tmp_path, **SETTINGS, RATE_LIMIT="3/hour") as server:
        async with ready(server.url, authorization=bearer()) as client:
            answers = [await client.ask("{ __typename }", id=str(number)) for number in range(3)]
            error = await client.error("{ __typename }")

    assert answers == [{"data": {"__typename": "Query"}}] * 3
    assert error["extensions"]["code"] == "RATE_LIMITED"
