"""Tokens through the whole app: one for all, renewed once, and no storm when a vendor refuses."""

import asyncio
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Answer
from tests.faults.cells import MANY, QUERY, customer_id
from tests.faults.kinds import CANARY, KINDS, NUMBERS, Kind
from tests.faults.live import Live, live

TOKEN_PATHS = {
    "finicity": "/aggregation/v2/partners/authentication",
    "pluggy": "/auth",
    "formance": "/api/auth/oauth/token",
}
DATA_PATHS = {"finicity": "/aggregation/v1/*", "pluggy": "/payments/*", "formance": "/api/payments/[ap]*"}
"""Every read of data; Formance's `_info` needs no token."""

OPERATIONS = {"finicity": "GetCustomerAccounts", "pluggy": "smart_accounts_list", "formance": "paymentslist_accounts"}


async def token_calls(graph: Live) -> Counter[str]:
    """How many token requests each vendor received."""
    calls: list[dict[str, Any]] = await graph.calls()
    return Counter(call["vendor"] for call in calls if call["path"] == TOKEN_PATHS[call["vendor"]])


async def ask(graph: Live, times: int = 1) -> list[Answer]:
    return await asyncio.gather(*(graph.ask(QUERY, id=customer_id(MANY)) for _ in range(times)))


async def test_a_hundred_cold_queries_fetch_one_token_from_each_vendor(tmp_path: Path) -> None:
    query = "query ($id: ID!) { customer(id: $id) { accounts { totalCount problems { code } } } }"
    async with live(tmp_path, OPERATION_TIMEOUT="60", UPSTREAM_TIMEOUT="50") as graph:
        answers = await asyncio.gather(*(graph.ask(query, id=customer_id(MANY)) for _ in range(100)))
        assert [answer.errors for answer in answers] == [[]] * 100
        assert await token_calls(graph) == {"finicity": 1, "pluggy": 1, "formance": 1}


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize("queries", [1, 20])
async def test_a_refused_token_is_renewed_once_and_the_call_replayed(status: int, queries: int, tmp_path: Path) -> None:
    """Finicity's 403 refuses the caller's country and Formance's a scope: another token would not help."""
    vendors = ["finicity", "pluggy", "formance"] if status == 401 else ["pluggy"]
    async with live(tmp_path, OPERATION_TIMEOUT="15", UPSTREAM_TIMEOUT="8") as graph:
        [healthy] = await ask(graph)
        await graph.forget_calls()
        for vendor in vendors:
            await graph.fault(vendor, DATA_PATHS[vendor], status=status)
        answers = await ask(graph, queries)
        assert [answer.errors for answer in answers] == [[]] * queries
        assert [answer.data for answer in answers] == [healthy.data] * queries
        assert await token_calls(graph) == dict.fromkeys(vendors, 1)
        if queries == 1:
            replayed = [call for call in answers[0].reads if call["attempts"] == 2]
            assert sorted(call["operation"] for call in replayed) == sorted(OPERATIONS[vendor] for vendor in vendors)


SECRETS = {
    "finicity": "FINICITY_PARTNER_SECRET",
    "pluggy": "PLUGGY_CLIENT_SECRET",
    "formance": "FORMANCE_CLIENT_SECRET",
}


async def test_wrong_secrets_give_one_clear_error_and_no_storm(tmp_path: Path) -> None:
    """Fifty queries within two seconds: one try at each vendor."""
    async with live(tmp_path, **dict.fromkeys(SECRETS.values(), "not-the-secret")) as graph:
        answers = await ask(graph, 10)
        for _ in range(10):
            await asyncio.sleep(0.15)
            answers += await ask(graph, 4)
        assert await token_calls(graph) == {"finicity": 1, "pluggy": 1, "formance": 1}
    for answer in answers:
        assert answer.data["customer"]["name"]
        assert answer.data["customer"]["accounts"]["nodes"] == []
        problems = answer.data["customer"]["accounts"]["problems"]
        assert {(each["provider"], each["code"]) for each in problems} == {
            (vendor.upper(), "UPSTREAM_UNAUTHORIZED") for vendor in TOKEN_PATHS
        }
        assert sorted((tuple(error["path"]), error["extensions"]["code"]) for error in answer.errors) == [
            (("customer", "accounts"), "PARTIAL_RESULT"),
            (("customer", "payments"), "UPSTREAM_UNAUTHORIZED"),
            (("customer", "pools"), "UPSTREAM_UNAUTHORIZED"),
        ]
        assert "not-the-secret" not in answer.response.text


