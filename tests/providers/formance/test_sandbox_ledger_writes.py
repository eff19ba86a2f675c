"""Writes to the sandbox's ledger by its second API."""

import json
from typing import Any

import pytest

from tests.providers.formance.sandbox_ledger import V1, V2, VERSIONS, Ledger, ledger, sending
from tests.providers.formance.sandbox_stack import opened

MAIN = f"{V2}/main"
MANY = 10**39 + 1
PAY = "send [USD/2 100] (\n  source = @world\n  destination = @bob\n)"


async def balance(server: Ledger, address: str, asset: str = "USD/2") -> int:
    held: int = (await server.get(f"{MAIN}/accounts/{address}", expand="volumes"))["data"]["volumes"][asset]["balance"]
    return held


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_transaction_moves_money_and_is_reverted_once(version: str) -> None:
    async with ledger(version) as server:
        made = await server.made(f"{MAIN}/transactions", {**sending(MANY), "reference": "r1", "metadata": {"a": "b"}})
        assert await balance(server, "alice") == MANY
        assert made["reference"] == "r1"
        assert ("insertedAt" in made) == (version == "v2.4")

        again = {**sending(1), "reference": "r1"}
        expected = (409 if version == "v2.4" else 400, "CONFLICT")
        assert await server.refused("POST", f"{MAIN}/transactions", again) == expected
        response = await server.send("POST", f"{MAIN}/transactions/{made['id']}/revert?atEffectiveDate=true")
        assert response.status_code == 201
        assert response.json()["data"]["timestamp"] == made["timestamp"]
        assert await balance(server, "alice") == 0
        assert (await server.get(f"{MAIN}/transactions/{made['id']}"))["data"]["reverted"]
        assert await server.refused("POST", f"{MAIN}/transactions/{made['id']}/revert") == (400, "ALREADY_REVERT")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (sending(10**20, "alice", "bob"), "INSUFFICIENT_FUND"),
        ({"metadata": {}}, "NO_POSTINGS"),
        ({**sending(1), "script": {"plain": PAY}}, "VALIDATION"),
        (sending(-1), "VALIDATION"),
        (sending(1, destination="a b"), "VALIDATION"),
        (sending(1, asset="usd"), "VALIDATION"),
        ({**sending(1), "metadata": {"n": 1}}, "VALIDATION"),
        ({"script": {"plain": "pay everybody"}}, "COMPILATION_FAILED"),
        ({"script": {"plain": PAY + '\nset_tx_meta("k", "v")'}, "metadata": {"k": "w"}}, "METADATA_OVERRIDE"),
        ("text", "VALIDATION"),
    ],
)
async def test_what_cannot_be_committed_is_refused(body: Any, code: str) -> None:
    async with ledger() as server:
        before = await server.get(f"{MAIN}/stats")

        assert await server.refused("POST", f"{MAIN}/transactions", body) == (400, code)
        assert await server.get(f"{MAIN}/stats") == before


SCRIPTS = [
    (PAY, {}, {"bob": 100}),
    (
        "vars {\n account $who\n monetary $sum\n}\nsend $sum (source = @world destination = $who)",
        {"who": "bob", "sum": {"asset": "USD/2", "amount": MANY}},
        {"bob": MANY},
    ),
    ("vars { monetary $sum }\nsend $sum (source = @world destination = @bob)", {"sum": "USD/2 7"}, {"bob": 7}),
    (
        "vars { asset $a number $n }\nsend [$a $n] (source = @world destination = @bob)",
        {"a": "USD/2", "n": 5},
        {"bob": 5},
    ),
    (
        "send [USD/2 100] (source = @world destination = { 1/3 to @bob 33.3% to @carl remaining to @dora })",
        {},
        {"bob": 34, "carl": 33, "dora": 33},
    ),
    (
        "vars { portion $p }\nsend [USD/2 10] (source = @world destination = { $p to @bob remaining to @carl })",
        {"p": "20%"},
        {"bob": 2, "carl": 8},
    ),
    ("send [USD/2 50] (source = @bob allowing unbounded overdraft destination = @carl)", {}, {"bob": -50, "carl": 50}),
    ("send [USD/2 50] (source = @bob allowing overdraft up to [USD/2 60] destination = @carl)", {}, {"bob": -50}),
    ("send [USD/2 50] (source = { max [USD/2 10] from @world @world } destination = @carl)", {}, {"carl": 50}),
    (
        "send [USD/2 9] (source = @world destination = @bob)\nsend [USD/2 *] (source = @bob destination = @carl)",
        {},
        {"bob": 0, "carl": 9},
    ),
]


