"""One worker, as its parent sees it."""

import asyncio
import signal
import socket
import sys
import time
from asyncio.subprocess import Process
from collections.abc import Sequence

from serving.workers import channel as channels


class Hand:
    """A process with the parent's end of its channel. Made by `started`."""

    def __init__(self, process: Process, channel: socket.socket) -> None:
        self._process, self._channel = process, channel
        self._began = time.monotonic()
        self._handed = 0
        self._heard = b""
        self.connections = 0
        """That it has or is about to have."""
        self.settled, self.left = asyncio.Event(), asyncio.Event()
        """Whether its start has ended, well or not, and whether it takes no more connections."""
        asyncio.get_running_loop().add_reader(channel, self._hear)

    @classmethod
    async def started(cls, command: Sequence[str]) -> "Hand":
        """A new process, in a group of its own: Ctrl-C reaches it through its parent only. Raises `OSError`."""
        own, theirs = socket.socketpair()
        own.settimeout(0)
        options = (channels.OPTION, str(theirs.fileno()))
        with theirs:
            try:
                process = await asyncio.create_subprocess_exec(
                    *command, *options, pass_fds=[theirs.fileno()], process_group=0
                )
            except BaseException:
                own.close()
                raise
        return cls(process, own)

    @property
    def pid(self) -> int:
        """The number of its process."""
        return self._process.pid

    @property
    def is_ready(self) -> bool:
        """Whether it takes connections."""
        return self.settled.is_set() and not self.left.is_set()

    @property
    def age(self) -> float:
        """Seconds since its start."""
        return time.monotonic() - self._began

    def take(self, connection: socket.socket) -> bool:
        """Hand a connection over. False when it takes none now, since too many wait for it, or it is gone."""
        try:
            socket.send_fds(self._channel, [channels.PASSED], [connection.fileno()])
        except OSError:
            return False
        self._handed += 1
        self.connections += 1
        return True

    def tell(self, sign: signal.Signals) -> None:
        """Pass a signal on. One that is still starting has nothing to finish, and would tell where Ctrl-C hit it."""
        if self._process.returncode is None:
            self._process.send_signal(sign if self.settled.is_set() else signal.SIGTERM)

    async def ended(self) -> int:
        """Its exit status, once it has one."""
        return await self._process.wait()

    def _hear(self) -> None:
        try:
            heard = self._channel.recv(4096)
        except BlockingIOError:
            return
        except OSError:
            heard = b""
        if not heard:
            self._leave()
            return
        self._heard += heard
        whole = len(self._heard) // channels.SIZE * channels.SIZE
        if whole:
            last = self._heard[whole - channels.SIZE : whole]
            self.connections, self._heard = channels.unpacked(last, self._handed), self._heard[whole:]
            self.settled.set()

    def _leave(self) -> None:
        """It says farewell, or has ended. Closing the channel tells it that nothing more comes."""
        asyncio.get_running_loop().remove_reader(self._channel)
        self._channel.close()
        self.left.set()
        self.settled.set()


def command() -> Sequence[str]:
    """How this process was started."""
    return [sys.executable, *sys.orig_argv[1:]]
