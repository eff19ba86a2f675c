"""Programs on cores of their own, and what the kernel says they used."""

import os
import signal
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PATIENCE = 10.0


class Program:
    """A running program with all its children."""

    def __init__(self, process: "subprocess.Popen[bytes]", output: Path) -> None:
        self._process, self._output = process, output

    @property
    def has_ended(self) -> bool:
        """Whether it stopped by itself."""
        return self._process.poll() is not None

    @property
    def output(self) -> str:
        """What it has written so far."""
        return self._output.read_text(encoding="utf-8", errors="replace")

    @property
    def pid(self) -> int:
        """The number of the process that was started."""
        return self._process.pid

    def cpu_ms(self) -> float:
        """CPU time of it and its children, in user mode and in the kernel, so far."""
        return sum(_cpu_ticks(pid) for pid in _family(self.pid)) * 1000 / TICKS

    def rss_mb(self) -> float:
        """Memory that it and its children hold now."""
        return sum(_rss_kb(pid) for pid in _family(self.pid)) / 1024

    def wait(self, seconds: float) -> None:
        """Until it has ended. Raises `subprocess.TimeoutExpired`."""
        self._process.wait(seconds)

    def nap(self, seconds: float) -> None:
        """Give it time. Raises `RuntimeError` when it has ended."""
        if self.has_ended:
            raise RuntimeError(self.output)
        time.sleep(seconds)

    def stop(self) -> None:
        """End it and its children."""
        for sign in (signal.SIGTERM, signal.SIGKILL):
            if not self.has_ended:
                os.killpg(self.pid, sign)
            try:
                self._process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                continue
            return


@contextmanager
def running(
    command: Sequence[str | Path],
    *,
    output: Path,
    core: int | None,
    folder: Path,
    variables: Mapping[str, str] | None = None,
) -> Iterator[Program]:
    """A program for as long as the block. It is given few variables of this process, and `variables`."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    with output.open("wb") as file, _on(core):
        process = subprocess.Popen(
            list(map(str, command)),
            cwd=folder,
            env={**kept, **(variables or {})},
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    program = Program(process, output)
    try:
        yield program
    finally:
        program.stop()


@contextmanager
def _on(core: int | None) -> Iterator[None]:
    """What is started inside the block keeps to this core, with all the threads that it will have."""
    if core is None:
        yield
        return
    usual = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, usual)


def cores() -> tuple[int | None, int | None]:
    """The core of the gateway, and that of everything else."""
    available = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    return (available[0], available[1]) if len(available) > 1 else (None, None)


def _family(pid: int) -> Iterable[int]:
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            fields = _stat(int(entry.name))
            if fields:
                children.setdefault(int(fields[1]), []).append(int(entry.name))
    found = [pid]
    for each in found:
        found += children.get(each, [])
    return found


def _stat(pid: int) -> Sequence[str]:
    """The fields of `/proc/<pid>/stat` after the name, which may hold anything; none when the process has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ()


def _cpu_ticks(pid: int) -> int:
    """Its own time, and that of children that have ended."""
    fields = _stat(pid)
    return sum(map(int, fields[11:15])) if fields else 0


def _rss_kb(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS:")), 0)