@pytest.mark.parametrize(("script", "variables", "expected"), SCRIPTS)
async def test_scripts_move_money(script: str, variables: dict[str, Any], expected: dict[str, int]) -> None:
    async with ledger() as server:
        body = {"script": {"plain": script, "vars": variables}, "metadata": {}}
        await server.made(f"{MAIN}/transactions", body)

        assert {address: await balance(server, address) for address in expected} == expected


async def test_scripts_note() -> None:
    async with ledger() as server:
        script = (
            "vars { string $s monetary $m }\n" + PAY + '\nset_tx_meta("k", $s) // remark\nset_tx_meta("m", $m)\n'
            'set_tx_meta("n", [USD/2 3])\nset_account_meta(@bob, "vip", "yes")'
        )
        made = await server.made(
            f"{MAIN}/transactions", {"script": {"plain": script, "vars": {"s": "v", "m": "USD/2 1"}}}
        )

        assert made["metadata"] == {"k": "v", "m": "USD/2 1", "n": "USD/2 3"}
        assert (await server.get(f"{MAIN}/accounts/bob"))["data"]["metadata"] == {"vip": "yes"}


@pytest.mark.parametrize(
    ("script", "variables", "code"),
    [
        ("send [USD/2 5] (source = @bob destination = @carl)", {}, "INSUFFICIENT_FUND"),
        ("send [USD/2 *] (source = @world destination = @carl)", {}, "COMPILATION_FAILED"),
        ("send [USD/2 5] (source = @world destination = $x)", {}, "COMPILATION_FAILED"),
        ("send [USD/2 5] (source = @world destination = { 1/2 to @a 1/3 to @b })", {}, "COMPILATION_FAILED"),
        ("vars { colour $c }", {}, "COMPILATION_FAILED"),
        ("vars { account $c }\n" + PAY, {}, "VALIDATION"),
        ("vars { account $c }\n" + PAY, {"c": "a b"}, "VALIDATION"),
        ("vars { portion $c }\n" + PAY, {"c": "most"}, "VALIDATION"),
        (PAY, {"c": "x"}, "VALIDATION"),
        ("send [USD/2 5] (source = @world)", {}, "COMPILATION_FAILED"),
        ("§", {}, "COMPILATION_FAILED"),
        ("// nothing", {}, "COMPILATION_FAILED"),
        ("send [USD/2 {] (source = @a destination = @b)", {}, "COMPILATION_FAILED"),
        ("send @a (source = @a destination = @b)", {}, "COMPILATION_FAILED"),
    ],
)
async def test_scripts_that_cannot_run(script: str, variables: dict[str, Any], code: str) -> None:
    async with ledger() as server:
        body = {"script": {"plain": script, "vars": variables}}

        assert await server.refused("POST", f"{MAIN}/transactions", body) == (400, code)


async def test_dry_runs_change_nothing() -> None:
    async with ledger() as server:
        before = await server.rows(f"{MAIN}/logs", pageSize=100)
        made = await server.made(f"{MAIN}/transactions?dryRun=true", sending(5))
        assert made["id"] == (await server.get(f"{MAIN}/stats"))["data"]["transactions"] + 1
        await server.send("POST", f"{MAIN}/transactions/3/revert?dryRun=true&force=true")
        await server.send("POST", f"{MAIN}/accounts/newcomer/metadata?dryRun=true", {"a": "b"})

        assert await server.rows(f"{MAIN}/logs", pageSize=100) == before
        assert (await server.client.get(f"{MAIN}/accounts/newcomer")).status_code == 404


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_key_is_answered_once(version: str) -> None:
    async with ledger(version) as server:
        key = {"headers": {"Idempotency-Key": "k1"}}
        first = await server.send("POST", f"{MAIN}/transactions", sending(5), **key)
        second = await server.send("POST", f"{MAIN}/transactions", sending(5), **key)
        other = await server.send("POST", f"{MAIN}/transactions", sending(6), **key)

        assert first.json() == second.json()
        assert await balance(server, "alice") == 5
        assert second.headers.get("Idempotency-Hit") == ("true" if version == "v2.4" else None)
        assert other.status_code == (400 if version == "v2.4" else 200)


