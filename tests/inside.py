"""Tributary behind real sockets in a thread of this process: it starts at once, and what of it runs is counted.

Its log is this process's. What is about the process itself, its memory, its signals or its end, needs `tests.process`.
"""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import uvicorn
from starlette.applications import Starlette

import server
from providers.config import Environment
from serving import app
from serving.draining import Drain, Server
from serving.settings import Settings
from tests.process import PATIENCE

T = TypeVar("T")


class Inside:
    """A server that has said which port it listens on."""

    def __init__(self, port: int, app: Starlette, loop: asyncio.AbstractEventLoop) -> None:
        self.port, self.app, self._loop = port, app, loop
        self.url = f"http://127.0.0.1:{port}"

    async def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Have the server's own event loop do something."""
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._loop))


class _Server(Server):
    """Says when it has started, and whether it has. It ends without waiting for any client."""

    loop: asyncio.AbstractEventLoop

    def __init__(self, config: uvicorn.Config, drain: Drain) -> None:
        super().__init__(config, drain=drain, seconds=0)
        self.settled = threading.Event()

    def run(self, sockets: None = None) -> None:
        try:
            super().run(sockets)
        finally:
            self.settled.set()

    async def main_loop(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.settled.set()
        await super().main_loop()
        for connection in list(self.server_state.connections):
            connection.transport.abort()


@contextmanager
def inside(folder: Path, **variables: str) -> Iterator[Inside]:
    """A server with these variables on a free port, with its directory in `folder`. It does not outlive the block."""
    environment = Environment({"DATABASE_URL": f"sqlite:///{folder}/directory.sqlite3", "PORT": "0", **variables})
    settings = Settings.read(environment)
    application = app.create(environment, settings)
    running = _Server(server.configured(application, settings), application.state.drain)
    thread = threading.Thread(target=running.run, name="server")
    thread.start()
    try:
        assert running.settled.wait(PATIENCE)
        assert running.started, "the server does not start"
        yield Inside(running.servers[0].sockets[0].getsockname()[1], application, running.loop)
    finally:
        running.should_exit = True
        thread.join(PATIENCE)
    assert not thread.is_alive(), "the server does not end"
