"""Every refusal that the vendors document, on reads and on writes: typed, with the vendor's code, and nothing more."""

import logging
from collections.abc import AsyncIterator, Mapping
from itertools import count
from typing import Any

import pytest
import pytest_asyncio

from tests.conftest import Answer, Graph, Start, running
from tests.refusals import finicity, formance, pluggy
from tests.refusals.row import Row, Told, Way

pytestmark = pytest.mark.asyncio(loop_scope="module")

TABLES = {"finicity": finicity, "pluggy": pluggy, "formance": formance}
ROWS = [pytest.param(vendor, row, id=f"{vendor} {row}") for vendor, table in TABLES.items() for row in table.ROWS]
PATIENCE = 9
"""Faults that are armed: a read is tried several times."""

Seen = tuple[Told, str | None, int | None] | None
"""What a client reads, the vendor's code and the advised pause. None: no error, and nothing there."""

NOTHING: tuple[Any, ...] = (None, {"balances": None}, {"accounts": {"nodes": []}}, {"nodes": []})
"""What is there where something is missing."""

_keys = map(str, count())


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Graph]:
    """One server for all rows that leave nothing behind."""
    async with running(tmp_path_factory.mktemp("shared") / "directory.sqlite3") as graph:
        yield graph


@pytest.mark.parametrize(("vendor", "row"), ROWS)
async def test_a_refusal_is_told_with_its_code_and_no_more(
    shared: Graph, start: Start, vendor: str, row: Row, caplog: pytest.LogCaptureFixture
) -> None:
    """On each way on which the vendor can answer so. None of its words reaches a client or a log."""
    ways: tuple[Way, ...] = TABLES[vendor].WAYS
    with caplog.at_level(logging.DEBUG):
        if row.is_lasting:
            async with start() as fresh:
                await told(fresh, vendor, row, ways)
        else:
            await told(shared, vendor, row, ways)
    assert [word for word in row.words if word in caplog.text] == []


async def told(graph: Graph, vendor: str, row: Row, ways: tuple[Way, ...]) -> None:
    """What the graph says when the vendor answers so."""
    for way in ways:
        if row.only and way.name not in row.only:
            continue
        where = {"path": row.at} if row.at else {"path": way.path, "method": way.method}
        await graph.fault(vendor, **where, **row.fault, times=PATIENCE)
        answer = await graph.ask(way.document, **keyed(way.variables))
        await graph.heal()
        assert seen(answer) == expected(way, row), way.name
        assert [word for word in row.words if word in answer.response.text] == []


def keyed(variables: Mapping[str, Any]) -> Mapping[str, Any]:
    """An input has a key of its own each time."""
    given = variables.get("input")
    return {**variables, "input": {**given, "idempotencyKey": next(_keys)}} if given else variables


def expected(way: Way, row: Row) -> Seen:
    """As the table has it."""
    means = way.told(row)
    if means is None:
        return None
    return means, row.vendor_code, None if means.is_user_error else way.retry_after(row)


def seen(answer: Answer) -> Seen:
    """As the answer has it."""
    payload = answer.data["it"]
    refusals = (payload or {}).pop("userErrors", [])
    if refusals:
        assert answer.errors == []
        assert set(payload.values()) == {None}
        [refusal] = refusals
        assert refusal["message"]
        return Told(refusal["code"], is_user_error=True), refusal["vendorCode"], None
    if not answer.errors:
        assert payload in NOTHING
        return None
    [error] = answer.errors
    extensions = error["extensions"]
    code = extensions.get("cause", extensions["code"])
    return Told(code, extensions["retryable"]), extensions["vendorCode"], extensions["retryAfter"]
