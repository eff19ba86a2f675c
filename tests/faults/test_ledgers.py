"""Every fault at every call of the ledger's: what hangs on that call is null with a typed error, all else answers."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from providers.domain import NodeType, Provider, Ref
from resolvers import ids
from tests.conftest import Answer
from tests.faults.kinds import KINDS, NUMBERS, Kind
from tests.faults.live import Live, in_process, live
from tests.faults.test_matrix import KEYS, QUICK, SECRETS

QUERY = """
query ($main: ID!, $fees: ID!, $paid: ID!) {
  ledgers { nodes { name } }
  ledger(id: $main) {
    name
    accounts(first: 3) { nodes { address } }
    transactions(first: 3) { nodes { number postings { money { amount } } } }
    logs(first: 3) { nodes { number } }
    volumes(first: 3) { nodes { address volumes { balance { amount } } } }
    aggregatedBalances { amount asset }
    accountCount
    transactionCount
    statistics { accountCount }
    migrations { version }
  }
  ledgerAccount(id: $fees) { address transactions(first: 3) { nodes { number } } }
  ledgerTransaction(id: $paid) { number reference payment { reference } }
}
"""

Place = tuple[str, ...]


def ref(kind: NodeType, *keys: str) -> str:
    return ids.encode(Ref(kind, keys, Provider.FORMANCE))


class Call(msgspec.Struct, frozen=True):
    """An operation, by its route, and the fields that hang on it. `row` is a good answer around an amount."""

    operation: str
    path: str
    lost: tuple[Place, ...]
    method: str = "GET"
    body: Callable[[str], str] = lambda amount: f'{{"cursor": {{"data": [{{"x": {amount}}}], "hasMore": false}}}}'


def _transactions(amount: str) -> str:
    posting = f'{{"source": "a", "destination": "b", "amount": {amount}, "asset": "USD/2"}}'
    return f'{{"cursor": {{"data": [{{"id": 1, "postings": [{posting}]}}], "hasMore": false}}}}'


def _sums(amount: str) -> str:
    return f'{{"data": {{"USD/2": {amount}}}}}'


def _one(amount: str) -> str:
    return f'{{"data": {{"x": {amount}}}}}'


def of_ledger(root: str, prefix: str, volumes: tuple[str, str]) -> tuple[Call, ...]:
    """The calls below a ledger at `root`, whose operations begin with `prefix`."""
    return (
        Call(f"{prefix}list_accounts", f"{root}/accounts", (("ledger", "accounts"),)),
        Call(
            f"{prefix}list_transactions",
            f"{root}/transactions",
            (("ledger", "transactions"), ("ledgerAccount", "transactions")),
            body=_transactions,
        ),
        Call(f"{prefix}list_logs", f"{root}/logs", (("ledger", "logs"),)),
        Call(f"{prefix}{volumes[0]}", f"{root}/{volumes[1]}", (("ledger", "volumes"),)),
        Call(
            f"{prefix}get_balances_aggregated",
            f"{root}/aggregate/balances",
            (("ledger", "aggregatedBalances"),),
            body=_sums,
        ),
        Call(f"{prefix}count_accounts", f"{root}/accounts", (("ledger", "accountCount"),), "HEAD"),
        Call(f"{prefix}count_transactions", f"{root}/transactions", (("ledger", "transactionCount"),), "HEAD"),
        Call(f"{prefix}read_stats", f"{root}/stats", (("ledger", "statistics"),), body=_one),
        Call(f"{prefix}get_ledger_info", f"{root}/_info", (("ledger", "migrations"),), body=_one),
    )


def objects(root: str, prefix: str) -> tuple[Call, ...]:
    """The calls of single objects."""
    return (
        Call(f"{prefix}get_account", f"{root}/accounts/fees", (("ledgerAccount",),), body=_one),
        Call(f"{prefix}get_transaction", f"{root}/transactions/*", (("ledgerTransaction",),), body=_one),
    )


_V2, _V1 = "/api/ledger/v2/main", "/api/ledger/main"

WIRED = [kind for kind in KINDS if kind.name in {"503", "dropped half", "cut"}]

GROUPS: dict[str, tuple[tuple[Call, ...], ...]] = {
    "v2.4": (
        (
            Call("v2_list_ledgers", "/api/ledger/v2", (("ledgers",),)),
            *of_ledger(_V2, "v2_", ("get_volumes_with_balances", "volumes")),
            Call("list_payments", "/api/payments/payments", (("ledgerTransaction", "payment"),)),
        ),
        (Call("v2_get_ledger", _V2, (("ledger",),), body=_one), *objects(_V2, "v2_")),
    ),
    "v1": (of_ledger(_V1, "", ("get_balances", "balances")), objects(_V1, "")),
}
"""The calls that can fail in one query without hiding each other, for each generation of servers."""


@pytest.mark.parametrize("kind", QUICK, ids=lambda kind: kind.name)
async def test_a_fault_costs_what_hangs_on_it(kind: Kind, tmp_path: Path) -> None:
    async with in_process(tmp_path) as graph:
        await _at_every_call(graph, kind, "v2.4")


@pytest.mark.parametrize("kind", [KINDS[0], QUICK[-3]], ids=lambda kind: kind.name)
async def test_a_fault_of_an_old_server_costs_what_hangs_on_it(kind: Kind, tmp_path: Path) -> None:
    async with in_process(tmp_path, SANDBOX_LEDGER="v1") as graph:
        await _at_every_call(graph, kind, "v1")


@pytest.mark.parametrize("kind", WIRED, ids=lambda kind: kind.name)
async def test_a_fault_over_the_wire_costs_what_hangs_on_it(kind: Kind, tmp_path: Path) -> None:
    async with live(tmp_path) as graph:
        await _at_every_call(graph, kind, "v2.4")


async def _at_every_call(graph: Live, kind: Kind, generation: str) -> None:
    variables = await _variables(graph)
    healthy = await graph.ask(QUERY, **variables)
    assert healthy.errors == []
    for group in GROUPS[generation]:
        # An answer without a body cannot be cut amid it.
        calls = tuple(call for call in group if call.method != "HEAD" or kind.name != "dropped half")
        for call in calls:
            effect = dict(kind.effect)
            if kind.name in NUMBERS:
                effect["body"] = call.body(NUMBERS[kind.name])
            await graph.fault("formance", call.path, method=call.method, times=1000, **effect)
        _check(await graph.ask(QUERY, **variables), healthy, calls, kind)
        await graph.heal()


async def _variables(graph: Live) -> dict[str, str]:
    main, fees = ref(NodeType.LEDGER, "main"), ref(NodeType.LEDGER_ACCOUNT, "main", "fees")
    found = await graph.data(
        "query ($id: ID!) { ledger(id: $id) { transactions(first: 1) { nodes { id reference } } } }", id=main
    )
    [paid] = found["ledger"]["transactions"]["nodes"]
    return {"main": main, "fees": fees, "paid": paid["id"]}


def _check(answer: Answer, healthy: Answer, calls: tuple[Call, ...], kind: Kind) -> None:
    expected: Any = copy.deepcopy(healthy.data)
    due = {place: call for call in calls for place in call.lost}
    for *way, last in due:
        holder = expected
        for step in way:
            holder = holder[step]
        holder[last] = None
    assert answer.data == expected
    assert sorted(tuple(error["path"]) for error in answer.errors) == sorted(due)
    for error in answer.errors:
        call, told = due[tuple(error["path"])], error["extensions"]
        assert set(told) >= KEYS
        assert (told["provider"], told["operation"]) == ("FORMANCE", call.operation)
        assert (told["code"], told["retryable"]) == (kind.code, kind.retryable)
    assert SECRETS.findall(answer.response.text) == []
