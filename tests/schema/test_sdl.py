"""The printed schema: what clients, code generators and linters rely on."""

from pathlib import Path

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    build_schema,
    find_breaking_changes,
    get_named_type,
    is_introspection_type,
    is_specified_scalar_type,
)

from providers.domain import NodeType
from schema import schema

COMMITTED = Path(__file__).parents[2] / "schema" / "schema.graphql"


@pytest.fixture(scope="module")
def graph() -> GraphQLSchema:
    """The schema that a client reads: built from the committed text."""
    return build_schema(COMMITTED.read_text(encoding="utf-8"))


def own_types(graph: GraphQLSchema) -> list[object]:
    """Every type that is not GraphQL's own."""
    return [
        type_
        for type_ in graph.type_map.values()
        if not is_introspection_type(type_)
        and not (isinstance(type_, GraphQLScalarType) and is_specified_scalar_type(type_))
    ]


def test_the_committed_schema_is_what_the_code_prints() -> None:
    """`make schema` writes it; a difference is a change of the public contract that must be seen in review."""
    assert COMMITTED.read_text(encoding="utf-8") == schema.as_str() + "\n"


def test_every_element_is_described(graph: GraphQLSchema) -> None:
    """Descriptions are the public documentation: types, fields, arguments, input fields and enum values have one."""
    bare = [name for name, description in described(graph) if not (description or "").strip()]

    assert bare == []


def test_descriptions_are_sentences(graph: GraphQLSchema) -> None:
    """They begin with a capital (or a code) and end with a full stop."""
    odd = [name for name, text in described(graph) if text and not (text.rstrip().endswith(".") and is_start(text[0]))]

    assert odd == []


def is_start(character: str) -> bool:
    return character.isupper() or character in "`"


def described(graph: GraphQLSchema) -> list[tuple[str, str | None]]:
    """Every element's name and description."""
    found: list[tuple[str, str | None]] = []
    for type_ in own_types(graph):
        name = type_.name  # type: ignore[attr-defined]
        found.append((name, type_.description))  # type: ignore[attr-defined]
        if isinstance(type_, GraphQLEnumType):
            found += [(f"{name}.{value}", definition.description) for value, definition in type_.values.items()]
        elif isinstance(type_, GraphQLInputObjectType):
            found += [(f"{name}.{field}", definition.description) for field, definition in type_.fields.items()]
        elif isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
            for field, definition in type_.fields.items():
                found.append((f"{name}.{field}", definition.description))
                found += [(f"{name}.{field}({arg})", given.description) for arg, given in definition.args.items()]
    return found


def test_every_connection_keeps_the_relay_rules(graph: GraphQLSchema) -> None:
    """`edges { cursor node }` and `pageInfo` as the cursor connections specification wants them."""
    connections = [type_ for name, type_ in graph.type_map.items() if name.endswith("Connection")]

    assert len(connections) >= 6
    for connection in connections:
        assert isinstance(connection, GraphQLObjectType)
        edge = get_named_type(connection.fields["edges"].type)
        assert isinstance(edge, GraphQLObjectType)
        assert isinstance(unwrapped(connection.fields["edges"].type), GraphQLList)
        assert edge.name.endswith("Edge")
        assert str(edge.fields["cursor"].type) == "String!"
        assert "node" in edge.fields
        assert not isinstance(unwrapped(edge.fields["node"].type), GraphQLList)
        assert str(connection.fields["pageInfo"].type) == "PageInfo!"


def unwrapped(type_: object) -> object:
    return type_.of_type if isinstance(type_, GraphQLNonNull) else type_


def test_page_info_keeps_the_relay_rules(graph: GraphQLSchema) -> None:
    """Booleans that are never null, cursors that may be."""
    page_info = graph.type_map["PageInfo"]

    assert isinstance(page_info, GraphQLObjectType)
    assert {name: str(field.type) for name, field in page_info.fields.items()} == {
        "hasNextPage": "Boolean!",
        "hasPreviousPage": "Boolean!",
        "startCursor": "String",
        "endCursor": "String",
    }


def test_whatever_gives_a_connection_takes_first_and_after(graph: GraphQLSchema) -> None:
    """The forward arguments of the cursor connections specification."""
    for type_ in own_types(graph):
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
            for field in type_.fields.values():
                if get_named_type(field.type).name.endswith("Connection"):
                    assert str(field.args["first"].type) == "Int"
                    assert str(field.args["after"].type) == "String"


def test_the_schema_keeps_the_relay_rules_for_nodes(graph: GraphQLSchema) -> None:
    """`Node { id: ID! }`, `node(id: ID!): Node`, `nodes(ids: [ID!]!): [Node]`."""
    assert str(graph.query_type.fields["node"].type) == "Node"  # type: ignore[union-attr]
    assert str(graph.query_type.fields["node"].args["id"].type) == "ID!"  # type: ignore[union-attr]
    assert str(graph.query_type.fields["nodes"].args["ids"].type) == "[ID!]!"  # type: ignore[union-attr]
    node = graph.type_map["Node"]
    assert isinstance(node, GraphQLInterfaceType)
    assert {name: str(field.type) for name, field in node.fields.items()} == {"id": "ID!"}


def test_every_node_type_has_a_kind_of_ref_and_the_other_way_round(graph: GraphQLSchema) -> None:
    """What can be refetched by `node` is exactly what has global ids."""
    node = graph.type_map["Node"]
    assert isinstance(node, GraphQLInterfaceType)

    assert {type_.name for type_ in graph.get_possible_types(node)} == {str(kind) for kind in NodeType}


def test_no_field_of_a_root_is_non_null(graph: GraphQLSchema) -> None:
    """One failing root field must not cost the others."""
    assert [
        name
        for name, field in graph.query_type.fields.items()  # type: ignore[union-attr]
        if isinstance(field.type, GraphQLNonNull)
    ] == []


def test_no_amount_is_a_float(graph: GraphQLSchema) -> None:
    """There is no binary float in the whole schema."""
    assert "Float" not in graph.type_map


def test_nothing_that_clients_rely_on_is_gone_since_the_last_release(graph: GraphQLSchema) -> None:
    released = build_schema((COMMITTED.parent / "released.graphql").read_text(encoding="utf-8"))

    assert find_breaking_changes(released, graph) == []
