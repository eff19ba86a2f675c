"""What subscribers are told of ledgers."""

from typing import Any

import pytest

from providers.domain import NodeType, Provider, Ref
from resolvers import ids
from tests.inside import Inside
from tests.subscriptions.client import by_events, by_socket, listening
from tests.subscriptions.conftest import tell
from tests.subscriptions.graph import ask, calls, forget

COMMITTED = """subscription($ledger: ID, $account: ID, $after: String) {
    ledgerTransactionCommitted(ledgerId: $ledger, accountId: $account, after: $after) {
        cursor ledgerTransaction { id postings { sourceAddress money { amount asset minorUnits } } } } }"""
LISTED = """{ ledgers(first: 10) { nodes { id transactions(first: 20) { nodes {
    id postings { source { id } sourceAddress money { amount asset minorUnits } } } } } } }"""


@pytest.fixture(scope="module")
def ledgers(server: Inside) -> list[dict[str, Any]]:
    """Those that have transactions."""
    found = ask(server, LISTED)["ledgers"]["nodes"]
    return [each for each in found if each["transactions"]["nodes"]]


def committed(told: dict[str, Any]) -> Any:
    """The transaction of a result without errors."""
    assert "errors" not in told, told
    return told["data"]["ledgerTransactionCommitted"]["ledgerTransaction"]


async def test_transactions_are_told_with_exact_amounts(server: Inside, ledgers: list[dict[str, Any]]) -> None:
    expected = ledgers[0]["transactions"]["nodes"][:5]
    async with by_socket(server, COMMITTED) as one, by_events(server, COMMITTED) as other:
        await listening(server, 2)
        for each in expected:
            await tell(server, each["id"])
        told = [[committed(await subscriber.next()) for _ in expected] for subscriber in (one, other)]

    postings = [[{**posting} for posting in each["postings"]] for each in expected]
    for each in postings:
        for posting in each:
            del posting["source"]
    assert told[0] == told[1] == [
        {"id": each["id"], "postings": moved} for each, moved in zip(expected, postings, strict=True)
    ]  # fmt: skip


async def test_transactions_are_chosen_by_ledger_and_by_account(server: Inside, ledgers: list[dict[str, Any]]) -> None:
    there = ids.encode(Ref(NodeType.LEDGER_TRANSACTION, ("elsewhere", "1"), Provider.FORMANCE))
    here = ledgers[0]["transactions"]["nodes"]
    account = here[0]["postings"][0]["source"]["id"]
    others = [each for each in here if account not in str(each)]
    by_ledger, by_account = {"ledger": ledgers[0]["id"]}, {"account": account}
    async with by_socket(server, COMMITTED, **by_ledger) as one, by_events(server, COMMITTED, **by_account) as other:
        await listening(server, 2)
        for id in (there, *(each["id"] for each in others[:2]), here[0]["id"]):
            await tell(server, id)
        told = [committed(await one.next())["id"] for _ in range(len(others[:2]) + 1)]
        touching = committed(await other.next())["id"]

    assert told == [*(each["id"] for each in others[:2]), here[0]["id"]]
    assert touching == here[0]["id"]


async def test_many_that_wait_are_read_together(server: Inside, ledgers: list[dict[str, Any]]) -> None:
    here = [each["id"] for each in ledgers[0]["transactions"]["nodes"]]
    async with by_socket(server, COMMITTED) as subscriber:
        await listening(server, 1)
        await tell(server, here[0])
        cursor = (await subscriber.next())["data"]["ledgerTransactionCommitted"]["cursor"]
    await tell(server, *here[1:10])
    forget(server)
    async with by_socket(server, COMMITTED, after=cursor) as subscriber:
        told = [committed(await subscriber.next())["id"] for _ in here[1:10]]

    assert told == here[1:10]
    assert len(calls(server)) <= 2


async def test_a_transaction_of_nobody_is_null(server: Inside) -> None:
    gone = ids.encode(Ref(NodeType.LEDGER_TRANSACTION, ("main", "999999999"), Provider.FORMANCE))
    async with by_socket(server, COMMITTED) as subscriber:
        await listening(server, 1)
        await tell(server, gone)

        assert committed(await subscriber.next()) is None
