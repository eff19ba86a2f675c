"""Real services for tests: one that is given, one that already runs here, or one started for the session."""

import asyncio
import glob
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from redis import Redis, RedisError
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

USUAL_PLACES = (
    "postgresql+asyncpg://postgres@127.0.0.1:5432/test",
    "postgresql+asyncpg://postgres@/test?host=/var/run/postgresql",
)
USUAL_REDIS = ("redis://127.0.0.1:6379/0",)
UNPRIVILEGED = ("postgres", "nobody")


class NoService(Exception):
    """There is none and none can be started; the message says why."""


@contextmanager
def postgresql() -> Iterator[str]:
    """The URL of a PostgreSQL where databases may be created.

    `TEST_DATABASE_URL`, or a server on this machine that lets user `postgres` in, or one of our own until the exit.
    """
    given = os.environ.get("TEST_DATABASE_URL")
    running = given or next(filter(_answers, USUAL_PLACES), None)
    if running:
        yield running.replace("postgres://", "postgresql://").replace("postgresql://", "postgresql+asyncpg://")
        return
    with tempfile.TemporaryDirectory(prefix="postgresql-") as folder, _started(Path(folder)) as url:
        yield url


@contextmanager
def redis() -> Iterator[str]:
    """The URL of a Redis or Valkey: `TEST_REDIS_URL`, or one on this machine, or one of our own until the exit."""
    running = os.environ.get("TEST_REDIS_URL") or next(filter(_pongs, USUAL_REDIS), None)
    if running:
        yield running
        return
    with own_redis() as url:
        yield url


@contextmanager
def own_redis(port: int | None = None) -> Iterator[str]:
    """One that may be stopped; it keeps nothing."""
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    if program is None:
        raise NoService("no Redis answers, TEST_REDIS_URL is not set, and redis-server is not installed")
    port = port or _free_port()
    url = f"redis://127.0.0.1:{port}/0"
    with tempfile.TemporaryDirectory(prefix="redis-") as folder:
        options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder]
        process = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            give_up = time.monotonic() + 60
            while not _pongs(url):
                if process.poll() is not None or time.monotonic() > give_up:
                    raise NoService("redis-server does not start")
                time.sleep(0.02)
            yield url
        finally:
            process.kill()
            process.wait()


def _pongs(url: str) -> bool:
    client = Redis.from_url(url, socket_timeout=5, socket_connect_timeout=5)
    try:
        return bool(client.ping())
    except RedisError:
        return False
    finally:
        client.close()


async def execute(url: str, *statements: str) -> None:
    """Run statements on a connection of their own, each by itself."""
    engine = create_async_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    async with engine.connect() as connection:
        for statement in statements:
            await connection.exec_driver_sql(statement)
    await engine.dispose()


def _answers(url: str) -> bool:
    try:
        # A thread of its own, so that this works whether or not an event loop runs here.
        with ThreadPoolExecutor(1) as thread:
            thread.submit(asyncio.run, execute(url, "SELECT 1")).result(timeout=10)
    except (SQLAlchemyError, OSError):
        return False
    return True


@contextmanager
def _started(folder: Path) -> Iterator[str]:
    programs, user, port = _programs(), _user(), _free_port()
    if user:
        shutil.chown(folder, user)
    data = folder / "data"

    def run(program: str, *arguments: str) -> None:
        command = [str(programs / program), "-D", str(data), *arguments]
        # Output goes to a file: the server inherits it, and a pipe would stay open until the server ends.
        with (folder.parent / f"{folder.name}.log").open("ab") as log:
            done = subprocess.run(command, cwd=folder, user=user, stdout=log, stderr=log, timeout=60, check=False)
        if done.returncode:
            raise NoService(f"{program} failed with status {done.returncode}")

    try:
        run("initdb", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-sync")
        run("pg_ctl", "start", "-w", "-o", f"-F -p {port} -k {folder} -c listen_addresses=127.0.0.1")
        try:
            yield f"postgresql+asyncpg://postgres@127.0.0.1:{port}/postgres"
        finally:
            run("pg_ctl", "stop", "-w", "-m", "immediate")
    finally:
        (folder.parent / f"{folder.name}.log").unlink(missing_ok=True)


def _programs() -> Path:
    on_path = shutil.which("initdb")
    found = [on_path] if on_path else sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"))
    if not found:
        raise NoService("no PostgreSQL answers, TEST_DATABASE_URL is not set, and initdb is not installed")
    return Path(found[-1]).parent


def _user() -> str | None:
    """Whom to run the server as: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in UNPRIVILEGED if name in names), None)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
