"""Payments: by id, of accounts, and lists, by the batches that each generation of servers allows."""

import msgspec
import pytest

from providers.domain import (
    NodeType,
    Page,
    PageRequest,
    Payment,
    PaymentFilter,
    PaymentStatus,
    PaymentType,
    Provider,
    Ref,
)
from providers.errors import Broken, Garbled, Outcome, Rejected
from providers.operation import Operation
from tests.providers.formance.conftest import PAYMENTS, NewRig, Rig, account, payment

ANY = PaymentFilter()


def refs(page: Outcome[Page[Payment]]) -> list[Ref]:
    """Identities of a page's items; the page must be one."""
    assert not isinstance(page, Exception)
    return [item.ref for item in page.items]


@pytest.mark.parametrize(("count", "calls"), [(1, 1), (40, 1), (41, 2), (100, 3)])
async def test_payments_by_id_take_one_call_for_each_forty(
    rig: Rig, operation: Operation, count: int, calls: int
) -> None:
    wanted = rig.payments(count)

    found = await rig.provider.payments_by_ref(wanted, operation)

    assert {ref: getattr(outcome, "ref", None) for ref, outcome in found.items()} == {ref: ref for ref in wanted}
    assert len(rig.reads()) == calls


async def test_impossible_ids_cost_no_call(rig: Rig, operation: Operation) -> None:
    an_account = rig.accounts(1)[0].native_id
    assert await rig.provider.payments_by_ref([payment("x"), payment(an_account)], operation) == {}
    assert await rig.provider.payments_by_account([account("x")], 5, ANY, operation) == {}
    assert rig.paths() == []


async def test_payments_of_five_accounts_are_one_call(v3: Rig, operation: Operation) -> None:
    accounts = v3.accounts(5)

    found = await v3.provider.payments_by_account(accounts, 3, ANY, operation)

    assert {ref: refs(page) for ref, page in found.items()} == {ref: v3.touching([ref])[:3] for ref in accounts}
    assert v3.reads() == [PAYMENTS]


async def test_accounts_that_busier_ones_crowd_out_get_a_page_of_their_own_in_a_second_wave(
    new_rig: NewRig, operation: Operation
) -> None:
    rig = new_rig("v3", payments_count=2000)
    accounts = rig.accounts(12)

    found = await rig.provider.payments_by_account(accounts, 20, ANY, operation)

    assert {ref: refs(page) for ref, page in found.items()} == {ref: rig.touching([ref])[:20] for ref in accounts}
    assert 2 <= len(rig.reads()) <= 13
    assert operation.waves == 3  # token and server info, the shared page, the pages of their own


async def test_one_scan_answers_for_many_accounts_where_the_server_cannot_filter_by_account(
    new_rig: NewRig, operation: Operation
) -> None:
    rig = new_rig("v2", payments_count=2000)
    accounts = rig.accounts(6)

    found = await rig.provider.payments_by_account(accounts, 10, ANY, operation)

    assert {ref: refs(page) for ref, page in found.items()} == {ref: rig.touching([ref])[:10] for ref in accounts}
    assert len(rig.reads()) <= 20


async def test_a_page_of_a_scan_is_read_on_by_its_cursor_or_again_from_its_token(v2: Rig, operation: Operation) -> None:
    """Whichever way a reader goes on from a shared first page, it meets every payment once and in order."""
    accounts = v2.accounts(4)
    first = await v2.provider.payments_by_account(accounts, 4, ANY, operation)

    for ref, shared in first.items():
        page = shared
        assert not isinstance(page, Exception)
        seen = refs(page)
        if page.next is None and page.has_more:
            again = await v2.provider.list_payments([ref], ANY, PageRequest(page.token, 50), operation)
            assert refs(again)[: len(page.items)] == refs(page)
            seen, page = refs(again), again
        while page.next is not None:
            page = await v2.provider.list_payments([ref], ANY, PageRequest(page.next, 50), operation)
            seen += refs(page)
        assert seen == v2.touching([ref])


