"""Which generation of servers answers: asked once, for nothing, and kept."""

import asyncio

import msgspec
import pytest

from providers.domain import CustomerLink, LinkKind, PaymentFilter, Provider
from providers.errors import Broken
from providers.formance import Config
from providers.formance.generation import generation_of
from providers.operation import Operation
from tests.providers.formance.conftest import ACCOUNTS, INFO, TOKEN, NewRig, Rig


@pytest.mark.parametrize(
    ("version", "generation"),
    [
        *(("v2.0.33", "v2"), ("2.1.0", "v2"), ("v1.9.9", "v2"), ("v0.4.0-beta.1", "v2")),
        *(("v3.0.0", "v3"), ("3.4.1", "v3"), ("v3.1.0-alpha", "v3"), ("v12.0.0", "v3")),
        *(("develop", "v3"), ("", "v3"), ("a9c1e02", "v3")),
    ],
)
def test_a_version_tells_the_generation(version: str, generation: str) -> None:
    assert generation_of(version) == generation


async def test_it_is_asked_once_and_kept_for_an_hour(rig: Rig, operation: Operation) -> None:
    await asyncio.gather(*(rig.provider.accounts_by_ref(rig.accounts(number), operation) for number in range(2, 52)))
    assert rig.paths().count(INFO) == 1

    rig.clock.now += 3500
    await rig.provider.accounts_by_ref(rig.accounts(2), operation)
    assert rig.paths().count(INFO) == 0

    rig.clock.now += 200
    await rig.provider.accounts_by_ref(rig.accounts(2), operation)
    assert rig.paths().count(INFO) == 1


async def test_it_costs_no_wave_of_its_own(rig: Rig, operation: Operation) -> None:
    """It is asked without a token, while the token is fetched."""
    await rig.provider.accounts_by_ref(rig.accounts(2), operation)

    assert [call.wave for call in operation.calls] == [1, 1, 2]
    assert set(rig.paths()[:2]) == {TOKEN, INFO}


async def test_it_is_asked_again_with_the_token_where_it_must_be(rig: Rig, operation: Operation) -> None:
    rig.fault(INFO, status=401)
    found = await rig.provider.accounts_by_ref(rig.accounts(2), operation)
    assert set(found) == set(rig.accounts(2))
    assert sorted(rig.paths()) == sorted([TOKEN, INFO, INFO, ACCOUNTS])


@pytest.mark.parametrize("generation", ["v2", "v3"])
async def test_a_set_generation_is_not_asked_for(new_rig: NewRig, operation: Operation, generation: str) -> None:
    rig = new_rig(generation, config=msgspec.structs.replace(Config.for_sandbox(), payments=generation))
    assert set(await rig.provider.accounts_by_ref(rig.accounts(2), operation)) == set(rig.accounts(2))
    assert rig.paths() == [TOKEN, ACCOUNTS]


async def test_a_server_that_does_not_tell_is_everybodys_failure_and_asked_again(
    rig: Rig, operation: Operation
) -> None:
    refs = rig.accounts(2)
    rig.fault(INFO, status=500, times=4)

    assert {type(each) for each in (await rig.provider.accounts_by_ref(refs, operation)).values()} == {Broken}
    assert {type(each) for each in (await rig.provider.pools_by_ref(rig.pools(), operation)).values()} == {Broken}
    by_account = await rig.provider.payments_by_account(refs, 5, PaymentFilter(), operation)
    assert {type(each) for each in by_account.values()} == {Broken}
    link = CustomerLink(Provider.FORMANCE, LinkKind.ACCOUNT, refs[0].native_id, "cus_0001")
    by_customer = await rig.provider.accounts_by_customer({"cus_0001": [link]}, operation)
    assert isinstance(by_customer["cus_0001"], Broken)
    assert set(await rig.provider.accounts_by_ref(refs, operation)) == set(refs)


async def test_what_was_known_holds_while_the_server_does_not_tell(rig: Rig, operation: Operation) -> None:
    refs = rig.accounts(2)
    await rig.provider.accounts_by_ref(refs, operation)
    rig.clock.now += 4000
    rig.fault(INFO, status=500, times=4)

    found = await rig.provider.accounts_by_ref(refs, operation)

    assert not any(isinstance(each, Exception) for each in found.values())
