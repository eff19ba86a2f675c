"""The operations under way on one socket."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from resolvers.screening import Refused
from serving.websocket.closing import already_exists
from serving.websocket.execution import Asking, Execution

log = logging.getLogger("tributary.websocket")

Send = Callable[[dict[str, Any]], Awaitable[None]]


class Operations:
    """`changed` is called whenever one has begun or ended; `give_up` when the client takes no results."""

    def __init__(
        self,
        execution: Execution,
        *,
        name: str,
        most: int,
        send: Send,
        changed: Callable[[], None],
        give_up: Callable[[], None],
    ) -> None:
        self._execution, self._name, self._most = execution, name, most
        self._send, self._changed, self._give_up = send, changed, give_up
        self._started = 0
        self._by_id: dict[str, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        return len(self._tasks)

    async def start(self, id: str, parameters: Mapping[str, Any], asking: Asking) -> None:
        """Begin one, if there is room. Raises `Closing` when its id is taken."""
        if id in self._by_id:
            raise already_exists()
        self._started += 1
        request_id = f"{self._name}.{self._started}"
        if len(self._tasks) >= self._most:
            message = f"A socket may have {self._most} operations at once."
            await self._refuse(id, "TOO_MANY_OPERATIONS", message, request_id)
            return
        task = asyncio.create_task(self._run(id, parameters, asking, request_id))
        self._by_id[id] = task
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        self._changed()

    async def stop(self, id: str) -> None:
        """End one that nobody wants any more, and see it end, so that its id and its place are free."""
        task = self._by_id.pop(id, None)
        if task is not None:
            task.cancel()
            await asyncio.wait((task,))

    async def aclose(self) -> None:
        """End all of them, and see them end."""
        self._by_id.clear()
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    async def _run(self, id: str, parameters: Mapping[str, Any], asking: Asking, request_id: str) -> None:
        try:
            await self._execution.carry_out(parameters, asking, request_id, _Outlet(id, self._tell, self._give_up))
        except Exception:
            log.exception("an operation could not be answered", extra={"requestId": request_id})
            await self._refuse(id, "INTERNAL_SERVER_ERROR", "Something went wrong on this server.", request_id)
        if self._forget(id):
            await self._send({"id": id, "type": "complete"})

    async def _refuse(self, id: str, code: str, message: str, request_id: str) -> None:
        self._forget(id)
        error = {"message": message, "extensions": {"code": code, "requestId": request_id}}
        await self._send({"id": id, "type": "error", "payload": [error]})

    async def _tell(self, id: str, body: dict[str, Any]) -> None:
        if "data" in body:
            await self._send({"id": id, "type": "next", "payload": body})
        elif self._forget(id):
            await self._send({"id": id, "type": "error", "payload": body["errors"]})

    def _forget(self, id: str) -> bool:
        """Free an id before its last message is sent. False when it is no longer this task's."""
        if self._by_id.get(id) is not asyncio.current_task():
            return False
        del self._by_id[id]
        return True

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        self._changed()


class _Outlet:
    """The way of one operation's results."""

    def __init__(
        self, id: str, tell: Callable[[str, dict[str, Any]], Awaitable[None]], give_up: Callable[[], None]
    ) -> None:
        self._id, self._tell, self._give_up = id, tell, give_up

    async def begin(self) -> None:
        """The protocol has no word for it."""

    async def deliver(self, body: dict[str, Any], *, cursor: str | None, refusal: Refused | None) -> None:  # noqa: ARG002
        """Send a result as it is: it says itself what it is about, and why it was refused."""
        await self._tell(self._id, body)

    async def give_up(self) -> None:
        """End the socket: what others send on it would not be taken either."""
        self._give_up()
