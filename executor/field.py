"""What is known of a field before it is resolved: one `Field` for each place in a document and type."""

from typing import Any

from graphql import (
    FieldNode,
    GraphQLError,
    GraphQLField,
    GraphQLObjectType,
    GraphQLOutputType,
    VariableNode,
    Visitor,
    is_non_null_type,
    visit,
)
from graphql.execution.collect_fields import FieldDetailsList
from graphql.execution.values import VariableValues, get_argument_values

NO_VARIABLES = VariableValues({}, {})


class Field:
    """`details` are graphql-core's, of all the nodes that ask for the field under one key."""

    __slots__ = ("arguments", "definition", "details", "is_nullable", "key", "name", "nodes", "parent", "type")

    def __init__(
        self, key: str, details: FieldDetailsList, parent: GraphQLObjectType, definition: GraphQLField
    ) -> None:
        self.key, self.details, self.parent, self.definition = key, details, parent, definition
        self.nodes: list[FieldNode] = [each.node for each in details]
        self.name = self.nodes[0].name.value
        self.type: GraphQLOutputType = definition.type
        self.is_nullable = not is_non_null_type(definition.type)
        self.arguments = _fixed_arguments(definition, self.nodes[0])
        """The coerced arguments, where they are the same for all variables; else None."""

    @property
    def nullable_type(self) -> GraphQLOutputType:
        """Its type without the `!`."""
        return self.type if self.is_nullable else self.type.of_type  # type: ignore[union-attr]

    def __str__(self) -> str:
        return f"{self.parent}.{self.name}"


def _fixed_arguments(definition: GraphQLField, node: FieldNode) -> dict[str, Any] | None:
    """None also where the arguments are wrong: then each resolution tells so, as graphql-core does."""
    if not definition.args and not node.arguments:
        return {}
    finder = _VariableFinder()
    for argument in node.arguments or ():
        visit(argument, finder)
    if finder.found:
        return None
    try:
        return get_argument_values(definition, node, NO_VARIABLES)
    except GraphQLError:
        return None


class _VariableFinder(Visitor):
    found = False

    def enter_variable(self, _node: VariableNode, *_: object) -> None:
        self.found = True
