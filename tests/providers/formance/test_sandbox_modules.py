"""What the sandbox's modules say of themselves, and the search that newer stacks have no more."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from providers.formance.sandbox import Generation, create
from providers.formance.sandbox.auth import MODULES
from providers.formance.sandbox.ledger.book import Book, Posting
from providers.seed import NOW
from tests.providers.formance.sandbox_stack import GENERATIONS, TOKEN_FORM, Stack, anonymous, opened

SEARCH = "/api/search/"


@pytest.mark.parametrize("generation", GENERATIONS)
async def test_every_module_is_listed_and_tells_the_same_version(generation: Generation) -> None:
    async with anonymous(generation, payments_count=0) as client:
        listed = {each["name"]: each["version"] for each in (await client.get("/versions")).json()["versions"]}
        told = {name: (await client.get(f"/api/{name}/_info")).json() for name in listed if name != "ledger"}
        orchestration = (await client.get("/api/orchestration/v2/_info")).json()

    assert set(listed) == set(MODULES) - ({"search"} if generation == "v3" else set())
    assert {name: info["version"] for name, info in told.items()} == {
        name: version for name, version in listed.items() if name != "ledger"
    }
    assert orchestration == told["orchestration"] == {"version": listed["orchestration"]}


@pytest.fixture
async def searched() -> AsyncIterator[httpx.AsyncClient]:
    """A stack with two ledgers of its own, and a token."""
    app = create([], payments="v2", payments_count=0)
    books = app.state.stack.books
    books.clear()
    for name, count in (("two", 2), ("one", 1)):
        books[name] = Book(name=name, added_at=NOW)
        for _ in range(count):
            books[name].post([Posting("world", "users:1", 7, "EUR/2")], now=NOW)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://stack.test") as client:
        answer = await client.post("/api/auth/oauth/token", data=TOKEN_FORM)
        client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        yield client


async def search(stack: Stack, **query: Any) -> Any:
    answer = await stack.client.post(SEARCH, json=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_search_is_read_to_its_end_by_cursors() -> None:
    async with opened("v2", payments_count=40) as stack:
        first = (await search(stack, target="PAYMENT", pageSize=30))["cursor"]
        rest = (await search(stack, cursor=first["next"]))["cursor"]
        none = await search(stack, target="PAYMENT", terms=["nothing-is-called-so"])

    assert (len(first["data"]), first["hasMore"], first["total"]) == (30, True, {"value": 40, "relation": "eq"})
    assert (len(rest["data"]), rest["hasMore"], "next" in rest, "previous" in rest) == (10, False, False, True)
    assert not {each["id"] for each in first["data"]} & {each["id"] for each in rest["data"]}
    assert none["cursor"]["data"] == []


async def test_terms_are_words_or_fields_of_which_all_or_one_must_be_there() -> None:
    async with opened("v2", payments_count=40) as stack:
        payments = await stack.everything("/payments")
        one, other = payments[0]["reference"], payments[1]["reference"]
        both = [f"reference={one}", f"reference={other}"]
        found = {
            name: [each["reference"] for each in (await search(stack, target="PAYMENT", **query))["cursor"]["data"]]
            for name, query in {
                "word": {"terms": [one.upper()]},
                "field": {"terms": both[:1]},
                "other": {"terms": [f"scheme={one}"]},
                "all": {"terms": both},
                "one": {"terms": both, "policy": "OR"},
            }.items()
        }

    assert found["word"] == found["field"] == [one]
    assert found["other"] == found["all"] == []
    assert sorted(found["one"]) == sorted([one, other])


async def test_ledgers_are_looked_through_as_they_are(searched: httpx.AsyncClient) -> None:
    async def found(**query: Any) -> list[Any]:
        answer = (await searched.post(SEARCH, json=query)).json()
        return [(each.get("address") or each["txid"]) for each in answer["cursor"]["data"]]

    assert await found(target="ACCOUNT", ledgers=["one"]) == ["world", "users:1"]
    assert await found(target="ACCOUNT", terms=["USERS"]) == ["users:1", "users:1"]
    assert await found(target="TRANSACTION", terms=["destination=users:1"], ledgers=["two"]) == [2, 1]
    assert await found(target="TRANSACTION", terms=["amount=7"], ledgers=["one"]) == [1]


async def test_without_a_target_everything_is_looked_through() -> None:
    async with opened("v2", payments_count=3) as stack:
        found = (await search(stack))["data"]
        unknown = await stack.client.post(SEARCH, json={"target": "NOTHING"})
        bad = await stack.client.post(SEARCH, json={"cursor": "x"})

    assert set(found) == {"ACCOUNT", "TRANSACTION", "PAYMENT"}
    assert len(found["PAYMENT"]) == 3
    assert (unknown.status_code, bad.status_code) == (400, 400)


@pytest.mark.parametrize(
    ("generation", "searches", "status"), [("v3", None, 404), ("v3", True, 200), ("v2", False, 404)]
)
async def test_newer_stacks_have_no_search(generation: Generation, *, searches: bool | None, status: int) -> None:
    async with opened(generation, payments_count=0, searches=searches) as stack:
        answers = [await stack.client.post(SEARCH, json={}), await stack.client.get("/api/search/_info")]

    assert [answer.status_code for answer in answers] == [status, status]
    assert status == 200 or answers[0].text == "404 page not found\n"
