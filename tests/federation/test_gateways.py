"""Real composers and gateways: the graph beside another team's subgraph."""

import hashlib
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests import process
from tests.clients.test_schema_tools import OPTIONS
from tests.tools import lacking

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def node() -> str:
    """Node.js with the gateways installed: once, and again when the lock file changes."""
    found = shutil.which("node")
    if found is None or shutil.which("npm") is None:
        lacking("Node.js with npm is not installed")
    locked = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()[:16]
    stamp = HERE / "node_modules" / f"installed-{locked}"
    if not stamp.exists():
        install = ["npm", "ci", "--loglevel=error", *OPTIONS]
        done = subprocess.run(install, cwd=HERE, capture_output=True, text=True, timeout=300, check=False)
        if done.returncode:
            lacking(f"the gateways cannot be installed: {done.stderr}")
        stamp.touch()
    return found


def told(*command: str) -> Any:
    done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def composed(node: str, url: str, folder: Path) -> Any:
    asked = httpx.post(f"{url}/graphql", json={"query": "{ _service { sdl } }"}).json()
    subgraph = folder / "tributary.graphql"
    subgraph.write_text(asked["data"]["_service"]["sdl"], encoding="utf-8")
    return told(node, "compose.mjs", str(subgraph))


@pytest.mark.parametrize("scopes", ["off", "on"])
def test_both_composers_accept_the_subgraph(node: str, scopes: str, tmp_path: Path) -> None:
    with process.serving(tmp_path, FEDERATION_SCOPES=scopes) as server:
        found = composed(node, server.url, tmp_path)

    assert {name: each["errors"] for name, each in found.items()} == {"apollo": [], "guild": []}
    assert all(("requiresScopes" in each["supergraph"]) is (scopes == "on") for each in found.values())


def test_both_gateways_give_the_same_data_by_batched_calls(node: str, tmp_path: Path) -> None:
    """Ten customers and ten accounts, which another subgraph names: two calls of the list of payment accounts."""
    with process.serving(tmp_path) as server:
        supergraph = tmp_path / "supergraph.graphql"
        supergraph.write_text(composed(node, server.url, tmp_path)["apollo"]["supergraph"], encoding="utf-8")
        seen = told(node, "ask.mjs", f"{server.url}/graphql", str(supergraph))

    data = seen["apollo"]["answer"]["data"]
    assert seen["hive"]["answer"] == {"data": data}
    assert "errors" not in seen["apollo"]["answer"]
    assert len(data["notes"]) == 10
    assert [note["about"]["segment"] for note in data["notes"]] == ["private"] * 10
    assert all(note["about"]["name"] and note["account"]["name"] for note in data["notes"])
    for gateway in seen.values():
        lists = [call for call in gateway["calls"] if call == "formance GET /api/payments/accounts"]
        assert len(lists) == 2
