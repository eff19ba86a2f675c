"""Money moved, once: ordered, validated, rejected, retried, reversed and deleted."""

import asyncio
from contextlib import nullcontext
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from providers import money
from providers.domain import Money, Ref, TransferDetail, TransferStatus, TransferType
from providers.errors import Broken, NotFound, Rejected, UnknownOutcome, Unsupported
from providers.operation import Operation
from tests.providers.formance.conftest import NewRig, Rig, account, connector, transfer
from tests.providers.formance.orders import between_order, internal, reversal_order, transfer_order, waiting

TRANSFERS = "/api/payments/transfer-initiations"
HUGE = [2**63 + 1, int("9" * 40), 1]


async def detail(rig: Rig, ref: Ref) -> TransferDetail:
    """The whole record as it is now."""
    await asyncio.sleep(0.01)  # v2 goes on after its answer
    found = (await rig.provider.transfer_details([ref], Operation(timeout=5)))[ref]
    assert isinstance(found, TransferDetail)
    return found


async def status(rig: Rig, ref: Ref) -> TransferStatus:
    return (await detail(rig, ref)).transfer.status


async def test_a_transfer_is_ordered_and_waits_and_is_found(rig: Rig, operation: Operation) -> None:
    order = transfer_order(rig, metadata={"write": "w1"}, scheduled_at=datetime(2030, 1, 1, tzinfo=UTC))
    assert await rig.provider.find_transfer(order.connector, order.reference, operation) is None
    rig.sent()

    made = await rig.provider.create_transfer(order, operation)

    body = {"reference": "order-new", "description": "Invoice 1", "connectorID": order.connector.native_id}
    body |= {"type": "PAYOUT", "destinationAccountID": order.destination.native_id}
    body |= {"sourceAccountID": order.source.native_id if order.source else ""}
    more = {"amount": 4200, "asset": "EUR/2", "validated": False, "scheduledAt": "2030-01-01T00:00:00Z"}
    assert rig.sent() == [("POST", "/transfer-initiations", {**body, **more, "metadata": {"write": "w1"}})]
    found = (await detail(rig, made)).transfer
    assert (found.status, found.money) == (TransferStatus.WAITING_FOR_VALIDATION, order.money)
    assert (found.source, found.destination, found.scheduled_at) == (
        order.source,
        order.destination,
        order.scheduled_at,
    )
    assert await rig.provider.find_transfer(order.connector, order.reference, operation) == made
    other = connector(next(each for each in rig.state.connectors if each != order.connector.native_id))
    assert await rig.provider.find_transfer(other, order.reference, operation) is None
    assert await rig.provider.find_transfer(order.connector, "order-ne", operation) is None


async def test_what_is_not_said_is_not_sent(rig: Rig, operation: Operation) -> None:
    await rig.provider.create_transfer(transfer_order(rig, source=None, description=""), operation)
    ((_, _, body),) = rig.sent()
    assert not {"sourceAccountID", "scheduledAt", "metadata"} & body.keys()


async def test_a_reference_that_is_taken_is_a_conflict(rig: Rig, operation: Operation) -> None:
    for is_validated in (False, True):
        order = transfer_order(rig, reference=f"twice-{is_validated}", is_validated=is_validated)
        await rig.provider.create_transfer(order, operation)
        with pytest.raises(Rejected) as refusal:
            await rig.provider.create_transfer(order, operation)
        assert refusal.value.vendor_code == "CONFLICT"


@pytest.mark.parametrize("units", HUGE)
async def test_every_digit_of_an_amount_arrives_and_comes_back(rig: Rig, operation: Operation, units: int) -> None:
    for asset in ("USD/2", "JPY", "ETH/18"):
        order = transfer_order(rig, reference=f"big-{asset}", money=money.from_minor(units, asset))
        made = await rig.provider.create_transfer(order, operation)
        assert f'"amount":{units},'.encode() in rig.ear.heard[-1].body
        found = (await detail(rig, made)).transfer
        assert (found.money, found.initial_money) == (order.money, order.money)


async def test_a_validated_one_is_paid(rig: Rig, operation: Operation) -> None:
    made = await rig.provider.create_transfer(transfer_order(rig, is_validated=True), operation)
    found = await detail(rig, made)
    assert found.transfer.status is TransferStatus.PROCESSED
    (related,) = found.related_payments
    assert related.payment in await rig.provider.payments_by_ref([related.payment], operation)


