"""What a caller may ask, by the scopes of its token."""

from collections.abc import Iterator
from typing import Any

import pytest
from graphql import GraphQLInterfaceType, GraphQLObjectType, get_named_type, is_composite_type
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.field import StrawberryField

from resolvers.access.scopes import guarded
from resolvers.caller import Scope
from schema import schema
from tests.access.callers import having, lacking
from tests.conftest import Graph
from tests.resolvers.asking import person

OPEN = {
    "Query.node": "checked by the type that the id names",
    "Query.nodes": "checked by the type that each id names",
    "Query._entities": "checked by the type that each id names",
    "Query._service": "told to whom introspection is",
    "_Service.sdl": "told to whom introspection is",
}
"""Roots and ways to nodes that declare no scope, and why."""

OF_ITS_OBJECT = {
    "id",
    "detail",
    "raw",
    "descriptor",
    "state",
    "status",
    "finishedAt",
    "isExpired",
    "transactionId",
}
"""Fields with a resolver that looks at nothing but its own object, which took a scope to reach."""

DELETED = {
    "deletedAccountId",
    "deletedPoolId",
    "deletedTransferInitiationId",
    "uninstalledConnectorId",
    "deletedWorkflowId",
    "deletedTriggerId",
    "deletedWebhookConfigId",
    "deletedOauthClientId",
    "deletedReconciliationPolicyId",
    "deletedOAuthClientId",
}
"""Ids that the caller itself has sent."""


def fields() -> Iterator[tuple[str, StrawberryField, bool]]:
    """Every field with a resolver: its name, how it was declared, and whether it gives an object."""
    for type_ in schema._schema.type_map.values():
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType) and not type_.name.startswith("__"):
            for name, field in type_.fields.items():
                declared = field.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
                if isinstance(declared, StrawberryField) and declared.base_resolver is not None:
                    composite = is_composite_type(get_named_type(field.type))
                    yield f"{type_.name}.{name}", declared, composite


def test_every_field_with_a_resolver_needs_a_scope_or_is_listed_as_open() -> None:
    """Default deny: a field that nobody thought of fails here."""
    found = list(fields())
    forgotten = [
        name
        for name, field, _ in found
        if "needs" not in field.metadata and name not in OPEN and name.partition(".")[2] not in OF_ITS_OBJECT | DELETED
    ]

    assert forgotten == []
    assert len(found) > 90


def test_no_field_that_gives_objects_is_open_but_those_which_look_at_the_id() -> None:
    """What looks only at its own object gives no other one."""
    giving = {name for name, field, composite in fields() if composite and "needs" not in field.metadata}
    assert giving == set(OPEN) - {"_Service.sdl"}


def test_every_mutation_needs_a_scope_to_write() -> None:
    """None can be called with a scope that only reads."""
    needs = {name: field.metadata["needs"] for name, field, _ in fields() if name.startswith("Mutation.")}

    assert len(needs) > 25
    assert {scope.value.partition(":")[2] for scope in needs.values()} == {"write", "admin"}


def test_what_is_guarded_without_its_context_is_refused_at_the_start() -> None:
    """A guard that could not see the caller must not be built."""

    def blind(root: object) -> object:
        return root

    with pytest.raises(TypeError, match="info"):
        guarded(blind, Scope.ACCOUNTS_READ)


async def test_a_field_without_its_scope_is_null_with_one_error_and_its_siblings_answer(warm: Graph) -> None:
    """The error tells what is missing."""
    document = "query($id: ID!) { customer(id: $id) { name accounts { nodes { id } } payments { nodes { id } } } }"
    answer = await lacking(warm, Scope.PAYMENTS_READ).ask(document, id=person(0))

    [error] = answer.errors
    assert answer.data["customer"]["payments"] is None
    assert answer.data["customer"]["accounts"]["nodes"]
    assert (error["path"], error["extensions"]["code"]) == (["customer", "payments"], "FORBIDDEN")
    assert error["extensions"]["requiredScope"] == "payments:read"
    assert answer.by_operation().get("paymentslist_payments", 0) == 0


ASKED_WITH_NOTHING = """
query($id: ID!) {
  node(id: $id) { id } nodes(ids: [$id]) { id } customer(id: $id) { id } customers { nodes { id } }
  accounts { nodes { id } } payments { nodes { id } } pools { nodes { id } } connectors { nodes { id } }
  providers { health } bankAccounts { nodes { id } } transferInitiations { nodes { id } }
  availableConnectors { providerName }
  workflows { nodes { id } } workflowInstances { nodes { id } } triggers { nodes { id } }
}
"""


async def test_without_scopes_nothing_is_asked_of_any_vendor(graph: Graph) -> None:
    """Denied before the first call: not even a token is fetched."""
    answer = await having(graph).ask(ASKED_WITH_NOTHING, id=person(0))

    assert {**answer.data, "nodes": None} == dict.fromkeys(answer.data)
    assert answer.data["nodes"] == [None]
    assert {error["extensions"]["code"] for error in answer.errors} == {"FORBIDDEN"}
    assert len(answer.errors) == len(answer.data)
    assert await graph.calls() == []


async def test_a_node_needs_the_scope_of_its_type(warm: Graph) -> None:
    """Whatever the field is called by which it is asked for."""
    account = (await warm.data("{ accounts(first: 1) { nodes { id } } }"))["accounts"]["nodes"][0]["id"]
    answer = await having(warm, Scope.CUSTOMERS_READ).ask(
        "query($ids: [ID!]!) { nodes(ids: $ids) { __typename } }", ids=[person(0), account]
    )

    assert answer.data["nodes"] == [{"__typename": "Customer"}, None]
    assert [error["extensions"].get("requiredScope") for error in answer.errors] == ["accounts:read"]


POOL = """
mutation($input: CreatePoolInput!) { createPool(input: $input) { pool { id } userErrors { code } } }
"""


def pool(**given: Any) -> dict[str, Any]:
    """A pool to be made."""
    return {"name": "Mine", "accountIds": [], "idempotencyKey": "k-1", **given}


async def test_a_write_without_its_scope_sends_nothing(warm: Graph) -> None:
    """Reading everything is not enough to write anything."""
    answer = await lacking(warm, Scope.POOLS_WRITE).ask(POOL, input=pool())

    assert answer.data == {"createPool": None}
    assert answer.errors[0]["extensions"]["requiredScope"] == "pools:write"
    assert await warm.calls() == []


async def test_a_write_by_a_caller_who_may_not_read_happens_and_shows_nothing(warm: Graph) -> None:
    """The object is not even loaded."""
    document = "query($id: ID!) { customer(id: $id) { accounts(provider: FORMANCE) { nodes { id } } } }"
    listed = (await warm.data(document, id=person(0)))["customer"]["accounts"]
    await warm.forget_calls()
    answer = await lacking(warm, Scope.POOLS_READ).ask(
        POOL, input=pool(accountIds=[each["id"] for each in listed["nodes"]])
    )

    assert answer.data == {"createPool": {"pool": None, "userErrors": []}}
    assert [error["path"] for error in answer.errors] == [["createPool", "pool"]]
    assert [call["method"] for call in await warm.calls()] == ["POST"]
