"""What subscribers are told, on both transports: every event once, in order, with the object as it is."""

import json
from typing import Any

import pytest

from resolvers import event_cursor
from tests.inside import Inside
from tests.subscriptions.client import BOTH, by_events, by_socket, listening
from tests.subscriptions.conftest import tell
from tests.subscriptions.graph import NOWHERE, ask, calls, fault, forget, heal, owners, payments

PAYMENTS = (
    "subscription($after: String) { paymentChanged(after: $after) { cursor receivedAt payment { id metadata } } }"
)
OF_ACCOUNT = "subscription($id: ID) { paymentChanged(accountId: $id) { payment { id } } }"
OF_CUSTOMER = "subscription($id: ID) { paymentChanged(customerId: $id) { payment { id } } }"
ACCOUNTS = """subscription($id: ID, $of: ID) { accountChanged(accountId: $id, customerId: $of) {
    occurredAt account { id __typename balances { kind } } } }"""
TRANSFERS = "subscription($id: ID) { transferInitiationChanged(id: $id) { transferInitiation { id } } }"
NOTE = "mutation($in: UpdatePaymentMetadataInput!) { updatePaymentMetadata(input: $in) { payment { id } } }"


@pytest.fixture(scope="module")
def found(server: Inside) -> list[dict[str, Any]]:
    return payments(server)


@pytest.fixture(scope="module")
def ids(found: list[dict[str, Any]]) -> list[str]:
    return [each["id"] for each in found]


def changed(told: dict[str, Any]) -> Any:
    """The payment of a result without errors."""
    assert "errors" not in told, told
    return told["data"]["paymentChanged"]


@pytest.mark.parametrize("transport", BOTH.values(), ids=BOTH)
async def test_each_event_is_told_once_in_order(server: Inside, ids: list[str], transport: Any) -> None:
    async with transport(server, PAYMENTS) as one, transport(server, PAYMENTS) as other:
        await listening(server, 2)
        for id in ids[:4]:
            await tell(server, id)
        told = [[changed(await each.next()) for _ in range(4)] for each in (one, other)]

    assert [each["payment"]["id"] for each in told[0]] == ids[:4]
    assert told[0] == told[1]
    assert len({each["cursor"] for each in told[0]}) == 4
    await listening(server, 0)


@pytest.mark.parametrize("transport", BOTH.values(), ids=BOTH)
async def test_after_a_lost_connection_nothing_is_missed_or_doubled(
    server: Inside, ids: list[str], transport: Any
) -> None:
    async with transport(server, PAYMENTS) as subscriber:
        await listening(server, 1)
        await tell(server, ids[0])
        seen = changed(await subscriber.next())
    await listening(server, 0)
    await tell(server, ids[1])
    await tell(server, ids[2])
    async with transport(server, PAYMENTS, after=seen["cursor"]) as subscriber:
        await listening(server, 1)
        await tell(server, ids[3])
        told = [changed(await subscriber.next())["payment"]["id"] for _ in range(3)]

    assert told == ids[1:4]
    await listening(server, 0)


async def test_a_browser_goes_on_where_it_was(server: Inside, ids: list[str]) -> None:
    """It sends the id of the last event by itself, which outweighs the argument that it had begun with."""
    async with by_events(server, PAYMENTS) as subscriber:
        await listening(server, 1)
        await tell(server, ids[0])
        first = changed(await subscriber.next())
        assert subscriber.last_id == first["cursor"]
        await tell(server, ids[1])
        await subscriber.next()
        last = subscriber.last_id
    await listening(server, 0)
    await tell(server, ids[2])
    async with by_events(server, PAYMENTS, headers={"last-event-id": last}, after=first["cursor"]) as subscriber:
        assert changed(await subscriber.next())["payment"]["id"] == ids[2]


async def test_the_object_is_told_as_it_is_when_it_is_told(server: Inside, ids: list[str]) -> None:
    async with by_socket(server, PAYMENTS) as subscriber:
        await listening(server, 1)
        for number in range(3):
            ask(
                server,
                NOTE,
                **{"in": {"paymentId": ids[0], "metadata": {"n": str(number)}, "idempotencyKey": f"{number}"}},
            )
            await tell(server, ids[0])
            assert changed(await subscriber.next())["payment"]["metadata"]["n"] == str(number)


