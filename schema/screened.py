"""Where the graph lets an operation's `Screening` look at it, in whatever way it came."""

from collections.abc import Iterator

from strawberry.extensions import SchemaExtension
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType

from resolvers.context import RequestContext
from resolvers.screening import Asked, Refused

BY_STREAM = "Subscriptions are answered over WebSocket (`graphql-transport-ws`), or to `Accept: text/event-stream`."


class Screened(SchemaExtension):
    """Asks the context's screening at each step. What it raises becomes the answer's only error."""

    def on_parse(self) -> Iterator[None]:
        """Before a text is parsed, and once it is a document."""
        context = self._context
        execution = self.execution_context
        context.screening.text(execution.query or "", context)
        if execution.query:
            execution.graphql_document = context.screening.parsed(execution.query, context)
        yield
        if execution.graphql_document is not None:
            context.screening.document(execution.graphql_document, context)

    def on_execute(self) -> Iterator[None]:
        """Before a valid document is executed."""
        execution = self.execution_context
        self._context.is_valid = True
        if execution.graphql_document is not None:
            asked = Asked(
                document=execution.graphql_document,
                operation_name=execution._provided_operation_name,
                variables=execution.variables or {},
                extensions=execution.operation_extensions or {},
                context=self._context,
            )
            extensions = self._context.screening.operation(asked)
            if extensions is not None:
                execution.result = ExecutionResult(data=None, errors=None)
                self._context.extensions.update(extensions)
                self._context.is_explained = True
            elif execution.operation_type is OperationType.SUBSCRIPTION and self._context.stream is None:
                raise Refused("BAD_REQUEST", BY_STREAM)
        yield

    @property
    def _context(self) -> RequestContext:
        context: RequestContext = self.execution_context.context
        return context
