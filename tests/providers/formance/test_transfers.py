"""Transfer initiations: by id, whole, and lists, on both generations of servers."""

from datetime import timedelta
from decimal import Decimal

import pytest

from providers.domain import PageRequest, PaymentStatus, TransferFilter, TransferStatus, TransferType
from providers.errors import Broken, Garbled
from providers.formance.models import TransferInitiation, TransferPayment
from providers.formance.translate import transfer, transfer_detail
from providers.formance.translate.words import TRANSFER_STATUSES
from providers.operation import Operation
from providers.seed import NOW
from tests.providers.formance.conftest import Rig, account, connector
from tests.providers.formance.conftest import transfer as ref_of

TRANSFERS = "/api/payments/transfer-initiations"
ALL = TransferFilter()


def raw(**changes: object) -> TransferInitiation:
    """A wire record with as little as servers send."""
    given = {"id": "t", "reference": "r", "connector_id": "c", "type": "PAYOUT", "status": "PROCESSED", **changes}
    return TransferInitiation(**{"amount": 100, "asset": "USD/2", **given})


@pytest.mark.parametrize(("count", "calls"), [(1, 1), (40, 1)])
async def test_transfers_by_id_take_one_call_for_each_forty(
    rig: Rig, operation: Operation, count: int, calls: int
) -> None:
    wanted = [ref_of(each) for each in list(rig.state.initiations)[:count]]

    found = await rig.provider.transfers_by_ref(wanted, operation)

    assert {ref: getattr(outcome, "ref", None) for ref, outcome in found.items()} == {ref: ref for ref in wanted}
    assert len(rig.reads()) == calls


async def test_unknown_and_impossible_ids_are_left_out(rig: Rig, operation: Operation) -> None:
    held = next(iter(rig.state.initiations.values()))
    strangers = [ref_of("x"), ref_of(rig.accounts(1)[0].native_id)]

    assert set(await rig.provider.transfers_by_ref([ref_of(held.id), *strangers], operation)) == {ref_of(held.id)}
    assert await rig.provider.transfer_details(strangers, operation) == {}
    assert await rig.provider.transfers_by_ref([ref_of("x")], operation) == {}


async def test_a_detail_has_adjustments_and_payments_newest_first(rig: Rig, operation: Operation) -> None:
    held = {ref_of(each.id): each for each in rig.state.initiations.values() if each.payments}

    details = await rig.provider.transfer_details(list(held), operation)

    assert len(rig.reads()) == len(held)
    for ref, detail in details.items():
        assert not isinstance(detail, Exception)
        assert [each.adjustment_id for each in detail.adjustments] == [step.id for step in held[ref].steps]
        assert detail.transfer.status == detail.adjustments[0].status
        assert [each.payment.native_id for each in detail.related_payments] == held[ref].payments
        assert detail.transfer.connector == connector(held[ref].connector.id)
        assert detail.transfer.scheduled_at is None
        assert "refused" not in repr(detail)
    failed = [each for each in details.values() if getattr(each, "transfer", None) and each.adjustments[0].has_error]
    assert failed


async def test_a_related_payments_status_is_the_payments_on_v3_only(v3: Rig, v2: Rig, operation: Operation) -> None:
    for rig in (v3, v2):
        held = next(each for each in rig.state.initiations.values() if each.payments and each.status == "PROCESSED")
        detail = (await rig.provider.transfer_details([ref_of(held.id)], operation))[ref_of(held.id)]
        assert not isinstance(detail, Exception)
        (related,) = detail.related_payments
        if rig is v3:
            assert related.provider_status == v3.state.payments[held.payments[0]].status
            assert related.status is not PaymentStatus.UNKNOWN
        else:
            assert (related.provider_status, related.status) == ("PROCESSED", PaymentStatus.UNKNOWN)


async def test_a_list_pages_newest_first(rig: Rig, operation: Operation) -> None:
    first = await rig.provider.list_transfers(ALL, PageRequest("", 30), operation)
    assert (len(first.items), first.has_more) == (30, True)
    second = await rig.provider.list_transfers(ALL, PageRequest(first.next or "", 30), operation)

    everything = first.items + second.items
    assert {each.provider_id for each in everything} == set(rig.state.initiations)
    assert [each.created_at for each in everything] == sorted((each.created_at for each in everything), reverse=True)


async def test_a_list_is_filtered_by_reference_and_by_either_end(rig: Rig, operation: Operation) -> None:
    held = next(each for each in rig.state.initiations.values() if each.source)
    page = PageRequest("", 100)

    for end in (held.source, held.destination):
        found = await rig.provider.list_transfers(TransferFilter(account=account(end)), page, operation)
        wanted = {row.id for row in rig.state.initiations.values() if end in (row.source, row.destination)}
        assert {each.provider_id for each in found.items} == wanted
    both = TransferFilter(reference=held.reference, account=account(held.source))
    assert [each.provider_id for each in (await rig.provider.list_transfers(both, page, operation)).items] == [held.id]
    rig.reads()
    nobody = TransferFilter(account=account("x"))
    assert (await rig.provider.list_transfers(nobody, page, operation)).items == ()
    assert rig.reads() == []


