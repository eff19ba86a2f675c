"""Middleware between the transport and the app: what is too large, too much or for somebody else ends here."""

import copy
from collections.abc import Callable

from starlette.types import ASGIApp, Receive, Scope, Send

from serving.guard.body import Bodies
from serving.guard.hosts import Hosts
from serving.guard.limits import Limits
from serving.guard.presence import Presence
from serving.guard.refusal import Refusal, overloaded
from serving.guard.turns import Turns

OPERATIONS = "/graphql"
PLACE = "tributary.place"
"""Where in a scope there is what gives up an operation's place among those at work, before it ends."""
PROBES = frozenset({"/livez", "/readyz", "/metrics"})
"""Whoever asks these may know no name of the server, only its address: these tell nothing of a customer."""


class Guard:
    """`seconds` are what one operation may take until its answer begins.

    `turns` are those of large bodies, on which the app may charge its work. `count` is told the code of each refusal.
    """

    def __init__(
        self, app: ASGIApp, *, limits: Limits, seconds: float, turns: Turns, count: Callable[[str], None]
    ) -> None:
        self._app = app
        self._bodies = Bodies(limits.request_bytes, turns)
        self._hosts = Hosts(limits.hosts)
        self._seconds, self._count = seconds, count
        self._room = _Room(limits.operations)

    def around(self, app: ASGIApp) -> "Guard":
        """The same guard before another app: both count together."""
        other = copy.copy(self)
        other._app = app
        return other

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, or one WebSocket, which is let through when it is for this server."""
        if scope["type"] == "http":
            try:
                await self._answer(scope, receive, send)
            except Refusal as refusal:
                self._count(refusal.code)
                await refusal.send(scope, send)
        elif scope["type"] == "websocket" and not self._hosts.knows(scope):
            await send({"type": "websocket.close", "code": 1008})
        else:
            await self._app(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] not in PROBES and not self._hosts.knows(scope):
            raise Refusal(421, "MISDIRECTED_REQUEST", "This server does not answer for that host.")
        if not _is_operation(scope):
            await self._app(scope, receive, send)
            return
        body = await self._bodies.read(scope, receive)
        if body is not None:
            await self._operate(scope, body, receive, send)

    async def _operate(self, scope: Scope, body: bytes, receive: Receive, send: Send) -> None:
        room = self._room
        if room.taken >= room.most:
            raise overloaded()
        scope[PLACE] = leave = room.taken_by_one()
        try:
            await Presence(body, receive, send).run(self._app, scope, self._seconds)
        finally:
            leave()


class _Room:
    """For operations at once."""

    __slots__ = ("most", "taken")

    def __init__(self, most: int) -> None:
        self.most, self.taken = most, 0

    def taken_by_one(self) -> Callable[[], None]:
        """Take a place. Gives what leaves it, however often it is called."""
        self.taken += 1
        places = [self]

        def leave() -> None:
            if places:
                places.pop().taken -= 1

        return leave


def _is_operation(scope: Scope) -> bool:
    """Not so is a browser that asks for the page. Nothing else that is served reads a body, but the sandboxes."""
    return scope["path"] == OPERATIONS and (scope["method"] != "GET" or bool(scope["query_string"]))
