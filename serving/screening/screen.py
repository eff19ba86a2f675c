"""All rules, in the order in which they are asked: the cheapest first."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from graphql import DocumentNode, GraphQLError, GraphQLSchema, GraphQLSyntaxError, specified_rules
from graphql.utilities import get_operation_ast

from resolvers.context import RequestContext
from resolvers.screening import Asked, Reading, Refused
from schema import schema
from serving.screening.chosen import chosen
from serving.screening.documents import Documents, Rules
from serving.screening.limits import Limits
from serving.screening.turns import Turns
from serving.screening.variables import VariableSizes

TextRule = Callable[[str, RequestContext], None]
DocumentRule = Callable[[DocumentNode, RequestContext], None]
OperationRule = Callable[[Asked], Mapping[str, Any] | None]

USUAL = Limits()
RULES: Rules = tuple(specified_rules)
SMALL = 200
"""Characters of a text that is read at once: in less time than it would take to hand it over and back."""


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
        self._texts, self._rules = tuple(texts), tuple(documents)
        self._operations: tuple[OperationRule, ...] = (chosen, VariableSizes(limits), *operations)
        self.limits, self._documents = limits, Documents(limits)
        self._turns = Turns(limits.unread)

    def text(self, text: str, context: RequestContext) -> None:
        """Ask the rules for texts."""
        for rule in self._texts:
            rule(text, context)

    async def read(self, text: str | None, context: RequestContext, address: str) -> None:
        """Read a text that is new here and not small, away from the event loop: `context.reading` is what came of it.

        Whoever asks waits its turn, by its `address` when nobody knows who it is. Raises `Overloaded`.
        """
        if text is None or len(text) <= SMALL or self._documents.kept(text) is not None:
            return
        try:
            self.text(text, context)
        except Refused:
            return  # it is told when the operation is carried out
        context.reading = reading = await self._turns.take(
            context.caller.id or address, lambda: self._look(text, context)
        )
        if reading.document is not None and reading.refusal is None and not reading.mistakes:
            self._documents.keep(text, reading.document, RULES)

    def known(self, text: str) -> DocumentNode | None:
        """The document of a text that was found valid before."""
        kept = self._documents.kept(text)
        return None if kept is None or kept.rules != RULES else kept.document

    def parsed(self, text: str, context: RequestContext) -> DocumentNode:
        """The document of a text, when it is not too large."""
        reading = context.reading
        if reading is None or reading.text != text:
            return self._documents.parsed(text)
        if reading.document is None:
            raise reading.refusal or AssertionError
        return reading.document

    def mistakes(
        self, text: str, document: DocumentNode, graph: GraphQLSchema, rules: Rules, context: RequestContext
    ) -> list[GraphQLError]:
        """Why a document does not fit the graph."""
        reading = context.reading
        if reading is None or reading.document is not document or rules != RULES:
            return self._documents.mistakes(text, document, graph, rules, suggests=context.suggests)
        if reading.refusal is not None:
            raise reading.refusal
        return list(reading.mistakes)

    def document(self, document: DocumentNode, context: RequestContext) -> None:
        """Ask the rules for documents."""
        for rule in self._rules:
            rule(document, context)

    def _look(self, text: str, context: RequestContext) -> Reading:
        document = None
        try:
            document = self._documents.parse(text)
            self.document(document, context)
            found = self._documents.validate(text, document, schema._schema, RULES, suggests=context.suggests)
        except (GraphQLSyntaxError, Refused) as refusal:
            return Reading(text=text, document=document, refusal=refusal)
        return Reading(text=text, document=document, mistakes=found)

    def operation(self, asked: Asked) -> Mapping[str, Any] | None:
        """Ask the rules for operations, until one answers in the operation's place."""
        _name(asked)
        for rule in self._operations:
            answer = rule(asked)
            if answer is not None:
                return answer
        return None


def _name(asked: Asked) -> None:
    """Say in the context what is being asked for, for whoever counts."""
    operation = get_operation_ast(asked.document, asked.operation_name)
    if operation is not None:
        asked.context.name = operation.name.value if operation.name else None
        asked.context.type = operation.operation.value
