"""What is looked at before anything of an operation runs, and how it is refused there."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol

import msgspec
from graphql import ASTValidationRule, DocumentNode, GraphQLError, GraphQLSchema

if TYPE_CHECKING:
    from resolvers.context import RequestContext


class Refused(Exception):
    """An operation that is not run. `status` is the HTTP status of an answer that holds nothing else.

    The message is sent as it is. `details` stand beside the code in `extensions`; `headers` go with it over HTTP.
    """

    headers: Mapping[str, str] = MappingProxyType({})

    def __init__(self, code: str, message: str, *, status: int = 400, **details: Any) -> None:  # noqa: ANN401 - JSON
        super().__init__(message)
        self.code, self.message, self.status, self.details = code, message, status, details


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """An operation of a valid document. `variables` are not coerced yet; `extensions` are the request's."""

    document: DocumentNode
    operation_name: str | None
    variables: Mapping[str, Any]
    extensions: Mapping[str, Any]
    context: "RequestContext"


class Reading(msgspec.Struct, frozen=True):
    """What came of reading a text before its turn: `refusal` when it has no document, or none that can be judged."""

    text: str
    document: DocumentNode | None = None
    mistakes: Sequence[GraphQLError] = ()
    refusal: Exception | None = None


class Screening(Protocol):
    """Every method raises `Refused` for what shall not run."""

    async def read(self, text: str | None, context: "RequestContext", address: str) -> None:
        """Read a document ahead of everything else, if it would hold up others. The rest works without it, too."""

    def text(self, text: str, context: "RequestContext") -> None:
        """Look at a document before it is parsed."""

    def parsed(self, text: str, context: "RequestContext") -> DocumentNode:
        """The document of a text. Raises `GraphQLSyntaxError`, too."""

    def mistakes(
        self,
        text: str,
        document: DocumentNode,
        graph: GraphQLSchema,
        rules: tuple[type[ASTValidationRule], ...],
        context: "RequestContext",
    ) -> list[GraphQLError]:
        """Validate the document of a text."""

    def document(self, document: DocumentNode, context: "RequestContext") -> None:
        """Look at a document that is parsed, before it is validated."""

    def operation(self, asked: Asked) -> Mapping[str, Any] | None:
        """Look at an operation before it is executed. A mapping is the answer's `extensions` instead of execution."""
