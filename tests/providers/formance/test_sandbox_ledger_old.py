"""The first API of the sandbox's ledger: on ledgers 1.x, and what newer servers keep of it."""

from typing import Any

import pytest

from tests.providers.formance.sandbox_ledger import V1, V2, ledger, sending

MAIN = f"{V1}/main"
ALL = ("v1", "v2.1", "v2.4")
PAY = "send [USD/2 100] (source = @world destination = @bob)"


@pytest.mark.parametrize("version", ALL)
async def test_lists_page_and_count(version: str) -> None:
    async with ledger(version) as server:
        for noun, key in (("accounts", "address"), ("transactions", "txid"), ("logs", "id")):
            rows = [row[key] for row in await server.rows(f"{MAIN}/{noun}", pageSize=41)]
            assert rows == sorted(set(rows), reverse=True)
        assert await server.count(f"{MAIN}/transactions") == len(await server.rows(f"{MAIN}/transactions"))
        assert await server.count(f"{MAIN}/accounts") == len(await server.rows(f"{MAIN}/balances", page_size=1000))
        assert len((await server.get(f"{MAIN}/transactions", page_size=1000))["cursor"]["data"]) > 100
        assert (await server.rows(f"{MAIN}/transactions", page_size=1000))[-1]["txid"] == (version == "v2.4")


@pytest.mark.parametrize(
    ("noun", "params"),
    [
        ("accounts", {"address": "customers:cus_0001:"}),
        ("accounts", {"metadata[customer_id]": "cus_0001"}),
        ("accounts", {"balance": "0", "balanceOperator": "lt"}),
        ("accounts", {"after": "fees"}),
        ("transactions", {"after": "12"}),
        ("transactions", {"reference": "order-0003"}),
        ("transactions", {"account": "fees"}),
        ("transactions", {"source": "world", "destination": "platform:cash"}),
        ("transactions", {"metadata[kind]": "saving"}),
        ("transactions", {"startTime": "2026-06-01T00:00:00Z", "end_time": "2026-07-01T00:00:00Z"}),
    ],
)
async def test_lists_are_narrowed(noun: str, params: dict[str, str]) -> None:
    async with ledger("v1") as server:
        assert 0 < await server.count(f"{MAIN}/{noun}", **params) < await server.count(f"{MAIN}/{noun}")


async def test_objects_are_read() -> None:
    async with ledger("v1") as server:
        account = (await server.get(f"{MAIN}/accounts/fees"))["data"]
        assert account["balances"] == {asset: held["balance"] for asset, held in account["volumes"].items()}
        assert (await server.get(f"{MAIN}/accounts/nobody"))["data"]["volumes"] == {}
        transaction = (await server.get(f"{MAIN}/transactions/3"))["data"]
        assert transaction["txid"] == 3
        assert transaction["postCommitVolumes"]
        sums = (await server.get(f"{MAIN}/aggregate/balances", address="customers::wallet"))["data"]
        assert sums["USD/2"] > 0
        assert (await server.get(f"{MAIN}/stats"))["data"]["transactions"] == await server.count(f"{MAIN}/transactions")
        assert (await server.get(f"{V1}/_info"))["data"]["version"].startswith("v1")
        assert (await server.get(f"{MAIN}/_info"))["data"]["name"] == "main"
        assert (await server.rows(f"{MAIN}/logs"))[0]["data"]["txid"] >= 0
        for params in ({"after": "x"}, {"startTime": "x"}):
            assert await server.refused("GET", f"{MAIN}/transactions", params=params) == (400, "VALIDATION")
        for params in ({"balance": "x"}, {"balance": "1", "balanceOperator": "x"}):
            assert await server.refused("GET", f"{MAIN}/accounts", params=params) == (400, "VALIDATION")


async def test_any_call_makes_its_ledger() -> None:
    async with ledger() as server:
        assert (await server.get(f"{V1}/sudden/stats"))["data"] == {"accounts": 0, "transactions": 0}
        assert (await server.get(f"{V2}/sudden"))["data"]["name"] == "sudden"
        assert await server.refused("GET", f"{V1}/no.name/stats") == (400, "VALIDATION")


