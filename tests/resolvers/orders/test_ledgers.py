"""Mutations of ledgers: what is refused, what servers of each generation can do, logs and previews."""

import json
from typing import Any

import pytest

from tests.conftest import Graph, Start
from tests.resolvers.asking import codes, only_error
from tests.resolvers.orders.ledger_changes import PAY, TRANSACTION, change, payload, refusals, script, statistics
from tests.resolvers.orders.rows_ledgers import MANY, account, ledger, posting, transaction


@pytest.mark.parametrize("version", ["v1", "v2.1", "v2.4"])
async def test_money_moves_by_postings_and_by_scripts_on_all_servers(start: Start, version: str) -> None:
    """Forty digits arrive, and go back."""
    async with start(SANDBOX_LEDGER=version) as graph:
        moved = await payload(
            graph, "createLedgerTransaction", TRANSACTION, key="1", ledgerId=ledger(), postings=[posting(MANY)]
        )
        run = await payload(graph, "createLedgerTransaction", TRANSACTION, key="2", ledgerId=ledger(), script=script())
        back = await payload(
            graph, "revertLedgerTransaction", TRANSACTION, key="3", transactionId=moved["transaction"]["id"]
        )
        again = await refusals(graph, "revertLedgerTransaction", key="4", transactionId=moved["transaction"]["id"])

        for each in (moved, run, back):
            assert each["userErrors"] == []
            assert [row["money"] for row in each["transaction"]["postings"]] == [{"minorUnits": str(MANY)}]
        assert run["transaction"]["postings"][0]["destination"]["id"] == account("bob")
        assert again == [("UPSTREAM_REJECTED", "", "VALIDATION" if version == "v1" else "ALREADY_REVERT")]


@pytest.mark.parametrize("version", ["v1", "v2.1"])
async def test_what_was_done_is_found_on_older_servers(start: Start, version: str) -> None:
    """When the answer is lost, and by either API."""
    root = "/api/ledger/main" if version == "v1" else "/api/ledger/v2/main"
    async with start(SANDBOX_LEDGER=version) as graph:
        for mutation, path, given in (
            ("createLedgerTransaction", "transactions", {"ledgerId": ledger(), "postings": [posting(5)]}),
            ("revertLedgerTransaction", "transactions/3/revert", {"transactionId": transaction(3), "force": True}),
        ):
            await graph.fault("formance", f"{root}/{path}", method="POST", drop="half")
            first = await payload(graph, mutation, TRANSACTION, key=mutation, **given)
            second = await payload(graph, mutation, TRANSACTION, key=mutation, **given)

            assert first == second
            assert first["transaction"]["postings"]
        notes = {"transactionId": transaction(4), "metadata": {"a": "b"}}
        await graph.fault(
            "formance", f"{root}/transactions/4/metadata", method="POST", headers={"content-encoding": "br"}
        )
        noted = await payload(graph, "updateLedgerTransactionMetadata", TRANSACTION, **notes)
        assert noted["transaction"]["metadata"]["a"] == "b"
        calls = [call for call in await graph.calls() if call["method"] == "POST" and "/ledger/" in call["path"]]
        assert len(calls) == 3


async def test_the_first_generation_makes_batches_runs_scripts_and_keeps_mappings(start: Start) -> None:
    async with start(SANDBOX_LEDGER="v1") as graph:
        both = [{"postings": [posting(5)]}, {"postings": [posting(MANY)], "metadata": {"a": "b"}}]
        selection = "transactions { number metadata postings { money { minorUnits } } }"
        given = {"key": "batch", "ledgerId": ledger(), "transactions": both}
        await graph.fault("formance", "/api/ledger/main/transactions/batch", method="POST", drop="half")
        made = await payload(graph, "createLedgerTransactions", selection, **given)
        assert made == await payload(graph, "createLedgerTransactions", selection, **given)
        assert [row["postings"][0]["money"]["minorUnits"] for row in made["transactions"]] == ["5", str(MANY)]
        assert made["transactions"][1]["metadata"]["a"] == "b"

        poor = [{"postings": [posting(5)]}, {"postings": [posting(5, "nobody", "bank")]}]
        refused = await refusals(graph, "createLedgerTransactions", key="poor", ledgerId=ledger(), transactions=poor)
        assert refused == [("UPSTREAM_REJECTED", "", "INSUFFICIENT_FUND")]

        await graph.fault("formance", "/api/ledger/main/script", method="POST", drop="half")
        run = await payload(graph, "runLedgerScript", TRANSACTION, key="script", ledgerId=ledger(), script=script())
        assert run["transaction"]["postings"][0]["money"]["minorUnits"] == str(MANY)
        wrong = {"plain": "pay everybody"}
        assert await refusals(graph, "runLedgerScript", key="wrong", ledgerId=ledger(), script=wrong) == [
            ("UPSTREAM_REJECTED", "", "COMPILATION_FAILED")
        ]

        rules = [{"address": "users:*", "expression": {"has": ["name", 3]}}]
        await graph.fault("formance", "/api/ledger/main/mapping", method="PUT", drop="half")
        mapped = await payload(
            graph,
            "updateLedgerMapping",
            "ledger { mapping { address expression } }",
            key="map",
            ledgerId=ledger(),
            contracts=rules,
        )
        assert mapped["ledger"]["mapping"] == rules


