"""From a text to a document that may run. Both steps, parsing and validation, are bounded in time and in memory."""

from collections import OrderedDict

import msgspec
from graphql import (
    ASTValidationRule,
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    OverlappingFieldsCanBeMergedRule,
    ValidationContext,
    parse,
    validate,
)
from graphql.language import Lexer, Source, TokenKind
from graphql.validation.validate import ValidationAbortedError
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from serving.screening.limits import Limits
from serving.screening.shape import check

BYTES_OF_TOKEN, BYTES_OF_CHARACTER = 800, 4
"""Memory that a parsed document takes at most for each, as measured."""
SHORT, FEW = 4_096, 3
"""Looking for names like a wrong one takes up to 8 ms: only in texts of so many characters, with so many mistakes."""

Rules = tuple[type[ASTValidationRule], ...]


class Kept(msgspec.Struct, frozen=True):
    """A document that these rules found valid, and the memory it takes, roughly."""

    document: DocumentNode
    rules: Rules
    weight: int


class Documents:
    """Parses and validates, and keeps what is valid by its text: the last ones used, as many as fit.

    What is refused is not kept, so that nobody can fill the memory, or push out others' documents, for nothing.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self._overlaps = _bounded(limits.comparisons)
        self.weight = 0

    def kept(self, text: str) -> Kept | None:
        """A document that was found valid before."""
        kept = self._kept.get(text)
        if kept is not None:
            self._kept.move_to_end(text)
        return kept

    def parsed(self, text: str) -> DocumentNode:
        """The document of a text. Raises `GraphQLSyntaxError`, or `Refused` for one that is too large."""
        kept = self.kept(text)
        return self.parse(text) if kept is None else kept.document

    def mistakes(
        self, text: str, document: DocumentNode, graph: GraphQLSchema, rules: Rules, *, suggests: bool
    ) -> list[GraphQLError]:
        """Why a document does not fit the graph. Raises `Refused` when that cannot be found out in a bounded time."""
        kept = self._kept.get(text)
        if kept is not None and kept.rules == rules:
            return []
        found = self.validate(text, document, graph, rules, suggests=suggests)
        if not found:
            self.keep(text, document, rules)
        return found

    def parse(self, text: str) -> DocumentNode:
        """The same as `parsed`, done anew. Any thread may do it."""
        limits = self._limits
        limits.hold("document_bytes", len(text.encode(errors="surrogatepass")))
        try:
            document = parse(text, max_lexical_tokens=limits.tokens, max_comments=limits.tokens)
        except GraphQLSyntaxError:
            limits.hold("tokens", _tokens(text, limits.tokens + 1))
            raise
        check(document, limits)
        return document

    def validate(
        self, text: str, document: DocumentNode, graph: GraphQLSchema, rules: Rules, *, suggests: bool
    ) -> list[GraphQLError]:
        """The same as `mistakes`, done anew. Any thread may do it."""
        limits = self._limits
        every = (*map(self._bounded, rules), MaybeNullValidationRule, OneOfInputValidationRule)
        found = validate(graph, document, every, max_errors=limits.mistakes, hide_suggestions=True)
        if found and isinstance(found[-1], ValidationAbortedError) and len(found) <= limits.mistakes:
            limits.refuse("comparisons", limits.comparisons + 1)
        if found and suggests and len(found) <= FEW and len(text) <= SHORT:
            return validate(graph, document, every, max_errors=FEW)
        return found

    def keep(self, text: str, document: DocumentNode, rules: Rules) -> None:
        """Remember a document that these rules found valid."""
        weight = document.token_count * BYTES_OF_TOKEN + len(text) * BYTES_OF_CHARACTER
        replaced = self._kept.pop(text, None)
        self._kept[text] = Kept(document, rules, weight)
        self.weight += weight - (replaced.weight if replaced else 0)
        while self.weight > self._limits.cache_bytes:
            _, oldest = self._kept.popitem(last=False)
            self.weight -= oldest.weight

    def _bounded(self, rule: type[ASTValidationRule]) -> type[ASTValidationRule]:
        return self._overlaps if rule is OverlappingFieldsCanBeMergedRule else rule


def _bounded(comparisons: int) -> type[ASTValidationRule]:
    class Bounded(OverlappingFieldsCanBeMergedRule):
        """Gives up sooner than graphql-core, which takes a second for its own bound."""

        def __init__(self, context: ValidationContext) -> None:
            super().__init__(context)
            self.rule_context.remaining_complexity_budget = comparisons

    return Bounded


def _tokens(text: str, most: int) -> int:
    """How many tokens a text has, or `most` when it has more, or comments that many; as far as it can be read."""
    lexer, count, comments = Lexer(Source(text)), 0, 0
    token = lexer.token
    try:
        while max(count, comments) < most:
            token = lexer.read_next_token(token.end)
            if token.kind is TokenKind.EOF:
                break
            comments += token.kind is TokenKind.COMMENT
            count += token.kind is not TokenKind.COMMENT
    except GraphQLSyntaxError:
        pass
    return max(count, comments)