async def test_events_that_wait_are_read_together_and_told_once_for_each_object(server: Inside, ids: list[str]) -> None:
    async with by_socket(server, PAYMENTS) as subscriber:
        await listening(server, 1)
        await tell(server, ids[0])
        seen = changed(await subscriber.next())["cursor"]
    for id in (*ids[1:9], *ids[4:6], ids[1]):
        await tell(server, id)
    forget(server)
    async with by_socket(server, PAYMENTS, after=seen) as subscriber:
        told = [changed(await subscriber.next())["payment"]["id"] for _ in range(8)]

    assert told == [*ids[2:4], *ids[6:9], *ids[4:6], ids[1]]
    assert len(calls(server)) == 1


async def test_nobody_is_asked_for_an_object_that_is_not_wanted(server: Inside, ids: list[str]) -> None:
    async with by_socket(server, "subscription { paymentChanged { cursor } }") as subscriber:
        await listening(server, 1)
        forget(server)
        await tell(server, ids[0])
        assert changed(await subscriber.next())["cursor"]

    assert calls(server) == []


async def test_subscribers_share_what_is_read(server: Inside, ids: list[str]) -> None:
    async with by_socket(server, PAYMENTS) as one, by_events(server, PAYMENTS) as other:
        await listening(server, 2)
        fault(server, "*/payments*", delay_ms=500)
        forget(server)
        await tell(server, ids[0])
        assert changed(await one.next()) == changed(await other.next())
    heal(server)

    assert len(calls(server)) == 1


async def test_an_object_that_is_gone_is_null_without_an_error(server: Inside) -> None:
    async with by_socket(server, PAYMENTS) as subscriber:
        await listening(server, 1)
        await tell(server, NOWHERE)

        assert changed(await subscriber.next())["payment"] is None


async def test_one_that_cannot_be_read_is_null_with_a_typed_error_and_the_next_is_told(
    server: Inside, ids: list[str]
) -> None:
    async with by_socket(server, PAYMENTS) as subscriber:
        await listening(server, 1)
        fault(server, "*/payments*", status=500, times=5)
        await tell(server, ids[0])
        failed = await subscriber.next()
        heal(server)
        await tell(server, ids[1])
        told = changed(await subscriber.next())

    assert failed["data"]["paymentChanged"]["payment"] is None
    assert failed["errors"][0]["path"] == ["paymentChanged", "payment"]
    assert failed["errors"][0]["extensions"]["code"] == "UPSTREAM_UNAVAILABLE"
    assert told["payment"]["id"] == ids[1]


@pytest.mark.parametrize(
    ("effect", "code"),
    [
        ({"status": 429, "headers": {"retry-after": "60"}}, "UPSTREAM_RATE_LIMITED"),
        ({"status": 403, "body": "{}"}, "UPSTREAM_UNAUTHORIZED"),
        ({"status": 200, "body": "<html>"}, "UPSTREAM_INVALID_RESPONSE"),
        ({"status": 200, "body": ""}, "UPSTREAM_INVALID_RESPONSE"),
        ({"drop": "before"}, "UPSTREAM_UNAVAILABLE"),
    ],
)
async def test_however_it_fails_it_is_one_typed_error_and_no_end(
    server: Inside, ids: list[str], effect: dict[str, Any], code: str
) -> None:
    async with by_events(server, PAYMENTS) as subscriber:
        await listening(server, 1)
        fault(server, "*/payments*", times=5, **effect)
        await tell(server, ids[0])
        failed = await subscriber.next()
        heal(server)
        await tell(server, ids[1])
        told = changed(await subscriber.next())

    assert failed["data"]["paymentChanged"]["payment"] is None
    assert [error["extensions"]["code"] for error in failed["errors"]] == [code]
    assert told["payment"]["id"] == ids[1]


async def test_accounts_of_every_provider_are_told(server: Inside) -> None:
    query = "{ accounts(provider: %s, first: 2) { nodes { id } } }"
    accounts = [ask(server, query % name)["accounts"]["nodes"][0]["id"] for name in ("FINICITY", "PLUGGY", "FORMANCE")]
    async with by_events(server, ACCOUNTS) as subscriber, by_socket(server, ACCOUNTS, id=accounts[1]) as one:
        await listening(server, 2)
        for account in accounts:
            await tell(server, account)
        told = [(await subscriber.next())["data"]["accountChanged"]["account"] for _ in accounts]
        alone = (await one.next())["data"]["accountChanged"]["account"]

    assert [each["id"] for each in told] == accounts
    assert [each["__typename"] for each in told] == ["AggregatedAccount", "SmartAccount", "PaymentAccount"]
    assert all(each["balances"] is not None for each in told)
    assert alone == told[1]


