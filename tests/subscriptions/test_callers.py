"""Who is told what: by scope, by customer, and for as long as the token is good."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.inside import Inside, inside
from tests.subscriptions.client import BOTH, by_events, by_socket, listening
from tests.subscriptions.conftest import tell
from tests.subscriptions.graph import NOWHERE, ask, fault, heal, owners, payments
from tests.tokens import SETTINGS, bearer

PAYMENTS = (
    "subscription($after: String, $of: ID) { paymentChanged(after: $after, customerId: $of) { cursor payment { id } } }"
)
ACCOUNTS = "subscription { accountChanged { cursor account { id } } }"
TRANSFERS = "subscription { transferInitiationChanged { cursor transferInitiation { id } } }"
COMMITTED = "subscription { ledgerTransactionCommitted { cursor ledgerTransaction { id } } }"
LEEWAY = 30


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Inside]:
    """A server that lets in callers with a token of this run only."""
    settings = {**SETTINGS, "SOCKET_INIT_TIMEOUT": "60", "MAX_SUBSCRIPTIONS_PER_CALLER": "3"}
    with inside(tmp_path_factory.mktemp("guarded"), **settings) as running:
        yield running


@pytest.fixture(scope="module")
def found(server: Inside) -> list[dict[str, Any]]:
    return payments(server, headers=bearer())


@pytest.fixture(scope="module")
def names(server: Inside) -> dict[str, str]:
    """The directory's id of each customer, by global id."""
    query = "{ customers(first: 50) { nodes { id } } }"
    nodes = ask(server, query, headers=bearer())["customers"]["nodes"]
    return {each["id"]: f"cus_{number:04d}" for number, each in enumerate(nodes, start=1)}


@pytest.mark.parametrize("transport", BOTH.values(), ids=BOTH)
async def test_a_bound_caller_is_told_of_its_own_and_of_nothing_else(
    server: Inside, found: list[dict[str, Any]], names: dict[str, str], transport: Any
) -> None:
    mine = next(each for each in found if owners(each))
    customer = sorted(owners(mine))[0]
    foreign = [each["id"] for each in found if customer not in owners(each)]
    async with (
        transport(server, PAYMENTS, headers=bearer(customers=names[customer])) as bound,
        transport(server, PAYMENTS, headers=bearer()) as free,
    ):
        await listening(server, 2)
        for id in (*foreign[:3], NOWHERE, mine["id"], foreign[3]):
            await tell(server, id)
        told = (await bound.next())["data"]["paymentChanged"]
        seen = [(await free.next())["data"]["paymentChanged"] for _ in range(6)]
        await listening(server, 2)
        await tell(server, mine["id"])
        again = (await bound.next())["data"]["paymentChanged"]

    assert told["payment"]["id"] == again["payment"]["id"] == mine["id"]
    assert told["cursor"] == seen[4]["cursor"]
    assert [each["payment"] and each["payment"]["id"] for each in seen] == [
        *foreign[:3], None, mine["id"], foreign[3],
    ]  # fmt: skip
    await listening(server, 0)


async def test_of_everything_a_bound_caller_is_told_what_it_could_list(server: Inside) -> None:
    """Payments, accounts and transfers by the hundred, of which a few are its own."""
    headers = bearer(customers=["cus_0001", "cus_0009"])
    kinds = {
        "payments": (PAYMENTS, "paymentChanged", "payment"),
        "accounts": (ACCOUNTS, "accountChanged", "account"),
        "transferInitiations": (TRANSFERS, "transferInitiationChanged", "transferInitiation"),
    }
    for root, (query, field, name) in kinds.items():
        listing = f"{{ {root}(first: 100) {{ nodes {{ id }} }} }}"
        own = [each["id"] for each in ask(server, listing, headers=headers)[root]["nodes"]]
        every = [each["id"] for each in ask(server, listing, headers=bearer())[root]["nodes"]]
        expected, foreign = [id for id in every if id in own], [id for id in every if id not in own]
        async with by_socket(server, query, headers=headers) as bound:
            await listening(server, 1)
            await tell(server, *every)
            told = [(await bound.next())["data"][field][name]["id"] for _ in expected]
            await listening(server, 1)
            await tell(server, own[0])
            told.append((await bound.next())["data"][field][name]["id"])

        assert foreign
        assert expected
        assert told == [*expected, own[0]], root


async def test_of_ledgers_a_bound_caller_is_told_what_it_could_ask_for(server: Inside) -> None:
    listing = "{ ledgers(first: 10) { nodes { transactions(first: 60) { nodes { id } } } } }"
    ledgers = ask(server, listing, headers=bearer())["ledgers"]["nodes"]
    every = [each["id"] for ledger in ledgers for each in ledger["transactions"]["nodes"]][:90]
    headers = bearer(customers=["cus_0001", "cus_0009"])
    nodes = ask(server, "query($ids: [ID!]!) { nodes(ids: $ids) { id } }", headers=headers, ids=every)["nodes"]
    own = [each["id"] for each in nodes if each]
    async with by_socket(server, COMMITTED, headers=headers) as bound:
        await listening(server, 1)
        await tell(server, *every)
        told = [(await bound.next())["data"]["ledgerTransactionCommitted"]["ledgerTransaction"]["id"] for _ in own]
        await listening(server, 1)
        await tell(server, own[0])
        told.append((await bound.next())["data"]["ledgerTransactionCommitted"]["ledgerTransaction"]["id"])

    assert 0 < len(own) < len(every)
    assert told == [*own, own[0]]


