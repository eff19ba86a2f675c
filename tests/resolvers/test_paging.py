"""Every list from its start to its end, by any page size, and what no list may be asked for."""

from itertools import product
from typing import Any, NamedTuple

import pytest

from resolvers import paging
from tests.conftest import Graph, Start
from tests.resolvers.asking import codes, only_error, person

PAGE = "edges { cursor node { id } } nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"
BALANCES = PAGE.replace("{ id }", "{ asOf money { amount asset } }")


class Listing(NamedTuple):
    """A connection: the operation that reads a window of it, and the way to it in the answer."""

    query: str
    path: tuple[str, ...]

    async def window(self, graph: Graph, *, first: int, after: str | None, **variables: Any) -> Any:
        """A window that must be read without an error."""
        data = await graph.data(self.query, first=first, after=after, **variables)
        for step in self.path:
            data = data[step]
        return data

    async def walk(self, graph: Graph, *, first: int, **variables: Any) -> list[Any]:
        """All nodes, window by window. Checks what each window says of itself on the way."""
        found: list[Any] = []
        after = None
        while True:
            window = await self.window(graph, first=first, after=after, **variables)
            info = window["pageInfo"]
            assert len(window["edges"]) <= first
            assert window["nodes"] == [edge["node"] for edge in window["edges"]]
            assert info["hasPreviousPage"] is (after is not None)
            if window["edges"]:
                assert info["startCursor"] == window["edges"][0]["cursor"]
            assert info["endCursor"] is not None or not info["hasNextPage"]
            found += window["nodes"]
            assert after is None or info["endCursor"] != after
            after = info["endCursor"]
            if not info["hasNextPage"]:
                return found


async def payment_accounts(graph: Graph) -> list[str]:
    """The ids of the first customer's payment accounts."""
    query = f'{{ customer(id: "{person(0)}") {{ accounts(provider: FORMANCE) {{ nodes {{ id }} }} }} }}'
    return [node["id"] for node in (await graph.data(query))["customer"]["accounts"]["nodes"]]


def root(field: str) -> Listing:
    """A list of the root type."""
    query = f"query($first: Int, $after: String) {{ {field}(first: $first, after: $after) {{ totalCount {PAGE} }} }}"
    return Listing(query, (field,))


def below(parent: str, field: str, *, page: str = PAGE, type_: str = "Node") -> Listing:
    """A list that hangs on an object."""
    window = f"{field}(first: $first, after: $after) {{ totalCount {page} }}"
    query = f"query($id: ID!, $first: Int, $after: String) {{ {parent}(id: $id) {{ ... on {type_} {{ {window} }} }} }}"
    return Listing(query, (parent, field))


ROOTS = {"customers": 25, "payments": 2000, "pools": 12, "connectors": 10}
ACCOUNTS = below("customer", "accounts", type_="Customer")
OF_CUSTOMER = below("customer", "payments", type_="Customer")
OF_ACCOUNT = below("account", "payments", page=PAGE.replace("{ id }", "{ id createdAt }"), type_="Account")
HISTORY = below("account", "balanceHistory", page=BALANCES, type_="PaymentAccount")

generations = pytest.mark.parametrize("generation", ["v3", "v2"])


@generations
async def test_root_lists_are_read_to_their_ends_by_any_page_size(start: Start, generation: str) -> None:
    """Nothing is lost and nothing comes twice; the order does not depend on the page size."""
    async with start(SANDBOX_PAYMENTS=generation) as graph:
        for field, count in ROOTS.items():
            whole = [node["id"] for node in await root(field).walk(graph, first=100)]

            assert len(whole) == len(set(whole)) == count
            for first in (1, 7) if count < 100 else (83,):
                assert [node["id"] for node in await root(field).walk(graph, first=first)] == whole


@generations
async def test_the_accounts_of_three_vendors_are_one_list(start: Start, generation: str) -> None:
    """Windows cross from one vendor's pages to the next one's; each vendor's accounts are as many as alone."""
    async with start(SANDBOX_PAYMENTS=generation) as graph:
        whole = [node["id"] for node in await root("accounts").walk(graph, first=100)]

        assert len(whole) == len(set(whole)) > 180
        for first in (7, 40):
            assert [node["id"] for node in await root("accounts").walk(graph, first=first)] == whole


@generations
async def test_a_customers_payments_are_those_of_its_accounts(start: Start, generation: str) -> None:
    """The list below a customer is what its accounts' lists have, also beyond the vendor's largest page."""
    async with start(SANDBOX_PAYMENTS=generation) as graph:
        accounts = await payment_accounts(graph)
        of_accounts = {
            payment["id"]: payment["createdAt"]
            for account in accounts
            for payment in await OF_ACCOUNT.walk(graph, first=100, id=account)
        }
        expected = sorted(of_accounts, key=of_accounts.__getitem__, reverse=True)

        assert len(expected) == 122
        for first in (100, 13):
            assert [node["id"] for node in await OF_CUSTOMER.walk(graph, first=first, id=person(0))] == expected