async def test_lists_of_accounts_payments_page_to_the_end(rig: Rig, operation: Operation) -> None:
    accounts = rig.accounts(3)
    page = await rig.provider.list_payments(accounts, ANY, PageRequest("", 7), operation)
    seen = refs(page)
    while page.next is not None:
        page = await rig.provider.list_payments(accounts, ANY, PageRequest(page.next, 7), operation)
        seen += refs(page)

    assert seen == rig.touching(accounts)
    assert not page.has_more


async def test_more_accounts_than_a_url_holds_are_answered_all_the_same(v3: Rig, operation: Operation) -> None:
    accounts = v3.accounts(40)
    page = await v3.provider.list_payments(accounts, ANY, PageRequest("", 100), operation)
    seen = refs(page)
    while page.next is not None:
        page = await v3.provider.list_payments(accounts, ANY, PageRequest(page.next, 100), operation)
        seen += refs(page)

    assert seen == v3.touching(accounts)


async def test_payments_of_many_accounts_are_asked_for_in_urls_that_pass_everywhere(
    v3: Rig, operation: Operation
) -> None:
    accounts = v3.accounts(40)

    found = await v3.provider.payments_by_account(accounts, 2, ANY, operation)

    assert {ref: refs(page) for ref, page in found.items()} == {ref: v3.touching([ref])[:2] for ref in accounts}
    v3.reads()  # refuses longer ones


async def test_a_cursor_of_other_accounts_shows_nothing_of_them(rig: Rig, operation: Operation) -> None:
    mine, others = rig.accounts(1), rig.accounts(8)[1:]
    page = await rig.provider.list_payments(others, ANY, PageRequest("", 20), operation)
    assert page.next is not None

    stolen = await rig.provider.list_payments(mine, ANY, PageRequest(page.next, 20), operation)

    assert set(refs(stolen)) <= set(rig.touching(mine))


async def test_a_made_up_cursor_is_refused(rig: Rig, operation: Operation) -> None:
    with pytest.raises(Rejected):
        await rig.provider.list_payments([], ANY, PageRequest("made-up", 5), operation)


async def test_filters_hold_for_lists_and_for_accounts(rig: Rig, operation: Operation) -> None:
    sample = next(row for row in rig.state.payments.values() if row.status == "SUCCEEDED" and row.kind == "PAY-IN")
    connector = Ref(NodeType.CONNECTOR, (sample.connector.id,), Provider.FORMANCE)
    where = PaymentFilter(
        type=PaymentType.PAY_IN, status=PaymentStatus.SUCCEEDED, asset=sample.asset, connector=connector
    )
    expected = [
        payment(row.id)
        for row in rig.state.payments.values()
        if (row.kind, row.status, row.asset, row.connector.id)
        == ("PAY-IN", "SUCCEEDED", sample.asset, sample.connector.id)
    ]

    listed = await rig.provider.list_payments([], where, PageRequest("", 100), operation)
    assert refs(listed) == expected

    one = account(sample.destination)
    found = await rig.provider.payments_by_account([one, rig.accounts(1)[0]], 50, where, operation)
    assert refs(found[one]) == [ref for ref in rig.touching([one]) if ref in expected]

    by_reference = PaymentFilter(reference=sample.reference)
    assert refs(await rig.provider.list_payments([], by_reference, PageRequest(), operation)) == [payment(sample.id)]


async def test_a_filter_that_nothing_can_pass_costs_no_call(v2: Rig, operation: Operation) -> None:
    no_such_connector = PaymentFilter(connector=Ref(NodeType.CONNECTOR, ("x",), Provider.FORMANCE))
    only_in_v3 = PaymentFilter(status=PaymentStatus.CAPTURED)
    one = v2.accounts(1)[0]
    for where in (no_such_connector, only_in_v3, PaymentFilter(type=PaymentType.UNKNOWN)):
        assert refs(await v2.provider.list_payments([], where, PageRequest(), operation)) == []
        assert refs((await v2.provider.payments_by_account([one], 5, where, operation))[one]) == []
    assert refs(await v2.provider.list_payments([account("x")], ANY, PageRequest(), operation)) == []
    assert v2.reads() == []


