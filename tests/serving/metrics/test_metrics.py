"""`/metrics`, as Prometheus reads it with its own parser."""

from collections import Counter
from collections.abc import Iterator, Mapping

import pytest
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from serving.metrics.names import MOST, OTHER, Names
from tests.conftest import Graph, Start
from tests.serving.test_profile import LIVE
from tests.tokens import SETTINGS, bearer

MONEY = "query Money { customers(first: 3) { nodes { accounts { nodes { id balances { money { amount } } } } } } }"


async def samples(graph: Graph, **headers: str) -> list[Sample]:
    response = await graph.client.get("/metrics", headers=headers)
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/plain; version=")
    return [sample for family in text_string_to_metric_families(response.text) for sample in family.samples]


def of(found: list[Sample], name: str, **labels: str) -> Iterator[tuple[Mapping[str, str], float]]:
    wanted = labels.items()
    return ((each.labels, each.value) for each in found if each.name == name and wanted <= each.labels.items())


def total(found: list[Sample], name: str, **labels: str) -> float:
    return sum(value for _, value in of(found, name, **labels))


async def test_vendor_calls_are_those_that_the_sandboxes_received(graph: Graph) -> None:
    for _ in range(3):
        await graph.data(MONEY)
    received = Counter(call["vendor"] for call in await graph.calls())
    found = await samples(graph)

    for vendor, calls in received.items():
        assert total(found, "tributary_vendor_calls_total", provider=vendor, shared="false") == calls
        assert total(found, "tributary_vendor_call_seconds_count", provider=vendor) == calls


async def test_operations_are_counted_by_name_and_outcome(graph: Graph) -> None:
    await graph.data(MONEY)
    await graph.ask("{ __typename }")
    await graph.fault("pluggy", "*", status=500, body="{}", times=100)
    await graph.ask(MONEY)
    await graph.ask('query Wrong { customer(id: "") { id } }')
    await graph.ask("query Refused { nothing }")
    found = await samples(graph)

    assert {
        (labels["operation"], labels["type"], labels["outcome"]): value
        for labels, value in of(found, "tributary_operations_total")
    } == {
        ("Money", "query", "ok"): 1,
        ("Money", "query", "partial"): 1,
        ("Wrong", "query", "partial"): 1,
        ("anonymous", "query", "ok"): 1,
        ("anonymous", "unknown", "failed"): 1,
    }
    assert total(found, "tributary_errors_total", code="PARTIAL_RESULT") == 1
    assert total(found, "tributary_errors_total", code="GRAPHQL_VALIDATION_FAILED") == 1
    assert total(found, "tributary_operation_seconds_count") == 5


async def test_what_an_operation_took_and_might_have_taken(graph: Graph) -> None:
    await graph.data("{ providers { mode } }")
    await graph.forget_calls()
    before = await samples(graph)
    await graph.data(MONEY)
    after, calls = await samples(graph), len(await graph.calls())

    def gained(name: str) -> float:
        return total(after, name) - total(before, name)

    assert gained("tributary_operation_vendor_calls_sum") == calls
    assert gained("tributary_operation_cost_sum") >= calls


async def test_a_breaker_that_opens_shows(graph: Graph) -> None:
    query = "{ pools(first: 1) { nodes { id } } }"
    await graph.data(query)
    await graph.fault("formance", "*/pools", status=503, body="{}", times=1000)
    for _ in range(40):
        await graph.ask(query)

    assert list(of(await samples(graph), "tributary_breaker_open", operation="list_pools")) == [
        ({"provider": "formance", "operation": "list_pools"}, 1.0)
    ]
    assert total(await samples(graph), "tributary_vendor_calls_total", error="BreakerOpen") > 0
    assert total(await samples(graph), "tributary_vendor_retries_total", provider="formance") > 0


def test_names_that_clients_invent_do_not_grow_without_end() -> None:
    names = Names()
    labels = {names.of(f"Invented{number}") for number in range(MOST + 50)}

    assert len(labels) == MOST + 1
    assert OTHER in labels
    assert names.of("Invented0") == "Invented0"


async def test_no_line_tells_of_a_caller_or_a_customer(graph: Graph) -> None:
    await graph.data(MONEY)
    text = (await graph.client.get("/metrics")).text

    assert "cus_" not in text
    assert "Lovelace" not in text
    assert "sandbox-formance" not in text


async def test_open_metrics_are_given_to_whom_asks_for_them(graph: Graph) -> None:
    response = await graph.client.get("/metrics", headers={"accept": "application/openmetrics-text; version=1.0.0"})

    assert response.headers["content-type"].startswith("application/openmetrics-text")
    assert response.text.endswith("# EOF\n")


@pytest.mark.parametrize(
    ("scope", "status"), [("metrics:read", 200), ("accounts:read schema:read traces:read", 403), (None, 401)]
)
async def test_beside_live_vendors_a_token_needs_the_scope(start: Start, scope: str | None, status: int) -> None:
    async with start(**{**LIVE, "AUTH": "jwt"}, **SETTINGS) as graph:
        headers = {} if scope is None else bearer(scope=scope)
        response = await graph.client.get("/metrics", headers=headers)

    assert response.status_code == status
    assert ("tributary_" in response.text) is (status == 200)


@pytest.mark.parametrize(("setting", "status"), [("off", 404), ("open", 200)])
async def test_the_setting_decides(start: Start, setting: str, status: int) -> None:
    async with start(**LIVE, METRICS=setting) as graph:
        assert (await graph.client.get("/metrics")).status_code == status


async def test_refused_requests_are_counted_by_code(start: Start) -> None:
    named, asking = {"host": "api.example.com"}, {"query": "{ __typename }"}
    async with start(**{**LIVE, "AUTH": "jwt"}, **SETTINGS, METRICS="open", ALLOWED_HOSTS="api.example.com") as graph:
        for authorization in ("Bearer nonsense", "Basic nonsense"):
            headers = {**named, "authorization": authorization}
            assert (await graph.client.post("/graphql", json=asking, headers=headers)).status_code == 401
        assert (await graph.client.get("/nothing", headers=named)).status_code == 404
        assert (await graph.client.post("/graphql", json=asking)).status_code == 421
        # Prometheus knows the server's address only.
        found = await samples(graph)

    assert {labels["code"]: value for labels, value in of(found, "tributary_refusals_total")} == {
        "UNAUTHENTICATED": 2,
        "NOT_FOUND": 1,
        "MISDIRECTED_REQUEST": 1,
    }
    assert not list(of(found, "tributary_operations_total"))
