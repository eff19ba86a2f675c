"""The parent: keeps the port and so many workers, and serves nothing itself."""

import asyncio
import logging
import signal
import socket
from collections.abc import Sequence
from contextlib import suppress

from uvicorn.config import STARTUP_FAILURE

from serving.metrics import forget
from serving.workers.hand import Hand, command

log = logging.getLogger("tributary")

BACKLOG = 2048
FULL = 0.02
"""Seconds from one attempt to hand a connection over to the next, while no worker takes any."""
YOUNG = 10.0
"""Seconds for which a worker has to live, or its successor waits."""
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
"""Seconds; the first one that dies young is replaced at once."""


def lead(host: str, port: int, count: int) -> int:
    """Serve until told to stop, with so many workers. The status is that of a server without any."""
    try:
        listening = listeners(host, port)
    except OSError as error:
        log.error("cannot start: the address cannot be listened on", extra={"reason": str(error)})  # noqa: TRY400
        return STARTUP_FAILURE
    return asyncio.run(Parent(command(), listening, count).run())


def listeners(host: str, port: int) -> list[socket.socket]:
    """A socket for each address that a name stands for. Raises `OSError`."""
    found: list[socket.socket] = []
    try:
        for family, _, _, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            found.append(socket.create_server(address, family=family, backlog=BACKLOG))
            found[-1].settimeout(0)
    except BaseException:
        for each in found:
            each.close()
        raise
    return found


class Parent:
    """Starts workers with a command, and hands them what comes in."""

    def __init__(self, command: Sequence[str], listening: Sequence[socket.socket], count: int) -> None:
        self._command, self._listening, self._count = command, listening, count
        self._hands: set[Hand] = set()
        self._stopping = asyncio.Event()

    async def run(self) -> int:
        """Until all workers have ended, as they were told to, or the first one could not start."""
        for sign in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(sign, self._tell, sign)
        # What keeps one from starting keeps all: it is tried, and told, once.
        first = await self._start()
        if not first.is_ready:
            status = await first.ended()
            return 0 if self._stopping.is_set() else max(status, 0) or STARTUP_FAILURE
        hands = [first, *await asyncio.gather(*(self._start() for _ in range(self._count - 1)))]
        async with asyncio.TaskGroup() as group:
            accepting = [group.create_task(self._accept(each)) for each in self._listening]
            keeping = [group.create_task(self._keep(hand)) for hand in hands]
            self._announce()
            await self._stopping.wait()
            await asyncio.gather(*(hand.left.wait() for hand in self._hands))
            for task in accepting:
                task.cancel()
            for each in self._listening:
                each.close()
            await asyncio.gather(*keeping)
        return 0

    def _tell(self, sign: signal.Signals) -> None:
        self._stopping.set()
        for hand in self._hands:
            hand.tell(sign)

    async def _start(self) -> Hand:
        """One more worker, that is ready, or has failed to become so."""
        hand = await Hand.started(self._command)
        self._hands.add(hand)
        if self._stopping.is_set():
            hand.tell(signal.SIGTERM)
        await hand.settled.wait()
        return hand

    async def _keep(self, hand: Hand) -> None:
        """Replace a worker, and those that follow it, until told to stop."""
        pause = 0.0
        successor: Hand | None = hand
        while successor is not None:
            status, hand = await successor.ended(), successor
            self._hands.discard(hand)
            forget(hand.pid)
            if self._stopping.is_set():
                return
            pause = pause if hand.age < YOUNG else 0.0
            log.error("a worker has ended", extra={"worker": hand.pid, "status": status, "replaced_in": pause})
            successor = await self._successor(pause)
            pause = _longer(pause)

    async def _successor(self, pause: float) -> Hand | None:
        """Another worker after so many seconds; None when told to stop before that."""
        while not await self._is_told_within(pause):
            try:
                return await self._start()
            except OSError as error:
                log.error("a worker cannot be started", extra={"reason": error.strerror})  # noqa: TRY400 - not ours
                pause = _longer(pause)
        return None

    async def _is_told_within(self, seconds: float) -> bool:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        return self._stopping.is_set()

    async def _accept(self, listening: socket.socket) -> None:
        while True:
            try:
                connection, _ = await asyncio.get_running_loop().sock_accept(listening)
            except OSError:  # the client has left, or there are too many open files
                await asyncio.sleep(FULL)
                continue
            with connection:
                await self._hand_over(connection)

    async def _hand_over(self, connection: socket.socket) -> None:
        while True:
            ready = (hand for hand in self._hands if hand.is_ready)
            if any(hand.take(connection) for hand in sorted(ready, key=lambda hand: hand.connections)):
                return
            await asyncio.sleep(FULL)

    def _announce(self) -> None:
        """In Uvicorn's words, as without workers: they are what the start is known by."""
        for each in self._listening:
            host, port = each.getsockname()[:2]
            where = f"[{host}]" if ":" in host else host
            message = "Uvicorn running on http://%s:%d (Press CTRL+C to quit)"
            logging.getLogger("uvicorn.error").info(message, where, port, extra={"workers": self._count})


def _longer(pause: float) -> float:
    return min(max(2 * pause, FIRST_PAUSE), LONGEST_PAUSE)
