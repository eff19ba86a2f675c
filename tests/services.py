"""Real services for tests: one that is given, one that already runs here, or one started for the session."""

import asyncio
import glob
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

USUAL_PLACES = (
    "postgresql+asyncpg://postgres@127.0.0.1:5432/test",
    "postgresql+asyncpg://postgres@/test?host=/var/run/postgresql",
)
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