async def test_what_a_server_cannot_do_is_said_to_be_unsupported(start: Start) -> None:
    """And nothing is sent for it, where that is known."""
    second: dict[str, dict[str, Any]] = {
        "createLedger": {"name": "new"},
        "updateLedgerMetadata": {"ledgerId": ledger(), "metadata": {"a": "b"}},
        "deleteLedgerMetadata": {"ledgerId": ledger(), "metadataKey": "a"},
        "deleteLedgerTransactionMetadata": {"transactionId": transaction(3), "metadataKey": "a"},
        "deleteLedgerAccountMetadata": {"accountId": account("fees"), "metadataKey": "a"},
        "importLedgerLogs": {"ledgerId": ledger(), "lines": ['{"id":1}']},
        "executeLedgerBulk": {"ledgerId": ledger(), "elements": [{"createTransaction": {"postings": [posting(1)]}}]},
        "revertLedgerTransaction": {"transactionId": transaction(3), "atEffectiveDate": True},
    }
    first: dict[str, dict[str, Any]] = {
        "createLedgerTransactions": {"ledgerId": ledger(), "transactions": [{"postings": [posting(1)]}]},
        "runLedgerScript": {"ledgerId": ledger(), "script": script()},
        "updateLedgerMapping": {"ledgerId": ledger(), "contracts": []},
    }
    async with start(SANDBOX_LEDGER="v1") as graph:
        for mutation, given in second.items():
            assert await refusals(graph, mutation, key=mutation, **given) == [("UNSUPPORTED", "", None)]
        assert all(call["method"] == "GET" for call in await graph.calls() if "/ledger/" in call["path"])
        answer = await graph.ask("query ($id: ID!) { ledger(id: $id) { exportedLogs { isComplete } } }", id=ledger())
        assert codes(answer) == ["UNSUPPORTED"]
    async with start(SANDBOX_LEDGER="v2.4") as graph:
        for mutation, given in first.items():
            assert await refusals(graph, mutation, key=mutation, **given) == [("UNSUPPORTED", "", None)]
    async with start(SANDBOX_LEDGER="v2.1") as graph:
        atomic = {**second["executeLedgerBulk"], "atomic": True}
        assert await refusals(graph, "executeLedgerBulk", **atomic) == [("UNSUPPORTED", "", None)]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, ["postings"]),
        ({"postings": [posting(1)], "script": {"plain": PAY}}, ["postings"]),
        ({"postings": [posting(1, "a b", "")]}, ["postings.0.source", "postings.0.destination"]),
        ({"postings": [{**posting(1), "money": {"amount": "0", "asset": "USD/2"}}]}, ["postings.0.money"]),
        ({"postings": [{**posting(1), "money": {"amount": "1", "asset": "dollars"}}]}, ["postings.0.money"]),
        ({"postings": [posting(1)] * 101}, ["postings"]),
        ({"postings": [posting(1)], "metadata": {"a": 1}}, ["metadata"]),
        ({"postings": [posting(1)], "metadata": {"idempotency_hash": "x"}}, ["metadata.idempotency_hash"]),
        ({"postings": [posting(1)], "reference": " "}, ["reference"]),
        ({"script": {"plain": ""}}, ["script.plain"]),
        (
            {
                "script": {
                    "plain": PAY,
                    "variables": [
                        {"name": "A", "text": "x"},
                        {"name": "b", "text": "x", "number": "1"},
                        {"name": "c"},
                        {"name": "d", "money": {"amount": "0", "asset": "USD/2"}},
                    ],
                }
            },
            [
                *("script.variables.0.name", "script.variables.1", "script.variables.2"),
                "script.variables.3.money",
            ],
        ),
    ],
)
async def test_a_transaction_is_checked_before_anybody_is_asked(
    graph: Graph, given: dict[str, Any], expected: list[str]
) -> None:
    await graph.forget_calls()

    told = await refusals(graph, "createLedgerTransaction", ledgerId=ledger(), **given)

    assert [(code, field) for code, field, _ in told] == [("INVALID", field) for field in expected]
    assert await graph.calls() == []


