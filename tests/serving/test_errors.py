"""Every class of error has its code and the request's id, and what is unforeseen stays inside."""

import logging
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import NoReturn

import httpx
import orjson
import pytest

from providers.config import Environment
from providers.domain import Customer, CustomerLink, Page, PageRequest, Provider
from providers.registry import Providers
from serving.app import create
from serving.logs import JsonLines
from serving.settings import Settings
from tests.conftest import Graph

SECRET = "account 4111-1111-1111-1111 of Ada"
CUSTOMER = "WzEsIkN1c3RvbWVyIixudWxsLFsiY3VzXzAwMDEiXV0"


class Treacherous:
    """A directory that fails as no directory should, with a message that nobody may read."""

    async def customers_by_id(self, customer_ids: Sequence[str]) -> NoReturn:
        raise ZeroDivisionError(SECRET)

    async def list_customers(self, page: PageRequest) -> Page[Customer]:
        raise ZeroDivisionError(SECRET)

    async def links_by_customer(self, customer_ids: Sequence[str]) -> dict[str, Sequence[CustomerLink]]:
        return {}

    async def customers_by_link(
        self, links: Sequence[tuple[Provider, str, str]]
    ) -> dict[tuple[Provider, str, str], str]:
        return {}

    async def ping(self) -> None:
        pass

    async def aclose(self) -> None:
        pass


@pytest.fixture
async def betrayed(tmp_path: Path) -> AsyncIterator[Graph]:
    """Tributary whose directory was replaced by a treacherous one."""
    environment = Environment({"DATABASE_URL": f"sqlite:///{tmp_path}/directory.sqlite3"})
    app = create(environment, Settings.read(environment))
    async with app.router.lifespan_context(app):
        honest = app.state.providers
        app.state.providers = Providers(honest.vendors.values(), Treacherous())  # type: ignore[arg-type]
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            yield Graph(client)


@pytest.mark.parametrize(
    ("query", "variables", "code"),
    [
        ("{ customers {", {}, "GRAPHQL_PARSE_FAILED"),
        ("{ customers { wealth } }", {}, "GRAPHQL_VALIDATION_FAILED"),
        ('{ customers(first: "a") { totalCount } }', {}, "GRAPHQL_VALIDATION_FAILED"),
        ("query($n: Int!) { customers(first: $n) { totalCount } }", {"n": "a"}, "BAD_USER_INPUT"),
        ("query($n: Int!) { customers(first: $n) { totalCount } }", {}, "BAD_USER_INPUT"),
        ("query($n: Int!) { customers(first: $n) { totalCount } }", {"n": 2**40}, "BAD_USER_INPUT"),
    ],
    ids=["parse", "unknown field", "wrong literal", "wrong variable", "missing variable", "too large variable"],
)
async def test_a_request_that_cannot_run_has_a_code_and_no_data(
    graph: Graph, query: str, variables: dict[str, object], code: str
) -> None:
    answer = await graph.ask(query, **variables)

    (error,) = answer.errors
    assert error["extensions"] == {"code": code, "requestId": answer.response.headers["x-request-id"]}
    assert error["locations"]
    assert "data" not in answer.response.json()
    assert answer.calls == []


async def test_a_bad_argument_costs_its_field_alone(graph: Graph) -> None:
    """The id's own format is nobody's business: the message names nothing internal."""
    answer = await graph.ask('{ node(id: "bad") { id } customers(first: 1) { nodes { name } } }')

    (error,) = answer.errors
    assert error["path"] == ["node"]
    assert error["message"] == "The id is not valid."
    assert error["extensions"] == {"code": "BAD_USER_INPUT", "requestId": answer.response.headers["x-request-id"]}
    assert answer.data == {"node": None, "customers": {"nodes": [{"name": "Ada Lovelace"}]}}


async def test_a_vendors_failure_is_told_with_its_details(warm: Graph) -> None:
    await warm.fault("pluggy", "*", status=500, body="{}", times=9)
    answer = await warm.ask(f'{{ customer(id: "{CUSTOMER}") {{ accounts(provider: PLUGGY) {{ nodes {{ name }} }} }} }}')

    (error,) = answer.errors
    details = error["extensions"]
    assert set(details) >= {"code", "provider", "operation", "retryable", "retryAfter", "vendorCode", "requestId"}
    assert (details["code"], details["provider"]) == ("UPSTREAM_UNAVAILABLE", "PLUGGY")
    assert details["requestId"] == answer.response.headers["x-request-id"]


async def test_what_is_unforeseen_is_masked(betrayed: Graph) -> None:
    """The field is null, its siblings answer, and the message says nothing."""
    answer = await betrayed.ask(f'{{ customer(id: "{CUSTOMER}") {{ name }} __typename }}')

    (error,) = answer.errors
    assert answer.data == {"customer": None, "__typename": "Query"}
    assert error["message"] == "Something went wrong on this server."
    assert error["path"] == ["customer"]
    assert error["extensions"] == {
        "code": "INTERNAL_SERVER_ERROR",
        "requestId": answer.response.headers["x-request-id"],
    }
    assert SECRET not in answer.response.text


async def test_what_is_unforeseen_is_logged_once_with_its_place_and_without_its_words(
    betrayed: Graph, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.handler.setFormatter(JsonLines())
    with caplog.at_level(logging.INFO):
        answer = await betrayed.ask(f'query Unforeseen {{ customer(id: "{CUSTOMER}") {{ name }} }}')

    logged = [orjson.loads(line) for line in caplog.text.splitlines()]
    (failure,) = [line for line in logged if line["level"] in {"warning", "error", "critical"}]
    assert failure["exception"] == "ZeroDivisionError"
    assert any("test_errors.py" in place for place in failure["trace"])
    assert failure["requestId"] == answer.response.headers["x-request-id"]
    for word in (SECRET, "Unforeseen", CUSTOMER):
        assert word not in caplog.text


async def test_the_operations_own_line_names_the_codes_of_its_errors(
    graph: Graph, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.handler.setFormatter(JsonLines())
    with caplog.at_level(logging.INFO):
        await graph.ask('{ a: node(id: "bad") { id } b: node(id: "bad") { id } }')

    (line,) = [orjson.loads(text) for text in caplog.text.splitlines() if '"operation"' in text]
    assert line["errors"] == ["BAD_USER_INPUT"]
    assert line["calls"] == 0