async def test_refusals_are_not_kept_under_a_key() -> None:
    async with ledger() as server:
        key = {"headers": {"Idempotency-Key": "k1"}}
        body = sending(5, "alice", "bob")
        assert await server.refused("POST", f"{MAIN}/transactions", body, **key) == (400, "INSUFFICIENT_FUND")
        await server.made(f"{MAIN}/transactions", sending(5))

        assert (await server.send("POST", f"{MAIN}/transactions", body, **key)).status_code == 200


@pytest.mark.parametrize("version", VERSIONS)
async def test_metadata_comes_and_goes(version: str) -> None:
    async with ledger(version) as server:
        for path in ("accounts/fees", "transactions/3"):
            noted = await server.send("POST", f"{MAIN}/{path}/metadata", {"x": "1", "y": "2"})
            gone = await server.send("DELETE", f"{MAIN}/{path}/metadata/x")
            assert (noted.status_code, gone.status_code) == (204, 204)
            metadata = (await server.get(f"{MAIN}/{path}"))["data"]["metadata"]
            assert "x" not in metadata
            assert metadata["y"] == "2"
        assert await server.refused("POST", f"{MAIN}/transactions/9999/metadata", {}) == (404, "NOT_FOUND")
        assert await server.refused("POST", f"{MAIN}/accounts/a b/metadata", {}) == (400, "VALIDATION")


@pytest.mark.parametrize("version", VERSIONS)
async def test_ledgers_are_opened_and_noted(version: str) -> None:
    async with ledger(version) as server:
        assert (await server.send("POST", f"{V2}/new", {"bucket": "b", "metadata": {"a": "1"}})).status_code == 204
        code = "LEDGER_ALREADY_EXISTS" if version == "v2.4" else "VALIDATION"
        assert await server.refused("POST", f"{V2}/new") == (400, code)
        assert await server.refused("POST", f"{V2}/not.a.name") == (400, "VALIDATION")
        await server.send("PUT", f"{V2}/new/metadata", {"b": "2"})
        await server.send("DELETE", f"{V2}/new/metadata/a")

        found = (await server.get(f"{V2}/new"))["data"]
        assert (found["bucket"], found["metadata"]) == ("b", {"b": "2"})
        first = await server.made(f"{V2}/new/transactions", sending(1))
        assert first["id"] == (1 if version == "v2.4" else 0)


def bulk() -> list[dict[str, Any]]:
    return [
        {"action": "CREATE_TRANSACTION", "ik": "bulk-1", "data": sending(MANY)},
        {"action": "ADD_METADATA", "data": {"targetType": "ACCOUNT", "targetId": "alice", "metadata": {"a": "b"}}},
        {"action": "CREATE_TRANSACTION", "data": sending(10**50, "alice", "bob")},
        {"action": "DELETE_METADATA", "data": {"targetType": "TRANSACTION", "targetId": 3, "key": "kind"}},
        {"action": "REVERT_TRANSACTION", "data": {"id": 3, "force": True}},
        {"action": "ADD_METADATA", "data": {"targetType": "PLANET", "targetId": "mars", "metadata": {}}},
    ]


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_bulk_stops_at_its_first_failure(version: str) -> None:
    async with ledger(version) as server:
        response = await server.send("POST", f"{MAIN}/_bulk", bulk())
        results = response.json()["data"]

        assert response.status_code == 400
        assert results[0]["data"]["postings"][0]["amount"] == MANY
        assert [each["responseType"] for each in results[1:3]] == ["ADD_METADATA", "ERROR"]
        assert results[2]["errorCode"] == "INSUFFICIENT_FUND"
        assert len(results) == (6 if version == "v2.4" else 3)
        assert not (await server.get(f"{MAIN}/transactions/3"))["data"]["reverted"]
        again = (await server.send("POST", f"{MAIN}/_bulk", bulk()[:1])).json()["data"]
        assert again[0]["data"] == results[0]["data"]


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_bulk_goes_on_when_told_to(version: str) -> None:
    async with ledger(version) as server:
        response = await server.send("POST", f"{MAIN}/_bulk?continueOnFailure=true", bulk())
        kinds = [each["responseType"] for each in response.json()["data"]]

        assert kinds == [
            "CREATE_TRANSACTION",
            "ADD_METADATA",
            "ERROR",
            "DELETE_METADATA",
            "REVERT_TRANSACTION",
            "ERROR",
        ]
        assert response.json()["data"][-1]["errorCode"] == "INTERNAL"
        assert (await server.get(f"{MAIN}/transactions/3"))["data"]["reverted"]


