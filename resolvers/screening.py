"""What is looked at before anything of an operation runs, and how it is refused there."""

from collections.abc import Mapping
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


class Screening(Protocol):
    """Every method raises `Refused` for what shall not run."""

    def text(self, text: str, context: "RequestContext") -> None:
        """Look at a document before it is parsed."""

    def parsed(self, text: str) -> DocumentNode:
        """The document of a text. Raises `GraphQLSyntaxError`, too."""

    def mistakes(
        self,
        text: str,
        document: DocumentNode,
        graph: GraphQLSchema,
        rules: tuple[type[ASTValidationRule], ...],
        *,
        suggests: bool,
    ) -> list[GraphQLError]:
        """Validate the document of a text. With `suggests` a mistake may say which names were perhaps meant."""

    def document(self, document: DocumentNode, context: "RequestContext") -> None:
        """Look at a document that is parsed, before it is validated."""

    def operation(self, asked: Asked) -> Mapping[str, Any] | None:
        """Look at an operation before it is executed. A mapping is the answer's `extensions` instead of execution."""
