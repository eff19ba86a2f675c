"""The sandboxes tell this server of their changes: each once, whatever happens on the way."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest

from providers.domain import Event, Provider, Topic
from providers.domain.ref import NodeType
from providers.formance.messages import READERS
from providers.outbox import Outbox
from resolvers import ids
from tests.conftest import Graph, Start
from tests.resolvers.asking import person
from tests.resolvers.orders import rows_bank_accounts as bank_accounts
from tests.resolvers.orders import rows_connectors as connectors
from tests.resolvers.orders import rows_payments as payments
from tests.resolvers.orders import rows_pools as pools
from tests.resolvers.orders import rows_transfers as transfers
from tests.resolvers.orders.row import Row, World, order, outcome, world
from tests.resolvers.orders.rows_payments import CREATE_PAYMENT
from tests.serving.webhooks.messages import delivered, stored

REFRESH = """mutation($input: RefreshAccountsInput!) { it: refreshAccounts(input: $input) { refresh { id } } }"""
DELETE = """mutation($input: DeleteAccountInput!) { it: deleteAccount(input: $input) { deletedAccountId } }"""
OPEN = """mutation($input: CreateSmartAccountInput!) { it: createSmartAccount(input: $input) { account { id } } }"""
VALIDATE = """mutation($input: TransferInitiationInput!) {
  it: validateTransferInitiation(input: $input) { transferInitiation { id status } userErrors { code } }
}"""


POOL, TRANSFER, STEP = "SAVED_POOL", "SAVED_TRANSFER_INITIATION", "SAVED_PAYMENT_INITIATION_ADJUSTMENT"
PAID = f"{STEP} SAVED_PAYMENT SAVED_PAYMENT_INITIATION_RELATED_PAYMENT SAVED_BALANCE"
ANNOUNCED = [
    (pools.CREATE, POOL, POOL),
    (pools.ADD, POOL, POOL),
    (pools.REMOVE, POOL, POOL),
    (pools.DELETE, "DELETED_POOL", "DELETED_POOL"),
    (bank_accounts.CREATE, "SAVED_BANK_ACCOUNT", "SAVED_BANK_ACCOUNT"),
    (bank_accounts.FORWARD, "SAVED_BANK_ACCOUNT SAVED_ACCOUNT", "SAVED_BANK_ACCOUNT SAVED_ACCOUNT"),
    (payments.CREATE_ACCOUNT, "SAVED_ACCOUNT", "SAVED_ACCOUNT"),
    (connectors.RESET, "CONNECTOR_RESET", "CONNECTOR_RESET"),
    (transfers.CREATE, f"SAVED_PAYMENT_INITIATION {STEP}", TRANSFER),
    (transfers.REJECT, STEP, TRANSFER),
    (transfers.RETRY, PAID, f"{TRANSFER} SAVED_PAYMENT"),
    (transfers.REVERSE, PAID, f"{TRANSFER} SAVED_PAYMENT"),
    (transfers.DELETE, "", "DELETED_TRANSFER_INITIATION"),
]
"""Mutations, and what v3 and v2 announce then."""


def outbox(graph: Graph, provider: Provider = Provider.FORMANCE) -> Outbox:
    found: Outbox = graph.client._transport.app.state.outboxes[provider]  # type: ignore[attr-defined]
    return found


def topics(events: list[Event]) -> Counter[Topic]:
    return Counter(event.topic for event in events)


async def told(graph: Graph, row: Row, here: World) -> Any:
    """Carry an order out, and wait until what the sandbox tells of it has come."""
    payload = outcome(await order(graph, row, row.input(here)))
    await asyncio.gather(*_stack(graph).workflows._running)
    await delivered(graph)
    return payload


@pytest.fixture(params=["v3", "v2"])
async def either(start: Start, request: pytest.FixtureRequest) -> AsyncIterator[Graph]:
    """A server over each generation of the payments service."""
    async with start(SANDBOX_PAYMENTS=request.param) as graph:
        yield graph


async def test_a_payment_is_told_of_once(either: Graph) -> None:
    payload = await told(either, CREATE_PAYMENT, await world(either))
    (event,) = await stored(either)

    assert (event.provider, event.topic) == (Provider.FORMANCE, Topic.PAYMENT_CHANGED)
    assert ids.encode(event.ref) == payload["payment"]["id"]
    assert event.occurred_at is not None
    assert abs((event.received_at - event.occurred_at).total_seconds()) < 60


async def test_nothing_is_told_of_what_was_only_read_or_refused(graph: Graph) -> None:
    here = await world(graph)
    await order(graph, CREATE_PAYMENT, {**CREATE_PAYMENT.input(here), "reference": "x"})
    await delivered(graph)

    assert await stored(graph) == []


async def test_each_step_of_a_transfer_is_told_of(either: Graph) -> None:
    """And at its end the payment that was made of it, and on v3 the balances that it moved."""
    here = await world(either)
    waiting = here.transfers["WAITING_FOR_VALIDATION"][0]
    await either.data(VALIDATE, input={"transferInitiationId": waiting["id"], "idempotencyKey": "k"})
    await delivered(either)
    events = await stored(either)

    steps = [event for event in events if event.topic is Topic.TRANSFER_INITIATION_CHANGED]
    assert {ids.encode(event.ref) for event in steps} == {waiting["id"]}
    assert len(steps) >= 3
    assert topics(events)[Topic.PAYMENT_CHANGED] == 1
    moved = {ids.encode(event.ref) for event in events if event.topic is Topic.ACCOUNT_CHANGED}
    is_new = _stack(either).payments.generation == "v3"
    assert moved == ({waiting["source"]["id"], waiting["destination"]["id"]} if is_new else set())


async def test_a_new_transfer_is_told_of(either: Graph) -> None:
    payload = await told(either, transfers.CREATE, await world(either))
    events = await stored(either)

    assert topics(events).keys() == {Topic.TRANSFER_INITIATION_CHANGED}
    assert {ids.encode(event.ref) for event in events} == {payload["transferInitiation"]["id"]}


@pytest.mark.parametrize(
    ("row", "new", "old"), ANNOUNCED, ids=lambda value: str(value) if isinstance(value, Row) else ""
)
async def test_each_change_is_announced_in_the_vendors_words(either: Graph, row: Row, new: str, old: str) -> None:
    """Of what nobody can listen to nothing is kept."""
    heard: list[str] = []
    stack, here = _stack(either), await world(either)
    stack.announce.listeners.append(lambda service, kind, _payload: heard.append(f"{service} {kind}"))
    await told(either, row, here)

    words = (new if stack.payments.generation == "v3" else old).split()
    assert set(heard) == {f"payments {word}" for word in words}
    listened = {word for word in words if f"payments.{word.lower()}" in READERS}
    assert bool(await stored(either)) is bool(listened)


def _stack(graph: Graph) -> Any:
    routes = graph.client._transport.app.routes  # type: ignore[attr-defined]
    (mount,) = [route for route in routes if getattr(route, "path", "") == "/sandbox/formance"]
    return mount.app._app.state.stack


async def test_what_a_ledger_commits_is_told_of(graph: Graph) -> None:
    """Whoever announces it: other services of the stack move money in ledgers, too. Amounts of any size do no harm."""
    huge = 10**40 + 7
    postings = [{"source": "world", "destination": "a", "amount": huge, "asset": "BTC/8"}]
    announce = _stack(graph).announce
    announce(
        "ledger", "COMMITTED_TRANSACTIONS", {"ledger": "main", "transactions": [{"id": huge, "postings": postings}]}
    )
    announce("ledger", "SAVED_METADATA", {"ledger": "main", "targetType": "TRANSACTION", "targetId": 3, "metadata": {}})
    announce("orchestration", "STARTED_WORKFLOW", {"id": "x"})
    await delivered(graph)

    events = await stored(graph)
    assert [event.ref.keys for event in events] == [("main", str(huge)), ("main", "3")]
    assert topics(events) == {Topic.LEDGER_TRANSACTION_COMMITTED: 2}


async def test_refreshed_and_deleted_accounts_are_told_of(graph: Graph) -> None:
    await graph.data(REFRESH, input={"customerId": person(0), "idempotencyKey": "k"})
    await delivered(graph)
    refreshed = await stored(graph)
    account = next(event.ref for event in refreshed)
    await graph.data(DELETE, input={"accountId": ids.encode(account), "idempotencyKey": "2"})
    await delivered(graph)
    (deleted,) = (await stored(graph))[len(refreshed) :]

    assert len({event.ref for event in refreshed}) == len(refreshed) == 4
    assert {(event.topic, event.ref.type) for event in refreshed} == {
        (Topic.ACCOUNT_CHANGED, NodeType.AGGREGATED_ACCOUNT)
    }
    assert deleted.ref == account


async def test_a_new_smart_account_is_told_of(graph: Graph) -> None:
    given = {
        "email": "ada@example.com",
        "phoneNumber": "+5511999999999",
        "address": {"city": "Recife", "state": "PE"},
        "name": "Ada Lovelace",
        "taxNumber": "12345678909",
        "isSandbox": True,
    }
    made = (await graph.data(OPEN, input={**given, "idempotencyKey": "k"}))["it"]["account"]
    await delivered(graph)
    (event,) = await stored(graph)

    assert (event.topic, ids.encode(event.ref)) == (Topic.ACCOUNT_CHANGED, made["id"])


@pytest.mark.parametrize(
    "mischief", [{"repeat": 3}, {"reverse": True}, {"lose": 3}, {"repeat": 2, "reverse": True, "lose": 2}], ids=str
)
async def test_mischief_on_the_way_changes_nothing(graph: Graph, mischief: dict[str, object]) -> None:
    """Messages that come twice, in another order or late: the same events, each once."""
    here = await world(graph)
    assert (await graph.client.post("/sandbox/_webhooks", json=mischief)).status_code == 201
    outbox(graph).retry_seconds = (0.001,) * 5
    waiting = here.transfers["WAITING_FOR_VALIDATION"][0]
    await graph.data(VALIDATE, input={"transferInitiationId": waiting["id"], "idempotencyKey": "k"})
    await delivered(graph)
    events = await stored(graph)

    assert topics(events) == {
        Topic.TRANSFER_INITIATION_CHANGED: 3,  # processing, its payment, processed
        Topic.PAYMENT_CHANGED: 1,
        Topic.ACCOUNT_CHANGED: 2,
    }
    assert len({event.sequence for event in events}) == 6


async def test_forged_messages_are_not_taken(graph: Graph) -> None:
    here = await world(graph)
    await graph.client.post("/sandbox/_webhooks", json={"forge": True})
    await told(graph, CREATE_PAYMENT, here)

    assert await stored(graph) == []
    assert outbox(graph).taken == 0
    assert (await graph.client.delete("/sandbox/_webhooks")).status_code == 204
    assert (await graph.client.post("/sandbox/_webhooks", json={"forges": True})).status_code == 400


async def test_who_changes_the_receivers_secret_or_switches_it_off_is_told_nothing(graph: Graph) -> None:
    stack, here = _stack(graph), await world(graph)
    (config,) = [each for each in stack.webhooks.values() if each.name == "tributary"]
    secret, config.secret = config.secret, "bm90IHRoZSBzZWNyZXQgdGhhdCBpcyBr"
    await told(graph, CREATE_PAYMENT, here)
    config.secret, config.active = secret, False
    first = CREATE_PAYMENT.input(here)
    await order(graph, CREATE_PAYMENT, {**first, "reference": "receipt-2"}, key="2")
    await delivered(graph)
    assert await stored(graph) == []

    config.active = True
    await order(graph, CREATE_PAYMENT, {**first, "reference": "receipt-3"}, key="3")
    await delivered(graph)
    assert len(await stored(graph)) == 1


async def test_an_answer_does_not_wait_for_its_message(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    here = await world(graph)
    events = graph.client._transport.app.state.providers.directory.events  # type: ignore[attr-defined]
    append, go_on = type(events).append, asyncio.Event()

    async def slow(*given: Any) -> Any:
        await go_on.wait()
        return await append(*given)

    monkeypatch.setattr(type(events), "append", slow)
    outcome(await order(graph, CREATE_PAYMENT, CREATE_PAYMENT.input(here)))
    assert await stored(graph) == []

    go_on.set()
    await delivered(graph)
    assert len(await stored(graph)) == 1


async def test_what_is_under_way_at_the_end_still_comes(start: Start) -> None:
    """The store is closed last."""
    async with start() as graph:
        here = await world(graph)
        outcome(await order(graph, CREATE_PAYMENT, CREATE_PAYMENT.input(here)))
        sending = outbox(graph)
    async with start() as graph:
        assert len(await stored(graph)) == 1

    assert sending.taken == 1
    assert not asyncio.all_tasks() - {asyncio.current_task()}
