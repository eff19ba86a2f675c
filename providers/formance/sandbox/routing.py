"""Routes and answers as the stack's router makes them: one method each, no HEAD unasked, JSON with exact integers."""

from collections.abc import Awaitable, Callable

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

Endpoint = Callable[[Request], Awaitable[Response]]


def route(method: str, path: str, endpoint: Endpoint) -> Route:
    """A route that takes this method only."""
    made = Route(path, endpoint, methods=[method])
    made.methods = {method}  # Starlette adds HEAD to GET, the stack's router answers HEAD with 405
    return made


def answer(body: object, status: int = 200) -> Response:
    """A JSON response. Integers of any size are written digit for digit."""
    return Response(msgspec.json.encode(body), status_code=status, media_type="application/json")
