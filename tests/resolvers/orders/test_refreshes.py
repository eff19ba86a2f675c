"""Refreshes go on without their client, are never doubled, and can be followed by their id from anywhere."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from providers.domain import NodeType, Provider, Ref
from resolvers import ids, refresh_orders
from tests.conftest import Graph, Start
from tests.resolvers.asking import person
from tests.resolvers.orders.refreshing import (
    ADA,
    ADAS_KEY,
    ADAS_LOGIN,
    BROKE,
    BROKES_LOGIN,
    DERIVED,
    LOST,
    LOSTS_KEY,
    LOSTS_LOGIN,
    NOBODY,
    ended,
    ordered,
    refresh,
    refresh_id,
    refreshed_elsewhere,
    state,
)
from tests.resolvers.orders.row import outcome, user_errors


@pytest.fixture
def generation() -> str:
    """No matter here."""
    return "v3"


@pytest.fixture
async def slow(start: Start, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Graph]:
    """A world whose banks take longer than refusals are waited for."""
    monkeypatch.setattr(refresh_orders, "GRACE", 0.1)
    async with start(SANDBOX_REFRESH_SECONDS="1.5") as graph:
        await graph.ask("{ accounts(provider: FINICITY, first: 1) { nodes { id } } }")
        yield graph


@pytest.mark.parametrize(
    ("is_tiered", "login", "path"),
    [
        (False, None, "/aggregation/v1/customers/5026900000/accounts"),
        (True, None, "/aggregation/v2/customers/5026900000/accounts"),
        (False, ADAS_LOGIN, f"/aggregation/v1/customers/5026900000/institutionLogins/{ADAS_LOGIN}/accounts"),
        (True, ADAS_LOGIN, f"/aggregation/v2/customers/5026900000/institutionLogins/{ADAS_LOGIN}/accounts"),
    ],
)
async def test_each_form_is_made_once_and_seen_at_once(
    graph: Graph, *, is_tiered: bool, login: str | None, path: str
) -> None:
    """By two at the same time and one after them; the same key with another input is refused."""
    fields: dict[str, Any] = {"isTiered": is_tiered, "institutionLoginId": login}
    before = datetime.now(UTC).replace(microsecond=0)
    first, second = await asyncio.gather(refresh(graph, **fields), refresh(graph, **fields))
    third, other = await refresh(graph, **fields), await refresh(graph, **{**fields, "isTiered": not is_tiered})
    made = outcome(first)["refresh"]

    assert (made["status"], made["provider"]) == ("SUCCEEDED", "FINICITY")
    assert outcome(second)["refresh"]["id"] == outcome(third)["refresh"]["id"] == made["id"]
    assert await state(graph, made["id"]) == made
    assert len(made["accounts"]) == (2 if login else 4)
    assert all(login in {None, each["institutionLoginId"]} for each in made["accounts"])
    assert all(datetime.fromisoformat(each["aggregationSucceededAt"]) >= before for each in made["accounts"])
    assert before <= datetime.fromisoformat(made["startedAt"]) <= datetime.now(UTC)
    assert made["finishedAt"] == max(each["aggregationSucceededAt"] for each in made["accounts"])
    assert user_errors(other) == [("IDEMPOTENCY_KEY_REUSED", ["idempotencyKey"], None)]
    assert await ordered(graph) == [path]


async def test_a_refresh_is_answered_at_once_and_followed_to_its_end(slow: Graph) -> None:
    """The same key gives the same refresh meanwhile and later."""
    began = time.monotonic()
    first = outcome(await refresh(slow))["refresh"]
    took = time.monotonic() - began
    meanwhile = outcome(await refresh(slow))["refresh"]
    node = await ended(slow, first["id"])

    assert took < 1.4
    assert first["status"] == meanwhile["status"] == "RUNNING"
    assert first["finishedAt"] is meanwhile["finishedAt"] is None
    assert first["id"] == meanwhile["id"] == outcome(await refresh(slow))["refresh"]["id"]
    assert node["status"] == "SUCCEEDED"
    assert len(await ordered(slow)) == 1


async def test_a_refresh_goes_on_when_the_client_leaves(slow: Graph) -> None:
    """Whoever asks again with the key gets it."""
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(refresh(slow), 0.08)
    again = outcome(await refresh(slow))["refresh"]

    assert (await ended(slow, again["id"]))["status"] == "SUCCEEDED"
    assert len(await ordered(slow)) == 1


async def test_no_second_refresh_is_begun_while_one_runs(slow: Graph) -> None:
    """Neither of the same accounts nor of a part or the whole of them. Afterwards another one may be."""
    both = await asyncio.gather(refresh(slow, key="one"), refresh(slow, key="two"))
    made = [answer for answer in both if answer.data["refreshAccounts"]["refresh"]]
    [refused] = [answer for answer in both if answer not in made]
    part = await refresh(slow, key="part", institutionLoginId=ADAS_LOGIN)
    [first] = [outcome(answer)["refresh"]["id"] for answer in made]

    assert user_errors(refused) == user_errors(part) == [("ALREADY_RUNNING", [], None)]
    await ended(slow, first)
    assert len(await ordered(slow)) == 1
    second = outcome(await refresh(slow, key="three"))["refresh"]["id"]
    assert second != first
    assert (await ended(slow, second))["status"] == "SUCCEEDED"
    assert len(await ordered(slow)) == 2


async def test_logins_of_one_customer_are_refreshed_at_the_same_time(slow: Graph) -> None:
    """They have no account in common."""
    one = outcome(await refresh(slow, key="one", institutionLoginId=ADAS_LOGIN))["refresh"]
    two = outcome(await refresh(slow, key="two", institutionLoginId="6009800001"))["refresh"]

    assert one["status"] == two["status"] == "RUNNING"
    assert {(await ended(slow, each["id"]))["status"] for each in (one, two)} == {"SUCCEEDED"}


async def test_a_refresh_that_somebody_else_has_begun_is_seen_by_the_accounts(slow: Graph) -> None:
    """No second one is sent, and its course is told by an id that this process never gave out."""
    known = refresh_id(ADAS_KEY)
    async with refreshed_elsewhere(slow, ADAS_KEY):
        assert user_errors(await refresh(slow)) == [("ALREADY_RUNNING", [], None)]
        assert (await state(slow, known))["status"] == "RUNNING"
    node = await ended(slow, known)

    assert node["status"] == "SUCCEEDED"
    assert node["finishedAt"] is not None
    assert len(await ordered(slow)) == 1


@pytest.mark.parametrize(
    ("path", "login", "code"),
    [(LOSTS_KEY, None, "325"), (f"{LOSTS_KEY}/institutionLogins/{LOSTS_LOGIN}", LOSTS_LOGIN, "5006")],
)
async def test_a_refresh_that_only_the_vendor_knows_of_is_told_with_its_code(
    start: Start, path: str, login: str | None, code: str
) -> None:
    """Accounts that had failed before do not show that they are being read."""
    async with start(SANDBOX_REFRESH_SECONDS="2.5") as graph, refreshed_elsewhere(graph, path):
        refused = await refresh(graph, LOST, institutionLoginId=login)

    assert user_errors(refused) == [("ALREADY_RUNNING", [], code)]


@pytest.mark.parametrize(("customer", "login", "count"), [(BROKE, None, 6), (LOST, LOSTS_LOGIN, 6)])
async def test_a_refresh_that_fails_is_a_refresh(slow: Graph, customer: str, login: str | None, count: int) -> None:
    """The bank's refusal comes after the answer, and shows in the state."""
    made = outcome(await refresh(slow, customer, institutionLoginId=login))["refresh"]
    node = await ended(slow, made["id"])

    assert (made["status"], node["status"], len(node["accounts"])) == ("RUNNING", "FAILED", count)
    assert node["finishedAt"] >= made["startedAt"][:19]
    assert outcome(await refresh(slow, customer, institutionLoginId=login))["refresh"] == node
    assert len(await ordered(slow)) == 1


