"""Wallets, their balances and holds in the graph: what is told, by how many calls, and what hangs on what."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.conftest import Graph, Start
from tests.resolvers.asking import codes, only_error, person
from tests.resolvers.orders.row import user_errors
from tests.resolvers.orders.rows_wallets import LARGE, OPEN, OTHER, WALLET, money

MANY = """{ wallets(first: 100) {
  nodes { id name ledgerName mainAmounts { amount asset }
    balances { name isExpired expiresAt priority amounts { amount asset } } }
  pageInfo { hasNextPage }
} }"""


@pytest.fixture
async def many(start: Start) -> AsyncIterator[Graph]:
    """More than a hundred wallets, by a server that knows nothing of them yet."""
    async with start(SANDBOX_CUSTOMERS="130") as graph:
        yield graph


async def test_a_hundred_wallets_with_their_balances_are_three_calls(many: Graph) -> None:
    """The list, and two questions to the ledger, which run at once. Before them comes the token."""
    answer = await many.ask(MANY)
    wallets = answer.data["wallets"]["nodes"]

    assert answer.errors == []
    assert answer.by_operation() == {"list_wallets": 1, "v2_list_accounts": 2}
    assert answer.waves == 3
    assert len(wallets) == 100
    assert all(each["balances"][0]["name"] == "main" for each in wallets)
    assert all(each["balances"][0]["amounts"] == each["mainAmounts"] for each in wallets)
    assert sum(len(each["balances"]) for each in wallets) > 110


async def test_the_wallets_of_all_customers_and_their_sums_are_two_calls(graph: Graph) -> None:
    """Beside one for the ledger's name. Money in wallets is no part of the other totals."""
    query = """{ customers(first: 25) { nodes { id
      wallets { id customer { id } } walletTotals { money { amount currency } accountCount isComplete } } } }"""
    answer = await graph.ask(query)
    customers = answer.data["customers"]["nodes"]

    assert answer.by_operation() == {"list_wallets": 1, "v2_list_accounts": 2}
    ada = next(each for each in customers if each["id"] == person(0))
    assert [each["customer"]["id"] for each in ada["wallets"]] == [person(0)] * 2
    assert ada["walletTotals"] == [
        {
            "money": {"amount": "1234567890123456789012.345678901234567890", "currency": "ETH"},
            "accountCount": 1,
            "isComplete": True,
        },
        {"money": {"amount": "812.50", "currency": "EUR"}, "accountCount": 1, "isComplete": True},
        {"money": {"amount": "12441.50", "currency": "USD"}, "accountCount": 1, "isComplete": True},
    ]
    assert len([each for each in customers if not each["wallets"]]) == 3


ONE = """query ($id: ID!) { wallet(id: $id) {
  name metadata createdAt customer { id } ledger { name }
  availableFunds { amount asset } expiredFunds { amount } expirableFunds { amount } holdFunds { amount }
  balances { name isExpired amounts { amount } ledgerAccount { address volumes { balance { amount } } } }
  balancePages(first: 2) { nodes { name amounts { amount } } pageInfo { hasNextPage } }
  transactions(first: 3) { nodes { number postings { destinationAddress money { amount } } } }
  ledgerAccounts { address customer { id } }
} }"""


async def test_one_wallet_tells_all_that_hangs_on_it(graph: Graph) -> None:
    """Several fields share its summary."""
    answer = await graph.ask(ONE, id=WALLET)
    wallet = answer.data["wallet"]

    assert answer.errors == []
    assert answer.by_operation()["get_wallet_summary"] == answer.by_operation()["get_wallet"] == 1
    assert wallet["availableFunds"] == [
        {"amount": "812.50", "asset": "EUR/2"},
        {"amount": "12441.50", "asset": "USD/2"},
    ]
    assert [wallet[f"{each}Funds"] for each in ("expired", "expirable", "hold")] == [
        [{"amount": "5.00"}],
        [{"amount": "15.00"}],
        [{"amount": "56.00"}],
    ]
    assert {each["name"]: each["isExpired"] for each in wallet["balances"]} == {
        "main": False,
        "bonus": False,
        "coupon": True,
        "savings": False,
    }
    for each in wallet["balances"]:
        held = [volumes["balance"] for volumes in each["ledgerAccount"]["volumes"]]
        assert held == each["amounts"]
        assert each["ledgerAccount"]["address"].endswith(f":{each['name']}")
    assert wallet["ledger"] == {"name": "wallets-002"}
    assert {each["customer"]["id"] for each in wallet["ledgerAccounts"]} == {person(0)}
    assert len(wallet["ledgerAccounts"]) == 4
    assert wallet["balancePages"]["pageInfo"]["hasNextPage"]
    assert len(wallet["transactions"]["nodes"]) == 3


HOLDS = """query ($id: ID!) { wallet(id: $id) { name holds(first: 50) { nodes {
  id description isClosed originalMoney { amount } remainingMoney { amount } asset metadata wallet { name }
  destination { type providerType identifier balance wallet { name } }
  ledgerAccount { address customer { id } transactions(first: 5) { nodes { postings { money { amount } } } } }
} } } }"""