async def test_a_fault_costs_the_accounts_of_its_call(v3: Rig, operation: Operation) -> None:
    accounts = v3.accounts(30)
    v3.fault(PAYMENTS, status=500)

    found = await v3.provider.payments_by_account(accounts, 1, ANY, operation)

    failed = [page for page in found.values() if isinstance(page, Broken)]
    assert 0 < len(failed) < len(accounts) == len(found)


async def test_a_failed_scan_is_everybodys_failure(v2: Rig, operation: Operation) -> None:
    v2.fault(PAYMENTS, status=500)
    found = await v2.provider.payments_by_account(v2.accounts(3), 1, ANY, operation)
    assert [type(page) for page in found.values()] == [Broken] * 3


async def test_one_starved_accounts_failure_is_its_own(new_rig: NewRig, operation: Operation) -> None:
    rig = new_rig("v3", payments_count=2000)
    rig.fault(PAYMENTS, times=1, delay_ms=1)  # the shared page
    rig.fault(PAYMENTS, status=500)  # the first of the second wave

    found = await rig.provider.payments_by_account(rig.accounts(12), 20, ANY, operation)

    assert [type(page) for page in found.values()].count(Broken) == 1


def wire(ref: Ref, asset: str, *, source: Ref | None = None) -> dict[str, object]:
    """A payment as a server would send it."""
    return {
        "id": ref.native_id,
        "reference": "r",
        "connectorID": "c",
        "type": "PAYOUT",
        "status": "SUCCEEDED",
        "amount": 12345678901234567890123,
        "asset": asset,
        "sourceAccountID": source.native_id if source else None,
    }


def page_of(*rows: dict[str, object], following: str | None = None) -> str:
    """A page as a server would send it."""
    cursor = {"hasMore": following is not None, "next": following, "data": rows}
    return msgspec.json.encode({"cursor": cursor}).decode()


async def test_an_absurd_amount_is_the_failure_of_its_payment_only(rig: Rig, operation: Operation) -> None:
    good, bad = rig.payments(2)
    rig.fault(PAYMENTS, body=page_of(wire(good, "USD/2"), wire(bad, "USD/999999")))

    found = await rig.provider.payments_by_ref([good, bad], operation)

    assert isinstance(found[bad], Garbled)
    paid = found[good]
    assert not isinstance(paid, Exception)
    assert str(paid.money.amount) == "123456789012345678901.23"
    assert paid.money.minor_units == 12345678901234567890123


async def test_an_absurd_amount_is_the_failure_of_its_accounts_only(rig: Rig, operation: Operation) -> None:
    good, bad = rig.payments(2)
    one, other = rig.accounts(2)
    connectors = [rig.state.accounts[ref.native_id].connector.id for ref in (one, other)]
    rows = [
        {**wire(ref, asset, source=source), "connectorID": connector}
        for ref, asset, source, connector in zip(
            (good, bad), ("USD/2", "USD/999999"), (one, other), connectors, strict=True
        )
    ]
    rig.fault(PAYMENTS, body=page_of(*rows))

    found = await rig.provider.payments_by_account([one, other], 5, ANY, operation)

    assert refs(found[one]) == [good]
    assert isinstance(found[other], Garbled)


async def test_one_payment_is_got_and_its_failure_told(rig: Rig, operation: Operation) -> None:
    ref = rig.payments(1)[0]
    rig.fault(f"{PAYMENTS}/*", status=500)
    assert isinstance((await rig.provider.payments_by_ref([ref], operation))[ref], Broken)


async def test_a_reference_with_too_many_rows_is_a_failure_and_not_an_absence(v2: Rig, operation: Operation) -> None:
    good, lost, other = v2.payments(3)
    for number in range(100):
        rows = [wire(good, "USD/2")] if number == 3 else [wire(other, "USD/2")]
        v2.fault(PAYMENTS, body=page_of(*rows, following=f"c{number}"))

    found = await v2.provider.payments_by_ref([good, lost], operation)

    assert not isinstance(found[good], Exception)
    assert isinstance(found[lost], Garbled)
