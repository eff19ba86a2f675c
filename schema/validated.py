"""Whether a document fits the graph, as its operation's `Screening` finds out."""

from collections.abc import Iterator

from strawberry.extensions import SchemaExtension

from resolvers.context import RequestContext


class Validated(SchemaExtension):
    """Validates in Strawberry's place, which bounds neither the time nor the memory that it takes."""

    def on_validate(self) -> Iterator[None]:
        """Before a document that is parsed is executed."""
        execution = self.execution_context
        context: RequestContext = execution.context
        if execution.graphql_document is not None:
            execution.pre_execution_errors = context.screening.mistakes(
                execution.query or "",
                execution.graphql_document,
                execution.schema._schema,
                execution.validation_rules,
                context,
            )
        yield
