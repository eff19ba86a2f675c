"""Every fault at every vendor call of one query: what hangs on that call is null with one typed error each,
all else answers.

The calls of different vendors fail in one query where neither hides the other; the groups run at once, each against
vendors of its own.
"""

import asyncio
import copy
import hashlib
import re
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Answer
from tests.faults.cells import GROUPS, MANY, ONE, QUERY, Call, customer_id
from tests.faults.kinds import CANARY, KINDS, NUMBERS, Kind
from tests.faults.live import CREDENTIALS, Live, in_process, live

KEYS = {"code", "provider", "operation", "retryable", "retryAfter", "vendorCode", "requestId"}
PATIENCE = {"OPERATION_TIMEOUT": "5", "UPSTREAM_TIMEOUT": "2"}
"""Enough for a busy machine, since all groups run at once on it."""

DEADLINE = 5.5
"""Seconds: the operation's own five, and half a second."""

Tributary = Callable[..., AbstractAsyncContextManager[Live]]

SECRETS = re.compile(
    "|".join(
        [
            re.escape(CANARY),
            r"https?:",
            r"127\.0\.0\.1|localhost|169\.254|\.sandbox|sandbox[-/]",
            r"eyJ[A-Za-z0-9_-]+\.",
            *map(re.escape, CREDENTIALS.values()),
            *(hashlib.sha256(f"finicity-token-{number}".encode()).hexdigest()[:20] for number in range(50)),
        ]
    )
)
"""Addresses, tokens, credentials, and what stands in the faults' bodies and headers."""


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
async def test_a_fault_over_the_wire_costs_what_hangs_on_it(kind: Kind, tmp_path: Path) -> None:
    async with elsewhere() as (url, visits):
        await _at_every_call(kind, live, tmp_path, url=url)
    assert visits == []


QUICK = [kind for kind in KINDS if kind.effect.get("delay_ms", 0) + kind.effect.get("drip_ms", 0) == 0]


@pytest.mark.parametrize("kind", QUICK, ids=lambda kind: kind.name)
async def test_a_fault_in_process_costs_what_hangs_on_it(kind: Kind, tmp_path: Path) -> None:
    await _at_every_call(kind, in_process, tmp_path, url="http://elsewhere.test")


@pytest.mark.parametrize("effect", [{"status": 503}, {"drop": "before"}, {"drop": "half"}, {"status": 429}], ids=str)
async def test_a_fault_that_passes_heals_without_a_trace(effect: dict[str, Any], tmp_path: Path) -> None:
    """All calls fail once at the same time."""
    async with live(tmp_path) as graph:
        for person in (MANY, ONE):
            healthy = await graph.ask(QUERY, id=customer_id(person))
            for path in {call.path.format("*") for _, calls in GROUPS for call in calls}:
                await graph.fault("*", path, **effect)
            healed = await graph.ask(QUERY, id=customer_id(person))
            assert healed.errors == []
            assert healed.data == healthy.data
            assert sum(call["attempts"] - 1 for call in healed.calls) >= 5
            await graph.heal()


async def _at_every_call(kind: Kind, tributary: Tributary, folder: Path, *, url: str) -> None:
    async with AsyncExitStack() as stack:
        graphs = [
            await stack.enter_async_context(tributary(folder, name=f"{number}", **PATIENCE))
            for number in range(len(GROUPS))
        ]
        async with asyncio.TaskGroup() as tasks:
            for graph, (person, calls) in zip(graphs, GROUPS, strict=True):
                tasks.create_task(_at(calls, kind, graph, person=person, url=url))


async def _at(calls: tuple[Call, ...], kind: Kind, graph: Live, *, person: str, url: str) -> None:
    healthy = await graph.ask(QUERY, id=customer_id(person))
    assert healthy.errors == []
    for call in calls:
        native_id = call.native_id(healthy.data["customer"])
        await graph.fault("*", call.path.format(native_id), times=1000, **_effect(kind, call, url))
    started = time.monotonic()
    answer = await graph.ask(QUERY, id=customer_id(person))
    assert time.monotonic() - started < DEADLINE
    _check(answer, healthy, calls, kind)
    await graph.heal()
    after = await graph.ask(QUERY, id=customer_id(person))
    assert after.errors == []
    assert after.data == healthy.data


def _effect(kind: Kind, call: Call, url: str) -> dict[str, Any]:
    effect = dict(kind.effect)
    if kind.name in NUMBERS:
        effect["body"] = call.body(NUMBERS[kind.name])
    if kind.name == "redirect":
        effect["headers"] = {**effect["headers"], "location": url}
    return effect


def _check(answer: Answer, healthy: Answer, calls: tuple[Call, ...], kind: Kind) -> None:
    expected = copy.deepcopy(healthy.data["customer"])
    due: dict[tuple[str | int, ...], Call] = {}
    for call in calls:
        due |= {("customer", *place): call for place in call.lose(expected)}
    found = copy.deepcopy(answer.data["customer"])
    problems = found["accounts"].pop("problems")
    expected["accounts"].pop("problems")
    assert found == expected
    assert [(one["provider"], one["operation"]) for one in problems] == [
        (call.provider, call.operation) for call in calls if call.is_list
    ]
    for problem in problems:
        _check_detail(problem, kind, code=problem["code"])
    assert sorted(map(str, due)) == sorted(str(tuple(error["path"])) for error in answer.errors)
    for error in answer.errors:
        call, told = due[tuple(error["path"])], error["extensions"]
        assert set(told) >= KEYS
        assert (told["provider"], told["operation"]) == (call.provider, call.operation)
        assert told["requestId"] == answer.response.headers["x-request-id"]
        is_part = call.is_list and error["path"] == ["customer", "accounts"]
        assert told["code"] == ("PARTIAL_RESULT" if is_part else kind.code)
        _check_detail(told, kind, code=told.get("cause", told["code"]))
    assert SECRETS.findall(answer.response.text) == []


def _check_detail(told: dict[str, Any], kind: Kind, *, code: str) -> None:
    assert code == kind.code
    assert told["retryable"] is kind.retryable
    assert told["retryAfter"] == kind.retry_after
    assert told["vendorCode"] is None


@asynccontextmanager
async def elsewhere() -> AsyncIterator[tuple[str, list[str]]]:
    """Another host, and who came to it."""
    visits: list[str] = []

    async def serve(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        visits.append("somebody")
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://localhost:{server.sockets[0].getsockname()[1]}/", visits
