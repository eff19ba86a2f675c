"""The explorer in headless Chromium, before a server of its own: what a person sees who opens the page."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests import process
from tests.tools import lacking, unpack

ROOT = process.ROOT
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CDN_PAGE = ROOT / "serving" / "cdn.html"
FILES = re.compile(r'"(https://cdn\.jsdelivr\.net/npm/[^"]+)"')
BORROWED = re.compile(r'"https://cdn\.jsdelivr\.net/npm/([^"/]+)/')
LOADS = re.compile(
    r"""(?:\b(?:src|href)=|\b(?:import|from|fetch|importScripts|open|Worker|URL)\s*\(?|url\(|@import)\s*["'`]?(?:https?:)?//[\w.-]+""",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def chromium() -> str:
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        lacking("Chromium is not installed")
    return found


@pytest.fixture(scope="module")
def built() -> Path:
    """The explorer and the driver of the browser, as the checkout's sources make them."""
    if shutil.which("npm") is None or shutil.which("make") is None:
        lacking("Node.js with npm, or make, is not installed")
    made = subprocess.run(["make", "explorer"], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    if made.returncode:
        lacking(f"the explorer cannot be built: {made.stdout}{made.stderr}")
    return ROOT / "explorer" / "dist"


def without_the_build(folder: Path) -> Path:
    """A copy of what the server runs, as after a clone."""
    for package in ("executor", "providers", "resolvers", "schema", "serving"):
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "server.py", folder)
    return folder


@pytest.fixture(scope="module")
def cdn(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the CDN has of the packages that the page names: what npm has of them."""
    folder = tmp_path_factory.mktemp("cdn")
    for package in sorted(set(BORROWED.findall(CDN_PAGE.read_text(encoding="utf-8")))):
        place = folder / "npm" / package
        place.mkdir(parents=True)
        command = ["npm", "pack", package, "--silent", f"--pack-destination={folder}"]
        packed = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
        if packed.returncode:
            lacking(f"{package} cannot be had: {packed.stderr}")
        unpack(folder / packed.stdout.split()[-1], folder)
        place.rmdir()
        (folder / "package").rename(place)
    return folder


def driven(chromium: str, url: str, *, cdn: Path | None = None) -> dict[str, Any]:
    """What came of running the page's query by its button and, on a second visit, from the keyboard.

    Other hosts cannot be reached, but for a CDN that has what is in a folder.
    """
    driver = ["node", str(ROOT / "explorer" / "test" / "drive.mjs"), chromium, url]
    variables = {**os.environ, **({"CDN": str(cdn)} if cdn else {})}
    done = subprocess.run(driver, capture_output=True, text=True, timeout=180, check=False, env=variables)
    assert done.returncode == 0, done.stderr
    seen: dict[str, Any] = json.loads(done.stdout)
    return seen


def readme_answer() -> Any:
    found = re.search(
        r"^```json\n(.*?)^```$", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    assert found is not None
    return json.loads(found[1])["data"]


def answered(seen: dict[str, Any]) -> bool:
    """The README's answer was drawn twice, each time with its vendor calls."""
    calls = [answer["extensions"]["upstream"]["calls"] for answer in seen["answers"]]
    return [answer["data"] for answer in seen["answers"]] == [readme_answer()] * 2 and all(calls)


@pytest.mark.parametrize("is_built", [True, False], ids=["built", "local"])
def test_a_person_runs_the_readme_query(is_built: bool, built: Path, chromium: str, tmp_path: Path) -> None:  # noqa: FBT001
    """Both pages draw the answer and the vendor calls, complain of nothing, and ask no other host for anything."""
    root = ROOT if is_built else without_the_build(tmp_path / "clone")
    with process.serving(tmp_path, root=root, EXPLORER="on" if is_built else "local") as server:
        seen = driven(chromium, f"{server.url}/graphql")

    assert (seen["foreign"], seen["failed"], seen["console"]) == ([], [], [])
    assert answered(seen)
    assert seen["subscribed"] == ("seen-in-the-explorer" if is_built else None)


def test_a_page_that_was_not_built_takes_graphiql_from_a_cdn(chromium: str, cdn: Path, tmp_path: Path) -> None:
    """The files are those that its hashes name, it says so, and nothing else is asked for elsewhere."""
    with process.serving(tmp_path, root=without_the_build(tmp_path / "clone")) as server:
        seen = driven(chromium, f"{server.url}/graphql", cdn=cdn)

    assert (seen["failed"], seen["console"]) == ([], [])
    assert {*seen["foreign"]} == {*FILES.findall(CDN_PAGE.read_text(encoding="utf-8"))}
    assert len(seen["foreign"]) == 2 * 4
    assert seen["told"].startswith("GraphiQL comes from cdn.jsdelivr.net")
    assert answered(seen)
    assert seen["subscribed"] == "seen-in-the-explorer"


@pytest.mark.parametrize("is_there", [True, False], ids=["changed", "unreachable"])
def test_a_form_stays_where_the_cdn_has_not_what_it_should(
    is_there: bool,  # noqa: FBT001
    chromium: str,
    cdn: Path,
    tmp_path: Path,
) -> None:
    """A file that is not what its hash says is not run."""
    changed = shutil.copytree(cdn, tmp_path / "cdn")
    for script in changed.glob("npm/graphiql@*/graphiql.min.js"):
        script.write_text(f"{script.read_text(encoding='utf-8')}\nalert('mine')", encoding="utf-8")
    with process.serving(tmp_path, root=without_the_build(tmp_path / "clone")) as server:
        seen = driven(chromium, f"{server.url}/graphql", cdn=changed if is_there else None)

    assert seen["console"] != []
    assert all("integrity" in line or "ERR_INTERNET_DISCONNECTED" in line for line in seen["console"])
    assert (seen["told"], seen["subscribed"]) == (None, None)
    assert answered(seen)


def test_the_panel_shows_the_calls_that_the_vendors_received(built: Path, chromium: str, tmp_path: Path) -> None:
    """As many as in the sandboxes' log, wave by wave, and what the query might take before it runs."""
    with process.serving(tmp_path) as server:
        seen = driven(chromium, f"{server.url}/graphql")

    told = [answer["extensions"]["upstream"]["calls"] for answer in seen["answers"]]
    assert len(seen["received"]) == sum(map(len, told))
    assert [row.split("\n")[0] for row in seen["panel"]] == [
        f"{call['provider'].lower()} {call['operation']}" for call in sorted(told[0], key=lambda call: call["wave"])
    ]
    assert re.search(r"At most \d+ of 1000 calls in 3 waves", seen["plan"])


def test_the_panel_survives_an_outage(built: Path, chromium: str, tmp_path: Path) -> None:
    """A vendor that fails is shown as failing, and the rest as before."""
    with process.serving(tmp_path) as server:
        fault = {"vendor": "pluggy", "path": "/payments/*", "status": 503, "body": "{}", "times": 1000}
        httpx.post(f"{server.url}/sandbox/_faults", json=fault).raise_for_status()
        seen = driven(chromium, f"{server.url}/graphql")

    failing = [row for row in seen["panel"] if row.startswith("pluggy smart_accounts_list")]
    assert (seen["foreign"], seen["failed"], seen["console"]) == ([], [], [])
    assert len(failing) == 1
    assert "503" in failing[0]
    assert "tried" in failing[0]
    assert any(row.startswith("finicity GetCustomerAccounts\n200") for row in seen["panel"])


def test_no_built_file_loads_anything_from_elsewhere(built: Path) -> None:
    """No script, style, font, worker or picture is named by another host's address."""
    files = [path for path in built.rglob("*") if path.suffix in {".html", ".js", ".css"}]
    found = {f"{path.name}: {hit[0]}" for path in files for hit in LOADS.finditer(path.read_text(encoding="utf-8"))}

    assert len(files) > 10
    assert found == set()