async def test_an_atomic_bulk_is_all_or_nothing() -> None:
    async with ledger() as server:
        before = await server.get(f"{MAIN}/stats")
        response = await server.send("POST", f"{MAIN}/_bulk?atomic=true", bulk())

        assert response.status_code == 400
        assert await server.get(f"{MAIN}/stats") == before
        assert (await server.send("POST", f"{MAIN}/_bulk?atomic=true&parallel=true", [])).status_code == 412
        assert await server.refused("POST", f"{MAIN}/_bulk", [bulk()[0]] * 101) == (413, "BULK_SIZE_EXCEEDED")
        assert await server.refused("POST", f"{MAIN}/_bulk", [{"action": "DANCE"}]) == (400, "VALIDATION")


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_log_moves_to_another_ledger(version: str) -> None:
    async with ledger(version) as server:
        await server.made(f"{MAIN}/transactions", sending(MANY))
        await server.send("POST", f"{MAIN}/transactions/3/metadata", {"a": "b"})
        await server.send("DELETE", f"{MAIN}/transactions/3/metadata/a")
        exported = (await server.send("POST", f"{MAIN}/logs/export")).content
        lines = [json.loads(line) for line in exported.splitlines()]
        assert [line["id"] for line in lines] == [row["id"] for row in await server.rows(f"{MAIN}/logs")][::-1]

        await server.send("POST", f"{V2}/copy")
        wrong = exported.replace(str(MANY).encode(), b"7")
        assert (await server.client.post(f"{V2}/copy/logs/import", content=wrong)).json()["errorCode"] == "IMPORT"
        shuffled = b"\n".join(exported.splitlines()[1:3][::-1])
        assert (await server.client.post(f"{V2}/copy/logs/import", content=shuffled)).json()["errorCode"] == "IMPORT"
        assert (await server.client.post(f"{V2}/copy/logs/import", content=exported)).status_code == 204
        assert (await server.client.post(f"{V2}/copy/logs/import", content=exported)).json()["errorCode"] == "IMPORT"
        for read in ("accounts?expand=volumes&pageSize=100", "transactions?pageSize=100", "logs?pageSize=100"):
            ours, copied = [await server.get(f"{V2}/{name}/{read}") for name in ("main", "copy")]
            assert [_still(row) for row in ours["cursor"]["data"]] == [_still(row) for row in copied["cursor"]["data"]]


def _still(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in {"insertedAt", "updatedAt", "insertionDate"}}


async def test_changes_are_announced() -> None:
    async with opened(payments_count=0) as stack:
        heard: list[tuple[str, str, Any]] = []
        app = stack.client._transport.app  # type: ignore[attr-defined]
        app.state.stack.announce.listeners.append(lambda *event: heard.append(event))
        server = Ledger(stack.client)
        made = await server.made(f"{MAIN}/transactions", sending(5))
        await server.send("POST", f"{MAIN}/transactions/{made['id']}/revert")
        await server.send("POST", f"{MAIN}/accounts/alice/metadata", {"a": "b"})
        await server.send("DELETE", f"{MAIN}/accounts/alice/metadata/a")
        await server.send("POST", f"{MAIN}/transactions?dryRun=true", sending(5))

        assert [kind for _, kind, _ in heard] == [
            *("COMMITTED_TRANSACTIONS", "REVERTED_TRANSACTION", "SAVED_METADATA", "DELETED_METADATA"),
        ]
        assert heard[0][2]["transactions"][0]["id"] == made["id"]
        assert heard[1][2]["revertedTransaction"]["id"] == made["id"]
        assert {payload["ledger"] for _, _, payload in heard} == {"main"}