async def test_one_that_waits_is_validated_or_rejected_but_once(rig: Rig, operation: Operation) -> None:
    for number, (write, word, end) in enumerate(
        [
            (rig.provider.validate_transfer, "VALIDATED", TransferStatus.PROCESSED),
            (rig.provider.reject_transfer, "REJECTED", TransferStatus.REJECTED),
        ]
    ):
        made = await rig.provider.create_transfer(transfer_order(rig, reference=f"wait-{number}"), operation)
        rig.sent()
        await write(made, operation)
        assert rig.sent() == [("POST", f"/transfer-initiations/{made.native_id}/status", {"status": word})]
        assert await status(rig, made) is end
        with pytest.raises(Rejected) as refusal:
            await write(made, operation)
        assert refusal.value.vendor_code == "VALIDATION"


async def test_a_failed_one_is_retried(rig: Rig, operation: Operation) -> None:
    made = await rig.provider.create_transfer(transfer_order(rig, reference="fail-once"), operation)
    with pytest.raises(Rejected) if rig.state.generation == "v3" else nullcontext():
        await rig.provider.validate_transfer(made, operation)
    assert await status(rig, made) is TransferStatus.FAILED
    assert (await detail(rig, made)).transfer.has_error
    rig.sent()

    await rig.provider.retry_transfer(made, operation)

    assert rig.sent() == [("POST", f"/transfer-initiations/{made.native_id}/retry", None)]
    assert await status(rig, made) is TransferStatus.PROCESSED
    with pytest.raises(Rejected):
        await rig.provider.retry_transfer(made, operation)


async def test_one_that_the_provider_refuses_at_once_is_no_refusal_but_kept(v3: Rig, operation: Operation) -> None:
    order = transfer_order(v3, reference="fail-at-once", is_validated=True)
    with pytest.raises(UnknownOutcome) as unknown:
        await v3.provider.create_transfer(order, operation)
    assert unknown.value.vendor_code == "VALIDATION"
    kept = await v3.provider.find_transfer(order.connector, order.reference, operation)
    assert kept is not None
    assert await status(v3, kept) is TransferStatus.FAILED


async def test_a_refusal_before_it_is_kept_stays_one(rig: Rig, operation: Operation) -> None:
    order = transfer_order(
        rig, is_validated=True, money=Money(amount=Decimal("0.01"), currency="eur", asset="eur/2", minor_units=1)
    )
    with pytest.raises(Rejected) as refusal:
        await rig.provider.create_transfer(order, operation)
    assert refusal.value.vendor_code == "VALIDATION"
    kept = await rig.provider.create_transfer(transfer_order(rig), operation)
    with pytest.raises(Rejected):  # the one that is kept has another amount
        await rig.provider.create_transfer(order, operation)
    assert kept


async def test_a_refusal_that_cannot_be_looked_up_is_an_unknown_outcome(v3: Rig, operation: Operation) -> None:
    v3.fault(TRANSFERS, method="POST", status=400, body='{"errorCode":"VALIDATION"}')
    v3.fault(TRANSFERS, method="GET", status=400)
    with pytest.raises(UnknownOutcome):
        await v3.provider.create_transfer(transfer_order(v3, is_validated=True), operation)


async def test_a_processed_one_is_reversed_in_parts(rig: Rig, operation: Operation) -> None:
    first, *others = internal(rig, 50)
    accounts = rig.state.accounts
    same = accounts[first.native_id].connector.id
    second = next(each for each in others if accounts[each.native_id].connector.id == same)
    order = transfer_order(
        rig, type=TransferType.TRANSFER, connector=connector(same), source=first, destination=second, is_validated=True
    )
    made = await rig.provider.create_transfer(order, operation)
    await status(rig, made)
    rig.sent()

    back = reversal_order(made, money=money.from_minor(1200, "EUR/2"), description="Too much")
    await rig.provider.reverse_transfer(back, operation)

    body = {"reference": "back-1", "description": "Too much", "amount": 1200, "asset": "EUR/2", "metadata": {}}
    assert rig.sent() == [("POST", f"/transfer-initiations/{made.native_id}/reverse", body)]
    assert await status(rig, made) in {TransferStatus.REVERSED, TransferStatus.PARTIALLY_REVERSED}
    for wrong, code in (
        (back, "CONFLICT"),
        (reversal_order(made, reference="back-2", money=money.from_minor(10**20, "EUR/2")), "VALIDATION"),
    ):
        with pytest.raises(Rejected) as refusal:
            await rig.provider.reverse_transfer(wrong, operation)
        assert refusal.value.vendor_code == code


