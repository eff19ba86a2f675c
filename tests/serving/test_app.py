"""What stands beside `/graphql`: the sandboxes while one runs, and nothing of them else."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import make_url

from providers.config import Environment
from providers.errors import DirectoryUnavailable
from providers.finicity.sandbox import CREDENTIALS
from serving.app import create
from serving.settings import Settings
from tests import services
from tests.conftest import Graph, Start, running
from tests.tokens import SETTINGS

LIVE = {"AUTH": "none", "PLUGGY_CLIENT_ID": "a", "PLUGGY_CLIENT_SECRET": "b", "PLUGGY_BASE_URL": "http://127.0.0.1:9"}
AUTHENTICATION = "/sandbox/finicity/aggregation/v2/partners/authentication"


async def authenticate(graph: Graph) -> httpx.Response:
    """A call to a sandbox, as any REST client makes it."""
    return await graph.client.post(
        AUTHENTICATION,
        json={
            "partnerId": CREDENTIALS["FINICITY_PARTNER_ID"],
            "partnerSecret": CREDENTIALS["FINICITY_PARTNER_SECRET"],
        },
        headers={"finicity-app-key": CREDENTIALS["FINICITY_APP_KEY"], "accept": "application/json"},
    )


async def test_a_sandbox_answers_any_rest_client(graph: Graph) -> None:
    response = await authenticate(graph)

    assert response.status_code == 200
    assert response.json()["token"]


@pytest.mark.parametrize(
    "path", ["/sandbox/_calls", "/sandbox/_faults", AUTHENTICATION, "/sandbox/pluggy/auth", "/sandbox", "/sandbox/"]
)
async def test_beside_live_vendors_there_is_no_sandbox(start: Start, path: str) -> None:
    async with start(**LIVE) as graph:
        for method in ("GET", "POST", "DELETE"):
            assert (await graph.client.request(method, path, json={})).status_code == 404


@pytest.mark.parametrize(("host", "status"), [("127.0.0.1", 200), ("0.0.0.0", 404)])
async def test_where_callers_need_tokens_no_stranger_reaches_a_sandbox(start: Start, host: str, status: int) -> None:
    """They ask for no token of ours, and whoever reaches them can make the vendors fail."""
    async with start(**SETTINGS, HOST=host) as graph:
        assert (await graph.client.get("/sandbox/_calls")).status_code == status


async def test_only_the_vendors_in_sandbox_mode_are_imitated(start: Start) -> None:
    async with start(**LIVE, FINICITY_MODE="sandbox") as graph:
        assert (await authenticate(graph)).status_code == 200
        assert (await graph.client.post("/sandbox/pluggy/auth", json={})).status_code == 404


async def test_the_record_of_calls_tells_what_was_received_and_can_be_emptied(graph: Graph) -> None:
    await authenticate(graph)
    await graph.client.get("/sandbox/pluggy/payments/smart-accounts?page=2&pageSize=7")
    first, second = await graph.calls()

    assert list(first) == ["vendor", "method", "path", "query", "status", "started_ms", "ended_ms"]
    assert (first["vendor"], first["method"], first["status"]) == ("finicity", "POST", 200)
    assert first["path"] == AUTHENTICATION.removeprefix("/sandbox/finicity")
    assert (second["path"], second["query"], second["status"]) == ("/payments/smart-accounts", "page=2&pageSize=7", 403)
    assert first["started_ms"] <= first["ended_ms"] <= second["started_ms"] <= second["ended_ms"]

    assert (await graph.client.delete("/sandbox/_calls")).status_code == 204
    assert await graph.calls() == []


async def test_a_fault_strikes_as_often_as_it_says_and_can_be_cleared(graph: Graph) -> None:
    fault = {"vendor": "finicity", "method": "POST", "path": "*/authentication", "times": 2, "status": 418}
    armed = await graph.client.post("/sandbox/_faults", json=fault)
    statuses = [(await authenticate(graph)).status_code for _ in range(3)]

    await graph.client.post("/sandbox/_faults", json=fault)
    cleared = await graph.client.delete("/sandbox/_faults")

    assert armed.status_code == 201
    assert armed.json().items() >= fault.items()
    assert statuses == [418, 418, 200]
    assert cleared.status_code == 204
    assert (await authenticate(graph)).status_code == 200


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"vendor": "pluggy"}', b'{"vendor": "*", "path": "*", "times": 0}', b"\xff"]
)
async def test_a_fault_that_cannot_be_is_refused(graph: Graph, body: bytes) -> None:
    response = await graph.client.post("/sandbox/_faults", content=body)

    assert response.status_code == 400
    assert response.json()["error"]


@pytest.mark.parametrize("count", [0, 1, 60])
async def test_the_sandboxes_know_as_many_customers_as_they_are_told(start: Start, count: int) -> None:
    async with start(SANDBOX_CUSTOMERS=str(count)) as graph:
        data = await graph.data("{ customers(first: 100) { nodes { name } } }")

    assert len(data["customers"]["nodes"]) == count


async def test_the_sandboxes_are_as_slow_as_they_are_told(start: Start) -> None:
    async with start(SANDBOX_DELAY_MS="80") as graph:
        await authenticate(graph)
        (call,) = await graph.calls()

    assert call["ended_ms"] - call["started_ms"] >= 75


@pytest.mark.parametrize("generation", ["v2", "v3"])
async def test_formances_sandbox_is_as_old_as_it_is_told(start: Start, generation: str) -> None:
    async with start(SANDBOX_PAYMENTS=generation) as graph:
        providers = (await graph.data("{ providers { provider modules { name version } } }"))["providers"]

    (formance,) = [status for status in providers if status["provider"] == "FORMANCE"]
    versions = {module["name"]: module["version"] for module in formance["modules"]}
    assert versions["payments"].startswith((generation, generation.removeprefix("v")))


async def test_without_its_database_the_server_does_not_start(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The log names the variable, and nothing of what it holds."""
    environment = Environment({"DATABASE_URL": "postgresql://somebody:pa55word@127.0.0.1:9/nowhere"})
    app = create(environment, Settings.read(environment))
    with pytest.raises(DirectoryUnavailable):
        async with app.router.lifespan_context(app):
            pass

    assert "DATABASE_URL" in caplog.text
    assert "pa55word" not in caplog.text


