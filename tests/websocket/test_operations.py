"""Operations over a WebSocket answer as they do over HTTP."""

import httpx
import pytest

from tests.inside import Inside
from tests.websocket.client import ready, slow_pools

CUSTOMERS = "query Some($n: Int!) { customers(first: $n) { nodes { id name accounts { nodes { id name } } } } }"
RAW = '{ account(id: "%s") { ... on PaymentAccount { raw } } }'


def over_http(server: Inside, **body: object) -> dict[str, object]:
    answer: dict[str, object] = httpx.post(f"{server.url}/graphql", json=body, timeout=60).json()
    return answer


async def test_a_query_is_answered_with_one_result(server: Inside) -> None:
    asked = {"query": CUSTOMERS, "variables": {"n": 2}, "operationName": "Some"}
    async with ready(server.url) as client:
        answer = await client.ask(**asked)

    assert len(answer["data"]["customers"]["nodes"]) == 2
    assert answer == over_http(server, **asked)


async def test_vendors_own_json_is_copied_as_over_http(server: Inside) -> None:
    found = over_http(server, query="{ accounts(provider: FORMANCE, first: 1) { nodes { id } } }")
    query = RAW % found["data"]["accounts"]["nodes"][0]["id"]  # type: ignore[index]
    async with ready(server.url) as client:
        answer = await client.ask(query)

    assert answer["data"]["account"]["raw"]
    assert answer == over_http(server, query=query)


async def test_a_mutation_is_carried_out_once_for_its_key(server: Inside) -> None:
    found = over_http(server, query="{ pools(first: 1) { nodes { accounts { id } } } }")
    id = found["data"]["pools"]["nodes"][0]["accounts"][0]["id"]  # type: ignore[index]
    mutation = "mutation($in: CreatePoolInput!) { createPool(input: $in) { pool { id name } userErrors { message } } }"
    variables = {"in": {"idempotencyKey": "over-a-socket", "name": "Socket", "accountIds": [id]}}
    async with ready(server.url) as client:
        first = await client.ask(mutation, variables=variables)
        again = await client.ask(mutation, variables=variables)

    assert first["data"]["createPool"]["userErrors"] == []
    assert first["data"]["createPool"]["pool"]["name"] == "Socket"
    assert again == first == over_http(server, query=mutation, variables=variables)


async def test_operations_share_a_socket_and_nothing_else(server: Inside) -> None:
    """A slow one does not hold back a quick one; an object that was loaded once is loaded anew for the next."""
    traced = {"X-Upstream-Trace": "1"}
    async with slow_pools(server.url, delay_ms=1500, times=1), ready(server.url, **traced) as client:
        await client.subscribe("slow", "{ pools(first: 1) { nodes { name } } }")
        await client.subscribe("quick", "{ __typename }")
        order = [(message["id"], message["type"]) for message in [await client.next() for _ in range(4)]]
        traces = [await client.ask("{ pools(first: 1) { nodes { name } } }", id=id) for id in ("a", "a")]

    assert order == [("quick", "next"), ("quick", "complete"), ("slow", "next"), ("slow", "complete")]
    assert [trace["extensions"]["upstream"]["totals"]["calls"] for trace in traces] == [1, 1]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ unknown }", "GRAPHQL_VALIDATION_FAILED"),
        ("query($n: Int!) { customers(first: $n) { totalCount } }", "BAD_USER_INPUT"),
        ("query A { __typename } query B { __typename }", "BAD_USER_INPUT"),
        ("", "BAD_REQUEST"),
    ],
)
async def test_what_does_not_run_is_an_error_as_over_http(server: Inside, query: str, code: str) -> None:
    async with ready(server.url) as client:
        error = await client.error(query)
        assert await client.ask("{ __typename }") == {"data": {"__typename": "Query"}}
    [expected] = over_http(server, query=query)["errors"]  # type: ignore[misc]

    assert error["extensions"].pop("code") == expected["extensions"].pop("code") == code
    assert error["extensions"].pop("requestId") != expected["extensions"].pop("requestId")
    assert error == expected


async def test_an_operation_is_not_guessed(server: Inside) -> None:
    async with ready(server.url) as client:
        error = await client.error("query A { __typename }", operationName="B")

    assert (error["message"], error["extensions"]["code"]) == ('Unknown operation named "B".', "BAD_REQUEST")


async def test_a_field_that_fails_costs_only_itself(server: Inside) -> None:
    async with ready(server.url) as client:
        answer = await client.ask('{ node(id: "?") { id } __typename }')

    assert answer["data"] == {"node": None, "__typename": "Query"}
    assert answer["errors"][0]["path"] == ["node"]
    assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_a_document_may_be_named_by_its_hash(server: Inside) -> None:
    """Apollo's automatic persisted queries, by way of HTTP and of the socket."""
    extensions = {"persistedQuery": {"version": 1, "sha256Hash": "00" * 32}}
    async with ready(server.url) as client:
        await client.send(type="subscribe", id="1", payload={"extensions": extensions})
        message = await client.next()

    assert message["payload"][0]["extensions"]["code"] == "PERSISTED_QUERY_NOT_FOUND"


async def test_every_operation_has_a_name_of_its_own_in_the_log(
    server: Inside, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="tributary")
    async with ready(server.url) as client:
        for _ in range(2):
            await client.error("{ unknown }")
    names = [vars(record)["requestId"] for record in caplog.records if record.message == "operation"]

    assert len(set(names)) == len(names) == 2
    assert not [record for record in caplog.records if record.levelname in {"WARNING", "ERROR"}]
