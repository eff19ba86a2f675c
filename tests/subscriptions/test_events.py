"""What subscribers are told, on both transports: every event once, in order, with the object as it is."""

from typing import Any

import httpx
import pytest

from tests.inside import Inside
from tests.subscriptions.client import BOTH, listening
from tests.subscriptions.conftest import tell

PAYMENTS = "subscription($after: String) { paymentChanged(after: $after) { cursor receivedAt payment { id status } } }"
ACCOUNTS = "subscription { accountChanged { cursor occurredAt account { id __typename balances { kind } } } }"
TRANSFERS = "subscription($id: ID) { transferInitiationChanged(id: $id) { transferInitiation { id } } }"


def ask(server: Inside, query: str, **variables: Any) -> Any:
    body = {"query": query, "variables": variables}
    answer = httpx.post(f"{server.url}/graphql", json=body, timeout=60).json()
    assert "errors" not in answer, answer
    return answer["data"]


@pytest.fixture(scope="module")
def payments(server: Inside) -> list[str]:
    return [each["id"] for each in ask(server, "{ payments(first: 30) { nodes { id } } }")["payments"]["nodes"]]


@pytest.mark.parametrize("transport", BOTH.values(), ids=BOTH)
async def test_each_event_is_told_once_in_order(server: Inside, payments: list[str], transport: Any) -> None:
    async with transport(server, PAYMENTS) as one, transport(server, PAYMENTS) as other:
        await listening(server, 2)
        for id in payments[:4]:
            await tell(server, id)
        told = [[(await each.next())["data"]["paymentChanged"] for _ in range(4)] for each in (one, other)]

    assert [each["payment"]["id"] for each in told[0]] == payments[:4]
    assert told[0] == told[1]
    assert len({each["cursor"] for each in told[0]}) == 4
    await listening(server, 0)


@pytest.mark.parametrize("transport", BOTH.values(), ids=BOTH)
async def test_after_a_lost_connection_nothing_is_missed_or_doubled(
    server: Inside, payments: list[str], transport: Any
) -> None:
    async with transport(server, PAYMENTS) as subscriber:
        await listening(server, 1)
        await tell(server, payments[0])
        seen = (await subscriber.next())["data"]["paymentChanged"]
    await listening(server, 0)
    await tell(server, payments[1])
    await tell(server, payments[2])
    async with transport(server, PAYMENTS, after=seen["cursor"]) as subscriber:
        await listening(server, 1)
        await tell(server, payments[3])
        told = [(await subscriber.next())["data"]["paymentChanged"]["payment"]["id"] for _ in range(3)]

    assert told == payments[1:4]
