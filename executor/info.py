"""What resolvers are told of their place in the operation, computed when it is asked for: it seldom is."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    OperationDefinitionNode,
)
from graphql.pyutils import Path, gather_with_cancel
from graphql.type.definition import GraphQLResolveInfoHelpers
from strawberry.execution.is_awaitable import optimized_is_awaitable

from executor.position import Position, path

if TYPE_CHECKING:
    from executor.field import Field
    from executor.run import Run


class LazyInfo:
    """Has the attributes of graphql-core's `GraphQLResolveInfo`, as Strawberry gives it."""

    __slots__ = ("_field", "_position", "_run")

    is_awaitable = staticmethod(optimized_is_awaitable)
    abort_signal = None

    def __init__(self, run: "Run", field: "Field", position: Position) -> None:
        self._run, self._field, self._position = run, field, position

    @property
    def field_name(self) -> str:
        return self._field.name

    @property
    def field_nodes(self) -> list[FieldNode]:
        return self._field.nodes

    @property
    def return_type(self) -> GraphQLOutputType:
        return self._field.type

    @property
    def parent_type(self) -> GraphQLObjectType:
        return self._field.parent

    @property
    def path(self) -> Path | None:
        return path(self._position)

    @property
    def schema(self) -> GraphQLSchema:
        return self._run.plan.schema

    @property
    def fragments(self) -> Mapping[str, FragmentDefinitionNode]:
        return self._run.plan.fragment_definitions

    @property
    def root_value(self) -> Any:
        return self._run.root

    @property
    def operation(self) -> OperationDefinitionNode:
        return self._run.plan.operation

    @property
    def variable_values(self) -> dict[str, Any]:
        return self._run.variables.coerced

    @property
    def context(self) -> Any:
        return self._run.context

    @property
    def operation_extensions(self) -> dict[str, Any] | None:
        return self._run.extensions

    @property
    def async_helpers(self) -> GraphQLResolveInfoHelpers:
        return GraphQLResolveInfoHelpers(
            gather=lambda awaitables: gather_with_cancel(*awaitables), track=lambda _awaitables: None
        )
