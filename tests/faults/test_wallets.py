"""Every fault at every call that reads wallets: what hangs on that call is null with a typed error, all else answers.

Where it is the ledger that does not let us in, the wallets service is asked in its place from then on.
"""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from resolvers import ids
from tests.conftest import Answer
from tests.faults.kinds import KINDS, NUMBERS, Kind
from tests.faults.live import Live, in_process
from tests.faults.test_matrix import SECRETS, _check_detail
from tests.resolvers.orders.rows_wallets import NATIVE, OPEN, WALLET

ROOT = "/api/wallets"
LEDGER = "/api/ledger/v2/wallets-002/accounts"
QUERY = """query ($id: ID!, $hold: ID!) {
  wallet(id: $id) { name mainAmounts { amount }
    balances { name amounts { amount } } availableFunds { amount } holdFunds { amount }
    balancePages(first: 2) { nodes { name } }
    holds(first: 2) { nodes { description } }
    transactions(first: 2) { nodes { number } }
  }
  hold(id: $hold) { description remainingMoney { amount } wallet { name } }
}"""
MANY = "{ wallets(first: 50) { nodes { name mainAmounts { amount } balances { name amounts { amount } } } } }"
QUICK = [kind for kind in KINDS if kind.effect.get("delay_ms", 0) + kind.effect.get("drip_ms", 0) == 0]

Place = tuple[str | int, ...]


class Call(msgspec.Struct, frozen=True):
    """An operation of the vendor, what hangs on it, and a good answer with a number in it."""

    operation: str
    path: str
    lost: tuple[Place, ...]
    body: Callable[[str], str]


def _page(row: str) -> Callable[[str], str]:
    return lambda number: f'{{"cursor":{{"hasMore":false,"data":[{row % number}]}}}}'


def _one(row: str) -> Callable[[str], str]:
    return lambda number: f'{{"data":{row % number}}}'


_HOLD = ids.decode(OPEN).native_id
CALLS = (
    Call(
        "get_wallet",
        f"{ROOT}/wallets/{NATIVE}",
        (("wallet",), ("hold", "wallet")),
        _one(f'{{"id":"{NATIVE}","balances":{{"main":{{"assets":{{"USD/2":%s}}}}}}}}'),
    ),
    Call(
        "get_wallet_summary",
        f"{ROOT}/wallets/{NATIVE}/summary",
        (("wallet", "balances"), ("wallet", "availableFunds"), ("wallet", "holdFunds")),
        _one('{"balances":[],"availableFunds":{"USD/2":%s}}'),
    ),
    Call(
        "list_balances",
        f"{ROOT}/wallets/{NATIVE}/balances",
        (("wallet", "balancePages"),),
        _page('{"name":"main","priority":%s}'),
    ),
    Call(
        "get_holds",
        f"{ROOT}/holds",
        (("wallet", "holds"),),
        _page(f'{{"id":"{_HOLD}","walletID":"{NATIVE}","remaining":%s}}'),
    ),
    Call(
        "get_hold",
        f"{ROOT}/holds/{_HOLD}",
        (("hold",),),
        _one(f'{{"id":"{_HOLD}","walletID":"{NATIVE}","remaining":%s}}'),
    ),
    Call("get_transactions", f"{ROOT}/transactions", (("wallet", "transactions"),), _page('{"id":%s}')),
)


@pytest.mark.parametrize("kind", QUICK, ids=lambda kind: kind.name)
async def test_a_fault_costs_what_hangs_on_it(kind: Kind, tmp_path: Path) -> None:
    async with in_process(tmp_path, name="wallets") as graph:
        healthy = await graph.ask(QUERY, id=WALLET, hold=OPEN)
        assert healthy.errors == []
        for call in CALLS:
            await graph.fault("formance", call.path, times=1000, **_effect(kind, call.body))
            answer = await graph.ask(QUERY, id=WALLET, hold=OPEN)
            await graph.heal()
            _check(answer, healthy, call, kind)


@pytest.mark.parametrize("kind", QUICK, ids=lambda kind: kind.name)
async def test_a_fault_of_the_ledger_costs_the_balances_of_many(kind: Kind, tmp_path: Path) -> None:
    """The wallets themselves are there, with what their main balances hold."""
    async with in_process(tmp_path, name="many") as graph:
        healthy = await graph.ask(MANY)
        row = '{"address":"wallets:x:main","volumes":{"USD/2":{"input":%s,"output":0}}}'
        await graph.fault("formance", LEDGER, times=1000, **_effect(kind, _page(row)))
        answer = await graph.ask(MANY)
        expected = copy.deepcopy(healthy.data)
        for each in expected["wallets"]["nodes"]:
            each["balances"] = None

        assert answer.data == expected
        assert SECRETS.findall(answer.response.text) == []
        assert {error["extensions"]["code"] for error in answer.errors} == {kind.code}
        if kind.code == "UPSTREAM_UNAUTHORIZED":
            assert (await graph.ask(MANY)).data == healthy.data
        await _heals(graph, healthy)


async def _heals(graph: Live, healthy: Answer) -> None:
    await graph.heal()
    after = await graph.ask(MANY)
    assert after.errors == []
    assert after.data == healthy.data


def _effect(kind: Kind, body: Callable[[str], str]) -> dict[str, Any]:
    effect = dict(kind.effect)
    if kind.name in NUMBERS:
        effect["body"] = body(NUMBERS[kind.name])
    if kind.name == "redirect":
        effect["headers"] = {**effect["headers"], "location": "http://elsewhere.test"}
    return effect


def _check(answer: Answer, healthy: Answer, call: Call, kind: Kind) -> None:
    expected = copy.deepcopy(healthy.data)
    for *way, last in call.lost:
        holder: Any = expected
        for step in way:
            holder = holder[step]
        holder[last] = None

    assert answer.data == expected, call.operation
    assert sorted(map(list, call.lost)) == sorted(error["path"] for error in answer.errors)
    for error in answer.errors:
        told = error["extensions"]
        assert (told["provider"], told["operation"], told["code"]) == ("FORMANCE", call.operation, kind.code)
        _check_detail(told, kind, code=told["code"])
    assert SECRETS.findall(answer.response.text) == []
