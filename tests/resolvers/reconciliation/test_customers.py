"""A customer's money on all sides: whose numbers they are, how old, at what cost, and what a failure costs."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.conftest import Graph, Start
from tests.resolvers.asking import codes, only_error, person
from tests.resolvers.reconciliation.reports import CUSTOMER, SIDES, THEN, amounts, drifts, problems

ELSEWHERE = """query($id: ID!) { customer(id: $id) {
  accounts { nodes { provider kind balances { kind money { amount currency } } } }
  ledgerAccounts: accounts(provider: FORMANCE) { nodes { id } }
  pools { name accounts { id } balances { money { amount currency } } }
} }"""
DEBTS = {"CREDIT_CARD", "LINE_OF_CREDIT", "LOAN", "MORTGAGE", "STUDENT_LOAN", "EXTERNAL"}


async def report(graph: Graph, index: int = 0, at: str | None = None) -> Any:
    return (await graph.data(CUSTOMER, id=person(index), at=at))["customer"]["reconciliation"]


def summed(accounts: list[Any], *, paying: bool) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for account in accounts:
        if (account["provider"] == "FORMANCE") is not paying or account["kind"] in DEBTS:
            continue
        kinds = {balance["kind"] for balance in account["balances"]}
        for balance in account["balances"]:
            if balance["kind"] == ("CURRENT" if "CURRENT" in kinds else "CLEARED"):
                money = balance["money"]
                sums[money["currency"]] = sums.get(money["currency"], Decimal(0)) + Decimal(money["amount"])
    return sums


async def test_each_side_has_what_its_accounts_have(warm: Graph) -> None:
    found = await report(warm)
    customer = (await warm.data(ELSEWHERE, id=person(0)))["customer"]
    own = {account["id"] for account in customer["ledgerAccounts"]["nodes"]}
    [pool] = [each for each in customer["pools"] if {account["id"] for account in each["accounts"]} <= own]

    assert amounts(found, "bank") == summed(customer["accounts"]["nodes"], paying=False)
    assert amounts(found, "paymentProvider") == summed(customer["accounts"]["nodes"], paying=True)
    assert amounts(found, "pool") == {
        each["money"]["currency"]: Decimal(each["money"]["amount"]) for each in pool["balances"]
    }
    assert set(amounts(found, "ledger")) == {"EUR", "USD"}
    assert found["problems"] == []


async def test_the_drift_is_what_is_there_less_what_is_owed(warm: Graph) -> None:
    """A currency that the ledger lacks is owed to nobody; banks are compared with nobody."""
    found = await report(warm)
    there, owed = amounts(found, "paymentProvider"), amounts(found, "ledger")
    apart = drifts(found, "ledger")

    assert {name: apart[name] for name in there} == {name: there[name] - owed.get(name, 0) for name in there}
    assert apart["BRL"] is None
    assert {drift for drift in drifts(found, "pool").values() if drift is not None} == {Decimal(0)}


async def test_numbers_say_how_old_they_are_and_who_gave_them(warm: Graph) -> None:
    found = await report(warm)
    told = {(row["currency"], side): row[side] for row in found["currencies"] for side in SIDES if row[side]}

    assert told["USD", "bank"]["source"] == "AGGREGATION"
    assert told["USD", "bank"]["providers"] == ["FINICITY"]
    assert told["BRL", "bank"]["providers"] == ["PLUGGY"]
    assert told["EUR", "paymentProvider"]["source"] == "POLLING"
    assert (told["EUR", "pool"]["source"], told["EUR", "pool"]["asOf"]) == ("SUM", None)
    assert told["EUR", "ledger"]["source"] == "LEDGER"
    for number in told.values():
        assert number["isComplete"] is True
        since = datetime.fromisoformat(number["asOf"] or number["fetchedAt"])
        read = datetime.fromisoformat(number["fetchedAt"])
        assert 0 <= number["age"] - int(max(0.0, (read - since).total_seconds())) <= 60


async def test_the_past_is_told_by_those_who_keep_it(warm: Graph) -> None:
    """The others have no numbers, for a reason that is no failure."""
    answer = await warm.ask(CUSTOMER, id=person(0), at=THEN)
    found = answer.data["customer"]["reconciliation"]

    assert answer.errors == []
    assert problems(found) == {("BANK", "FINICITY", "UNSUPPORTED"), ("BANK", "PLUGGY", "UNSUPPORTED")}
    assert amounts(found, "bank") == {}
    assert amounts(found, "pool") != {}
    assert found["at"] == THEN
    for row in found["currencies"]:
        assert {row[side]["asOf"] for side in SIDES if row[side]} == {THEN}


async def test_a_time_that_nobody_has_seen_is_not_taken_for_nothing(warm: Graph) -> None:
    """After the last poll payment providers tell nothing, so that there is nothing to compare with."""
    found = await report(warm, at="2026-11-01T11:59:00Z")

    assert amounts(found, "paymentProvider") == amounts(found, "pool") == {}
    assert {("PAYMENT_PROVIDER", "FORMANCE", "NOT_FOUND"), ("POOL", "FORMANCE", "NOT_FOUND")} <= problems(found)
    assert amounts(found, "ledger") != {}
    assert set(drifts(found, "ledger").values()) == {None}


async def test_a_time_that_lies_ahead_is_a_mistake(warm: Graph) -> None:
    answer = await warm.ask(CUSTOMER, id=person(0), at="2999-01-01T00:00:00Z")

    assert (answer.data["customer"]["reconciliation"], codes(answer)) == (None, ["BAD_USER_INPUT"])


async def test_all_sides_cost_each_call_once(warm: Graph) -> None:
    """And nothing more where the same is asked for elsewhere in the query."""
    await warm.ask(CUSTOMER, id=person(0))
    answer = await warm.ask(CUSTOMER, id=person(0))
    usual = {
        "GetCustomerAccounts": 1,
        "smart_accounts_list": 1,
        "smart_account_balance_retrieve": 2,
        "paymentslist_accounts": 1,
        "get_account_balances": 3,
        "list_pools": 1,
        "get_pool_balances_latest": 1,
        "v2_list_ledgers": 1,
    }
    ledgers = answer.by_operation().pop("v2_list_accounts")

    assert answer.by_operation() == {**usual, "v2_list_accounts": ledgers}
    assert answer.waves <= 4  # accounts, pools and their sums are three; ledgers go their own way meanwhile
    both = await warm.ask(
        CUSTOMER.replace("{ reconciliation", "{ totals { isComplete } pools { balances { kind } } reconciliation", 1),
        id=person(0),
    )
    more = both.by_operation()
    assert more.pop("get_pool_balances_latest") == 3  # two pools hold others' accounts as well
    usual.pop("get_pool_balances_latest")
    assert more == {**usual, "v2_list_accounts": ledgers}


FAILING = [
    ("finicity", "/aggregation/v1/*", "BANK", "FINICITY"),
    ("pluggy", "*/balance", "BANK", "PLUGGY"),
    ("formance", "*/balances", "PAYMENT_PROVIDER", "FORMANCE"),
    ("formance", "/api/payments/pools", "POOL", "FORMANCE"),
    ("formance", "*/balances/latest", "POOL", "FORMANCE"),
    ("formance", "/api/ledger/v2/*", "LEDGER", "FORMANCE"),
]


@pytest.mark.parametrize(("vendor", "path", "side", "provider"), FAILING)
async def test_a_failure_costs_its_own_numbers_only(
    warm: Graph, vendor: str, path: str, side: str, provider: str
) -> None:
    healthy = await report(warm)
    await warm.fault(vendor, path, status=503, times=100)
    answer = await warm.ask(CUSTOMER, id=person(0))
    found = answer.data["customer"]["reconciliation"]
    name = {"BANK": "bank", "PAYMENT_PROVIDER": "paymentProvider", "POOL": "pool", "LEDGER": "ledger"}[side]

    assert problems(found) == {(side, provider, "UPSTREAM_UNAVAILABLE")}
    for each in SIDES:
        if each != name:
            assert amounts(found, each) == amounts(healthy, each)
    assert amounts(found, name) != amounts(healthy, name)
    assert {row[name]["isComplete"] for row in found["currencies"] if row[name]} <= {False}
    if side in {"PAYMENT_PROVIDER", "LEDGER"}:
        assert set(drifts(found, "ledger").values()) == {None}
    error = only_error(answer)
    assert error["path"] == ["customer", "reconciliation"]
    assert (error["extensions"]["code"], error["extensions"]["provider"]) == ("PARTIAL_RESULT", provider)


async def test_forty_digits_are_compared_to_the_last_one(warm: Graph) -> None:
    huge = 1_234_567_890_123_456_789_012_345_678_901_234_567_891
    row = f'{{"lastUpdatedAt":"2026-11-01T00:00:00Z","asset":"COIN/3","balance":{huge}}}'
    body = f'{{"cursor":{{"hasMore":false,"data":[{row}]}}}}'
    volumes = f'{{"COIN/3":{{"input":{huge - 1},"output":0,"balance":{huge - 1}}}}}'
    account = f'{{"address":"customers:cus_0001:wallet","metadata":{{"customer_id":"cus_0001"}},"volumes":{volumes}}}'
    ledger = f'{{"cursor":{{"hasMore":false,"data":[{account}]}}}}'
    for path, text in (("/api/payments/accounts/*/balances", body), ("/api/ledger/v2/main/accounts", ledger)):
        await warm.fault("formance", path, status=200, body=text, headers={"content-type": "application/json"}, times=9)
    found = await report(warm)
    [coin] = [row for row in found["currencies"] if row["currency"] == "COIN"]
    count = coin["paymentProvider"]["parts"]

    assert coin["paymentProvider"]["money"]["minorUnits"] == str(huge * count)
    assert coin["ledger"]["money"]["minorUnits"] == str(huge - 1)
    assert int(coin["drift"]["ledger"]["amount"].replace(".", "")) == huge * count - (huge - 1)


async def test_whoever_is_nowhere_has_no_currencies(start: Start) -> None:
    async with start(FINICITY_MODE="off", PLUGGY_MODE="off") as graph:
        found = await report(graph, 6)

    assert (found["currencies"], found["problems"]) == ([], [])
