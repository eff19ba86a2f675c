"""`@cost` and `@listSize` in the printed schema say what is declared, and that is what the vendors say."""

from pathlib import Path
from typing import Any

from graphql import (
    ConstDirectiveNode,
    FieldDefinitionNode,
    GraphQLField,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    InterfaceTypeDefinitionNode,
    ObjectTypeDefinitionNode,
    get_named_type,
    parse,
    value_from_ast_untyped,
)

from providers.costs import Rate
from providers.domain import NodeType
from resolvers.node import load_of
from schema import schema
from schema.costs import HELD_BY
from serving.cost.rates import Calls, keyed, paged, window
from serving.cost.types import cost_of, costly
from tests.serving.cost.planning import rates

TEXT = (Path(__file__).parents[2] / "schema" / "schema.graphql").read_text(encoding="utf-8")
TYPES = {
    each.name.value: each
    for each in parse(TEXT).definitions
    if isinstance(each, ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode)
}
FIELDS = [
    (type_, name)
    for type_ in schema._schema.type_map.values()
    if isinstance(type_, GraphQLObjectType) and not type_.name.startswith("_")
    for name in type_.fields
    if not name.startswith("_")
]
"""All that clients are told of."""


def told(type_name: str, field_name: str) -> dict[str, dict[str, Any]]:
    """The directives of a field in the SDL."""
    field = next(each for each in TYPES[type_name].fields or () if each.name.value == field_name)
    return directives(field)


def directives(node: FieldDefinitionNode | ObjectTypeDefinitionNode) -> dict[str, dict[str, Any]]:
    def arguments(each: ConstDirectiveNode) -> dict[str, Any]:
        return {argument.name.value: value_from_ast_untyped(argument.value) for argument in each.arguments or ()}

    return {each.name.value: arguments(each) for each in node.directives or ()}


def is_list(field: GraphQLField) -> bool:
    bare = field.type.of_type if isinstance(field.type, GraphQLNonNull) else field.type
    return isinstance(bare, GraphQLList)


def for_one_parent(field: GraphQLField) -> int:
    """What the loads of a field cost with every vendor, while nothing is known of their servers."""
    cost, calls = cost_of(field), Calls()
    here = (
        window(field.args["first"].default_value, has_cursor=False) if cost.is_sliced else window(1, has_cursor=False)
    )
    for load in cost.loads:
        for provider, costs in rates(None).items():
            if load.given or provider not in {HELD_BY.get(name, provider) for name in cost.gives or ("",)}:
                continue
            for rate in costs.get(load.name, ()):
                calls += keyed(rate, load.times, 1) if isinstance(rate, Rate) else paged(rate, here, 1)
    return calls.total


def test_the_weight_of_a_field_is_what_its_loads_cost_for_one_parent() -> None:
    """An account is held by one provider alone: there, the dearest is told."""
    for type_, name in FIELDS:
        field = type_.fields[name]
        cost = cost_of(field)

        assert told(type_.name, name).get("cost", {"weight": 0}) == {"weight": cost.weight}, f"{type_.name}.{name}"
        if not cost.by_id and name not in {"balances", "customer"}:
            assert cost.weight == for_one_parent(field), f"{type_.name}.{name}"
    assert cost_of(type_of("Account", "balances")).weight == 3
    assert for_one_parent(type_of("Account", "balances")) == 3 + 1


def type_of(type_name: str, field_name: str) -> GraphQLField:
    field: GraphQLField = schema._schema.type_map[type_name].fields[field_name]  # type: ignore[attr-defined]
    return field


def test_a_list_below_which_vendors_are_asked_tells_its_size() -> None:
    """By an argument, or as it is assumed. The items of a connection are as many as the connection says."""
    sized = 0
    for type_, name in FIELDS:
        field, size = type_.fields[name], told(type_.name, name).get("listSize")
        below = get_named_type(field.type).name
        if below.endswith("Connection"):
            assert size is not None, f"{type_.name}.{name}"
            assert size["sizedFields"] == ["nodes", "edges"]
            assert ("assumedSize" in size) is not (size.get("slicingArguments") == ["first"])
        elif is_list(field) and below in costly(schema._schema) and not type_.name.endswith("Connection"):
            assert size is not None, f"{type_.name}.{name}"
            assert size["assumedSize"] > 0
        if size is not None:
            assert size["requireOneSlicingArgument"] is False
            sized += 1
    assert sized > 20


def test_objects_cost_nothing_by_themselves() -> None:
    """The specification takes 1 for every object that has no weight; here, calls are the cost."""
    for name, type_ in TYPES.items():
        if isinstance(type_, ObjectTypeDefinitionNode) and name not in {"Query", "Mutation", "Subscription"}:
            assert directives(type_).get("cost") == {"weight": 0}, name


def test_every_mutation_is_carried_out_by_one_vendor_who_says_what_it_costs() -> None:
    for name, field in schema._schema.mutation_type.fields.items():  # type: ignore[union-attr]
        [load] = cost_of(field).loads

        assert sum(load.name in costs for costs in rates().values()) == 1, name


def test_whatever_vendors_say_of_costs_is_asked_for_somewhere() -> None:
    """A name that nobody asks for is a slip of the pen, and would count as nothing."""
    asked = {
        load.name
        for type_ in schema._schema.type_map.values()
        if isinstance(type_, GraphQLObjectType)
        for field in type_.fields.values()
        for load in (*cost_of(field).loads, *(cost_of(field).for_bound or ()))
    }
    asked |= {load_of(kind) for kind in NodeType}

    assert {name for costs in rates(None).values() for name in costs} == asked
