"""Whether a document fits the graph, found out once for each document."""

from collections.abc import Iterator
from functools import lru_cache

from graphql import ASTValidationRule, DocumentNode, GraphQLError, GraphQLSchema, validate
from strawberry.extensions import SchemaExtension
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from resolvers.context import RequestContext

CACHED_DOCUMENTS = 1_000


@lru_cache(maxsize=CACHED_DOCUMENTS)
def mistakes(
    graph: GraphQLSchema, document: DocumentNode, rules: tuple[type[ASTValidationRule], ...], *, suggests: bool
) -> list[GraphQLError]:
    """What does not fit. Names that would have fitted are looked for, which costs time, only when `suggests`."""
    every = (*rules, MaybeNullValidationRule, OneOfInputValidationRule)
    return validate(graph, document, every, hide_suggestions=not suggests)


class Validated(SchemaExtension):
    """Validates in Strawberry's place, which neither remembers documents nor can leave suggestions out."""

    def on_validate(self) -> Iterator[None]:
        """Before a document that is parsed is executed."""
        execution = self.execution_context
        context: RequestContext = execution.context
        if execution.graphql_document is not None:
            execution.pre_execution_errors = mistakes(
                execution.schema._schema,
                execution.graphql_document,
                execution.validation_rules,
                suggests=context.suggests,
            )
        yield
