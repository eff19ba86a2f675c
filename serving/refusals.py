"""Answers to requests that are no operations: in GraphQL's words, whatever the path and the method."""

from typing import Any

import orjson
from cross_web import HTTPException
from starlette.exceptions import HTTPException as RoutingException
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from strawberry.schema.exceptions import InvalidOperationTypeError

from resolvers.screening import Refused
from serving.negotiation import GRAPHQL_JSON, JSON, answered_as

CODES = {
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    406: "NOT_ACCEPTABLE",
    415: "UNSUPPORTED_MEDIA_TYPE",
}
UNCACHED = {"cache-control": "no-store", "vary": "accept"}
"""An answer is for one caller at one time, and its form for who asked."""


def refused(request: HTTPConnection, refusal: Refused) -> Response:
    """The answer to a request that is not carried out, which is counted."""
    request.app.state.meters.refusal(refusal.code)
    extensions = {"code": refusal.code, **refusal.details, "requestId": request.state.request_id}
    body = {"errors": [{"message": refusal.message, "extensions": extensions}]}
    media = answered_as(request.headers) or JSON
    return Response(
        orjson.dumps(body),
        status_code=max(refusal.status, 400) if media == GRAPHQL_JSON else refusal.status,
        headers={**UNCACHED, **refusal.headers},
        media_type=media,
    )


def refusal_of(error: HTTPException) -> Refused:
    """What the view refuses. A mutation in a URL could be carried out: by the other method."""
    if isinstance(error.__cause__, InvalidOperationTypeError):
        return _refusal(405, error.reason, allow="POST")
    return _refusal(error.status_code, error.reason, **({"allow": "GET, POST"} if error.status_code == 405 else {}))


async def unrouted(request: Request, error: Exception) -> Response:
    """The answer to a request for what is not here, or not by this method."""
    assert isinstance(error, RoutingException)  # noqa: S101 - told to mypy
    return refused(request, _refusal(error.status_code, f"{error.detail}.", **dict(error.headers or {})))


async def failed(request: Request, error: Exception) -> Response:  # noqa: ARG001
    """The answer when this server has a fault. Uvicorn logs the error."""
    message = "Something went wrong on this server."
    return refused(request, Refused("INTERNAL_SERVER_ERROR", message, status=500))


def _refusal(status: int, message: str, **headers: Any) -> Refused:  # noqa: ANN401
    refusal = Refused(CODES.get(status, "BAD_REQUEST"), message, status=status)
    refusal.headers = headers
    return refusal