async def test_a_refresh_that_fails_at_once_is_a_refresh_too(graph: Graph) -> None:
    """The bank was asked, so this is no refusal of the order."""
    made = outcome(await refresh(graph, BROKE, institutionLoginId=BROKES_LOGIN))["refresh"]

    assert made["status"] == "FAILED"


async def test_pending_accounts_do_not_keep_a_refresh_from_ending(graph: Graph) -> None:
    """They are not refreshed."""
    made = outcome(await refresh(graph, person(5)))["refresh"]

    assert (made["status"], len(made["accounts"])) == ("SUCCEEDED", 2)


async def test_a_customer_known_by_username_alone_is_refreshed(graph: Graph) -> None:
    """As their accounts are found."""
    assert len(outcome(await refresh(graph, DERIVED))["refresh"]["accounts"]) == 4


async def test_what_is_meant_must_be_said(graph: Graph, tmp_path: Path) -> None:
    """Nobody, several, or one that is not the customer's: nothing is sent."""
    nobody, unknown = await refresh(graph, NOBODY), await refresh(graph, person(900))
    no_id, not_theirs = await refresh(graph, "x"), await refresh(graph, ADA, providerCustomerId="5026900137")
    blank = await refresh(graph, ADA, institutionLoginId=" ")
    with sqlite3.connect(tmp_path / "directory.sqlite3") as database:
        database.execute("UPDATE links SET customer_id = 'cus_0001' WHERE external_id = '5026900137'")
    several = await refresh(graph, ADA)
    chosen = await refresh(graph, ADA, providerCustomerId="5026900137")

    assert user_errors(nobody) == user_errors(unknown) == [("NOT_FOUND", ["customerId"], None)]
    assert user_errors(no_id) == [("INVALID", ["customerId"], None)]
    assert user_errors(not_theirs) == [("NOT_FOUND", ["providerCustomerId"], None)]
    assert user_errors(blank) == [("INVALID", ["institutionLoginId"], None)]
    assert user_errors(several) == [("INVALID", ["providerCustomerId"], None)]
    assert outcome(chosen)["refresh"]["status"] == "SUCCEEDED"
    assert await ordered(graph) == ["/aggregation/v1/customers/5026900137/accounts"]


