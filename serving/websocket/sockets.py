"""All sockets of this server: who may open one, and how many there are."""

from collections import Counter

from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from resolvers.caller import Caller
from resolvers.screening import Refused
from serving.auth import Callers
from serving.origins import Origins
from serving.refusals import refused
from serving.websocket import closing
from serving.websocket.execution import Execution
from serving.websocket.limits import SocketLimits
from serving.websocket.socket import PROTOCOL, Socket


class Sockets:
    """The app behind a WebSocket's address."""

    def __init__(self, *, limits: SocketLimits, origins: Origins, callers: Callers, execution: Execution) -> None:
        self._limits, self._origins, self._callers, self._execution = limits, origins, callers, execution
        self._waiting: dict[Socket, None] = {}
        """Those whose caller has not said yet who it is, the oldest first."""
        self._admitted: dict[Socket, str] = {}
        self._by_caller: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One socket."""
        websocket = WebSocket(scope, receive, send)
        if not self._origins.admit(websocket.headers):
            await self._refuse(websocket, Refused("FORBIDDEN", "This origin is not allowed.", status=403))
        elif PROTOCOL not in scope["subprotocols"]:
            await websocket.accept()
            await websocket.close(closing.not_acceptable().code, closing.not_acceptable().reason)
        elif not self._has_room():
            await self._refuse(websocket, _overloaded())
        else:
            await self._serve(websocket)

    async def _serve(self, websocket: WebSocket) -> None:
        socket = Socket(
            websocket, limits=self._limits, callers=self._callers, execution=self._execution, admit=self._admit
        )
        self._waiting[socket] = None
        try:
            await socket.serve()
        finally:
            self._forget(socket)

    def _has_room(self) -> bool:
        """When all places are taken, the socket that has waited longest for its caller makes room."""
        if len(self._waiting) + len(self._admitted) < self._limits.sockets:
            return True
        oldest = next(iter(self._waiting), None)
        if oldest is None:
            return False
        del self._waiting[oldest]
        oldest.make_room()
        return True

    def _admit(self, socket: Socket, caller: Caller) -> None:
        name = caller.id or socket.address
        if self._by_caller[name] >= self._limits.per_caller:
            raise closing.too_many_initialisations("Too many sockets")
        self._waiting.pop(socket, None)
        self._admitted[socket] = name
        self._by_caller[name] += 1

    def _forget(self, socket: Socket) -> None:
        self._waiting.pop(socket, None)
        name = self._admitted.pop(socket, None)
        if name is not None:
            self._by_caller[name] -= 1
            if not self._by_caller[name]:
                del self._by_caller[name]

    async def _refuse(self, websocket: WebSocket, refusal: Refused) -> None:
        await websocket.send_denial_response(refused(websocket, refusal))


def _overloaded() -> Refused:
    refusal = Refused("OVERLOADED", "There are too many sockets. Try again soon.", status=503, retryable=True)
    refusal.headers = {"retry-after": "5"}
    return refusal