async def test_holds_tell_what_is_left_of_them_by_one_call_for_all(graph: Graph) -> None:
    """Their account in the ledger tells what became of them."""
    answer = await graph.ask(HOLDS, id=WALLET)
    holds = {each["metadata"]["order"]: each for each in answer.data["wallet"]["holds"]["nodes"]}

    assert answer.errors == []
    assert "get_hold" not in answer.by_operation()
    assert {name: (each["isClosed"], each["remainingMoney"]["amount"]) for name, each in holds.items()} == {
        "open": (False, "40.00"),
        "partly": (False, "15.00"),
        "confirmed": (True, "0.00"),
        "voided": (True, "0.00"),
        "between": (False, "1.00"),
    }
    assert holds["open"]["destination"] == {
        "type": "LEDGER_ACCOUNT",
        "providerType": "ACCOUNT",
        "identifier": "merchants:books",
        "balance": None,
        "wallet": None,
    }
    assert holds["between"]["destination"]["wallet"] == {"name": "Ada Lovelace vault"}
    assert [len(each["ledgerAccount"]["transactions"]["nodes"]) for each in holds.values()] == [
        {"open": 1, "between": 1}.get(name, 2) for name in holds
    ]
    assert {each["ledgerAccount"]["customer"]["id"] for each in holds.values()} == {person(0)}


async def test_wallets_are_found_by_name_and_notes_and_page_on(graph: Graph) -> None:
    query = """query ($filter: WalletFilter, $after: String) { wallets(first: 6, filter: $filter, after: $after) {
      nodes { id name metadata } pageInfo { hasNextPage endCursor } } }"""
    gold, after = [], None
    while True:
        page = (await graph.data(query, filter={"metadata": {"tier": "gold"}}, after=after))["wallets"]
        gold += page["nodes"]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    named = await graph.data(query, filter={"name": "Ada Lovelace vault", "metadata": {"tier": "gold"}})
    bad = await graph.ask(query, filter={"metadata": {"tier": 1}})

    assert len(gold) > 6
    assert len({each["id"] for each in gold}) == len(gold)
    assert {each["metadata"]["tier"] for each in gold} == {"gold"}
    assert [each["name"] for each in named["wallets"]["nodes"]] == ["Ada Lovelace vault"]
    assert codes(bad) == ["BAD_USER_INPUT"]


async def test_every_node_is_found_again_by_its_id(graph: Graph) -> None:
    found = await graph.data(
        "query ($id: ID!) { wallet(id: $id) { id balances { id name } holds { nodes { id description } } } }", id=WALLET
    )
    wallet = found["wallet"]
    balance, hold = wallet["balances"][1], wallet["holds"]["nodes"][0]
    again = await graph.data(
        """query ($ids: [ID!]!, $hold: ID!) { hold(id: $hold) { description } nodes(ids: $ids) { id
        ... on WalletBalance { name wallet { id } }
        ... on Hold { description wallet { id } } ... on Wallet { name } } }""",
        ids=[wallet["id"], balance["id"], hold["id"]],
        hold=hold["id"],
    )

    assert again["nodes"] == [
        {"id": WALLET, "name": "Ada Lovelace"},
        {**balance, "wallet": {"id": WALLET}},
        {**hold, "wallet": {"id": WALLET}},
    ]
    assert again["hold"]["description"] == hold["description"]
    assert (await graph.data("query ($id: ID!) { wallet(id: $id) { id } }", id=MISSING))["wallet"] is None


MISSING = "WzEsIldhbGxldCIsImZvcm1hbmNlIixbIjAwMDAwMDAwLTAwMDAtNDAwMC04MDAwLTAwMDAwMDAwMDAwMCJdXQ"


async def test_where_the_ledger_is_closed_each_wallet_is_asked_for(graph: Graph) -> None:
    """Nothing of what is told is missing."""
    await graph.fault("formance", "/api/ledger/v2/wallets-002/accounts", status=401, body="", times=1000)
    answers = [await graph.ask(MANY) for _ in range(2)]
    wallets = answers[0].data["wallets"]["nodes"]

    for answer in answers:
        assert answer.errors == []
        assert answer.by_operation()["get_wallet_summary"] == len(wallets)
    assert "v2_list_accounts" not in answers[1].by_operation()
    assert all(each["balances"][0]["amounts"] == each["mainAmounts"] for each in wallets)


async def test_totals_tell_when_a_part_is_missing(graph: Graph) -> None:
    await graph.fault("formance", "/api/ledger/v2/wallets-002/accounts", status=503, body="", times=1000)
    query = "query ($id: ID!) { customer(id: $id) { wallets { id } walletTotals { isComplete } } }"
    answer = await graph.ask(query, id=person(0))

    assert answer.data["customer"]["walletTotals"] == []
    assert len(answer.data["customer"]["wallets"]) == 2
    assert only_error(answer)["extensions"]["code"] == "PARTIAL_RESULT"