@pytest.fixture
async def database_url() -> AsyncIterator[str]:
    """URL of an empty PostgreSQL database that ends with the test."""
    name = f"tributary_{uuid4().hex}"
    with services.postgresql() as server:
        await services.execute(server, f"CREATE DATABASE {name} TEMPLATE template0")
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
        await services.execute(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


async def test_two_tributaries_share_one_postgresql_directory(tmp_path: Path, database_url: str) -> None:
    """Either finds the other's customers, also those that only the larger one was told to have."""
    query = "{ customers(first: 100) { nodes { id name } } }"
    async with AsyncExitStack() as stack:
        small = await stack.enter_async_context(running(tmp_path, DATABASE_URL=database_url, SANDBOX_CUSTOMERS="2"))
        large = await stack.enter_async_context(running(tmp_path, DATABASE_URL=database_url, SANDBOX_CUSTOMERS="40"))
        answers = [await graph.data(query) for graph in (small, large)]
        (await small.client.get("/readyz")).raise_for_status()

    assert answers[0] == answers[1]
    assert len(answers[0]["customers"]["nodes"]) == 40


async def test_a_fault_of_this_server_is_told_in_the_same_words(graph: Graph) -> None:
    """And nothing of what went wrong."""
    transport = graph.client._transport
    assert isinstance(transport, httpx.ASGITransport)
    app = transport.app
    app.state.health = None  # type: ignore[attr-defined]
    lenient = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=lenient, base_url="http://127.0.0.1") as client:
        response = await client.get("/readyz", headers={"x-request-id": "abc"})
    message = "Something went wrong on this server."
    extensions = {"code": "INTERNAL_SERVER_ERROR", "requestId": "abc"}

    assert response.status_code == 500
    assert response.json() == {"errors": [{"message": message, "extensions": extensions}]}
