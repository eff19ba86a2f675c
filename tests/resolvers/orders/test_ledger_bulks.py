"""Many changes of a ledger in one: what each came to, and what is known of them when the answer is lost."""

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Graph, Start
from tests.resolvers.asking import only_error
from tests.resolvers.orders.ledger_changes import change, payload, script, statistics
from tests.resolvers.orders.row import time_passes
from tests.resolvers.orders.rows_ledgers import MANY, account, ledger, posting, transaction


def elements() -> list[dict[str, Any]]:
    return [
        {"createTransaction": {"postings": [posting(MANY)], "reference": "in-bulk"}},
        {"addMetadata": {"targetId": account("treasury:new"), "metadata": {"a": "b"}}},
        {"createTransaction": {"postings": [posting(5, "nobody", "bank")]}},
        {"deleteMetadata": {"targetId": transaction(3), "metadataKey": "kind"}},
        {"revertTransaction": {"transactionId": transaction(3), "force": True}},
        {"createTransaction": {"script": script()}},
    ]


RESULTS = (
    "ledger { id } results { index action error { code vendorCode } "
    "transaction { number postings { money { minorUnits } } } }"
)


def told(done: Any) -> list[str | None]:
    """The code of each element's error."""
    return [each["error"] and each["error"]["code"] for each in done["results"]]


@pytest.mark.parametrize("version", ["v2.1", "v2.4"])
async def test_a_bulk_tells_of_each_element(start: Start, version: str) -> None:
    """What was done before a refusal stays done, and says so."""
    async with start(SANDBOX_LEDGER=version) as graph:
        given = {"ledgerId": ledger(), "elements": elements()}
        done = await payload(graph, "executeLedgerBulk", RESULTS, **given)

        assert told(done) == [None, None, "UPSTREAM_REJECTED", "NOT_TRIED", "NOT_TRIED", "NOT_TRIED"]
        assert [error["field"] for error in done["userErrors"]] == [["elements", str(place)] for place in (2, 3, 4, 5)]
        assert done["results"][2]["error"]["vendorCode"] == "INSUFFICIENT_FUND"
        assert done["results"][0]["transaction"]["postings"][0]["money"]["minorUnits"] == str(MANY)
        assert done["ledger"] == {"id": ledger()}
        assert done == await payload(graph, "executeLedgerBulk", RESULTS, **given)
        assert [call["path"] for call in await graph.calls() if call["method"] == "POST"].count(
            "/api/ledger/v2/main/_bulk"
        ) == 1


async def test_a_bulk_goes_on_or_does_nothing_as_it_is_told(graph: Graph) -> None:
    given = {"ledgerId": ledger(), "elements": elements()}
    nothing = await payload(graph, "executeLedgerBulk", RESULTS, key="1", atomic=True, **given)
    assert told(nothing) == [*["ROLLED_BACK"] * 2, "UPSTREAM_REJECTED", *["NOT_TRIED"] * 3]
    assert all(each["transaction"] is None for each in nothing["results"])

    rest = await payload(graph, "executeLedgerBulk", RESULTS, key="2", continueOnFailure=True, **given)
    assert told(rest) == [None, None, "UPSTREAM_REJECTED", None, None, None]
    assert [each["action"] for each in rest["results"]] == [
        "CREATE_TRANSACTION",
        "ADD_METADATA",
        "CREATE_TRANSACTION",
        "DELETE_METADATA",
        "REVERT_TRANSACTION",
        "CREATE_TRANSACTION",
    ]
    assert rest["results"][5]["transaction"]["postings"][0]["money"]["minorUnits"] == str(MANY)


async def test_a_bulk_whose_answer_is_lost_is_sent_again_under_the_same_keys(graph: Graph, tmp_path: Path) -> None:
    """What was done is not done again. A refusal counts only when nothing can be on its way any more."""
    good = [each for place, each in enumerate(elements()) if place != 2]
    before = await statistics(graph)
    await graph.fault("formance", "/api/ledger/v2/main/_bulk", method="POST", drop="half")
    done = await payload(graph, "executeLedgerBulk", RESULTS, key="1", ledgerId=ledger(), elements=good)
    assert told(done) == [None] * 5
    assert await statistics(graph) == before + 3

    bad = {"key": "2", "ledgerId": ledger(), "elements": [{"createTransaction": {"postings": [posting(1, "no", "b")]}}]}
    await graph.fault("formance", "/api/ledger/v2/main/_bulk", method="POST", drop="before")
    error = only_error(await change(graph, "executeLedgerBulk", RESULTS, **bad))
    assert error["extensions"]["code"] == "UPSTREAM_UNKNOWN_OUTCOME"
    await time_passes(tmp_path)
    assert told(await payload(graph, "executeLedgerBulk", RESULTS, **bad)) == ["UPSTREAM_REJECTED"]


async def test_a_bulk_that_is_refused_as_a_whole_has_no_results(graph: Graph) -> None:
    body = '{"errorCode":"VALIDATION","errorMessage":"no"}'
    await graph.fault("formance", "/api/ledger/v2/main/_bulk", method="POST", status=400, body=body)
    done = await payload(graph, "executeLedgerBulk", RESULTS, ledgerId=ledger(), elements=elements())

    assert (done["ledger"], done["results"]) == (None, [])
    assert [(each["code"], each["vendorCode"]) for each in done["userErrors"]] == [("UPSTREAM_REJECTED", "VALIDATION")]


async def test_a_bulk_that_is_refused_when_it_is_sent_again_is_still_unknown(graph: Graph) -> None:
    """The first one may still be on its way."""
    refused = '{"errorCode":"VALIDATION","errorMessage":"no"}'
    path = "/api/ledger/v2/main/_bulk"
    await graph.fault("formance", path, method="POST", status=503, body="")
    await graph.fault("formance", path, method="POST", status=400, body=refused)
    error = only_error(await change(graph, "executeLedgerBulk", RESULTS, ledgerId=ledger(), elements=elements()))

    assert error["extensions"]["code"] == "UPSTREAM_UNKNOWN_OUTCOME"
