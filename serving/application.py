"""Starlette's app, with a way of their own for operations: the router would find nothing else for them."""

from collections.abc import Callable
from typing import Any

from starlette.applications import Starlette
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from serving.guard import OPERATIONS


class Application(Starlette):
    """`operations` answers what is posted to `/graphql`, behind the same middleware."""

    def __init__(self, operations: ASGIApp, *, failed: Callable[..., Any], **options: Any) -> None:  # noqa: ANN401
        super().__init__(**options)
        self._operations = ServerErrorMiddleware(operations, handler=failed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One connection's request, socket or lifespan."""
        if scope["type"] == "http" and scope["path"] == OPERATIONS and scope["method"] == "POST":
            scope["app"] = self
            await self._operations(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)