async def test_a_foreign_customer_cannot_be_listened_to(
    server: Inside, found: list[dict[str, Any]], names: dict[str, str]
) -> None:
    mine = next(each for each in found if owners(each))
    customer = sorted(owners(mine))[0]
    foreign = next(each for each in found if owners(each) and customer not in owners(each))
    headers = bearer(customers=names[customer])
    async with (
        by_socket(server, PAYMENTS, headers=headers, of=sorted(owners(foreign))[0]) as listener,
        by_socket(server, PAYMENTS, headers=headers, of=customer) as own,
    ):
        await listening(server, 2)
        await tell(server, foreign["id"])
        await tell(server, mine["id"])
        assert (await own.next())["data"]["paymentChanged"]["payment"]["id"] == mine["id"]
        await listening(server, 2)
        await listener.client.send(type="ping")
        assert await listener.client.next() == {"type": "pong"}


@pytest.mark.parametrize("transport", BOTH.values(), ids=BOTH)
async def test_what_cannot_be_decided_is_not_told_but_where_to_go_on_is(
    server: Inside, found: list[dict[str, Any]], names: dict[str, str], transport: Any
) -> None:
    """Nothing is lost by it: after the cursor, what could not be decided comes again."""
    mine = next(each for each in found if owners(each))
    headers = bearer(customers=names[sorted(owners(mine))[0]])
    async with transport(server, PAYMENTS, headers=headers) as bound:
        await listening(server, 1)
        fault(server, "*/payments*", status=500, times=5)
        await tell(server, mine["id"])
        end = await bound.next()
    heal(server)
    [error] = end["errors"]
    async with transport(server, PAYMENTS, headers=headers, after=error["extensions"]["cursor"]) as bound:
        told = (await bound.next())["data"]["paymentChanged"]

    assert "data" not in end
    assert error["extensions"]["code"] == "SUBSCRIPTION_INTERRUPTED"
    assert error["extensions"]["cause"] == "UPSTREAM_UNAVAILABLE"
    assert told["payment"]["id"] == mine["id"]
    await listening(server, 0)


@pytest.mark.parametrize("transport", BOTH.values(), ids=BOTH)
@pytest.mark.parametrize(
    ("query", "scope"),
    [
        (PAYMENTS, "payments:read"),
        (ACCOUNTS, "accounts:read"),
        (TRANSFERS, "transfers:read"),
        (COMMITTED, "ledger:read"),
    ],
    ids=["payments", "accounts", "transfers", "ledgers"],
)
async def test_each_subscription_needs_its_scope(server: Inside, transport: Any, query: str, scope: str) -> None:
    async with transport(server, query, headers=bearer(scopes=["customers:read"])) as subscriber:
        [error] = (await subscriber.next())["errors"]
    assert (error["extensions"]["code"], error["extensions"]["requiredScope"]) == ("FORBIDDEN", scope)
    async with transport(server, query, headers=bearer(scopes=[scope])):
        await listening(server, 1)
    await listening(server, 0)


async def test_choosing_by_customer_needs_the_scope_of_customers(server: Inside, names: dict[str, str]) -> None:
    headers = bearer(scopes=["payments:read"])
    async with by_events(server, PAYMENTS, headers=headers, of=next(iter(names))) as subscriber:
        [error] = (await subscriber.next())["errors"]

    assert error["extensions"]["requiredScope"] == "customers:read"


async def test_a_stream_of_events_needs_a_token_and_ends_with_it(server: Inside) -> None:
    for headers in ({}, {"authorization": "Bearer x"}, bearer(ttl=-LEEWAY - 5)):
        async with by_events(server, PAYMENTS, headers=headers) as refused:
            body = await refused.response.aread()
        assert (refused.response.status_code, b"UNAUTHENTICATED" in body) == (401, True)
    async with by_events(server, PAYMENTS, headers=bearer(ttl=2 - LEEWAY)) as subscriber:
        assert subscriber.response.status_code == 200
        end = await subscriber.next()
        assert await subscriber.next() == {"complete": True}

    assert end["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    await listening(server, 0)


async def test_a_socket_ends_with_its_token_in_the_middle_of_a_subscription(server: Inside) -> None:
    async with by_socket(server, PAYMENTS, headers=bearer(ttl=2 - LEEWAY)) as subscriber:
        assert await subscriber.client.closed() == (4403, "Forbidden")
    await listening(server, 0)


@pytest.mark.parametrize("transport", BOTH.values(), ids=BOTH)
async def test_a_caller_has_so_many_subscriptions_and_another_one_its_own(server: Inside, transport: Any) -> None:
    mine, others = bearer(sub="busy"), bearer(sub="another")
    async with transport(server, PAYMENTS, headers=mine), by_socket(server, PAYMENTS, headers=mine):
        async with by_events(server, PAYMENTS, headers=mine), transport(server, PAYMENTS, headers=others):
            await listening(server, 4)
            async with by_socket(server, PAYMENTS, headers=mine) as one_more:
                [error] = (await one_more.next())["errors"]
            async with by_events(server, PAYMENTS, headers=mine) as one_more:
                await one_more.response.aread()
        await listening(server, 2)
        async with transport(server, PAYMENTS, headers=mine):
            await listening(server, 3)

    assert error["extensions"]["code"] == "TOO_MANY_SUBSCRIPTIONS"
    assert (one_more.response.status_code, one_more.response.headers["retry-after"]) == (429, "5")
    await listening(server, 0)
