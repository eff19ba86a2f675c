"""How an operation is executed: as Strawberry does it, but for the words about wrong variables."""

from typing import Any

from graphql import DocumentNode, GraphQLError, GraphQLSchema
from graphql.execution import Executor as GraphQLExecutor
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from resolvers.context import RequestContext


class Executor(StrawberryGraphQLCoreExecutionContext):
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
        return super().build(schema, document, root_value, context_value, *args, **kwargs)
