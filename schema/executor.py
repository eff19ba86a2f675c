"""How an operation is executed: by a plan, or as Strawberry does it where the server is set so."""

from typing import Any

from graphql import DocumentNode, GraphQLError, GraphQLSchema
from graphql.execution import Executor as GraphQLExecutor
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from executor import CompiledExecutor
from resolvers.context import RequestContext


class Executor(CompiledExecutor):
    """Suggests no names to a caller who is not to learn them."""

    @classmethod
    def build(
        cls,
        schema: GraphQLSchema,
        document: DocumentNode,
        root_value: Any = None,  # noqa: ANN401 - as it is declared in graphql-core
        context_value: Any = None,  # noqa: ANN401
        *args: Any,  # noqa: ANN401
        **kwargs: Any,  # noqa: ANN401
    ) -> list[GraphQLError] | GraphQLExecutor[Any]:
        """One for an operation, or what is wrong with its variables."""
        context: RequestContext = context_value
        kwargs["hide_suggestions"] = not context.suggests
        build = super().build if context.compiles else StrawberryGraphQLCoreExecutionContext.build
        built: list[GraphQLError] | GraphQLExecutor[Any] = build(
            schema, document, root_value, context_value, *args, **kwargs
        )
        return built