async def test_a_refusal_that_comes_after_the_answer_is_logged(slow: Graph, caplog: pytest.LogCaptureFixture) -> None:
    """What was begun is told by the accounts alone: here it never was, which shows when its time is over."""
    await slow.fault("finicity", "*/accounts", method="POST", status=404, body='{"code":14001}', delay_ms=300)
    made = outcome(await refresh(slow))["refresh"]
    await asyncio.sleep(0.4)

    assert made["status"] == (await state(slow, made["id"]))["status"] == "RUNNING"
    assert [record.__dict__["vendorCode"] for record in caplog.records if "a refresh ended" in record.message] == [
        "14001"
    ]


async def test_the_id_of_no_refresh_is_null(graph: Graph) -> None:
    """Unknown customers and logins, and starts that are no time."""
    some = [refresh_id("1"), refresh_id(ADAS_KEY, "1"), refresh_id(ADAS_KEY, started=0.0), refresh_id("../x")]
    odd = [
        Ref(NodeType.REFRESH, (ADAS_KEY, "", text), Provider.FINICITY) for text in ("", "x", "\uff11790000000000", "-1")
    ]

    for each in (*some, *map(ids.encode, odd)):
        assert (await graph.data("query($id: ID!) { node(id: $id) { id } }", id=each)) == {"node": None}


async def test_a_refresh_of_which_no_trace_is_left_is_unknown(graph: Graph) -> None:
    """Once the longest time that one may take is over; before, it is taken to be running."""
    data = await graph.data("{ accounts(provider: FINICITY, first: 1) { nodes { ... on AggregatedAccount { id } } } }")
    assert data["accounts"]["nodes"]
    late, early = refresh_id(ADAS_KEY, started=time.time() - 230), refresh_id(ADAS_KEY, started=time.time() - 100)

    assert (await state(graph, late))["status"] == "UNKNOWN"
    assert (await state(graph, late))["finishedAt"] is None
    assert (await state(graph, early))["status"] == "RUNNING"


async def test_nobody_can_refresh_where_the_vendor_is_off(start: Start) -> None:
    """A user error, no failure; ids of its refreshes are ids of nothing."""
    async with start(FINICITY_MODE="off") as graph:
        assert user_errors(await refresh(graph)) == [("UNSUPPORTED", [], None)]
        assert await state(graph, refresh_id(ADAS_KEY)) is None
