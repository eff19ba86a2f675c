"""graphql-core's own tests of the version that is locked, from its source distribution, which is fetched once."""

import re
import subprocess
import sys
from pathlib import Path

from tests.tools import unpack

ROOT = Path(__file__).parents[2]
KEPT = ROOT / ".graphql-core"
"""Not in the repository: one folder for each version."""


class NotFetched(Exception):
    """The source distribution is not there and cannot be fetched; the message says why."""


def unpacked() -> Path:
    """The root of the unpacked source distribution. Raises `NotFetched`."""
    locked = _locked()
    folder = KEPT / locked.split(" ", 1)[0].replace("==", "-")
    if not folder.exists():
        KEPT.mkdir(exist_ok=True)
        archive = _fetched(locked)
        unpack(archive, KEPT)
        next(KEPT.glob("graphql_core-*/")).rename(folder)
        archive.unlink()
    return folder


def _locked() -> str:
    """The lock's entry, with its hashes: pip takes nothing else."""
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    entry = re.search(r"^graphql-core==[^\n]*(?:\n +--hash[^\n]*)+", lock, re.MULTILINE)
    assert entry is not None
    return entry[0].replace("\\\n", " ")


def _fetched(locked: str) -> Path:
    wanted = KEPT / "wanted.txt"
    wanted.write_text(locked + "\n", encoding="utf-8")
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input"]
    options = ["--no-deps", "--no-binary=:all:", "--only-binary=uv-build", "--require-hashes", "--retries=1"]
    done = subprocess.run(
        [*pip, *options, "--dest", str(KEPT), "-r", str(wanted)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    found = list(KEPT.glob("graphql_core-*.tar.gz"))
    if done.returncode or not found:
        raise NotFetched(f"graphql-core's sources cannot be fetched: {done.stderr.strip().splitlines()[-1:]}")
    return found[0]