@generations
async def test_an_accounts_payments_are_read_to_their_end(start: Start, generation: str) -> None:
    """The first window comes from a batch, later ones from the account's own list: they fit together."""
    async with start(SANDBOX_PAYMENTS=generation) as graph:
        for account in await payment_accounts(graph):
            whole = [node["id"] for node in await OF_ACCOUNT.walk(graph, first=100, id=account)]

            assert len(whole) == len(set(whole)) > 10
            assert [node["id"] for node in await OF_ACCOUNT.walk(graph, first=4, id=account)] == whole


@generations
async def test_the_balances_of_the_past_are_read_to_their_end(start: Start, generation: str) -> None:
    """Newest first for each asset, by any page size."""
    async with start(SANDBOX_PAYMENTS=generation) as graph:
        found = 0
        for account in await payment_accounts(graph):
            whole = await HISTORY.walk(graph, first=100, id=account)
            found += len(whole)

            for asset in {balance["money"]["asset"] for balance in whole}:
                times = [balance["asOf"] for balance in whole if balance["money"]["asset"] == asset]
                assert times == sorted(times, reverse=True)
            assert await HISTORY.walk(graph, first=1, id=account) == whole
        assert found > 3


async def test_a_customers_accounts_are_a_list_in_memory(warm: Graph) -> None:
    """One by one, three by three, or all at once."""
    whole = await ACCOUNTS.walk(warm, first=100, id=person(0))

    assert len(whole) == 9
    assert await ACCOUNTS.walk(warm, first=1, id=person(0)) == whole
    assert await ACCOUNTS.walk(warm, first=3, id=person(0)) == whole


async def test_an_edges_cursor_goes_on_after_its_edge(warm: Graph) -> None:
    """Not only the last edge's: any of them."""
    for listing, variables in ((root("accounts"), {}), (root("payments"), {}), (ACCOUNTS, {"id": person(0)})):
        window = await listing.window(warm, first=9, after=None, **variables)
        for place, edge in enumerate(window["edges"][:-1]):
            rest = await listing.window(warm, first=8 - place, after=edge["cursor"], **variables)
            assert rest["nodes"] == window["nodes"][place + 1 :]


LISTS = [
    (root("customers"), {}),
    (root("accounts"), {}),
    (root("payments"), {}),
    (root("pools"), {}),
    (root("connectors"), {}),
    (ACCOUNTS, {"id": person(0)}),
    (OF_CUSTOMER, {"id": person(0)}),
]


async def test_an_empty_window_tells_where_to_go_on(warm: Graph) -> None:
    """`first: 0` gives no items, and a cursor for what follows: at the start and in the middle."""
    for listing, variables in LISTS:
        whole = await listing.window(warm, first=4, after=None, **variables)
        for before, following in ((None, whole["nodes"][:2]), (whole["edges"][1]["cursor"], whole["nodes"][2:])):
            empty = await listing.window(warm, first=0, after=before, **variables)
            rest = await listing.window(warm, first=2, after=empty["pageInfo"]["endCursor"], **variables)

            assert empty["nodes"] == []
            assert empty["pageInfo"]["hasNextPage"] is True
            assert empty["pageInfo"]["startCursor"] is None
            assert empty["pageInfo"]["hasPreviousPage"] is (before is not None)
            assert rest["nodes"] == following
            assert rest["pageInfo"]["hasPreviousPage"] is (before is not None)


async def test_behind_the_last_item_is_nothing(warm: Graph) -> None:
    """An empty window with no cursor, which says that there is something before it."""
    for listing, variables in LISTS:
        after = None
        while True:
            info = (await listing.window(warm, first=100, after=after, **variables))["pageInfo"]
            after = info["endCursor"]
            if not info["hasNextPage"]:
                break
        behind = await listing.window(warm, first=5, after=after, **variables)

        assert behind["nodes"] == []
        assert behind["pageInfo"] == {
            "hasNextPage": False,
            "hasPreviousPage": True,
            "startCursor": None,
            "endCursor": None,
        }


async def test_the_whole_is_counted_where_that_is_free(warm: Graph) -> None:
    """By Pluggy, by lists that come whole, and by lists in memory; never by a further call."""
    answer = await warm.ask(
        "{ connectors(first: 1) { totalCount } accounts(provider: PLUGGY, first: 1) { totalCount }"
        "  all: accounts(first: 1) { totalCount } payments(first: 1) { totalCount } pools(first: 1) { totalCount }"
        f'  customer(id: "{person(0)}") {{ accounts(first: 1) {{ totalCount }} }} customers {{ totalCount }} }}'
    )

    assert answer.errors == []
    assert answer.data == {
        "connectors": {"totalCount": 10},
        "accounts": {"totalCount": 22},
        "all": {"totalCount": None},
        "payments": {"totalCount": None},
        "pools": {"totalCount": None},
        "customer": {"accounts": {"totalCount": 9}},
        "customers": {"totalCount": None},
    }


async def test_a_page_size_out_of_bounds_is_the_clients_mistake(warm: Graph) -> None:
    """On every list; the message says what is allowed."""
    for (listing, variables), first in product(LISTS, (-1, 101, 2**31 - 1)):
        answer = await warm.ask(listing.query, first=first, after=None, **variables)

        assert codes(answer) == ["BAD_USER_INPUT"]
        assert "between 0 and 100" in only_error(answer)["message"]


