"""Tributary as its operators run it: `python server.py` in a process of its own, watched from outside."""

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PATIENCE = 60.0
"""Seconds that a start or a stop may take on a slow machine."""


class Process:
    """A server that has said which port it listens on."""

    def __init__(self, process: "subprocess.Popen[str]", output: Path, variables: Mapping[str, str]) -> None:
        self.process = process
        self.variables = variables
        self._output = output
        self.port = self._announced_port()
        self.url = f"http://127.0.0.1:{self.port}"

    @property
    def lines(self) -> list[dict[str, Any]]:
        """What it has logged so far; every line must be JSON."""
        return [json.loads(line) for line in self.text.splitlines()]

    @property
    def text(self) -> str:
        """Standard output and standard error, as they were written."""
        return self._output.read_text(encoding="utf-8")

    def tell_to_stop(self) -> None:
        """As a container's engine does."""
        self.process.send_signal(signal.SIGTERM)

    def wait(self) -> int:
        """The exit status."""
        return self.process.wait(timeout=PATIENCE)

    def _announced_port(self) -> int:
        give_up = time.monotonic() + PATIENCE
        while time.monotonic() < give_up and self.process.poll() is None:
            for line in self.text.splitlines():
                if "Uvicorn running on" in line:
                    return int(json.loads(line)["message"].split(":")[2].split()[0])
            select.select([], [], [], 0.02)
        raise AssertionError(f"the server does not start: {self.text}")


def environment(folder: Path, **variables: str) -> dict[str, str]:
    """The variables of a child: of this process's own only those that a program needs to run at all."""
    own = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "SYSTEMROOT") if name in os.environ}
    return {**own, "DATABASE_URL": f"sqlite:///{folder}/directory.sqlite3", "PORT": "0", **variables}


@contextmanager
def serving(folder: Path, *, root: Path = ROOT, **variables: str) -> Iterator[Process]:
    """A server with these variables on a free port, with its directory in `folder`. It does not outlive the block.

    `root` is the checkout, or a copy of what runs in it.
    """
    output = folder / "output"
    with output.open("w") as file:
        process = subprocess.Popen(
            [sys.executable, "server.py"],
            cwd=root,
            env=environment(folder, **variables),
            stdout=file,
            stderr=subprocess.STDOUT,
            text=True,
        )
    try:
        yield Process(process, output, variables)
    finally:
        process.kill()
        process.wait()
