"""What a document's variables are in JSON Schema, so that an agent knows what a tool takes."""

from collections.abc import Iterable, Mapping
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLScalarType,
    GraphQLSchema,
    TypeNode,
    Undefined,
    VariableDefinitionNode,
    type_from_ast,
    value_from_ast,
)

Schema = dict[str, Any]

_SCALARS: Mapping[str, Schema] = {
    "String": {"type": "string"},
    "ID": {"type": "string"},
    "Int": {"type": "integer"},
    "Float": {"type": "number"},
    "Boolean": {"type": "boolean"},
    "JSON": {},
}
_TEXT: Schema = {"type": "string"}
"""Every other scalar of the graph is written as text: amounts, times, large integers."""


def input_schema(graph: GraphQLSchema, variables: Iterable[VariableDefinitionNode]) -> Schema:
    """An object with a property for each variable."""
    made = _Made(graph)
    properties, required = {}, []
    for each in variables:
        name, of = each.variable.name.value, made.of_node(each.type)
        default = None if each.default_value is None else value_from_ast(each.default_value, _type(graph, each.type))
        properties[name] = of if default in (None, Undefined) else {**of, "default": default}
        if isinstance(_type(graph, each.type), GraphQLNonNull) and each.default_value is None:
            required.append(name)
    whole: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    if required:
        whole["required"] = required
    if made.definitions:
        whole["$defs"] = made.definitions
    return whole


def _type(graph: GraphQLSchema, node: TypeNode) -> Any:  # noqa: ANN401 - what graphql-core gives
    return type_from_ast(graph, node)


class _Made:
    """Types as they are met; named ones with parts are defined once, since they may hold themselves."""

    def __init__(self, graph: GraphQLSchema) -> None:
        self._graph = graph
        self.definitions: dict[str, Schema] = {}

    def of_node(self, node: TypeNode) -> Schema:
        return self._of(_type(self._graph, node))

    def _of(self, type_: GraphQLInputType) -> Schema:
        if isinstance(type_, GraphQLNonNull):
            return self._exactly(type_.of_type)
        return {"anyOf": [self._exactly(type_), {"type": "null"}]}

    def _exactly(self, type_: GraphQLInputType | GraphQLNamedType) -> Schema:
        if isinstance(type_, GraphQLList):
            return {"type": "array", "items": self._of(type_.of_type)}
        if isinstance(type_, GraphQLEnumType):
            return {"enum": list(type_.values), **_described(type_)}
        if isinstance(type_, GraphQLScalarType):
            return {**_SCALARS.get(type_.name, _TEXT), **_described(type_)}
        assert isinstance(type_, GraphQLInputObjectType)  # noqa: S101 - told to mypy: nothing else is an input
        if type_.name not in self.definitions:
            self.definitions[type_.name] = {}
            self.definitions[type_.name] = self._object(type_)
        return {"$ref": f"#/$defs/{type_.name}"}

    def _object(self, type_: GraphQLInputObjectType) -> Schema:
        properties = {
            name: {**self._of(field.type), **({"description": field.description} if field.description else {})}
            for name, field in type_.fields.items()
        }
        required = [
            name
            for name, field in type_.fields.items()
            if isinstance(field.type, GraphQLNonNull) and field.default_value is Undefined
        ]
        whole: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
        return {**whole, **({"required": required} if required else {}), **_described(type_)}


def _described(type_: GraphQLNamedType) -> Schema:
    own = type_.name not in {"String", "ID", "Int", "Float", "Boolean"}
    return {"description": type_.description} if own and type_.description else {}