async def test_the_first_api_lives_beside_the_second() -> None:
    async with ledger() as server:
        made = await server.made(f"{V1}/main/transactions", sending(5))

        assert (await server.get(f"{MAIN}/transactions/{made[0]['txid']}"))["data"]["postings"] == made[0]["postings"]


async def test_an_account_can_be_forced_below_nothing_by_newer_servers() -> None:
    async with ledger() as server:
        await server.made(f"{MAIN}/transactions", {**sending(5, "nobody", "bank"), "force": True})

        assert await balance(server, "nobody") == -5


async def test_accounts_are_noted_with_their_transaction() -> None:
    """In its log, too: an import notes them, and a point in time sees it."""
    async with ledger() as server:
        noted = {"alice": {"vip": "yes"}}
        await server.made(f"{MAIN}/transactions", {**sending(5), "accountMetadata": noted})
        at = (await server.get(f"{MAIN}/logs"))["cursor"]["data"][0]["date"]
        await server.send("DELETE", f"{MAIN}/accounts/alice/metadata/vip")
        gone = (await server.get(f"{MAIN}/logs"))["cursor"]["data"][0]["date"]
        exported = (await server.send("POST", f"{MAIN}/logs/export")).content
        await server.send("POST", f"{V2}/copy")
        await server.client.post(f"{V2}/copy/logs/import", content=b"\n".join(exported.splitlines()[:-1]))

        assert (await server.get(f"{MAIN}/accounts/alice", pit=at))["data"]["metadata"] == {"vip": "yes"}
        assert (await server.get(f"{MAIN}/accounts/alice", pit=gone))["data"]["metadata"] == {}
        assert (await server.get(f"{V2}/copy/accounts/alice"))["data"]["metadata"] == {"vip": "yes"}


def entry(kind: str, data: Any, number: int = 1) -> dict[str, Any]:
    return {"id": number, "type": kind, "date": "2026-01-01T00:00:00Z", "data": data}


@pytest.mark.parametrize(
    "line",
    [
        entry("DANCED", {}),
        entry("NEW_TRANSACTION", {"transaction": {"id": 7, "postings": [], "timestamp": "2026-01-01T00:00:00Z"}}),
        entry("SET_METADATA", {"targetType": "TRANSACTION", "targetId": 7, "metadata": {}}),
        entry("SET_METADATA", {"targetType": "ACCOUNT", "targetId": "a", "metadata": {}}, number=2),
    ],
)
async def test_what_is_no_log_is_not_imported(line: dict[str, Any]) -> None:
    async with ledger() as server:
        response = await server.client.post(f"{V2}/audit/logs/import", content=json.dumps(line))

        assert (response.status_code, response.json()["errorCode"]) == (400, "IMPORT")
        assert (await server.get(f"{V2}/audit/stats"))["data"] == {"accounts": 0, "transactions": 0}


async def test_a_log_is_imported_in_parts_until_something_else_happens() -> None:
    async with ledger() as server:
        first = entry("SET_METADATA", {"targetType": "ACCOUNT", "targetId": "a", "metadata": {"x": "1"}})
        parts = [json.dumps({**first, "id": number}) for number in (1, 2, 3)]
        for part in parts[:2]:
            assert (await server.client.post(f"{V2}/audit/logs/import", content=part)).status_code == 204
        await server.made(f"{V2}/audit/transactions", sending(1))

        refused = await server.client.post(f"{V2}/audit/logs/import", content=parts[2])
        assert refused.json()["errorCode"] == "IMPORT"


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("send [USD/2 5] (source = { @world @bob } destination = @carl)", {"carl": 5}),
        ("send [USD/2 0] (source = @world destination = @carl)", {"carl": 0}),
    ],
)
async def test_a_source_that_is_not_needed_gives_nothing(script: str, expected: dict[str, int]) -> None:
    async with ledger() as server:
        await server.made(f"{MAIN}/transactions", {"script": {"plain": script}})

        assert {address: await balance(server, address) for address in expected} == expected
