"""From an operation's result to its answer, however it came."""

import logging
import time
from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

import msgspec
import orjson
from graphql import GraphQLError
from strawberry.types import ExecutionResult
from strawberry.types.execution import PreExecutionError

from providers.operation import Operation
from resolvers.context import RequestContext
from resolvers.problems import formatted, formatted_partial, limited
from resolvers.screening import Refused
from serving.logs import tell
from serving.negotiation import GRAPHQL_JSON
from serving.trace import upstream

NO_HEADERS: Mapping[str, str] = MappingProxyType({})

log = logging.getLogger("tributary.operation")


class Told(msgspec.Struct, frozen=True):
    """An answer over HTTP, as JSON. `headers` are those that its status asks for."""

    status: int
    media: str
    headers: Mapping[str, str]
    body: bytes


def told(result: ExecutionResult, context: RequestContext, media: str, *, most: int) -> Told:
    """The answer in a media type. Vendors' own JSON is copied into it unread."""
    content, refusal = answer(result, context, most=most), refusal_in(result)
    status, headers = 200, NO_HEADERS
    if refusal is not None:
        status, headers = refusal.status, refusal.headers
    elif media == GRAPHQL_JSON and "data" not in content:
        status = 400
    return Told(status, media, headers, orjson.dumps(content))


def answer(result: ExecutionResult, context: RequestContext, *, most: int) -> dict[str, Any]:
    """Data, typed errors, and the trace when it was asked for. Without `data` when the operation never ran.

    There are `most` errors at most; the last one says how many more there were.
    """
    request_id = context.operation.request_id
    body: dict[str, Any] = {} if _never_ran(result) else {"data": result.data}
    entries: list[Callable[[], dict[str, Any]]] = [
        *(partial(_formatted, error, request_id, is_read=_is_read(result, context)) for error in result.errors or ()),
        *(partial(formatted_partial, missing, request_id) for missing in context.partials),
    ]
    errors = limited(entries, most, request_id)
    if errors:
        body["errors"] = errors
    extensions = dict(result.extensions or {})
    if context.traced:
        extensions["upstream"] = upstream(context.operation)
    extensions |= context.extensions
    if extensions:
        body["extensions"] = extensions
    codes = sorted({error["extensions"]["code"] for error in errors})
    context.meter(context, "ok" if not errors else "partial" if body.get("data") else "failed", codes)
    _log(context.operation, codes)
    return body


def refusal_in(result: ExecutionResult) -> Refused | None:
    """Why the operation was not run, when it was refused."""
    causes = (error.original_error for error in result.errors or ())
    return next((cause for cause in causes if isinstance(cause, Refused)), None)


def _never_ran(result: ExecutionResult) -> bool:
    """True when the document or the variables were wrong: such an answer has no `data`, not even null."""
    if result.data is not None or not result.errors:
        return False
    return isinstance(result, PreExecutionError) or any(error.path is None for error in result.errors)


def _is_read(result: ExecutionResult, context: RequestContext) -> bool:
    """Whether the document was found valid."""
    return context.is_valid or not isinstance(result, PreExecutionError)


def _formatted(error: GraphQLError, request_id: str, *, is_read: bool) -> dict[str, Any]:
    """An entry of `errors`. Of a document that is valid in itself only the variables can be wrong before it runs."""
    entry = formatted(error, request_id)
    if is_read and entry["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED":
        entry["extensions"]["code"] = "BAD_USER_INPUT"
    return entry


def _log(operation: Operation, codes: list[str]) -> None:
    fields = {
        "requestId": operation.request_id,
        "ms": round((time.monotonic() - operation.started) * 1000, 1),
        "calls": len(operation.calls),
        "waves": operation.waves,
        "errors": codes,
    }
    tell(log, "operation", fields)
