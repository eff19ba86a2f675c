"""`_entities` and `_service`, as a gateway asks them."""

from typing import Any, get_args

import pytest
from graphql import build_schema, parse

from providers.domain import NodeType
from schema.federation import ENTITIES, Entity
from tests.conftest import Graph, Start
from tests.resolvers.asking import person
from tests.tokens import SETTINGS, bearer

ASK = """query ($of: [_Any!]!) {
  _entities(representations: $of) { __typename ... on Customer { name } ... on Account { id } }
}"""


async def some(graph: Graph) -> list[dict[str, Any]]:
    """A customer and three of the accounts, as other subgraphs name them."""
    found = await graph.data("{ accounts(provider: FORMANCE, first: 3) { nodes { __typename id } } }")
    return [{"__typename": "Customer", "id": person(0)}, *found["accounts"]["nodes"]]


async def test_objects_come_in_the_order_in_which_they_were_named(graph: Graph) -> None:
    named = await some(graph)
    found = (await graph.data(ASK, of=named))["_entities"]

    assert [each["__typename"] for each in found] == [each["__typename"] for each in named]
    assert found[0]["name"] == "Ada Lovelace"
    assert [each["id"] for each in found[1:]] == [each["id"] for each in named[1:]]


async def test_many_objects_are_asked_for_in_one_call(warm: Graph) -> None:
    named = await some(warm)
    await warm.forget_calls()
    await warm.data(ASK, of=named[1:])

    assert len(await warm.calls()) == 1


async def test_what_is_wrong_costs_its_own_place(graph: Graph) -> None:
    [customer, account, *_] = await some(graph)
    wrong = {**customer, "__typename": "Pool"}
    answer = await graph.ask(ASK, of=[customer, wrong, {"__typename": "Customer"}, account, {**customer, "id": "x"}])

    assert [each and each["__typename"] for each in answer.data["_entities"]] == [
        "Customer",
        None,
        None,
        "PaymentAccount",
        None,
    ]
    assert [error["path"] for error in answer.errors] == [["_entities", 1], ["_entities", 2], ["_entities", 4]]
    assert {error["extensions"]["code"] for error in answer.errors} == {"BAD_USER_INPUT"}


async def test_a_gateway_reaches_no_more_than_its_callers_token(start: Start) -> None:
    """What is another's looks like what is not there."""
    async with start(**SETTINGS) as graph:
        of = [{"__typename": "Customer", "id": person(number)} for number in (0, 1)]
        body = {"query": ASK, "variables": {"of": of}}
        headers = bearer(customers="cus_0002")
        answer = (await graph.client.post("/graphql", json=body, headers=headers)).json()
        lacking = (await graph.client.post("/graphql", json=body, headers=bearer(scopes=["pools:read"]))).json()

    assert answer["data"]["_entities"] == [None, {"__typename": "Customer", "name": "Bruno Carvalho"}]
    assert {error["extensions"]["code"] for error in lacking["errors"]} == {"FORBIDDEN"}


async def test_what_entities_cost_is_known_before(graph: Graph) -> None:
    named = await some(graph)
    body = {"query": ASK, "variables": {"of": named[1:]}, "extensions": {"explain": True}}
    plan = (await graph.client.post("/graphql", json=body)).json()["extensions"]["plan"]

    assert plan["calls"] == 1


async def test_the_subgraph_is_told_with_its_keys(graph: Graph) -> None:
    sdl = (await graph.data("{ _service { sdl } }"))["_service"]["sdl"]

    assert sdl.startswith('extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [')
    assert sdl.count('@key(fields: "id")') == len(ENTITIES)
    assert "@requiresScopes" not in sdl.split("\n\n", 1)[1]
    assert "_entities" not in sdl
    parse(sdl)


async def test_scopes_are_told_where_they_are_wanted(start: Start) -> None:
    async with start(FEDERATION_SCOPES="on") as graph:
        sdl = (await graph.data("{ _service { sdl } }"))["_service"]["sdl"]

    assert '@authenticated @requiresScopes(scopes: [["payments:read"]])' in sdl


async def test_clients_are_not_bothered_with_it(graph: Graph) -> None:
    """The printed SDL, which clients compile against, has none of it."""
    from schema import schema

    printed = build_schema(schema.as_str())
    assert not {name for name in printed.type_map if name in {"_Any", "_Entity", "_Service"}}
    assert printed.query_type is not None
    assert not [name for name in printed.query_type.fields if name.startswith("_")]


def test_every_type_of_node_is_an_entity() -> None:
    assert {each.__name__ for each in ENTITIES} == {type_.value for type_ in NodeType}
    assert set(get_args(get_args(Entity)[0])) == set(ENTITIES)


@pytest.mark.parametrize(("scopes", "status"), [(["schema:read"], 200), (["accounts:read"], 403)])
async def test_the_subgraph_is_told_to_whom_introspection_is(start: Start, scopes: list[str], status: int) -> None:
    async with start(**SETTINGS, INTROSPECTION="scope") as graph:
        body = {"query": "{ _service { sdl } }"}
        response = await graph.client.post("/graphql", json=body, headers=bearer(scopes=scopes))

    assert response.status_code == status
    assert ("@key" in response.text) is (status == 200)