def mutation(name: str, selection: str, takes: str = "") -> str:
    takes = takes or f"{name[0].upper()}{name[1:]}Input"
    return (
        f"mutation ($input: {takes}!) {{ it: {name}(input: $input) "
        f"{{ {selection} userErrors {{ code field vendorCode message }} }} }}"
    )


CREDIT = mutation("creditWallet", "balance { name amounts { amount asset } }")
DEBIT = mutation("debitWallet", "wallet { mainAmounts { amount asset } } hold { id remainingMoney { amount } }")
CONFIRM = mutation("confirmHold", "hold { remainingMoney { amount } isClosed }")


async def test_money_goes_from_wallet_to_wallet_and_none_gets_lost(graph: Graph) -> None:
    """Forty digits of it."""
    funds = """query ($a: ID!, $b: ID!) { a: wallet(id: $a) { ...F } b: wallet(id: $b) { ...F } }
    fragment F on Wallet { mainAmounts { amount asset } }"""
    before = await graph.data(funds, a=WALLET, b=OTHER)
    filled = await graph.data(CREDIT, input={"walletId": WALLET, "money": money(LARGE), "idempotencyKey": "1"})
    assert filled["it"]["userErrors"] == []
    given = {"walletId": WALLET, "money": money(LARGE), "destination": {"wallet": {"walletId": OTHER}}}
    assert (await graph.data(DEBIT, input={**given, "idempotencyKey": "2"}))["it"]["userErrors"] == []
    after = await graph.data(funds, a=WALLET, b=OTHER)

    assert after["a"] == before["a"]
    units = [
        next(int(each["amount"].replace(".", "")) for each in told["b"]["mainAmounts"] if each["asset"] == "USD/2")
        for told in (before, after)
    ]
    assert units[1] - units[0] == int(LARGE.replace(".", ""))


@pytest.mark.parametrize(
    ("document", "given", "error"),
    [
        (CREDIT, {"balance": "a b"}, ("INVALID", ["balance"], None)),
        (CREDIT, {"balance": "nothing"}, ("NOT_FOUND", ["walletId"], None)),
        (CREDIT, {"walletId": MISSING}, ("NOT_FOUND", ["walletId"], None)),
        (CREDIT, {"money": money("0")}, ("INVALID", ["money"], None)),
        (CREDIT, {"money": money("1.001")}, ("TOO_MANY_DECIMALS", ["money"], None)),
        (CREDIT, {"metadata": {"idempotency_hash": "x"}}, ("INVALID", ["metadata", "idempotency_hash"], None)),
        (CREDIT, {"sources": [{"ledgerAccount": "a b"}]}, ("INVALID", ["sources", "0", "ledgerAccount"], None)),
        (
            CREDIT,
            {"sources": [{"wallet": {"walletId": OTHER, "balance": "main"}}], "money": money("9999999")},
            ("UPSTREAM_REJECTED", [], "INSUFFICIENT_FUND"),
        ),
        (DEBIT, {"money": money("9999999")}, ("UPSTREAM_REJECTED", [], "INSUFFICIENT_FUND")),
        (DEBIT, {"balances": ["*", "main"]}, ("INVALID", ["balances"], None)),
        (DEBIT, {"balances": ["coupon"]}, ("UPSTREAM_REJECTED", [], "INSUFFICIENT_FUND")),
    ],
)
async def test_what_cannot_be_done_is_told(
    graph: Graph, document: str, given: dict[str, Any], error: tuple[str, list[str], str | None]
) -> None:
    usual = {"walletId": WALLET, "money": money("1.00"), "idempotencyKey": "k"}

    assert user_errors(await graph.ask(document, input={**usual, **given})) == [error]


async def test_a_hold_is_confirmed_in_its_own_asset_and_not_beyond_what_is_left(graph: Graph) -> None:
    async def confirmed(key: str, **given: Any) -> Any:
        return await graph.ask(CONFIRM, input={"holdId": OPEN, "idempotencyKey": key, **given})

    assert user_errors(await confirmed("1", money=money("1.00", "EUR/2"))) == [("INVALID", ["money", "asset"], None)]
    assert user_errors(await confirmed("2", money=money("40.01"))) == [("UPSTREAM_REJECTED", [], "INSUFFICIENT_FUND")]
    part = await confirmed("3", money=money("10.00"), isFinal=True)
    assert part.data["it"] == {"hold": {"remainingMoney": {"amount": "0.00"}, "isClosed": True}, "userErrors": []}
    assert user_errors(await confirmed("4")) == [("UPSTREAM_REJECTED", [], "HOLD_CLOSED")]


async def test_one_end_has_one_form(graph: Graph) -> None:
    ends = [{}, {"ledgerAccount": "world", "wallet": {"walletId": OTHER}}, {"ledgerAccount": None}]
    for end in ends:
        given = {"walletId": WALLET, "money": money("1.00"), "destination": end, "idempotencyKey": "k"}
        response = await graph.client.post("/graphql", json={"query": DEBIT, "variables": {"input": given}})
        assert "errors" in response.json()
