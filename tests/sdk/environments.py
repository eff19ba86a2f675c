"""Virtual environments of the vendors' own SDKs, whose pins are older than this project's and would not fit its own.

Each is made once and kept in `.venv-sdk`, under the checksum of its lock; from then on no network is needed.
"""

import fcntl
import hashlib
import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).parent
KEPT = HERE.parents[1] / ".venv-sdk"
PATIENCE = 300
"""Seconds that an installation may take."""


class NotInstalled(Exception):
    """The SDK is not there and cannot be fetched; the message says why."""


def interpreter(name: str) -> Path:
    """The Python that has what `<name>.lock` names. Raises `NotInstalled`."""
    lock = HERE / f"{name}.lock"
    folder = KEPT / name
    python = folder / "bin" / "python"
    checksum = hashlib.sha256(lock.read_bytes()).hexdigest()[:16]
    stamp = folder / f"installed-{sys.version_info.major}.{sys.version_info.minor}-{checksum}"
    with _one_at_a_time():
        if not stamp.exists():
            venv.create(folder, clear=True, with_pip=True)
            _install(python, lock)
            stamp.touch()
    return python


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Tests that run side by side want the same environments."""
    KEPT.mkdir(exist_ok=True)
    with (KEPT / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _install(python: Path, lock: Path) -> None:
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", "--retries=1"]
    try:
        done = subprocess.run(
            [*pip, "--require-hashes", "-r", str(lock)], capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        raise NotInstalled(f"{lock.name} takes longer than {PATIENCE} s to install") from None
    if done.returncode:
        raise NotInstalled(f"{lock.name} cannot be installed: {done.stderr.strip().splitlines()[-1:]}")
