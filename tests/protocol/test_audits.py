"""The audits of `graphql-http`, which are the specification of GraphQL over HTTP as a program."""

import hashlib
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests import process
from tests.tools import lacking

HERE = Path(__file__).parent
OPTIONS = ["--fetch-retries=1", "--fetch-retry-mintimeout=500", "--fetch-timeout=30000", "--prefer-offline"]


@pytest.fixture(scope="module")
def auditor() -> list[str]:
    """The command that audits. What it needs is installed once, and again when the lock file changes."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        lacking("Node.js with npm is not installed")
    locked = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()[:16]
    stamp = HERE / "node_modules" / f"installed-{locked}"
    if not stamp.exists():
        install = ["npm", "ci", "--loglevel=error", *OPTIONS]
        done = subprocess.run(install, cwd=HERE, capture_output=True, text=True, timeout=300, check=False)
        if done.returncode:
            lacking(f"graphql-http cannot be installed: {done.stderr}")
        stamp.touch()
    return ["node", str(HERE / "audit.mjs")]


def test_every_audit_passes(auditor: list[str], tmp_path: Path) -> None:
    """What the specification demands, what it recommends, and what it allows."""
    with process.serving(tmp_path) as server:
        command = [*auditor, f"{server.url}/graphql"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 0, done.stderr
    results: list[dict[str, Any]] = json.loads(done.stdout)

    assert [result for result in results if result["status"] != "ok"] == []
    assert len({result["id"] for result in results}) == 61
