"""What the schema and the ids say of types."""

from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
)

from providers.domain import Ref
from resolvers import ids
from resolvers.federation import KEY
from resolvers.problems import BadInput
from schema.costs import Cost
from schema.fields import COST

FREE = Cost()


def cost_of(field: GraphQLField) -> Cost:
    """What is declared beside a field."""
    declared = field.extensions.get("strawberry-definition")
    cost: Cost = getattr(declared, "metadata", {}).get(COST, FREE)
    return cost


@lru_cache(maxsize=8)
def costly(schema: GraphQLSchema) -> frozenset[str]:
    """Types from whose fields a vendor can be reached; nothing below the others is looked at."""
    found: set[str] = set()
    while True:
        more = {name for name, type_ in schema.type_map.items() if name not in found and _leads(schema, type_, found)}
        if not more:
            return frozenset(found)
        found |= more


def refs(value: Any) -> frozenset[Ref]:  # noqa: ANN401 - an argument
    """The objects that an id names, a list of ids, or of representations. Those that name nothing are left out."""
    found: set[Ref] = set()
    for each in value if isinstance(value, list) else [value]:
        try:
            found.add(ids.decode(str(each.get(KEY) if isinstance(each, Mapping) else each)))
        except BadInput:
            continue
    return frozenset(found)


def named(given: frozenset[Ref]) -> Mapping[str, int]:
    """How many of each type."""
    return Counter(ref.type.value for ref in given)


def _leads(schema: GraphQLSchema, type_: Any, found: set[str]) -> bool:  # noqa: ANN401 - any type
    if is_abstract_type(type_) and any(each.name in found for each in schema.get_possible_types(type_)):
        return True
    if not isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
        return False
    return any(
        cost_of(field).loads or cost_of(field).by_id or get_named_type(field.type).name in found
        for field in type_.fields.values()
    )
