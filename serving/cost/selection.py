"""Which fields an operation wants of objects of one type. Those with the same arguments are one: they load the same."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLIncludeDirective,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLSkipDirective,
    SelectionNode,
    SelectionSetNode,
    get_directive_values,
)
from graphql.execution.values import get_argument_values

Sets = Sequence[SelectionSetNode]


class Wanted(msgspec.Struct):
    """A field, under one or more names in the answer. `arguments` go by their names in the schema."""

    name: str
    arguments: Mapping[str, Any]
    keys: set[str]
    sets: list[SelectionSetNode]


class Selection:
    """Reads the selections of one document with one set of variables."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, variables: Any) -> None:  # noqa: ANN401 - opaque
        self._schema, self._variables = schema, variables
        self._fragments = {
            each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)
        }

    def wanted(self, type_: GraphQLObjectType, sets: Sets) -> list[Wanted]:
        """The fields of these selection sets for this type; each fragment counts once, as when it is executed."""
        found: dict[tuple[str, str], Wanted] = {}
        for node in self._fields(type_, sets):
            definition = type_.fields.get(node.name.value)
            if definition is None:
                continue  # __typename
            try:
                arguments = get_argument_values(definition, node, self._variables) if definition.args else {}
            except GraphQLError:
                continue  # it fails before it asks for anything
            name, key = node.name.value, (node.alias or node.name).value
            each = found.setdefault((name, repr(sorted(arguments.items()))), Wanted(name, arguments, set(), []))
            each.keys.add(key)
            if node.selection_set:
                each.sets.append(node.selection_set)
        return list(found.values())

    def _fields(self, type_: GraphQLObjectType, sets: Sets) -> Iterable[FieldNode]:
        visited: set[str] = set()
        waiting: list[SelectionNode] = [node for each in reversed(sets) for node in reversed(each.selections)]
        while waiting:
            node = waiting.pop()
            if node.directives and not self._is_included(node):
                continue
            if isinstance(node, FieldNode):
                yield node
                continue
            fragment: Any = node
            if isinstance(node, FragmentSpreadNode):
                if node.name.value in visited or node.name.value not in self._fragments:
                    continue
                visited.add(node.name.value)
                fragment = self._fragments[node.name.value]
            if self._applies(fragment.type_condition, type_):
                waiting += reversed(fragment.selection_set.selections)

    def _applies(self, condition: Any, type_: GraphQLObjectType) -> bool:  # noqa: ANN401 - a node or None
        if condition is None or condition.name.value == type_.name:
            return True
        wider = self._schema.get_type(condition.name.value)
        return wider is not None and self._schema.is_sub_type(wider, type_)  # type: ignore[arg-type]  # it is abstract

    def _is_included(self, node: Any) -> bool:  # noqa: ANN401 - any selection
        try:
            skip = get_directive_values(GraphQLSkipDirective, node, self._variables)
            include = get_directive_values(GraphQLIncludeDirective, node, self._variables)
        except GraphQLError:
            return True
        return not (skip and skip["if"]) and not (include and not include["if"])