async def test_other_inputs_are_checked(graph: Graph) -> None:
    cases: list[tuple[str, dict[str, Any], list[str]]] = [
        ("createLedger", {"name": "a b", "bucket": ""}, ["name", "bucket"]),
        ("updateLedgerMetadata", {"ledgerId": ledger(), "metadata": {}}, ["metadata"]),
        ("deleteLedgerMetadata", {"ledgerId": account("x"), "metadataKey": ""}, ["ledgerId", "metadataKey"]),
        ("importLedgerLogs", {"ledgerId": ledger(), "lines": []}, ["lines"]),
        ("importLedgerLogs", {"ledgerId": ledger(), "lines": ['{"id": 1}', "{", '{"id":\n2}']}, ["lines.1", "lines.2"]),
        (
            "updateLedgerTransactionMetadata",
            {"transactionId": transaction(3), "metadata": {"idempotency_hash": "x"}},
            ["metadata.idempotency_hash"],
        ),
        (
            "deleteLedgerTransactionMetadata",
            {"transactionId": transaction(3), "metadataKey": "idempotency_hash"},
            ["metadataKey"],
        ),
        ("createLedgerTransactions", {"ledgerId": ledger(), "transactions": []}, ["transactions"]),
        (
            "updateLedgerMapping",
            {"ledgerId": ledger(), "contracts": [{"address": "a", "expression": 1}] * 101},
            ["contracts"],
        ),
        ("executeLedgerBulk", {"ledgerId": ledger(), "elements": []}, ["elements"]),
        (
            "executeLedgerBulk",
            {
                "ledgerId": ledger(),
                "atomic": True,
                "continueOnFailure": True,
                "elements": [
                    {},
                    {"revertTransaction": {"transactionId": transaction(3, "audit")}},
                    {"addMetadata": {"targetId": ledger(), "metadata": {"a": "b"}}},
                    {"deleteMetadata": {"targetId": account("fees"), "metadataKey": ""}},
                ],
            },
            [
                "continueOnFailure",
                "elements.0",
                "elements.1.revertTransaction.transactionId",
                "elements.2.addMetadata.targetId",
                "elements.3.deleteMetadata.metadataKey",
            ],
        ),
        (
            "updateLedgerMapping",
            {"ledgerId": ledger(), "contracts": [{"address": "", "expression": 1}]},
            ["contracts.0.address"],
        ),
    ]
    for mutation, given, expected in cases:
        told = await refusals(graph, mutation, **given)
        assert [(code, field) for code, field, _ in told] == [("INVALID", field) for field in expected]


async def test_the_ledgers_refusals_are_told(graph: Graph) -> None:
    poor = {"ledgerId": ledger(), "postings": [posting(5, "nobody", "bank")]}
    assert await refusals(graph, "createLedgerTransaction", key="1", **poor) == [
        ("UPSTREAM_REJECTED", "", "INSUFFICIENT_FUND")
    ]
    taken = {"ledgerId": ledger(), "postings": [posting(5)], "reference": "order-0003"}
    assert await refusals(graph, "createLedgerTransaction", key="2", **taken) == [("UPSTREAM_REJECTED", "", "CONFLICT")]
    nowhere = {"ledgerId": ledger("nowhere"), "postings": [posting(5)]}
    assert await refusals(graph, "createLedgerTransaction", key="3", **nowhere) == [
        ("NOT_FOUND", "ledgerId", "LEDGER_NOT_FOUND")
    ]
    assert await refusals(graph, "createLedger", key="4", name="main") == [
        ("UPSTREAM_REJECTED", "", "LEDGER_ALREADY_EXISTS")
    ]
    nothing = {"transactionId": transaction(99_999), "metadata": {"a": "b"}}
    assert await refusals(graph, "updateLedgerTransactionMetadata", key="5", **nothing) == [
        ("NOT_FOUND", "transactionId", "NOT_FOUND")
    ]
    assert await refusals(graph, "importLedgerLogs", key="6", ledgerId=ledger(), lines=['{"id":1}']) == [
        ("UPSTREAM_REJECTED", "", "IMPORT")
    ]


async def test_a_log_goes_from_one_ledger_into_another(graph: Graph) -> None:
    """As the server writes it, and no more of it than is asked for."""
    query = (
        "query ($id: ID!, $n: Int!) { ledger(id: $id) { exportedLogs(first: $n) "
        "{ isComplete lines logs { number hash } } } }"
    )
    export = (await graph.data(query, id=ledger(), n=1000))["ledger"]["exportedLogs"]
    part = (await graph.data(query, id=ledger(), n=3))["ledger"]["exportedLogs"]
    assert export["isComplete"]
    assert not part["isComplete"]
    assert export["lines"][:3] == part["lines"]
    assert [entry["number"] for entry in part["logs"]] == ["1", "2", "3"]
    assert str(MANY) in "".join(export["lines"])

    selection = "ledger { statistics { transactionCount } }"
    for key, lines in (("1", export["lines"][:200]), ("2", export["lines"][200:])):
        given = {"key": key, "ledgerId": ledger("audit"), "lines": lines}
        done = await payload(graph, "importLedgerLogs", selection, **given)
        assert done["userErrors"] == []
    assert int(done["ledger"]["statistics"]["transactionCount"]) == await statistics(graph)
    for wrong in (0, 1001):
        assert codes(await graph.ask(query, id=ledger(), n=wrong)) == ["BAD_USER_INPUT"]
    await graph.fault("formance", "/api/ledger/v2/main/logs/export", method="POST", body="{}\n", status=200)
    assert codes(await graph.ask(query, id=ledger(), n=3)) == ["UPSTREAM_INVALID_RESPONSE"]


