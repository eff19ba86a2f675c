"""What can be refused to those who record accounts and payments, and that amounts stay exact."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Graph
from tests.resolvers.asking import codes
from tests.resolvers.orders import nobody
from tests.resolvers.orders.refusals import INCAPABLE, INVALID, Case, answers, expected, missing
from tests.resolvers.orders.row import Row, World, effects, order, outcome, time_passes, user_errors
from tests.resolvers.orders.rows_payments import ANNOTATE, CREATE_ACCOUNT, CREATE_PAYMENT

EXISTS = ("ALREADY_EXISTS", ["reference"], None)


def stripe(world: World) -> dict[str, Any]:
    return {"connectorId": world.connectors["stripe-eu"]}


CASES = [
    Case("account at a connector that tells", CREATE_ACCOUNT, stripe, v3=INCAPABLE),
    Case(
        "account at no connector",
        CREATE_ACCOUNT,
        lambda _: {"connectorId": nobody.CONNECTOR},
        v3=missing("connectorId"),
        v2=INVALID,
    ),
    Case("short account reference", CREATE_ACCOUNT, lambda _: {"reference": "x"}, v3=INVALID),
    Case("account's odd asset", CREATE_ACCOUNT, lambda _: {"defaultAsset": "euro"}, v3=INVALID, v2=INVALID),
    Case("payment at a connector that tells", CREATE_PAYMENT, stripe, v3=INCAPABLE),
    Case(
        "payment at no connector",
        CREATE_PAYMENT,
        lambda _: {"connectorId": nobody.CONNECTOR},
        v3=missing("connectorId"),
        v2=INVALID,
    ),
    Case("short payment reference", CREATE_PAYMENT, lambda _: {"reference": "x"}, v3=INVALID),
    Case("unknown scheme", CREATE_PAYMENT, lambda _: {"scheme": "shells"}, v3=INVALID, v2=INVALID),
    Case("newer status", CREATE_PAYMENT, lambda _: {"status": "CAPTURED"}, v2=INVALID),
    Case(
        "notes of no payment",
        ANNOTATE,
        lambda _: {"paymentId": nobody.PAYMENT},
        v3=missing("paymentId"),
        v2=missing("paymentId"),
    ),
]


@pytest.mark.parametrize("generation", ["v3", "v2"])
async def test_a_servers_refusals_are_told_with_their_codes(graph: Graph, here: World, generation: str) -> None:
    """As each generation of servers words them. What it takes for done is done."""
    assert await answers(graph, here, CASES) == expected(CASES, generation)


@pytest.mark.parametrize(
    ("row", "given", "fields"),
    [
        (
            CREATE_ACCOUNT,
            {"connectorId": "x", "reference": "", "name": " ", "kind": "CHECKING", "createdAt": "2100-01-01T00:00:00Z"}
            | {"defaultAsset": "", "metadata": {"n": 1}},
            ["connectorId", "kind", "reference", "name", "createdAt", "defaultAsset", "metadata"],
        ),
        (
            CREATE_PAYMENT,
            {"connectorId": "x", "reference": "", "type": "UNKNOWN", "status": "UNKNOWN", "scheme": ""}
            | {"money": {"amount": "0", "asset": "EUR/2"}, "createdAt": "2100-01-01T00:00:00Z"}
            | {"sourceId": "x", "destinationId": "y", "metadata": []},
            "connectorId reference type status money scheme createdAt sourceId destinationId metadata".split(),
        ),
        (ANNOTATE, {"paymentId": "x", "metadata": {}}, ["paymentId", "metadata"]),
    ],
    ids=str,
)
async def test_all_that_is_wrong_is_told_at_once(
    graph: Graph, row: Row, given: dict[str, Any], fields: list[str]
) -> None:
    """By field, and the provider is not asked."""
    await graph.forget_calls()

    assert user_errors(await order(graph, row, given)) == [("INVALID", [field], None) for field in fields]
    assert await graph.calls() == []


@pytest.mark.parametrize("generation", ["v3", "v2"])
@pytest.mark.parametrize(
    ("amount", "asset", "units"),
    [
        ("0.01", "EUR/2", "1"),
        ("9007199254740993", "JPY", "9007199254740993"),
        ("12345678901234567890.123456789012345678", "ETH/18", "12345678901234567890123456789012345678"),
        ("1.500", "EUR/2", "150"),
    ],
)
async def test_an_amount_arrives_digit_for_digit(
    graph: Graph, here: World, amount: str, asset: str, units: str
) -> None:
    """Beyond 2**53 and 2**63, whatever the asset's decimals."""
    given = {**CREATE_PAYMENT.input(here), "money": {"amount": amount, "asset": asset}}
    money = outcome(await order(graph, CREATE_PAYMENT, given))["payment"]["money"]

    assert (money["asset"], money["minorUnits"]) == (asset, units)


