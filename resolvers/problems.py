"""From what went wrong to what a client reads: `errors[].extensions` and `UpstreamProblem`.

A provider's failure keeps its class, vendor code and advice. A client's mistake says what to mend. Everything else is
masked, and logged with the request id.
"""

import logging
import re
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any

import msgspec
from graphql import GraphQLError, GraphQLSyntaxError

from providers.domain import Provider
from providers.errors import DirectoryUnavailable, ProviderError
from resolvers.screening import Refused

log = logging.getLogger(__name__)

_GIVEN = re.compile(r"(?:, found|(cannot represent [^:]*)): .*", re.DOTALL)
"""Where the parser's words quote an input's value, which may be a secret."""


_QUOTED = re.compile(r"\b(String|BlockString|Int|Float) '.*'", re.DOTALL)
"""Where a syntax error quotes a literal, which may be one, too."""


class ProblemCode(StrEnum):
    """Why a provider gave no usable answer."""

    UPSTREAM_UNAVAILABLE = "UPSTREAM_UNAVAILABLE"
    UPSTREAM_TIMEOUT = "UPSTREAM_TIMEOUT"
    UPSTREAM_RATE_LIMITED = "UPSTREAM_RATE_LIMITED"
    UPSTREAM_INVALID_RESPONSE = "UPSTREAM_INVALID_RESPONSE"
    UPSTREAM_UNAUTHORIZED = "UPSTREAM_UNAUTHORIZED"
    UPSTREAM_REJECTED = "UPSTREAM_REJECTED"
    UPSTREAM_UNKNOWN_OUTCOME = "UPSTREAM_UNKNOWN_OUTCOME"
    NOT_FOUND = "NOT_FOUND"
    UNSUPPORTED = "UNSUPPORTED"
    CALL_LIMIT = "CALL_LIMIT"


class UpstreamProblem(msgspec.Struct, frozen=True, kw_only=True):
    """One provider's failure, as data."""

    provider: Provider
    operation: str
    code: ProblemCode
    retryable: bool
    retry_after: int | None
    vendor_code: str | None
    message: str


class BadInput(Exception):
    """The client asked for something that cannot be. The message tells what to mend and is sent as it is."""


class Forbidden(Exception):
    """The caller may not ask this. `details` stand beside the code in `extensions`; other fields answer."""

    def __init__(self, message: str, **details: str) -> None:
        super().__init__(message)
        self.message, self.details = message, details


class InProgress(Exception):
    """The same write is still being carried out, by this process or another one; it goes on."""

    retry_after = 2

    def __init__(self) -> None:
        super().__init__("This is still being carried out. Try again with the same idempotencyKey to get its outcome.")


class Partial(msgspec.Struct, frozen=True):
    """A list at `path` that lacks the parts which these problems cost."""

    path: Sequence[str | int]
    problems: tuple[UpstreamProblem, ...]


def upstream_problem(error: ProviderError) -> UpstreamProblem:
    """A provider's failure as data."""
    return UpstreamProblem(
        provider=error.provider,
        operation=error.operation,
        code=ProblemCode(error.code),
        retryable=error.retryable,
        retry_after=error.retry_after,
        vendor_code=error.vendor_code,
        message=error.message,
    )


def formatted(error: GraphQLError, request_id: str) -> dict[str, Any]:
    """An entry of the response's `errors`."""
    message, extensions = _explained(error, request_id)
    entry: dict[str, Any] = {"message": message}
    if error.locations:
        entry["locations"] = [location.formatted for location in error.locations]
    if error.path is not None:
        entry["path"] = error.path
    entry["extensions"] = {**extensions, "requestId": request_id}
    return entry


def formatted_partial(partial: Partial, request_id: str) -> dict[str, Any]:
    """The `errors` entry of a list that is not whole. With one problem, its details stand beside the code."""
    first = partial.problems[0]
    extensions = {**_details(first), "cause": first.code.value, "code": "PARTIAL_RESULT"}
    extensions["problems"] = [{**_details(problem), "message": problem.message} for problem in partial.problems]
    return {
        "message": "Part of this list is missing: " + first.message,
        "path": list(partial.path),
        "extensions": {**extensions, "requestId": request_id},
    }


def limited(entries: Sequence[Callable[[], dict[str, Any]]], most: int, request_id: str) -> list[dict[str, Any]]:
    """The response's `errors`, `most` at most: the first ones, and one that says how many more there are."""
    if len(entries) <= most:
        return [entry() for entry in entries]
    shown = [entry() for entry in entries[: most - 1]]
    omitted = len(entries) - len(shown)
    extensions = {"code": "ERRORS_OMITTED", "omitted": omitted, "requestId": request_id}
    return [*shown, {"message": f"{omitted} more errors are not shown.", "extensions": extensions}]


def _explained(error: GraphQLError, request_id: str) -> tuple[str, dict[str, Any]]:
    cause = error.original_error
    if isinstance(cause, ProviderError):
        return cause.message, _details(cause)
    if isinstance(cause, BadInput):
        return str(cause), {"code": "BAD_USER_INPUT"}
    if isinstance(cause, DirectoryUnavailable | InProgress | Refused | Forbidden):
        return _of_ours(cause)
    if isinstance(error, GraphQLSyntaxError):
        return _QUOTED.sub(r"\1", error.message), {"code": "GRAPHQL_PARSE_FAILED"}
    if cause is None or isinstance(cause, GraphQLError):
        code = "GRAPHQL_VALIDATION_FAILED" if error.path is None else "BAD_USER_INPUT"
        return _GIVEN.sub(r"\1.", error.message), {"code": code}
    log.error("an operation failed in an unforeseen way", exc_info=cause, extra={"requestId": request_id})
    return "Something went wrong on this server.", {"code": "INTERNAL_SERVER_ERROR"}


def _of_ours(cause: DirectoryUnavailable | InProgress | Refused | Forbidden) -> tuple[str, dict[str, Any]]:
    if isinstance(cause, Refused):
        return cause.message, {"code": cause.code, **cause.details}
    if isinstance(cause, Forbidden):
        return cause.message, {"code": "FORBIDDEN", **cause.details}
    if isinstance(cause, InProgress):
        return str(cause), {"code": "IN_PROGRESS", "retryable": True, "retryAfter": cause.retry_after}
    return "The directory of customers is not available.", {"code": "DIRECTORY_UNAVAILABLE", "retryable": True}


def _details(problem: UpstreamProblem | ProviderError) -> dict[str, Any]:
    return {
        "code": str(problem.code),
        "provider": problem.provider.name,
        "operation": problem.operation,
        "retryable": problem.retryable,
        "retryAfter": problem.retry_after,
        "vendorCode": problem.vendor_code,
    }
