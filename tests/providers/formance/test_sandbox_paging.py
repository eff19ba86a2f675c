"""Lists of the sandbox: pages, cursors, clamps and order."""

import base64
import json
from typing import Any

import pytest

from providers.formance.sandbox import Generation
from tests.providers.formance.sandbox_stack import GENERATIONS, opened

LISTS = [("/accounts", 112), ("/payments", 300), ("/pools", 12)]


def decoded(cursor: str) -> dict[str, Any]:
    return dict(json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))))


@pytest.mark.parametrize("generation", GENERATIONS)
@pytest.mark.parametrize(("path", "count"), LISTS)
@pytest.mark.parametrize("size", [7, 100])
async def test_paging_to_the_end_neither_loses_nor_doubles(
    generation: Generation, path: str, count: int, size: int
) -> None:
    async with opened(generation, payments_count=300) as stack:
        ids = [row["id"] for row in await stack.everything(path, pageSize=size)]

        assert (len(ids), len(set(ids))) == (count, count)


@pytest.mark.parametrize(("asked", "given"), [(None, 15), ("", 15), ("0", 15), ("1", 1), ("100", 100), ("1000", 100)])
async def test_the_page_size_is_clamped(asked: str | None, given: int) -> None:
    async with opened(payments_count=300) as stack:
        answer = await stack.get("/payments", **({} if asked is None else {"pageSize": asked}))
        cursor = answer.json()["cursor"]

        assert (cursor["pageSize"], len(cursor["data"]), cursor["hasMore"]) == (given, given, True)


@pytest.mark.parametrize("path", ["/payments", "/accounts", "/pools", "/accounts/e30/balances"])
@pytest.mark.parametrize(
    ("parameter", "value"),
    [("pageSize", "ten"), ("pageSize", "-1"), ("pageSize", "1.5"), ("cursor", "%"), ("cursor", "bm8"), ("cursor", "A")],
)
async def test_bad_page_sizes_and_cursors_are_refused(path: str, parameter: str, value: str) -> None:
    async with opened(payments_count=0) as stack:
        expected = (400, "VALIDATION", f"invalid '{parameter}' query param")

        assert await stack.refusal(path, **{parameter: value}) == expected


async def test_a_forged_offset_is_refused() -> None:
    async with opened(payments_count=30) as stack:
        cursor = decoded((await stack.get("/payments")).json()["cursor"]["next"])
        for change in ({"offset": -1}, {"pageSize": 0}, {"pageSize": 101}):
            forged = base64.urlsafe_b64encode(json.dumps(cursor | change).encode()).decode().rstrip("=")

            assert (await stack.refusal("/payments", cursor=forged))[0] == 400


async def test_a_cursor_is_the_query_and_ignores_what_comes_with_it() -> None:
    async with opened(payments_count=300) as stack:
        text = json.dumps({"$match": {"status": "SUCCEEDED"}})
        first = (await stack.get("/payments", query=text, pageSize=3)).json()["cursor"]
        other = {"query": '{"$match": {"status": "FAILED"}}', "pageSize": 50}
        second = (await stack.get("/payments", cursor=first["next"], **other)).json()["cursor"]
        back = (await stack.get("/payments", cursor=second["previous"])).json()["cursor"]

        assert "previous" not in first
        assert len(second["data"]) == 3
        assert {row["status"] for row in second["data"]} == {"SUCCEEDED"}
        assert back["data"] == first["data"]
        assert decoded(first["next"])["offset"] == 3
        assert decoded(first["next"])["filters"]["qb"] == {"$match": {"status": "SUCCEEDED"}}
        assert "=" not in first["next"]


async def test_an_empty_page_has_neither_next_nor_previous() -> None:
    async with opened(payments_count=0) as stack:
        answer = await stack.get("/payments")

        assert answer.json() == {"cursor": {"pageSize": 15, "hasMore": False, "data": []}}


@pytest.mark.parametrize("generation", GENERATIONS)
@pytest.mark.parametrize("path", ["/accounts", "/payments"])
async def test_lists_are_newest_first(generation: Generation, path: str) -> None:
    async with opened(generation, payments_count=300) as stack:
        moments = [row["createdAt"][:19] for row in await stack.everything(path)]

        assert moments == sorted(moments, reverse=True)


async def test_v2_sorts_and_v3_does_not_listen() -> None:
    async with opened("v2", payments_count=300) as old, opened("v3", payments_count=300) as new:
        amounts = [row["amount"] for row in await old.everything("/payments", sort="amount:asc")]
        unsorted = [row["amount"] for row in await new.everything("/payments", sort="amount:asc")]
        by_two = await old.everything("/payments", sort=["type:asc", "reference:desc"])

        assert amounts == sorted(amounts) != unsorted
        assert [row["type"] for row in by_two] == sorted(row["type"] for row in by_two)
        pay_ins = [row["reference"] for row in by_two if row["type"] == "PAY-IN"]
        assert pay_ins == sorted(pay_ins, reverse=True)
        assert (await old.refusal("/payments", sort="amount:up"))[:2] == (400, "VALIDATION")
        assert (await old.refusal("/payments", sort="nothing:asc"))[:2] == (500, "INTERNAL")
