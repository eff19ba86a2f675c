"""Pools made, changed and deleted, and found again by what was ordered."""

import pytest

from providers.errors import NotFound, Rejected
from providers.operation import Operation
from tests.providers.formance.conftest import Rig, account, pool
from tests.providers.formance.orders import internal, pool_order


async def test_a_pool_is_made_as_ordered_and_found_by_that(rig: Rig, operation: Operation) -> None:
    order = pool_order(rig)
    assert await rig.provider.find_pool(order, operation) is None
    rig.sent()

    made = await rig.provider.create_pool(order, operation)

    ids = [each.native_id for each in order.accounts]
    assert rig.sent() == [("POST", "/pools", {"name": "New pool", "accountIDs": ids})]
    found = (await rig.provider.pools_by_ref([made], operation))[made]
    assert not isinstance(found, Exception)
    assert (found.name, found.account_refs) == ("New pool", order.accounts)
    assert await rig.provider.find_pool(order, operation) == made
    reversed_order = pool_order(rig, accounts=order.accounts[::-1])
    assert await rig.provider.find_pool(reversed_order, operation) == made
    assert await rig.provider.find_pool(pool_order(rig, accounts=order.accounts[:1]), operation) is None
    assert await rig.provider.find_pool(pool_order(rig, name="new pool"), operation) is None


async def test_a_name_that_is_taken_is_a_conflict(rig: Rig, operation: Operation) -> None:
    await rig.provider.create_pool(pool_order(rig), operation)
    with pytest.raises(Rejected) as refusal:
        await rig.provider.create_pool(pool_order(rig), operation)
    assert refusal.value.vendor_code == "CONFLICT"


async def test_a_long_name_is_found_without_a_filter(rig: Rig, operation: Operation) -> None:
    order = pool_order(rig, name="\u00fc" * 2000)
    made = await rig.provider.create_pool(order, operation)
    assert await rig.provider.find_pool(order, operation) == made
    rig.paths()


async def test_accounts_come_and_go(rig: Rig, operation: Operation) -> None:
    first, second, third = internal(rig, 3)
    made = await rig.provider.create_pool(pool_order(rig, accounts=(first, second)), operation)
    rig.sent()

    await rig.provider.add_account_to_pool(made, third, operation)
    await rig.provider.remove_account_from_pool(made, first, operation)

    place = f"/pools/{made.native_id}/accounts"
    assert rig.sent() == [
        ("POST", place, {"accountID": third.native_id}),
        ("DELETE", f"{place}/{first.native_id}", None),
    ]
    found = (await rig.provider.pools_by_ref([made], operation))[made]
    assert not isinstance(found, Exception)
    assert found.account_refs == (second, third)


async def test_an_account_that_is_in_it_already_is_a_conflict_on_v2_only(
    v2: Rig, v3: Rig, operation: Operation
) -> None:
    (one,) = internal(v2, 1)
    for rig in (v2, v3):
        made = await rig.provider.create_pool(pool_order(rig, accounts=(one,)), operation)
        if rig is v3:
            await rig.provider.add_account_to_pool(made, one, operation)
            continue
        with pytest.raises(Rejected) as refusal:
            await rig.provider.add_account_to_pool(made, one, operation)
        assert refusal.value.vendor_code == "CONFLICT"


async def test_a_deleted_pool_is_gone_and_deleting_it_again_is_nothing(rig: Rig, operation: Operation) -> None:
    order = pool_order(rig)
    made = await rig.provider.create_pool(order, operation)
    for _ in range(2):
        await rig.provider.delete_pool(made, operation)
    assert await rig.provider.pools_by_ref([made], operation) == {}
    assert await rig.provider.find_pool(order, operation) is None


async def test_impossible_ids_are_not_found_and_nothing_is_sent(rig: Rig, operation: Operation) -> None:
    one, provider = internal(rig, 1)[0], rig.provider
    for write in (
        provider.create_pool(pool_order(rig, accounts=(account("x"),)), operation),
        provider.delete_pool(pool("x"), operation),
        provider.delete_pool(pool(rig.pools()[0].native_id.upper()), operation),
        provider.add_account_to_pool(pool("x"), one, operation),
        provider.add_account_to_pool(rig.pools()[0], account("x"), operation),
        provider.remove_account_from_pool(pool("x"), one, operation),
        provider.remove_account_from_pool(rig.pools()[0], account("x"), operation),
    ):
        with pytest.raises(NotFound):
            await write
    assert rig.paths() == []
