"""Customer reads of the sandbox, and what the directory is told of them."""

from collections.abc import AsyncIterator

import httpx
import pytest

from providers.finicity.sandbox import links
from providers.finicity.sandbox.seed import customer_id
from providers.seed import customers
from tests.providers.finicity.conftest import Connect, with_token

PATH = "/aggregation/v1/customers"
PEOPLE = [person for person in customers(60) if person.finicity]


@pytest.fixture
async def crowd(connect: Connect) -> AsyncIterator[httpx.AsyncClient]:
    async with connect(count=60) as client:
        yield await with_token(client)


async def test_a_page_has_25_records_and_says_that_there_are_more(crowd: httpx.AsyncClient) -> None:
    first = (await crowd.get(PATH)).json()
    second = (await crowd.get(PATH, params={"start": 26})).json()

    assert (first["found"], first["displaying"], first["moreAvailable"]) == (len(PEOPLE), 25, True)
    assert (second["displaying"], second["moreAvailable"]) == (len(PEOPLE) - 25, False)
    ids = [record["id"] for record in first["customers"] + second["customers"]]
    assert ids == [customer_id(person) for person in PEOPLE]


async def test_a_limit_beyond_the_greatest_is_taken_for_it(crowd: httpx.AsyncClient) -> None:
    page = (await crowd.get(PATH, params={"limit": 5000})).json()

    assert (page["displaying"], page["moreAvailable"]) == (len(PEOPLE), False)


async def test_a_username_finds_exactly_one(crowd: httpx.AsyncClient) -> None:
    found = (await crowd.get(PATH, params={"username": "cus_0003"})).json()
    part = (await crowd.get(PATH, params={"username": "cus_000"})).json()

    assert [record["id"] for record in found["customers"]] == [customer_id(PEOPLE[2])]
    assert (part["found"], part["customers"]) == (0, [])


async def test_a_search_looks_into_names(crowd: httpx.AsyncClient) -> None:
    found = (await crowd.get(PATH, params={"search": "lovelace"})).json()["customers"]

    assert [record["username"] for record in found] == ["cus_0001", "cus_0026", "cus_0051"]


async def test_types_part_the_customers(crowd: httpx.AsyncClient) -> None:
    counts = [(await crowd.get(PATH, params={"type": kind})).json()["found"] for kind in ("active", "testing")]

    assert sum(counts) == len(PEOPLE)
    assert min(counts) > 0


@pytest.mark.parametrize(
    ("query", "code"),
    [({"start": "0"}, 41003), ({"limit": "0"}, 41004), ({"limit": "x"}, 14020), ({"type": "gone"}, 14016)],
)
async def test_impossible_arguments_are_refused(crowd: httpx.AsyncClient, query: dict[str, str], code: int) -> None:
    answer = await crowd.get(PATH, params=query)

    assert (answer.status_code, answer.json()["code"]) == (400, code)


async def test_dates_are_strings_in_the_older_dialect_only(connect: Connect) -> None:
    kinds = {}
    for dialect in ("1.13", "new"):
        async with connect(dialect=dialect) as client:
            record = (await (await with_token(client)).get(f"{PATH}/{customer_id(PEOPLE[0])}")).json()
            kinds[dialect] = type(record["createdDate"])

    assert kinds == {"1.13": str, "new": int}


async def test_an_unknown_customer_is_not_found(crowd: httpx.AsyncClient) -> None:
    answer = await crowd.get(f"{PATH}/1")

    assert (answer.status_code, answer.json()) == (404, {"code": 14001, "message": "Customer not found."})


async def test_two_sandboxes_share_nothing(connect: Connect) -> None:
    """A token of one is none of the other's."""
    async with connect() as one, connect() as other:
        other.headers["Finicity-App-Token"] = (await with_token(one)).headers["Finicity-App-Token"]

        assert (await other.get(PATH)).status_code == 401


def test_links_name_those_whom_the_directory_stores() -> None:
    stored = links(customers(25))

    assert {link.kind for link in stored} == {"customer"}
    assert stored[0].customer_id == "cus_0001"
    assert stored[0].external_id == customer_id(PEOPLE[0])
    expected = [person.id for person in PEOPLE if person.stored_links and person.index < 25]
    assert [link.customer_id for link in stored] == expected