async def test_one_wrong_secret_costs_one_vendor(tmp_path: Path) -> None:
    async with live(tmp_path, FINICITY_PARTNER_SECRET="not-the-secret") as graph:
        for answer in await ask(graph, 10):
            assert {node["provider"] for node in answer.data["customer"]["accounts"]["nodes"]} == {"PLUGGY", "FORMANCE"}
            [error] = answer.errors
            assert error["extensions"]["cause"] == "UPSTREAM_UNAUTHORIZED"
        assert (await token_calls(graph))["finicity"] == 1


@pytest.mark.parametrize("lost", [{"drop": "before"}, {"drop": "half"}, {"delay_ms": 1_300}, {"status": 503}], ids=str)
async def test_a_lost_answer_and_a_wrong_secret_are_one_try_at_finicity(lost: dict[str, Any], tmp_path: Path) -> None:
    """Whether the vendor refused it is not known, and five refusals in a row lock the partner."""
    async with live(tmp_path, FINICITY_PARTNER_SECRET="not-the-secret", UPSTREAM_TIMEOUT="0.9") as graph:
        await graph.fault("finicity", TOKEN_PATHS["finicity"], times=100, **lost)
        for _ in range(5):
            for answer in await ask(graph, 4):
                assert [error["extensions"]["provider"] for error in answer.errors] == ["FINICITY"]
        assert (await token_calls(graph))["finicity"] == 1


async def test_a_token_that_nobody_waited_for_is_one_try_at_finicity(tmp_path: Path) -> None:
    """The operation ends before the vendor answers; the next one waits for the same try."""
    async with live(tmp_path, OPERATION_TIMEOUT="0.3", UPSTREAM_TIMEOUT="5") as graph:
        await graph.fault("finicity", TOKEN_PATHS["finicity"], delay_ms=1000)
        [late] = await ask(graph)
        assert late.data["customer"]["accounts"]["problems"][0]["code"] == "UPSTREAM_TIMEOUT"
        await asyncio.sleep(0.8)
        [answer] = await ask(graph)
        assert "FINICITY" in {node["provider"] for node in answer.data["customer"]["accounts"]["nodes"]}
        assert (await token_calls(graph))["finicity"] == 1


async def test_a_vendor_that_refuses_fresh_tokens_is_not_asked_for_more(tmp_path: Path) -> None:
    """Every read is refused, whatever the token."""
    async with live(tmp_path) as graph:
        await ask(graph)
        await graph.forget_calls()
        for vendor, path in DATA_PATHS.items():
            await graph.fault(vendor, path, status=401, times=10_000)
        for _ in range(10):
            for answer in await ask(graph, 5):
                problems = answer.data["customer"]["accounts"]["problems"]
                assert [problem["code"] for problem in problems] == ["UPSTREAM_UNAUTHORIZED"] * 3
        assert await token_calls(graph) == {"finicity": 1, "pluggy": 1, "formance": 1}


async def test_one_read_that_is_always_refused_leaves_the_others_their_token(tmp_path: Path) -> None:
    async with live(tmp_path) as graph:
        [healthy] = await ask(graph)
        await graph.forget_calls()
        await graph.fault("pluggy", "/payments/smart-accounts/*/balance", status=401, times=1000)
        for _ in range(10):
            [answer] = await ask(graph)
            nodes = answer.data["customer"]["accounts"]["nodes"]
            assert [node["id"] for node in nodes] == [
                node["id"] for node in healthy.data["customer"]["accounts"]["nodes"]
            ]
            codes = {(error["path"][-1], error["extensions"]["code"]) for error in answer.errors}
            assert codes == {("balances", "UPSTREAM_UNAUTHORIZED")}
        assert await token_calls(graph) == {"pluggy": 1}


TROUBLES = [kind for kind in KINDS if kind.name not in {*NUMBERS, "dropped half", "429, 1 s", "drip"}]


@pytest.mark.parametrize("kind", TROUBLES, ids=lambda kind: kind.name)
async def test_a_fault_of_one_token_call_costs_one_vendor(kind: Kind, tmp_path: Path) -> None:
    async with live(tmp_path, UPSTREAM_TIMEOUT="1") as graph:
        effect = dict(kind.effect)
        if kind.name == "redirect":
            effect["headers"] = {"location": f"{graph.url}/sandbox/pluggy/followed"}
        await graph.fault("finicity", TOKEN_PATHS["finicity"], times=100, **effect)
        [answer] = await ask(graph)
        assert {node["provider"] for node in answer.data["customer"]["accounts"]["nodes"]} == {"PLUGGY", "FORMANCE"}
        [error] = answer.errors
        told = error["extensions"]
        assert (told["code"], told["cause"]) == ("PARTIAL_RESULT", kind.code)
        assert (told["provider"], told["operation"]) == ("FINICITY", "CreateToken")
        assert CANARY not in answer.response.text
        assert not [call for call in await graph.calls() if call["path"] == "/followed"]