async def test_null_as_page_size_is_the_usual_one(warm: Graph) -> None:
    """An explicit null is what clients send for a variable that is not set."""
    assert len((await warm.data("{ payments(first: null) { nodes { id } } }"))["payments"]["nodes"]) == 20


GARBAGE = ["", "0", "MA", "W10", "bnVsbA", "=", "%00", "é", "A" * 16_384, "eyJhIjoxfQ", "WyJhIiwiYiIsImMiLC0xXQ"]


async def test_a_cursor_that_is_none_is_the_clients_mistake(warm: Graph) -> None:
    """Nothing internal is told, and no vendor is asked."""
    for listing, variables in LISTS:
        for cursor in GARBAGE:
            answer = await warm.ask(listing.query, first=5, after=cursor, **variables)

            assert codes(answer) == ["BAD_USER_INPUT"], cursor
            assert only_error(answer)["message"] == "The cursor is not one that this list gave out."


async def test_a_cursor_of_another_list_is_the_clients_mistake(warm: Graph) -> None:
    """A list knows its own cursors, also from those of the same vendor, another owner or another filter."""
    cursors = {
        number: (await listing.window(warm, first=2, after=None, **variables))["edges"][1]["cursor"]
        for number, (listing, variables) in enumerate(LISTS)
    }
    for number, (listing, variables) in enumerate(LISTS):
        for origin, cursor in cursors.items():
            answer = await warm.ask(listing.query, first=5, after=cursor, **variables)
            assert codes(answer) == ([] if origin == number else ["BAD_USER_INPUT"])

    for_another = await warm.ask(ACCOUNTS.query, first=5, after=cursors[5], id=person(1))
    filtered = await warm.ask(
        "query($after: String) { payments(filter: { type: PAYOUT }, after: $after) { nodes { id } } }", after=cursors[2]
    )
    assert codes(for_another) == codes(filtered) == ["BAD_USER_INPUT"]


async def test_a_cursor_that_was_tampered_with_is_refused_or_harmless(warm: Graph) -> None:
    """Whoever makes up a place in a list gets a typed refusal, an empty window, or its items: never a crash."""
    sources = {"customers": "directory", "accounts": "pluggy", "pools": "formance", "connectors": "formance"}
    for field, source in sources.items():
        for token in ("", "x", "0x0", "99999999x999", "1x0", "-1", "\x00", "é/../..?a=b", "a" * 3_000):
            cursor = paging.encode(paging.Place(paging.identity(field), source, token, 3))
            answer = await warm.ask(root(field).query, first=5, after=cursor)

            assert set(codes(answer)) <= {"UPSTREAM_REJECTED", "PARTIAL_RESULT"}, (field, token)
        elsewhere = paging.encode(paging.Place(paging.identity(field), "nowhere", "", 3))
        assert codes(await warm.ask(root(field).query, first=5, after=elsewhere)) == ["BAD_USER_INPUT"]


async def test_going_on_after_a_cursor_whose_vendor_fails_meanwhile(warm: Graph) -> None:
    """The rest of that vendor's part is missing and told; the next vendors' parts follow."""
    started = await root("accounts").window(warm, first=5, after=None)
    await warm.fault("finicity", "/aggregation/v1/*", status=503, times=100)
    answer = await warm.ask(
        "query($after: String) { accounts(first: 5, after: $after) { nodes { provider } problems { provider } } }",
        after=started["pageInfo"]["endCursor"],
    )

    assert codes(answer) == ["PARTIAL_RESULT"]
    assert answer.data["accounts"] == {"nodes": [{"provider": "PLUGGY"}] * 5, "problems": [{"provider": "FINICITY"}]}


async def test_going_on_in_a_list_of_one_vendor_that_fails_is_an_error(warm: Graph) -> None:
    """There is nothing else to give. The cursor stays good."""
    started = await root("payments").window(warm, first=5, after=None)
    after = started["pageInfo"]["endCursor"]
    await warm.fault("formance", "*/payments", status=400, body="{}")
    failed = await warm.ask(root("payments").query, first=5, after=after)
    again = await warm.ask(root("payments").query, first=5, after=after)

    assert failed.data == {"payments": None}
    assert codes(failed) == ["UPSTREAM_REJECTED"]
    assert len(again.data["payments"]["nodes"]) == 5


async def test_the_operator_sets_how_many_items_may_be_asked_for_at_once(start: Start) -> None:
    async with start(MAX_PAGE_SIZE="250", SANDBOX_CUSTOMERS="130") as graph:
        query = "query ($first: Int) { customers(first: $first) { nodes { id } pageInfo { hasNextPage } } }"
        whole = (await graph.data(query, first=250))["customers"]
        refused = await graph.ask(query, first=251)

    assert len(whole["nodes"]) == 130
    assert not whole["pageInfo"]["hasNextPage"]
    assert codes(refused) == ["BAD_USER_INPUT"]
    assert "between 0 and 250" in refused.errors[0]["message"]
