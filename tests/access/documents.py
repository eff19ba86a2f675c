"""Selections of everything, made from the schema itself, so that a new field is walked without anybody thinking of it.

Each field is named `<type>__<field>` in the answer: from its names alone one can tell which fields were asked.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLScalarType,
    get_named_type,
    is_required_argument,
)

from schema import schema

CORE = schema._schema
NODE = CORE.type_map["Node"]
_LEAVES = (GraphQLScalarType, GraphQLEnumType)


def is_node(type_: GraphQLNamedType) -> bool:
    """Whether objects of a type can be fetched by an id."""
    if isinstance(type_, GraphQLInterfaceType):
        return type_ is NODE or NODE in type_.interfaces
    return isinstance(type_, GraphQLObjectType) and NODE in type_.interfaces


def gives_nodes(type_: GraphQLOutputType, depth: int = 4) -> bool:
    """Whether a field of this type gives nodes: itself, in a list, in a connection, in what it wraps."""
    named = get_named_type(type_)
    if isinstance(named, _LEAVES):
        return False
    return is_node(named) or (depth > 0 and _wraps(named, depth))


def _wraps(named: GraphQLNamedType, depth: int) -> bool:
    if not isinstance(named, GraphQLObjectType | GraphQLInterfaceType):
        return False
    return any(gives_nodes(field.type, depth - 1) for field in named.fields.values())


def node_fields() -> Iterator[str]:
    """Every field of an object type whose value is a node, or a list or an edge of them: `<type>__<field>`."""
    for type_ in CORE.type_map.values():
        if isinstance(type_, GraphQLObjectType) and not type_.name.startswith("__"):
            for name, field in type_.fields.items():
                if gives_nodes(field.type):
                    yield f"{type_.name}__{name}"


def objects(type_: GraphQLNamedType) -> list[GraphQLObjectType]:
    """The object types that a value of a type can be of."""
    if isinstance(type_, GraphQLInterfaceType):
        return list(CORE.get_possible_types(type_))
    assert isinstance(type_, GraphQLObjectType)
    return [type_]


def selection(type_: GraphQLNamedType, hops: int, first: int = 4) -> str:
    """All fields of a type, and of what they lead to, over so many nodes."""
    parts = [f"... on {each.name} {{ {_fields(each, hops, first)} }}" for each in objects(type_)]
    return f"{{ __typename {' '.join(parts)} }}"


def _fields(type_: GraphQLObjectType, hops: int, first: int) -> str:
    chosen = []
    for name, field in type_.fields.items():
        named = get_named_type(field.type)
        if any(is_required_argument(argument) for argument in field.args.values()):
            continue
        given = f"(first: {first})" if "first" in field.args else ""
        if isinstance(named, _LEAVES):
            chosen.append(f"{type_.name}__{name}: {name}{given}")
        elif not is_node(named) or hops > 0:
            below = selection(named, hops - is_node(named), first)
            if below:
                chosen.append(f"{type_.name}__{name}: {name}{given} {below}")
    return " ".join(chosen) or "__typename"


def met(value: Any) -> Iterator[tuple[str, Any]]:
    """Every field in an answer to such a selection, with its value."""
    if isinstance(value, Mapping):
        for key, below in value.items():
            if "__" in key.strip("_"):
                yield key, below
            yield from met(below)
    elif isinstance(value, list):
        for each in value:
            yield from met(each)


def ids_in(value: Any) -> set[str]:
    """Global ids of the nodes that a field's value itself gives, not of those further on."""
    if isinstance(value, list):
        return {id for each in value for id in ids_in(each)}
    if not isinstance(value, Mapping):
        return set()
    own = {below for key, below in value.items() if key.endswith("__id")}
    if own:
        return own
    return {id for below in value.values() for id in ids_in(below)}
