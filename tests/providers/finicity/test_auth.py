"""Partner tokens: one for all calls, renewed in time, and never a storm of refused exchanges."""

import asyncio

import msgspec
import pytest

from providers.config import Secret
from providers.errors import NotFound, ProviderError, Unauthorized, Unreachable
from providers.finicity import Config
from providers.finicity.auth import RENEW_AFTER
from providers.finicity.client import Client
from providers.operation import Operation
from providers.sandbox import Bench, Fault
from tests.providers.finicity.conftest import Clock, NewClient, received

TOKEN = "POST authentication"
READ = "GET customers"


def misconfigured(**changes: object) -> Config:
    return msgspec.structs.replace(Config.for_sandbox(), **changes)


async def failing(client: Client, operation: Operation) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        await client.get_customers(operation)
    return caught.value


async def test_a_hundred_calls_on_a_cold_start_share_one_token(client_of: NewClient, bench: Bench) -> None:
    client = client_of()
    await asyncio.gather(*(client.get_customers(Operation(timeout=5), start=n + 1) for n in range(100)))

    assert received(bench).count(TOKEN) == 1
    assert received(bench).count(READ) == 100


async def test_a_token_is_renewed_after_ninety_minutes(
    client_of: NewClient, bench: Bench, clock: Clock, operation: Operation
) -> None:
    client = client_of()
    for passed in (0, 90 * 60 - 1, 1):
        clock.now += passed
        await client.get_customers(operation)

    assert received(bench) == [TOKEN, READ, READ, TOKEN, READ]


async def test_a_refused_token_is_renewed_once_and_the_call_replayed_once(
    client_of: NewClient, bench: Bench, clock: Clock, operation: Operation
) -> None:
    """The vendor ended the token earlier than we thought."""
    client = client_of(own_clock=Clock())
    await client.get_customers(operation)
    clock.now += 7200
    await client.get_customers(operation)

    assert received(bench) == [TOKEN, READ, READ, TOKEN, READ]
    assert [call.status for call in bench.calls] == [200, 200, 401, 200, 200]


async def test_calls_refused_together_renew_the_token_once(client_of: NewClient, bench: Bench, clock: Clock) -> None:
    client = client_of(own_clock=Clock())
    await client.get_customers(Operation(timeout=5))
    clock.now += 7200
    await asyncio.gather(*(client.get_customers(Operation(timeout=5), start=n + 1) for n in range(20)))

    assert received(bench).count(TOKEN) == 2
    assert received(bench).count(READ) == 1 + 2 * 20


async def test_a_call_refused_twice_is_an_error(client_of: NewClient, bench: Bench, operation: Operation) -> None:
    bench.add(Fault(vendor="finicity", path="*/customers", status=401, body="", times=9))
    error = await failing(client_of(), operation)

    assert isinstance(error, Unauthorized)
    assert received(bench) == [TOKEN, READ, TOKEN, READ]


@pytest.mark.parametrize("dialect", ["1.13", "new"])
@pytest.mark.parametrize(
    "changes",
    [{"partner_secret": Secret("wrong")}, {"app_key": Secret("wrong")}, {"partner_id": "1"}, {"partner_id": ""}],
)
async def test_refused_credentials_are_tried_once_a_minute(
    client_of: NewClient, bench: Bench, clock: Clock, dialect: str, changes: dict[str, object]
) -> None:
    """Whatever is wrong with them: five failures in a row would lock the partner."""
    client = client_of(dialect=dialect, config=misconfigured(**changes))
    first = await asyncio.gather(*(failing(client, Operation(timeout=5)) for _ in range(50)))
    clock.now += 59
    later = await failing(client, Operation(timeout=5))

    assert received(bench) == [TOKEN]
    assert {(type(error), error.message) for error in first} == {(type(later), later.message)}
    assert isinstance(later, Unauthorized)

    clock.now += 1
    await failing(client, Operation(timeout=5))
    assert received(bench) == [TOKEN, TOKEN]


async def test_a_mended_secret_works_after_the_pause(
    client_of: NewClient, bench: Bench, clock: Clock, operation: Operation
) -> None:
    bench.add(Fault(vendor="finicity", path="*/authentication", status=401, body='{"code":10001}'))
    client = client_of()
    assert (await failing(client, operation)).vendor_code == "10001"
    clock.now += 60
    await client.get_customers(operation)

    assert received(bench) == [TOKEN, TOKEN, READ]


async def test_a_secret_that_was_good_is_not_tried_again_at_once_either(
    client_of: NewClient, bench: Bench, clock: Clock, operation: Operation
) -> None:
    """Five refusals in a row lock the partner, whatever was before."""
    client = client_of()
    await client.get_customers(operation)
    bench.add(Fault(vendor="finicity", path="*/authentication", status=401, body='{"code":10001}', times=9))
    clock.now += RENEW_AFTER
    for wait in (0, 5, 54.9):
        clock.now += wait
        assert (await failing(client, operation)).vendor_code == "10001"

    assert received(bench) == [TOKEN, READ, TOKEN]


async def test_a_token_call_that_meets_no_answer_is_not_tried_again_at_once(
    client_of: NewClient, bench: Bench, operation: Operation
) -> None:
    """The vendor may have refused it, and five refusals in a row lock the partner."""
    client = client_of()
    bench.add(Fault(vendor="finicity", path="*/authentication", drop="half"))
    for _ in range(3):
        with pytest.raises(Unreachable):
            await client.get_customers(operation)

    assert received(bench) == [TOKEN]


async def test_a_refused_read_starts_no_pause(client_of: NewClient, bench: Bench, operation: Operation) -> None:
    client = client_of()
    with pytest.raises(NotFound):
        await client.get_customer("1", operation)
    await client.get_customers(operation)

    assert received(bench) == [TOKEN, "GET 1", READ]


async def test_an_error_holds_no_credential(client_of: NewClient, operation: Operation) -> None:
    config = misconfigured(partner_secret=Secret("hunter2"))
    error = await failing(client_of(config=config), operation)

    shown = f"{error!r} {error} {error.message} {error.__cause__!r}"
    assert "hunter2" not in shown
    assert config.app_key.reveal() not in shown