async def test_one_that_waits_is_deleted_and_one_that_does_not_is_refused(rig: Rig, operation: Operation) -> None:
    made = await rig.provider.create_transfer(transfer_order(rig), operation)
    rig.sent()
    await rig.provider.delete_transfer(made, operation)
    assert rig.sent() == [("DELETE", f"/transfer-initiations/{made.native_id}", None)]
    assert await rig.provider.transfers_by_ref([made], operation) == {}

    done = await rig.provider.create_transfer(transfer_order(rig, is_validated=True), operation)
    with pytest.raises(Rejected) as refusal:
        await rig.provider.delete_transfer(done, operation)
    assert refusal.value.vendor_code == "VALIDATION"


async def test_one_that_is_not_there_is_not_found_or_broken(v2: Rig, v3: Rig, operation: Operation) -> None:
    """v3 takes it for an error of its own."""
    for rig, kind in ((v2, NotFound), (v3, Broken)):
        made = await rig.provider.create_transfer(transfer_order(rig), operation)
        await rig.provider.delete_transfer(made, operation)
        with pytest.raises(kind):
            await rig.provider.validate_transfer(made, operation)


async def test_amounts_that_are_none_are_refused_before_anything_is_sent(rig: Rig, operation: Operation) -> None:
    for amount in (Decimal("1.005"), Decimal("-1.00")):
        wrong = money.of_asset(amount, "EUR/2")
        for write in (
            rig.provider.create_transfer(transfer_order(rig, money=wrong), operation),
            rig.provider.reverse_transfer(reversal_order(waiting(rig), money=wrong), operation),
            rig.provider.transfer_between(between_order(money=wrong), operation),
        ):
            with pytest.raises(Rejected):
                await write
    with pytest.raises(Rejected):
        await rig.provider.create_transfer(transfer_order(rig, type=TransferType.UNKNOWN), operation)
    assert rig.paths() == []


async def test_impossible_ids_are_not_found_and_nothing_is_sent(rig: Rig, operation: Operation) -> None:
    provider, wrong = rig.provider, transfer("x")
    for write in (
        provider.create_transfer(transfer_order(rig, connector=connector("x")), operation),
        provider.create_transfer(transfer_order(rig, source=account("x")), operation),
        provider.create_transfer(transfer_order(rig, destination=account("x")), operation),
        provider.validate_transfer(wrong, operation),
        provider.reject_transfer(wrong, operation),
        provider.retry_transfer(wrong, operation),
        provider.reverse_transfer(reversal_order(wrong), operation),
        provider.delete_transfer(wrong, operation),
    ):
        with pytest.raises(NotFound):
            await write
    assert rig.paths() == []


async def test_the_oldest_way_is_offered_by_no_server_of_today(rig: Rig, operation: Operation) -> None:
    with pytest.raises(Unsupported) as refusal:
        await rig.provider.transfer_between(between_order(), operation)
    assert refusal.value.status == 405


@pytest.mark.parametrize("generation", ["v2", "v3"])
async def test_the_oldest_way_works_where_a_server_has_it(
    new_rig: NewRig, operation: Operation, generation: str
) -> None:
    rig = new_rig(generation, transfers=True)
    like = transfer_order(rig)
    kind = rig.state.connectors[like.connector.native_id].provider
    assert like.source is not None
    order = between_order(provider_name=kind, source=like.source.native_id, destination=like.destination.native_id)

    made = await rig.provider.transfer_between(order, operation)

    assert made is not None
    assert rig.sent()[-1][2] == {
        "amount": 100,
        "asset": "EUR/2",
        "destination": order.destination,
        "source": order.source,
    }
    assert await status(rig, made) is TransferStatus.PROCESSED
    payment_id = next(iter(rig.state.payments))
    for answer, expected in ((f'{{"id":"{payment_id}"}}', "Payment"), ('{"id":"x"}', None), ("{}", None)):
        rig.fault("*/transfers", body=answer)
        found = await rig.provider.transfer_between(order, operation)
        assert (found.type.value if found else None) == expected