@pytest.mark.parametrize("version", ALL)
async def test_writes(version: str) -> None:
    async with ledger(version) as server:
        made = (await server.made(f"{MAIN}/transactions", {**sending(10**39), "reference": "mine"}))[0]
        assert await server.refused("POST", f"{MAIN}/transactions", {**sending(1), "reference": "mine"}) == (
            400 if version == "v2.1" else 409,
            "CONFLICT",
        )
        await server.made(f"{MAIN}/transactions?preview=true", sending(1))
        for path in (f"transactions/{made['txid']}", "accounts/alice"):
            assert (await server.send("POST", f"{MAIN}/{path}/metadata", {"a": "b"})).status_code == 204
            assert (await server.get(f"{MAIN}/{path}"))["data"]["metadata"]["a"] == "b"
            answer = await server.send("POST", f"{MAIN}/{path}/metadata", {"a": {"deep": [1]}})
            assert answer.status_code == (204 if version == "v1" else 400)
        spent = await server.made(f"{MAIN}/transactions", sending(10**39, "alice", "bob"))
        assert await server.refused("POST", f"{MAIN}/transactions/{made['txid']}/revert") == (400, "INSUFFICIENT_FUND")
        response = await server.send("POST", f"{MAIN}/transactions/{made['txid']}/revert?disableChecks=true")
        assert response.status_code == 201
        assert response.json()["data"]["txid"] == spent[0]["txid"] + 1
        code = "VALIDATION" if version == "v1" else "ALREADY_REVERT"
        assert await server.refused("POST", f"{MAIN}/transactions/{made['txid']}/revert") == (400, code)


async def test_batches_scripts_and_mappings_live_on_old_servers() -> None:
    async with ledger("v1") as server:
        made = await server.made(f"{MAIN}/transactions/batch", {"transactions": [sending(2), sending(3)]})
        assert made[1]["txid"] == made[0]["txid"] + 1
        refusals: list[tuple[Any, tuple[int, str]]] = [
            ([], (400, "VALIDATION")),
            ([{"metadata": {}}], (400, "VALIDATION")),
            ([sending(1), sending(10**9, "alice", "bob")], (400, "INSUFFICIENT_FUND")),
            ([{**sending(1), "reference": "twice"}] * 2, (409, "CONFLICT")),
        ]
        before = await server.count(f"{MAIN}/transactions")
        for transactions, refusal in refusals:
            body = {"transactions": transactions}
            assert await server.refused("POST", f"{MAIN}/transactions/batch", body) == refusal
        assert await server.count(f"{MAIN}/transactions") == before
        script = (await server.send("POST", f"{MAIN}/script", {"plain": PAY, "reference": "s"})).json()
        assert script["transaction"]["reference"] == "s"
        for plain, code in (("", "NO_SCRIPT"), ("x", "COMPILATION_FAILED")):
            response = await server.send("POST", f"{MAIN}/script", {"plain": plain})
            assert (response.status_code, response.json()["errorCode"]) == (200, code)
        assert (await server.get(f"{MAIN}/mapping"))["data"] is None
        contracts = [{"account": "a:*", "expr": {"x": 1}}]
        assert (await server.send("PUT", f"{MAIN}/mapping", {"contracts": contracts})).json()["data"][
            "contracts"
        ] == contracts
        assert (await server.get(f"{MAIN}/mapping"))["data"]["contracts"] == contracts


async def test_newer_servers_do_not_have_them() -> None:
    async with ledger() as server:
        batch = await server.send("POST", f"{MAIN}/transactions/batch", {"transactions": [sending(2)]})
        assert (batch.status_code, batch.text) == (400, "not supported")
        for method, path in (("GET", "mapping"), ("PUT", "mapping"), ("POST", "script")):
            assert (await server.send(method, f"{MAIN}/{path}", {})).status_code == 404


async def test_old_servers_know_no_second_api() -> None:
    async with ledger("v1") as server:
        assert (await server.client.get(f"{V2}/main/accounts")).status_code == 404
        assert (await server.client.get(V2)).status_code == 404
