"""Wallets by the provider: many from the ledger at once, one from the service, and neither ever guessed."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pytest

from providers.domain import CustomerLink, LinkKind, NodeType, PageRequest, Provider, Ref, WalletFilter
from providers.errors import Broken, Garbled, ProviderError, Rejected, Unauthorized
from providers.formance.sandbox.draw import name_uuid
from providers.formance.sandbox.wallets.seed import HUGE, wallet_id
from providers.formance.translate import wallets as translate
from providers.operation import Operation
from providers.orders.wallets import CreditOrder, WritesWallets
from providers.protocols.wallets import ReadsWallets
from tests.providers.formance.conftest import PEOPLE, Rig

KNOWN = [person for person in PEOPLE if person.formance]
WALLETS = [translate.wallet_ref(wallet_id(person)) for person in KNOWN]
ADA, VAULT = WALLETS[0], translate.wallet_ref(wallet_id(KNOWN[0], 1))
HOLDS = [
    translate.hold_ref(name_uuid("hold", ADA.native_id, name)) for name in ("open", "partly", "confirmed", "voided")
]
NOBODY = translate.wallet_ref("00000000-0000-4000-8000-000000000000")
LIST, LEDGER = "/api/wallets/wallets", "/api/ledger/v2/wallets-002/accounts"


def reads(rig: Rig) -> ReadsWallets:
    return next(part for part in rig.provider.parts if isinstance(part, ReadsWallets))


def writes(rig: Rig) -> WritesWallets:
    return next(part for part in rig.provider.parts if isinstance(part, WritesWallets))


def good(outcomes: Mapping[Any, Any]) -> Mapping[Any, Any]:
    """Outcomes without a failure among them."""
    assert not [each for each in outcomes.values() if isinstance(each, ProviderError)]
    return outcomes


async def test_many_wallets_balances_are_one_call_and_the_same_as_one_by_one(v3: Rig, operation: Operation) -> None:
    """The first question also asks which ledger it is."""
    together = good(await reads(v3).balances_by_wallet(WALLETS, operation))
    assert v3.reads() == [LIST, LEDGER]
    single = {ref: (await reads(v3).balances_by_wallet([ref], operation))[ref] for ref in WALLETS}
    assert v3.reads() == [f"{LIST}/{ref.native_id}/summary" for ref in WALLETS]

    assert {ref: told(each) for ref, each in together.items()} == {ref: told(each) for ref, each in single.items()}
    assert [each.name for each in together[ADA]] == ["main", "bonus", "coupon", "savings"]


def told(balances: Sequence[Any]) -> list[tuple[object, ...]]:
    return [(each.ref, each.expires_at, each.priority, each.known_amounts, each.ledger_address) for each in balances]


@pytest.mark.parametrize("status", [401, 404, 400])
async def test_where_the_ledger_cannot_be_read_each_wallet_is_asked_for(
    v3: Rig, operation: Operation, status: int
) -> None:
    """And the ledger is left alone for a while. What asking is said to cost hangs on that."""
    unknown = v3.provider.costs["balances_by_wallet"]
    v3.fault(LEDGER, status=status, body="", times=10)
    balances = good(await reads(v3).balances_by_wallet(WALLETS[:4], operation))
    assert set(balances) == set(WALLETS[:4])
    assert v3.provider.costs["balances_by_wallet"] == unknown
    v3.paths()
    good(await reads(v3).balances_by_wallet(WALLETS[:4], Operation(timeout=5)))
    assert sorted(v3.reads()) == sorted(f"{LIST}/{ref.native_id}/summary" for ref in WALLETS[:4])


async def test_a_ledger_that_closes_fails_once_so_that_no_more_is_asked_than_was_reckoned_with(
    v3: Rig, operation: Operation
) -> None:
    unknown = v3.provider.costs["balances_by_wallet"]
    good(await reads(v3).balances_by_wallet(WALLETS, operation))
    assert v3.provider.costs["balances_by_wallet"] != unknown
    assert v3.provider.costs is v3.provider.costs
    v3.fault(LEDGER, status=401, body="", times=10)
    failed = await reads(v3).balances_by_wallet(WALLETS[:4], Operation(timeout=5))
    assert [type(failed[ref]) for ref in WALLETS[:4]] == [Unauthorized] * 4
    assert v3.provider.costs["balances_by_wallet"] == unknown
    good(await reads(v3).balances_by_wallet(WALLETS[:4], Operation(timeout=5)))


async def test_a_ledger_that_fails_is_told_and_does_not_count_as_closed(v3: Rig, operation: Operation) -> None:
    v3.fault(LEDGER, status=503, body="", times=10)
    found = await reads(v3).balances_by_wallet(WALLETS[:3], operation)
    assert [type(found[ref]) for ref in WALLETS[:3]] == [Broken] * 3

    v3.bench.clear_faults()
    v3.paths()
    good(await reads(v3).balances_by_wallet(WALLETS[:3], Operation(timeout=5)))
    assert v3.reads() == [LEDGER]


async def test_wallets_of_many_customers_are_one_call(v3: Rig, operation: Operation) -> None:
    everybody: dict[str, list[CustomerLink]] = {person.id: [] for person in PEOPLE}
    found = good(await reads(v3).wallets_by_customer(everybody, operation))
    assert v3.reads() == [LIST, LEDGER]
    one = good(await reads(v3).wallets_by_customer({"cus_0001": []}, operation))
    assert v3.reads() == [LIST]

    assert {each.ref for each in found["cus_0001"]} == {ADA, VAULT}
    assert sorted(map(plain, one["cus_0001"]), key=str) == sorted(map(plain, found["cus_0001"]), key=str)
    assert {person.id for person in PEOPLE if found[person.id]} == {person.id for person in KNOWN}


def plain(wallet: Any) -> tuple[object, ...]:
    return (wallet.ref, wallet.name, wallet.metadata, wallet.created_at, wallet.ledger_name, wallet.main_amounts)


async def test_a_linked_wallet_is_read_beside_those_that_name_the_customer(v3: Rig, operation: Operation) -> None:
    link = CustomerLink(Provider.FORMANCE, LinkKind.WALLET, WALLETS[1].native_id, "cus_0001")
    gone = CustomerLink(Provider.FORMANCE, LinkKind.WALLET, NOBODY.native_id, "cus_0001")
    found = good(await reads(v3).wallets_by_customer({"cus_0001": [link, gone]}, operation))

    assert {each.ref for each in found["cus_0001"]} == {ADA, VAULT, WALLETS[1]}


async def test_forty_digits_come_by_every_way(v3: Rig, operation: Operation) -> None:
    wallet = good(await reads(v3).wallets_by_ref([VAULT], operation))[VAULT]
    ways = [
        wallet.main_amounts,
        good(await reads(v3).balances_by_wallet([VAULT], operation))[VAULT][0].known_amounts,
        good(await reads(v3).balances_by_wallet([VAULT, ADA], operation))[VAULT][0].known_amounts,
        good(await reads(v3).summaries_by_wallet([VAULT], operation))[VAULT].available_funds,
        [
            each.money
            for each in (await reads(v3).list_wallet_transactions(wallet, PageRequest(), operation)).items[0].postings
        ],
    ]

    for amounts in ways:
        assert [(each.minor_units, each.amount) for each in amounts] == [
            (HUGE, Decimal("1234567890123456789012.345678901234567890"))
        ]


async def test_what_is_left_of_holds_is_one_call_and_the_same_as_one_by_one(v3: Rig, operation: Operation) -> None:
    together = good(await reads(v3).amounts_by_hold(HOLDS, operation))
    assert v3.reads() == [LIST, LEDGER]
    single = {ref: good(await reads(v3).amounts_by_hold([ref], operation))[ref] for ref in HOLDS}
    assert v3.reads() == [f"/api/wallets/holds/{ref.native_id}" for ref in HOLDS]

    assert together == single
    assert [together[ref].remaining.minor_units for ref in HOLDS] == [4_000, 1_500, 0, 0]


async def test_what_is_not_there_is_left_out(v3: Rig, operation: Operation) -> None:
    """An unknown wallet makes the service fail: that is told apart from a failure, and not tried again."""
    assert good(await reads(v3).wallets_by_ref([NOBODY, ADA], operation)).keys() == {ADA}
    assert len(v3.reads()) == 2
    assert await reads(v3).summaries_by_wallet([NOBODY], operation) == {}
    assert good(await reads(v3).balances_by_wallet([NOBODY, ADA], operation)).keys() == {ADA}
    missing = translate.balance_ref(ADA.native_id, "nothing")
    assert await reads(v3).wallet_balances_by_ref([missing], operation) == {}
    v3.paths()
    odd = [translate.wallet_ref("x"), translate.wallet_ref(ADA.native_id.upper())]
    assert await reads(v3).wallets_by_ref(odd, operation) == {}
    assert await reads(v3).balances_by_wallet(odd, operation) == {}
    assert v3.paths() == []


async def test_a_failure_of_the_service_stays_one(v3: Rig, operation: Operation) -> None:
    body = '{"errorCode":"INTERNAL_ERROR","errorMessage":"dial tcp: connection refused"}'
    v3.fault(f"{LIST}/*", status=500, body=body, times=10)
    found = await reads(v3).wallets_by_ref([ADA], operation)

    assert isinstance(found[ADA], Broken)
    assert found[ADA].vendor_code == "INTERNAL_ERROR"


@pytest.mark.parametrize("body", ["", "no", "[]", '{"errorCode":{"a":1}}', '{"errorCode":"NEW_ONE"}'])
async def test_odd_refusals_are_refusals(v3: Rig, operation: Operation, body: str) -> None:
    v3.fault(f"{LIST}/*/credit", status=400, body=body)
    order = CreditOrder(wallet=ADA, money=translate.amounts({"USD/2": 1})[0])

    with pytest.raises(Rejected) as raised:
        await writes(v3).credit_wallet(order, "key", operation)
    assert raised.value.vendor_code == ("NEW_ONE" if "NEW_ONE" in body else None)


async def test_servers_that_tell_less_are_understood(v3: Rig, operation: Operation) -> None:
    """No asset of a hold, no ledger of a wallet, nulls for what is empty, and amounts that are none."""
    hold = HOLDS[0]
    v3.fault(
        f"/api/wallets/holds/{hold.native_id}",
        status=200,
        body=f'{{"data":{{"id":"{hold.native_id}","walletID":"{ADA.native_id}","metadata":null,"remaining":1}}}}',
    )
    found = good(await reads(v3).holds_by_ref([hold], operation))[hold]
    assert (found.asset, found.known_amounts, found.destination, found.metadata) == (None, None, None, {})
    listed = f'{{"id":"{ADA.native_id}","name":"Old","createdAt":"0001-01-01T00:00:00Z"}}'
    v3.fault(LIST, status=200, body=f'{{"cursor":{{"hasMore":false,"data":[{listed}]}}}}', times=9)
    page = await reads(v3).list_wallets(WalletFilter(), PageRequest(), operation)
    assert [(each.ledger_name, each.main_amounts, each.created_at) for each in page.items] == [(None, None, None)]
    v3.fault(
        f"{LIST}/{ADA.native_id}/balances/main", status=200, body='{"data":{"name":"main","assets":{"USD/2":1.5}}}'
    )
    ref = translate.balance_ref(ADA.native_id, "main")
    assert isinstance((await reads(v3).wallet_balances_by_ref([ref], operation))[ref], Garbled)


async def test_writes_carry_the_key_that_they_are_given(v3: Rig, operation: Operation) -> None:
    """So that the vendor itself lets money move once."""
    order = CreditOrder(wallet=ADA, money=translate.amounts({"USD/2": 5})[0], metadata={"note": "n"})
    before = good(await reads(v3).wallet_balances_by_ref([MAIN], operation))[MAIN].known_amounts
    for _ in range(2):
        await writes(v3).credit_wallet(order, "key", operation)
    after = good(await reads(v3).wallet_balances_by_ref([MAIN], Operation(timeout=5)))[MAIN].known_amounts

    assert [each.minor_units for each in after] == [before[0].minor_units, before[1].minor_units + 5]
    assert await writes(v3).has_moved(ADA, ("note", "n"), operation)
    assert not await writes(v3).has_moved(ADA, ("note", "m"), operation)


MAIN = translate.balance_ref(ADA.native_id, "main")


def test_every_part_names_its_type() -> None:
    assert [ref.type for ref in (ADA, MAIN, HOLDS[0])] == [NodeType.WALLET, NodeType.WALLET_BALANCE, NodeType.HOLD]
    assert isinstance(ADA, Ref)