@pytest.mark.parametrize(
    ("mutation", "path", "method", "given"),
    [
        ("updateLedgerTransactionMetadata", "transactions/99999/metadata", "POST", {"metadata": {"a": "b"}}),
        ("deleteLedgerTransactionMetadata", "transactions/99999/metadata/a", "DELETE", {"metadataKey": "a"}),
        ("revertLedgerTransaction", "transactions/99999/revert", "POST", {}),
    ],
)
async def test_what_is_not_there_tells_nothing_of_what_was_done(
    graph: Graph, mutation: str, path: str, method: str, given: dict[str, Any]
) -> None:
    await graph.fault("formance", f"/api/ledger/v2/main/{path}", method=method, status=503, body="")
    error = only_error(await change(graph, mutation, "__typename", transactionId=transaction(99_999), **given))

    assert error["extensions"]["code"] == "UPSTREAM_UNKNOWN_OUTCOME"


async def test_nobody_can_be_told_what_no_provider_does(start: Start) -> None:
    given: dict[str, dict[str, Any]] = {
        "createLedger": {"name": "new"},
        "updateLedgerMetadata": {"ledgerId": ledger(), "metadata": {"a": "b"}},
        "deleteLedgerMetadata": {"ledgerId": ledger(), "metadataKey": "a"},
        "updateLedgerMapping": {"ledgerId": ledger(), "contracts": []},
        "importLedgerLogs": {"ledgerId": ledger(), "lines": ['{"id":1}']},
        "createLedgerTransaction": {"ledgerId": ledger(), "postings": [posting(1)]},
        "createLedgerTransactions": {"ledgerId": ledger(), "transactions": [{"postings": [posting(1)]}]},
        "runLedgerScript": {"ledgerId": ledger(), "script": script()},
        "revertLedgerTransaction": {"transactionId": transaction(3)},
        "updateLedgerAccountMetadata": {"accountId": account("fees"), "metadata": {"a": "b"}},
        "deleteLedgerAccountMetadata": {"accountId": account("fees"), "metadataKey": "a"},
        "executeLedgerBulk": {"ledgerId": ledger(), "elements": [{"createTransaction": {"postings": [posting(1)]}}]},
    }
    async with start(FORMANCE_MODE="off") as graph:
        for mutation, fields in given.items():
            assert await refusals(graph, mutation, key=mutation, **fields) == [("UNSUPPORTED", "", None)]


@pytest.mark.parametrize("version", ["v1", "v2.4"])
async def test_a_preview_changes_nothing(start: Start, version: str) -> None:
    query = (
        "query ($input: PreviewLedgerTransactionInput!) { previewLedgerTransaction(input: $input) "
        "{ transaction { number postings { money { minorUnits } } } userErrors { code field vendorCode } } }"
    )
    async with start(SANDBOX_LEDGER=version) as graph:
        before = await statistics(graph)
        given = {"ledgerId": ledger(), "script": script()}
        seen = (await graph.data(query, input=given))["previewLedgerTransaction"]
        assert seen["userErrors"] == []
        assert seen["transaction"]["postings"] == [{"money": {"minorUnits": str(MANY)}}]
        poor = {"ledgerId": ledger(), "postings": [posting(1, "nobody", "bank")]}
        refused = (await graph.data(query, input=poor))["previewLedgerTransaction"]
        assert (refused["transaction"], refused["userErrors"][0]["vendorCode"]) == (None, "INSUFFICIENT_FUND")
        wrong = (await graph.data(query, input={"ledgerId": ledger()}))["previewLedgerTransaction"]
        assert wrong["userErrors"][0]["field"] == ["postings"]
        assert await statistics(graph) == before


async def test_the_vendor_is_given_a_key_that_tells_nothing(graph: Graph) -> None:
    given = {"ledgerId": ledger(), "postings": [posting(5)]}
    made = await payload(graph, "createLedgerTransaction", TRANSACTION, key="my secret order", **given)

    kept = json.dumps(made["transaction"]["metadata"])
    assert "secret" not in kept
    assert len(made["transaction"]["metadata"]["idempotency_hash"]) == 64
