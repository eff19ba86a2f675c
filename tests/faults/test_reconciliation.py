"""Every fault at every call to the reconciliation service, and to the ledger that is summed beside it."""

import copy
from pathlib import Path
from typing import Any

import pytest

from providers.domain import NodeType, Provider, Ref
from providers.formance.sandbox.draw import name_uuid
from resolvers import ids
from tests.conftest import Answer
from tests.faults.kinds import NUMBERS, Kind
from tests.faults.live import Live, in_process
from tests.faults.test_matrix import KEYS, PATIENCE, QUICK, SECRETS

POLICY, ROW = name_uuid("policy", 0), name_uuid("reconciliation", name_uuid("policy", 0), 6)
QUERY = """
query ($policy: ID!, $row: ID!, $pool: ID!) {
  policies: reconciliationPolicies(first: 3) { nodes { name ledgerQuery } }
  policy: reconciliationPolicy(id: $policy) { name }
  rows: reconciliations(first: 2) { nodes { status drift { amount } } }
  row: reconciliation(id: $row) { status drift { amount } paymentsBalances { minorUnits } }
  pool(id: $pool) { name reconciliation {
    currencies { currency paymentProvider { money { amount } } pool { money { amount } } ledger { money { amount } }
      drift { ledger { amount } pool { amount } } }
    problems { side problem { provider operation code retryable retryAfter vendorCode message } }
  } }
}
"""
VARIABLES = {
    "policy": ids.encode(Ref(NodeType.RECONCILIATION_POLICY, (POLICY,), Provider.FORMANCE)),
    "row": ids.encode(Ref(NodeType.RECONCILIATION, (ROW,), Provider.FORMANCE)),
    "pool": ids.encode(Ref(NodeType.POOL, (name_uuid("pool", "Group treasury"),), Provider.FORMANCE)),
}
_ROOT = "/api/reconciliation"
_ROW = '{{"id": "{}", "policyID": "{}", "status": "OK", "driftBalances": {{"USD/2": {}}}}}'


def _policy(number: str) -> str:
    return f'{{"data": {{"id": "{POLICY}", "name": "n", "ledgerName": "l", "x": {number}}}}}'


def _page(number: str) -> str:
    return f'{{"cursor": {{"hasMore": false, "data": [{_ROW.format(ROW, POLICY, number)}]}}}}'


CALLS = {
    "policies": ("list_policies", f"{_ROOT}/policies", _page),
    "policy": ("get_policy", f"{_ROOT}/policies/{POLICY}", _policy),
    "rows": ("list_reconciliations", f"{_ROOT}/reconciliations", _page),
    "row": (
        "get_reconciliation",
        f"{_ROOT}/reconciliations/{ROW}",
        lambda n: f'{{"data": {_ROW.format(ROW, POLICY, n)}}}',
    ),
}
"""The vendor's operation behind each field, its path, and a good answer with a number in it."""
SUMS = ("v2_get_balances_aggregated", "*/aggregate/balances", lambda number: f'{{"data": {{"USD/2": {number}}}}}')


@pytest.mark.parametrize("kind", QUICK, ids=lambda kind: kind.name)
async def test_a_fault_costs_what_hangs_on_its_call(kind: Kind, tmp_path: Path) -> None:
    async with in_process(tmp_path, **PATIENCE) as graph:
        healthy = await graph.ask(QUERY, **VARIABLES)
        assert healthy.errors == []
        expected = copy.deepcopy(healthy.data)
        _lose_ledger(expected)

        await _fail(graph, kind, *SUMS)
        answer = await graph.ask(QUERY, **VARIABLES)
        _check_report(answer, kind, SUMS[0])
        assert _bare(answer.data) == _bare(expected)
        assert [tuple(error["path"]) for error in answer.errors] == [("pool", "reconciliation")]
        await graph.heal()

        for each in CALLS.values():
            await _fail(graph, kind, *each)
        answer = await graph.ask(QUERY, **VARIABLES)
        _check_report(answer, kind, "list_policies")
        assert _bare(answer.data) == {**_bare(expected), **dict.fromkeys(CALLS)}
        told = {tuple(error["path"]): error["extensions"] for error in answer.errors}
        assert set(told) == {("pool", "reconciliation"), *((field,) for field in CALLS)}
        for field, (operation, _, _) in CALLS.items():
            extensions = told[(field,)]
            assert set(extensions) >= KEYS
            assert (extensions["operation"], extensions["code"]) == (operation, kind.code)
            assert (extensions["retryable"], extensions["retryAfter"]) == (kind.retryable, kind.retry_after)
        assert SECRETS.findall(answer.response.text) == []
        await graph.heal()


async def _fail(graph: Live, kind: Kind, _operation: str, path: str, body: Any) -> None:
    effect = dict(kind.effect)
    if kind.name in NUMBERS:
        effect["body"] = body(NUMBERS[kind.name])
    if kind.name == "redirect":
        effect["headers"] = {**effect["headers"], "location": "http://elsewhere.test"}
    await graph.fault("formance", path, times=1000, **effect)


def _lose_ledger(data: Any) -> None:
    for row in data["pool"]["reconciliation"]["currencies"]:
        row["ledger"] = row["drift"]["ledger"] = None


def _check_report(answer: Answer, kind: Kind, operation: str) -> None:
    [problem] = answer.data["pool"]["reconciliation"]["problems"]
    assert problem["side"] == "LEDGER"
    assert (problem["problem"]["operation"], problem["problem"]["code"]) == (operation, kind.code)
    [error] = [each for each in answer.errors if each["path"][0] == "pool"]
    assert (error["extensions"]["code"], error["extensions"]["cause"]) == ("PARTIAL_RESULT", kind.code)
    assert SECRETS.findall(answer.response.text) == []


def _bare(data: Any) -> Any:
    bare = copy.deepcopy(data)
    bare["pool"]["reconciliation"]["problems"] = None
    return bare