@pytest.mark.parametrize(
    ("amount", "asset", "code"),
    [
        ("1.001", "EUR/2", "TOO_MANY_DECIMALS"),
        ("0.5", "JPY/0", "TOO_MANY_DECIMALS"),
        ("92233720368547758070.123", "EUR/2", "TOO_MANY_DECIMALS"),
        ("0", "EUR/2", "INVALID"),
        ("-1", "EUR/2", "INVALID"),
        ("1", "euro", "INVALID"),
        ("1", "EUR/200", "INVALID"),
    ],
)
async def test_an_amount_that_would_have_to_be_changed_is_refused(
    graph: Graph, here: World, amount: str, asset: str, code: str
) -> None:
    """Nothing is rounded."""
    given = {**CREATE_PAYMENT.input(here), "money": {"amount": amount, "asset": asset}}

    assert user_errors(await order(graph, CREATE_PAYMENT, given)) == [(code, ["money"], None)]


@pytest.mark.parametrize("generation", ["v3", "v2"])
@pytest.mark.parametrize("row", [CREATE_ACCOUNT, CREATE_PAYMENT], ids=str)
async def test_what_is_there_is_not_recorded_again(graph: Graph, here: World, row: Row) -> None:
    """The servers would change it, or leave it and say that it was made."""
    first = outcome(await order(graph, row, row.input(here)))
    second = await order(graph, row, {**row.input(here), **row.other(here)}, key="another")

    assert user_errors(second) == [EXISTS]
    assert await effects(graph, row) == 1
    assert outcome(await order(graph, row, row.input(here))) == first


@pytest.mark.parametrize("generation", ["v3", "v2"])
@pytest.mark.parametrize("row", [CREATE_ACCOUNT, CREATE_PAYMENT], ids=str)
async def test_what_somebody_else_recorded_meanwhile_is_not_taken_for_ours(
    graph: Graph, here: World, row: Row, tmp_path: Path
) -> None:
    """When it is looked up what became of an order that was lost."""
    method, path = row.calls
    await graph.fault("formance", path, method=method, drop="before")
    lost = await order(graph, row, row.input(here), key="lost")
    made = outcome(await order(graph, row, {**row.input(here), **row.other(here)}, key="quick"))
    await time_passes(tmp_path)

    assert codes(lost) == ["UPSTREAM_UNKNOWN_OUTCOME"]
    assert user_errors(await order(graph, row, row.input(here), key="lost")) == [EXISTS]
    assert outcome(await order(graph, row, {**row.input(here), **row.other(here)}, key="quick")) == made
    assert await effects(graph, row) == 1


@pytest.mark.parametrize("row", [CREATE_ACCOUNT, CREATE_PAYMENT], ids=str)
async def test_of_two_that_record_at_once_under_one_reference_one_is_told(graph: Graph, here: World, row: Row) -> None:
    """The server answers both as if the record were theirs."""
    given = row.input(here)
    wishes = {"one": given, "two": {**given, **row.other(here)}}
    answers = await asyncio.gather(*(order(graph, row, wish, key=key) for key, wish in wishes.items()))
    told = [answer.data[row.mutation]["userErrors"] for answer in answers]

    assert [answer.errors for answer in answers] == [[], []]
    assert sorted(len(errors) for errors in told) == [0, 1]
    assert [error["code"] for errors in told for error in errors] == ["ALREADY_EXISTS"]


@pytest.mark.parametrize("generation", ["v3", "v2"])
async def test_notes_are_added_and_replaced(graph: Graph, here: World) -> None:
    """Those of other names stay."""
    for number, notes in enumerate(({"a": "1", "b": "1"}, {"b": "2", "c": "2"})):
        given = {"paymentId": here.payment, "metadata": notes}
        changed = outcome(await order(graph, ANNOTATE, given, key=str(number)))

    assert {"a": "1", "b": "2", "c": "2"}.items() <= changed["payment"]["metadata"].items()
