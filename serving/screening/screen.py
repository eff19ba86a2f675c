"""All rules, in the order in which they are asked: the cheapest first."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from graphql import DocumentNode

from resolvers.context import RequestContext
from resolvers.screening import Asked
from serving.screening.chosen import chosen

TextRule = Callable[[str, RequestContext], None]
DocumentRule = Callable[[DocumentNode, RequestContext], None]
OperationRule = Callable[[Asked], Mapping[str, Any] | None]


class Screen:
    """One for the whole server: nothing in it belongs to an operation."""

    def __init__(
        self,
        *,
        texts: Sequence[TextRule] = (),
        documents: Sequence[DocumentRule] = (),
        operations: Sequence[OperationRule] = (),
    ) -> None:
        self._texts, self._documents = tuple(texts), tuple(documents)
        self._operations = (chosen, *operations)

    def text(self, text: str, context: RequestContext) -> None:
        """Ask the rules for texts."""
        for rule in self._texts:
            rule(text, context)

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
