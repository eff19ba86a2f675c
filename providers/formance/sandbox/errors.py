"""How the stack says no: payments' JSON error shape, and the router's plain answers for routes that do not exist."""

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ExceptionHandler

from providers.formance.sandbox.records import Generation

_GERUNDS = {
    "get": "getting",
    "read": "reading",
    "create": "creating",
    "update": "updating",
    "install": "installing",
    "add": "adding",
}
_INTERNAL = "Internal error. Consult logs/traces to have more details."


class RefusedError(Exception):
    """A call that is answered with `status` and `{"errorCode": code, "errorMessage": message}`."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


def invalid(message: str) -> RefusedError:
    """A parameter or filter that the server does not take."""
    return RefusedError(400, "VALIDATION", message)


def invalid_id(message: str) -> RefusedError:
    """An id that cannot be decoded; one that decodes but names nothing is `not_found`."""
    return RefusedError(400, "INVALID_ID", message)


def not_found(generation: Generation, noun: str, *, verb: str = "get") -> RefusedError:
    """An object that does not exist, in the generation's words: "getting X", "cannot get X"."""
    return RefusedError(404, "NOT_FOUND", f"{_attempt(generation, noun, verb)}: not found")


def conflict(generation: Generation, noun: str, *, verb: str = "create") -> RefusedError:
    """A name or reference that is taken. Payments answers it with 400."""
    cause = "duplicate key value" if generation == "v2" else "object already exists"
    return RefusedError(400, "CONFLICT", f"{_attempt(generation, noun, verb)}: {cause}")


def bad_body(message: str) -> RefusedError:
    """A body that is missing, that is no JSON, or that has a value of another type."""
    return RefusedError(400, "MISSING_OR_INVALID_BODY", message)


def incapable(what: str) -> RefusedError:
    """Something that v3's connector cannot do."""
    return RefusedError(400, "CONNECTOR_CAPABILITY_NOT_SUPPORTED", f"connector does not support {what}")


def _attempt(generation: Generation, noun: str, verb: str) -> str:
    return f"{_GERUNDS[verb]} {noun}" if generation == "v2" else f"cannot {verb} {noun}"


def internal(generation: Generation, cause: str) -> RefusedError:
    """A database error: v2 tells the cause, v3 hides it."""
    return RefusedError(500, "INTERNAL", cause if generation == "v2" else _INTERNAL)


async def _refuse(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RefusedError)  # noqa: S101 - registered for this class alone
    body = {"errorCode": error.code, "errorMessage": error.message}
    return Response(msgspec.json.encode(body), status_code=error.status, media_type="application/json")


async def _no_route(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class alone
    if error.status_code == 404:
        return PlainTextResponse("404 page not found\n", status_code=404)
    return Response(status_code=error.status_code, headers=error.headers)


HANDLERS: dict[object, ExceptionHandler] = {RefusedError: _refuse, HTTPException: _no_route}
