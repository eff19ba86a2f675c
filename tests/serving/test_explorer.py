"""What a browser gets at `/graphql`: the built explorer, or the plain form, and nothing from any other host."""

import re
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path

import httpx
import pytest

from providers.config import Environment
from serving.app import create
from serving.explorer import Explorer
from serving.settings import Settings
from tests.conftest import Graph, Start

ROOT = Path(__file__).parents[2]
HTML = {"accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}


@asynccontextmanager
async def browsing(built: Path, *, borrows: bool = False) -> AsyncIterator[httpx.AsyncClient]:
    """A browser in front of a server whose explorer was built into this folder, or else may come from elsewhere."""
    environment = Environment({"DATABASE_URL": f"sqlite:///{built.parent}/directory.sqlite3"})
    app = create(environment, Settings.read(environment), explorer=Explorer(built, borrows=borrows))
    transport = httpx.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", headers=HTML) as browser,
    ):
        yield browser


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """A build's shape."""
    folder = tmp_path / "dist"
    (folder / "assets").mkdir(parents=True)
    (folder / "assets" / "index-4f.js").write_text("render()", encoding="utf-8")
    (folder / "index.html").write_text('<script src="/explorer/assets/index-4f.js"></script>', encoding="utf-8")
    return folder


def policy(response: httpx.Response) -> dict[str, list[str]]:
    """The directives of a content security policy."""
    directives = [part.split() for part in response.headers["content-security-policy"].split(";")]
    return {name: sources for name, *sources in directives}


async def test_a_browser_gets_the_explorer_that_was_built(built: Path) -> None:
    async with browsing(built) as browser:
        page = await browser.get("/graphql")

    assert page.text == (built / "index.html").read_text(encoding="utf-8")
    assert policy(page)["script-src"] == ["'self'"]
    assert policy(page)["worker-src"] == ["'self'"]


async def test_a_browser_gets_a_plain_form_when_none_was_built(tmp_path: Path) -> None:
    async with browsing(tmp_path / "none") as browser:
        page = await browser.get("/graphql")
        nothing = await browser.get("/explorer/assets/index.js")

    assert "make explorer" in page.text
    assert nothing.status_code == 404


@pytest.mark.parametrize("is_built", [True, False])
async def test_the_page_talks_to_this_server_alone(is_built: bool, built: Path) -> None:  # noqa: FBT001
    """Its policy admits no other host, no plug-in, no frame around it, and names it to nobody."""
    async with browsing(built if is_built else built.with_name("none")) as browser:
        page = await browser.get("/graphql")

    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["cache-control"] == "no-cache"
    assert page.headers["vary"] == "accept"
    admitted = policy(page)
    assert admitted["default-src"] == admitted["base-uri"] == admitted["frame-ancestors"] == ["'none'"]
    assert admitted["connect-src"] == admitted["form-action"] == ["'self'"]
    assert {source.partition("-")[0] for sources in admitted.values() for source in sources} <= {
        "'none'",
        "'self'",
        "data:",
        "'sha256",
        "'unsafe",
    }
    assert "'unsafe-inline'" not in admitted["script-src"]
    assert "'unsafe-eval'" not in admitted["script-src"]


async def test_the_plain_form_runs_only_its_own_script(tmp_path: Path) -> None:
    """The policy names the script and the style of the page by what is in them."""
    async with browsing(tmp_path / "none") as browser:
        page = await browser.get("/graphql")

    for element in ("script", "style"):
        [content] = re.findall(rf"<{element}>(.*?)</{element}>", page.text, re.DOTALL)
        assert policy(page)[f"{element}-src"] == [f"'sha256-{b64encode(sha256(content.encode()).digest()).decode()}'"]
    assert not re.search(r"<(?:script|style|link|img|iframe)\b[^>]*(?:src|href)=\"(?!data:)|\bon\w+=", page.text)


async def test_a_page_from_elsewhere_runs_and_loads_what_it_names_and_nothing_else(tmp_path: Path) -> None:
    """Each file by its whole address, and by the hash of what it must be; it sends to this server alone."""
    async with browsing(tmp_path / "none", borrows=True) as browser:
        page = await browser.get("/graphql")

    tags = re.findall(r"<(?:script|link)\b[^>]*https:[^>]*>", page.text)
    addresses = [found[1] for tag in tags if (found := re.search(r'"(https:[^"]+)"', tag))]
    inline = re.findall(r"<script>(.*?)</script>", page.text, re.DOTALL)
    hashes = [f"'sha256-{b64encode(sha256(content.encode()).digest()).decode()}'" for content in inline]
    admitted = policy(page)

    assert len(tags) == len(addresses) == 4
    assert all(re.search(r'integrity="sha384-[\w+/]{64}"', tag) and "crossorigin" in tag for tag in tags)
    assert sorted(admitted["script-src"]) == sorted([*hashes, *(each for each in addresses if each.endswith(".js"))])
    assert admitted["style-src"] == ["'unsafe-inline'", *(each for each in addresses if each.endswith(".css"))]
    assert admitted["default-src"] == ["'none'"]
    assert admitted["connect-src"] == admitted["form-action"] == ["'self'"]


async def test_a_built_page_takes_nothing_from_elsewhere(built: Path) -> None:
    async with browsing(built, borrows=True) as browser:
        page = await browser.get("/graphql")

    assert "https:" not in page.text + page.headers["content-security-policy"]


@pytest.mark.parametrize(("setting", "borrows"), [("on", True), ("local", False)])
async def test_a_setting_keeps_the_page_at_home(setting: str, borrows: bool, start: Start) -> None:  # noqa: FBT001
    async with start(EXPLORER=setting) as graph:
        page = await graph.client.get("/graphql", headers=HTML)

    is_built = "/explorer/assets" in page.text
    assert ("cdn.jsdelivr.net" in page.text) is (borrows and not is_built)


async def test_what_the_page_loads_is_kept_for_good(built: Path) -> None:
    """The names carry a hash, so a newer build has newer names."""
    async with browsing(built) as browser:
        script = await browser.get("/explorer/assets/index-4f.js")
        known = await browser.get("/explorer/assets/index-4f.js", headers={"if-none-match": script.headers["etag"]})

    assert script.text == "render()"
    assert "javascript" in script.headers["content-type"]
    assert known.status_code == 304
    for response in (script, known):
        assert response.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert script.headers["content-security-policy"] == "default-src 'none'; script-src 'self'"


async def test_nothing_but_what_was_built_is_given_out(built: Path) -> None:
    (built / "secret").write_text("secret", encoding="utf-8")
    async with browsing(built) as browser:
        for path in (
            "/explorer/assets/../secret",
            "/explorer/assets/%2e%2e/secret",
            "/explorer/assets/",
            "/explorer/secret",
        ):
            assert (await browser.get(path)).status_code == 404


async def test_a_program_gets_no_page(graph: Graph) -> None:
    """A query in the address is answered as data, also for a browser: the plain form works without scripts."""
    answer = await graph.client.get("/graphql", params={"query": "{ __typename }", "variables": "{}"}, headers=HTML)
    assert answer.json() == {"data": {"__typename": "Query"}}
    assert (
        "text/html"
        not in (await graph.client.get("/graphql", headers={"accept": "application/json"})).headers["content-type"]
    )


def test_both_pages_open_with_the_query_that_the_readme_shows() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    plain = (ROOT / "serving" / "explorer.html").read_text(encoding="utf-8")
    built = (ROOT / "explorer" / "src" / "example.graphql").read_text(encoding="utf-8")

    assert f"```graphql\n{built}```" in readme
    assert f">\n{built}</textarea>" in plain
