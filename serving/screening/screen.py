"""All rules, in the order in which they are asked: the cheapest first."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from graphql import DocumentNode, GraphQLError, GraphQLSchema

from resolvers.context import RequestContext
from resolvers.screening import Asked
from serving.screening.chosen import chosen
from serving.screening.documents import Documents, Rules
from serving.screening.limits import Limits
from serving.screening.variables import VariableSizes

TextRule = Callable[[str, RequestContext], None]
DocumentRule = Callable[[DocumentNode, RequestContext], None]
OperationRule = Callable[[Asked], Mapping[str, Any] | None]


USUAL = Limits()


class Screen:
    """One for the whole server: nothing in it belongs to an operation."""

    def __init__(
        self,
        *,
        texts: Sequence[TextRule] = (),
        documents: Sequence[DocumentRule] = (),
        operations: Sequence[OperationRule] = (),
        limits: Limits = USUAL,
    ) -> None:
        self._texts, self._documents = tuple(texts), tuple(documents)
        self._operations: tuple[OperationRule, ...] = (chosen, VariableSizes(limits), *operations)
        self.limits, self._read = limits, Documents(limits)

    def text(self, text: str, context: RequestContext) -> None:
        """Ask the rules for texts."""
        for rule in self._texts:
            rule(text, context)

    def parsed(self, text: str) -> DocumentNode:
        """The document of a text, when it is not too large."""
        return self._read.parsed(text)

    def mistakes(
        self, text: str, document: DocumentNode, graph: GraphQLSchema, rules: Rules, *, suggests: bool
    ) -> list[GraphQLError]:
        """Why a document does not fit the graph."""
        return self._read.mistakes(text, document, graph, rules, suggests=suggests)

    def document(self, document: DocumentNode, context: RequestContext) -> None:
        """Ask the rules for documents."""
        for rule in self._documents:
            rule(document, context)

    def operation(self, asked: Asked) -> Mapping[str, Any] | None:
        """Ask the rules for operations, until one answers in the operation's place."""
        for rule in self._operations:
            answer = rule(asked)
            if answer is not None:
                return answer
        return None
