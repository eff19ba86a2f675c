"""The page at `/`."""

import tomllib
from pathlib import Path

from serving.version import VERSION
from tests.conftest import Graph, Start
from tests.serving.test_profile import LIVE

ROOT = Path(__file__).parents[2]


async def test_it_says_what_runs_here(graph: Graph) -> None:
    page = await graph.client.get("/")

    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    for vendor in ("Finicity", "Pluggy", "Formance"):
        assert f'<th scope="row">{vendor}</th><td>sandbox</td><td class="up">up</td>' in page.text
    assert "payments v3.4.0" in page.text
    assert f"Version {VERSION}." in page.text


async def test_a_vendor_that_is_down_shows(graph: Graph) -> None:
    await graph.fault("pluggy", "*", status=500, body="{}", times=100)

    assert '<th scope="row">Pluggy</th><td>sandbox</td><td class="down">down</td>' in (await graph.client.get("/")).text


async def test_its_links_lead_somewhere(graph: Graph) -> None:
    html = {"accept": "text/html"}
    for path in ("/graphql", "/livez", "/readyz", "/metrics"):
        assert f'<a href="{path}">' in (await graph.client.get("/")).text
        assert (await graph.client.get(path, headers=html)).status_code == 200


async def test_beside_live_vendors_there_is_none(start: Start) -> None:
    async with start(**LIVE) as graph:
        assert (await graph.client.get("/")).status_code == 404


def test_the_version_is_the_projects() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == VERSION
