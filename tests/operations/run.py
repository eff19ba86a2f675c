"""Runs the map's documents against the whole app over the sandboxes, and tells which operations the sandboxes saw."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.conftest import Answer, Graph, running
from tests.operations.documented import operation_of
from tests.operations.map import ROWS
from tests.operations.row import STACKS, Row

Call = Mapping[str, Any]


async def shortcomings(directory: Path) -> dict[str, str]:
    """By operation what is wrong with the way in which it was reached; "" where nothing is.

    Each generation of servers has an app and a new database of its own. An operation without a row is not in it.
    """
    found: dict[str, str] = {}
    for generation, settings in STACKS.items():
        async with running(directory / f"{generation}.sqlite3", **settings) as graph:
            for row in ROWS:
                if row.generation == generation:
                    found[row.operation] = await _shortcoming(graph, row)
    return found


async def _shortcoming(graph: Graph, row: Row) -> str:
    try:
        variables = await row.needs(graph)
    except (AssertionError, LookupError, TypeError, StopIteration) as error:
        return f"what its document needs could not be made: {error!r}"
    await graph.forget_calls()
    answer = await graph.ask(row.document, **variables)
    calls = await graph.calls()
    own = [call for call in calls if _operation(call) == row.operation]
    if not own:
        seen = sorted({str(_operation(call) or call["path"]) for call in calls})
        return f"its document reached {seen}, and got {answer.data} with {answer.errors}"
    if any((call["status"] >= 400) is (row.refusal is None) for call in own):
        return f"the sandbox answered {[call['status'] for call in own]}"
    is_shown = None not in (answer.data or {"": None}).values()
    if is_shown and set(_codes(answer)) == {row.refusal} - {None}:
        return ""
    return f"its document got {answer.data} with {answer.errors}"


def _operation(call: Call) -> str | None:
    return operation_of(call["vendor"], call["method"], call["path"])


def _codes(answer: Answer) -> Iterator[str]:
    """The codes of an answer's errors and of its payloads' user errors."""
    for error in answer.errors:
        yield error.get("extensions", {}).get("code", error["message"])
    for payload in (answer.data or {}).values():
        if isinstance(payload, dict):
            yield from (error["code"] for error in payload.get("userErrors", ()))
