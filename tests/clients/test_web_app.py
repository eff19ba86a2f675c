"""The example app of `examples/web`, as it is built, in headless Chromium before a server of its own."""

import hashlib
import json
import os
import select
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests import process
from tests.clients.test_schema_tools import OPTIONS
from tests.explorer.test_browser import BROWSERS
from tests.tools import lacking

APP = process.ROOT / "examples" / "web"
PATIENCE = 60.0


@pytest.fixture(scope="module")
def app() -> Path:
    """The app, compiled strictly and built."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        lacking("Node.js with npm is not installed")
    locked = hashlib.sha256((APP / "package-lock.json").read_bytes()).hexdigest()[:16]
    stamp = APP / "node_modules" / f"installed-{locked}"
    if not stamp.exists():
        done = npm("ci", "--loglevel=error", *OPTIONS)
        if done.returncode:
            lacking(f"the example's packages cannot be installed: {done.stderr}")
        stamp.touch()
    return APP


def npm(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(["npm", *arguments], cwd=APP, capture_output=True, text=True, timeout=300, check=False)


@pytest.fixture(scope="module")
def chromium() -> str:
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        lacking("Chromium is not installed")
    return found


@contextmanager
def shown(app: Path, server: str) -> Iterator[str]:
    """The address at which the built app is served, beside the graph of a server."""
    command = ["node", "node_modules/vite/bin/vite.js", "preview", "--port", "0", "--strictPort"]
    variables = {**os.environ, "TRIBUTARY_URL": server, "NO_COLOR": "1"}
    with subprocess.Popen(command, cwd=app, env=variables, stdout=subprocess.PIPE, text=True) as preview:
        try:
            yield _address(preview)
        finally:
            preview.kill()


def _address(preview: "subprocess.Popen[str]") -> str:
    give_up = time.monotonic() + PATIENCE
    assert preview.stdout is not None
    while time.monotonic() < give_up and preview.poll() is None:
        ready, _, _ = select.select([preview.stdout], [], [], 1)
        line = preview.stdout.readline() if ready else ""
        if "http://" in line:
            return "http://" + line.split("http://")[1].split()[0]
    raise AssertionError("the app is not served")


def test_it_compiles_strictly_and_shows_money_over_three_vendors(app: Path, chromium: str, tmp_path: Path) -> None:
    built = npm("run", "--silent", "build")
    assert built.returncode == 0, built.stdout + built.stderr
    with process.serving(tmp_path) as server, shown(app, server.url) as url:
        driver = ["node", str(app / "test" / "e2e.mjs"), chromium, url, f"{server.url}/sandbox"]
        done = subprocess.run(driver, capture_output=True, text=True, timeout=180, check=False)
        transfers = httpx.post(
            f"{server.url}/graphql", json={"query": "{ transferInitiations(first: 50) { nodes { reference } } }"}
        ).json()["data"]["transferInitiations"]["nodes"]
    assert done.returncode == 0, done.stderr
    seen: dict[str, Any] = json.loads(done.stdout)

    assert (seen["console"], seen["foreign"]) == ([], [])
    assert seen["name"] == "Ada Lovelace"
    assert "103910.03 USD in 3 accounts" in seen["totals"]
    assert seen["vendors"] == ["finicity", "formance", "pluggy"]
    assert (seen["firstPage"], seen["twoPages"]) == (10, 20)
    assert seen["paidOut"].startswith("The payment is processed")
    assert len([each for each in transfers if each["reference"].startswith("web-")]) == 1
    assert "more decimals" in seen["refused"]
    assert seen["problem"].startswith("pluggy is missing here")
    assert seen["vendorsLeft"] == ["finicity", "formance"]