@pytest.mark.parametrize("count", [3, 100])
async def test_a_list_of_several_accounts_holds_what_touches_any_of_them(
    rig: Rig, operation: Operation, count: int
) -> None:
    """Also when they are too many for an address; then the list is looked through."""
    accounts = tuple(rig.accounts(count))
    keys = {each.native_id for each in accounts}
    wanted = {row.id for row in rig.state.initiations.values() if keys & {row.source, row.destination}}

    found = await rig.provider.list_transfers(TransferFilter(accounts=accounts), PageRequest("", 100), operation)

    assert {each.provider_id for each in found.items} == wanted
    assert wanted if count > 3 else len(wanted) < len(rig.state.initiations)
    assert len(rig.reads()) == 1


async def test_a_list_of_no_accounts_is_empty_and_costs_nothing(rig: Rig, operation: Operation) -> None:
    """None are not all, neither by themselves nor where two conditions leave none."""
    one, other = rig.accounts(2)
    for where in (TransferFilter(accounts=()), TransferFilter(account=one, accounts=(other,))):
        assert (await rig.provider.list_transfers(where, PageRequest("", 100), operation)).items == ()
    assert rig.paths() == []


async def test_another_lists_cursor_brings_nothing_that_was_not_asked_for(rig: Rig, operation: Operation) -> None:
    everyone = await rig.provider.list_transfers(ALL, PageRequest("", 10), operation)
    wanted = TransferFilter(reference="no such reference")
    assert (await rig.provider.list_transfers(wanted, PageRequest(everyone.next or "", 10), operation)).items == ()


@pytest.mark.parametrize(
    ("fault", "kind"),
    [({"status": 500}, Broken), ({"body": '{"data":{"id":"t"}}'}, Garbled), ({"body": "<html>"}, Garbled)],
)
async def test_a_fault_is_its_own_keys_only(
    rig: Rig, operation: Operation, fault: dict[str, object], kind: type[Exception]
) -> None:
    refs = [ref_of(each) for each in list(rig.state.initiations)[:3]]
    rig.fault(f"{TRANSFERS}/{refs[1].native_id}", **fault)

    details = await rig.provider.transfer_details(refs, operation)
    assert [type(details[ref]).__name__ for ref in refs] == ["TransferDetail", kind.__name__, "TransferDetail"]

    rig.fault(f"{TRANSFERS}/{refs[1].native_id}", **fault)
    assert isinstance((await rig.provider.transfers_by_ref(refs[1:2], operation))[refs[1]], kind)


async def test_an_absurd_amount_is_its_own_rows_only(v3: Rig, operation: Operation) -> None:
    one, other = (ref_of(each) for each in list(v3.state.initiations)[:2])
    rows = ",".join(
        f'{{"id":"{ref.native_id}","reference":"r","connectorID":"c","type":"PAYOUT","status":"X",'
        f'"amount":1{zeros},"asset":"USD/2"}}'
        for ref, zeros in ((one, "0" * 200), (other, ""))
    )
    v3.fault(TRANSFERS, body=f'{{"cursor":{{"hasMore":false,"data":[{rows}]}}}}')

    found = await v3.provider.transfers_by_ref([one, other], operation)

    assert isinstance(found[one], Garbled)
    assert getattr(found[other], "status", None) is TransferStatus.UNKNOWN


@pytest.mark.parametrize(("word", "status"), TRANSFER_STATUSES.items())
def test_every_status_has_one_of_ours(word: str, status: TransferStatus) -> None:
    made = transfer(raw(status=word), fetched_at=NOW)
    assert (made.status, made.provider_status) == (status, word)


def test_words_that_are_not_known_are_kept() -> None:
    made = transfer(raw(status="NEW_ONE", type="SWAP", provider="column"), fetched_at=NOW)
    assert (made.status, made.provider_status) == (TransferStatus.UNKNOWN, "NEW_ONE")
    assert (made.type, made.provider_type) == (TransferType.UNKNOWN, "SWAP")
    assert made.provider_name == "COLUMN"


def test_every_digit_of_an_amount_is_kept_and_year_one_is_no_time() -> None:
    year_one = NOW.replace(year=1)
    made = transfer(
        raw(amount=2**63 + 1, initial_amount=10**39, scheduled_at=year_one, error="IBAN DE00"), fetched_at=NOW
    )
    assert made.money.amount == Decimal(2**63 + 1).scaleb(-2)
    assert made.initial_money is not None
    assert made.initial_money.minor_units == 10**39
    assert (made.scheduled_at, made.has_error) == (None, True)
    assert "DE00" not in repr(made)
    assert transfer(raw(scheduled_at=NOW + timedelta(1)), fetched_at=NOW).scheduled_at == NOW + timedelta(1)


def test_a_record_without_relations_has_none() -> None:
    assert transfer_detail(raw(), fetched_at=NOW).adjustments == ()
    related = transfer_detail(raw(related_payments=(TransferPayment("p"),)), fetched_at=NOW).related_payments
    assert [each.status for each in related] == [PaymentStatus.UNKNOWN]