async def test_payments_are_chosen_by_account_and_by_customer(server: Inside, found: list[dict[str, Any]]) -> None:
    payment = next(each for each in found if each["destination"] and owners(each))
    account, customer = payment["destination"]["id"], sorted(owners(payment))[0]
    others = [each for each in found if account not in str(each) and customer not in owners(each)][:3]
    async with by_socket(server, OF_ACCOUNT, id=account) as one, by_events(server, OF_CUSTOMER, id=customer) as other:
        await listening(server, 2)
        for each in (*others, payment):
            await tell(server, each["id"])
        told = [changed(await one.next()), changed(await other.next())]

    assert others
    assert [each["payment"]["id"] for each in told] == [payment["id"]] * 2


async def test_transfers_are_chosen_by_id(server: Inside) -> None:
    query = "{ transferInitiations(first: 3) { nodes { id } } }"
    transfers = [each["id"] for each in ask(server, query)["transferInitiations"]["nodes"]]
    async with by_socket(server, TRANSFERS, id=transfers[2]) as one, by_events(server, TRANSFERS) as every:
        await listening(server, 2)
        for id in transfers:
            await tell(server, id)
        told = [(await every.next())["data"]["transferInitiationChanged"]["transferInitiation"]["id"] for _ in "abc"]
        alone = (await one.next())["data"]["transferInitiationChanged"]["transferInitiation"]["id"]

    assert (told, alone) == (transfers, transfers[2])


@pytest.mark.parametrize("transport", BOTH.values(), ids=BOTH)
async def test_a_cursor_that_is_too_old_or_of_another_store_is_told(
    server: Inside, ids: list[str], transport: Any
) -> None:
    events = server.app.state.providers.directory.events
    await tell(server, ids[0])
    origin, latest = await server.do(events.origin()), await server.do(events.latest())
    cases = {
        "another store": event_cursor.encode("other", 1),
        "to come": event_cursor.encode(origin, latest + 1),
    }
    for name, cursor in cases.items():
        async with transport(server, PAYMENTS, after=cursor) as subscriber:
            [error] = (await subscriber.next())["errors"]
            assert error["extensions"]["code"] == "EVENTS_LOST", name
    for cursor in ("", "x", "????", event_cursor.encode(origin, -1), "W10"):
        async with transport(server, PAYMENTS, after=cursor) as subscriber:
            [error] = (await subscriber.next())["errors"]
            assert error["extensions"]["code"] == "BAD_USER_INPUT", cursor
    await listening(server, 0)


@pytest.mark.parametrize("transport", BOTH.values(), ids=BOTH)
@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("subscription {", "GRAPHQL_PARSE_FAILED"),
        ("subscription { unknown }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { accountChanged { cursor } paymentChanged { cursor } }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription($a: String!) { paymentChanged(after: $a) { cursor } }", "BAD_USER_INPUT"),
        ('subscription { accountChanged(accountId: "?") { cursor } }', "BAD_USER_INPUT"),
        ('subscription { paymentChanged(customerId: "WzEsIlBvb2wiLCJmIixbInAiXV0") { cursor } }', "BAD_USER_INPUT"),
    ],
)
async def test_what_cannot_be_subscribed_to_is_one_error(server: Inside, transport: Any, query: str, code: str) -> None:
    async with transport(server, query) as subscriber:
        answer = await subscriber.next()

    assert [error["extensions"]["code"] for error in answer["errors"]] == [code]
    assert "data" not in answer
    await listening(server, 0)


async def test_a_fragment_and_an_alias_may_stand_in_a_subscription(server: Inside, ids: list[str]) -> None:
    query = """subscription Some { mine: paymentChanged { ...A } }
        fragment A on PaymentChange { payment { ... on Node { id } } }"""
    async with by_socket(server, query) as subscriber:
        await listening(server, 1)
        await tell(server, ids[0])

        assert json.dumps(await subscriber.next()) == json.dumps({"data": {"mine": {"payment": {"id": ids[0]}}}})
