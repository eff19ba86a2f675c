"""Accounts and payments recorded by hand, and payments' notes."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from providers import money
from providers.domain import AccountKind, PaymentStatus, PaymentType
from providers.errors import NotFound, Rejected
from providers.operation import Operation
from tests.providers.formance.conftest import NewRig, Rig, account, connector, payment
from tests.providers.formance.orders import account_order, installed, payment_order

CREATED_AT = "2026-11-01T12:00:00Z"
HUGE = [2**63 + 1, int("9" * 40), 0, 2**53 + 1]


async def test_an_account_is_recorded_as_ordered_and_found_by_that(rig: Rig, operation: Operation) -> None:
    order = account_order(rig, default_asset="EUR/2", metadata={"customer_id": "c1"})
    assert await rig.provider.find_account(order, operation) is None
    rig.sent()

    made = await rig.provider.create_account(order, operation)

    body = {"reference": "acct_new", "connectorID": order.connector.native_id, "createdAt": CREATED_AT}
    body |= {"accountName": "By hand", "type": "INTERNAL"}
    assert rig.sent() == [
        ("POST", "/accounts", {**body, "defaultAsset": "EUR/2", "metadata": {"customer_id": "c1"}}),
    ]
    found = (await rig.provider.accounts_by_ref([made], operation))[made]
    assert not isinstance(found, Exception)
    assert (found.name, found.kind, found.customer_id) == ("By hand", AccountKind.INTERNAL, "c1")
    assert await rig.provider.find_account(order, operation) == made
    elsewhere = account_order(rig, connector=installed(rig, "STRIPE"))
    assert await rig.provider.find_account(elsewhere, operation) is None
    assert await rig.provider.create_account(account_order(rig), operation) == made


async def test_a_payment_is_recorded_as_ordered_and_found_by_that(rig: Rig, operation: Operation) -> None:
    source = account(next(each.id for each in rig.state.accounts.values()))
    order = payment_order(
        rig, source=source, created_at=datetime(2026, 10, 1, 12, 0, 0, 5, timezone(timedelta(hours=2)))
    )
    assert await rig.provider.find_payment(order, operation) is None
    rig.sent()

    made = await rig.provider.create_payment(order, operation)

    body = {"reference": "py_new", "connectorID": order.connector.native_id, "createdAt": "2026-10-01T10:00:00.000005Z"}
    body |= {"amount": 1250, "asset": "EUR/2", "type": "PAY-IN", "status": "SUCCEEDED", "scheme": "visa"}
    assert rig.sent() == [("POST", "/payments", {**body, "sourceAccountID": source.native_id})]
    found = (await rig.provider.payments_by_ref([made], operation))[made]
    assert not isinstance(found, Exception)
    assert (found.source, found.destination, found.money) == (source, None, order.money)
    assert found.created_at == order.created_at.astimezone(UTC)
    assert await rig.provider.find_payment(order, operation) == made
    other = payment_order(rig, type=PaymentType.PAYOUT)
    assert await rig.provider.find_payment(other, operation) is None


@pytest.mark.parametrize("reference", ["naïve/../ref", 'quote"<&>\u2028', "\x1f\x7f", "r" * 900])
async def test_references_of_any_letters_are_found(rig: Rig, operation: Operation, reference: str) -> None:
    order = account_order(rig, reference=f"ref{reference}")
    made = await rig.provider.create_account(order, operation)
    assert await rig.provider.find_account(order, operation) == made


@pytest.mark.parametrize("units", HUGE)
async def test_every_digit_of_an_amount_arrives_and_comes_back(rig: Rig, operation: Operation, units: int) -> None:
    for asset in ("USD/2", "JPY", "ETH/18"):
        order = payment_order(rig, reference=f"big-{asset}", money=money.from_minor(units, asset))
        made = await rig.provider.create_payment(order, operation)

        found = (await rig.provider.payments_by_ref([made], operation))[made]
        assert not isinstance(found, Exception)
        assert (found.money, found.money.minor_units) == (order.money, units)
        assert f'"amount":{units},'.encode() in rig.ear.heard[-2].body


@pytest.mark.parametrize("kind", [PaymentType.PAY_IN, PaymentType.PAYOUT, PaymentType.TRANSFER, PaymentType.OTHER])
async def test_every_type_and_status_has_a_word(rig: Rig, operation: Operation, kind: PaymentType) -> None:
    for status in (PaymentStatus.PENDING, PaymentStatus.REFUND_FAILED, PaymentStatus.DISPUTED, PaymentStatus.OTHER):
        order = payment_order(rig, type=kind, status=status, reference=f"py_{status}")
        found = (
            await rig.provider.payments_by_ref([made := await rig.provider.create_payment(order, operation)], operation)
        )[made]
        assert not isinstance(found, Exception)
        assert (found.type, found.status) == (kind, status)


async def test_amounts_that_are_none_are_refused_before_anything_is_sent(rig: Rig, operation: Operation) -> None:
    for amount in (Decimal("1.005"), Decimal("-1.00")):
        with pytest.raises(Rejected) as refusal:
            await rig.provider.create_payment(payment_order(rig, money=money.of_asset(amount, "EUR/2")), operation)
        assert (refusal.value.status, refusal.value.vendor_code) == (None, None)
    with pytest.raises(Rejected):
        await rig.provider.create_account(account_order(rig, kind=AccountKind.CHECKING), operation)
    assert rig.paths() == []


async def test_impossible_ids_are_not_found_and_nothing_is_sent(rig: Rig, operation: Operation) -> None:
    provider = rig.provider
    for write in (
        provider.create_account(account_order(rig, connector=connector("x")), operation),
        provider.create_payment(payment_order(rig, connector=connector("x")), operation),
        provider.create_payment(payment_order(rig, source=account("x")), operation),
        provider.create_payment(payment_order(rig, destination=account("x")), operation),
        provider.update_payment_metadata(payment("x"), {"k": "v"}, operation),
    ):
        with pytest.raises(NotFound):
            await write
    assert rig.paths() == []


async def test_v3_refuses_records_at_connectors_that_tell_their_own(v3: Rig, v2: Rig, operation: Operation) -> None:
    with pytest.raises(Rejected) as refusal:
        await v3.provider.create_payment(payment_order(v3, connector=installed(v3, "STRIPE")), operation)
    assert refusal.value.vendor_code == "CONNECTOR_CAPABILITY_NOT_SUPPORTED"
    await v2.provider.create_payment(payment_order(v2, connector=installed(v2, "STRIPE")), operation)


async def test_notes_are_added_and_replaced(rig: Rig, operation: Operation) -> None:
    made = await rig.provider.create_payment(payment_order(rig), operation)
    await rig.provider.update_payment_metadata(made, {"a": "1", "b": "1"}, operation)
    rig.sent()
    await rig.provider.update_payment_metadata(made, {"b": "2"}, operation)

    assert rig.sent() == [("PATCH", f"/payments/{made.native_id}/metadata", {"b": "2"})]
    found = (await rig.provider.payments_by_ref([made], operation))[made]
    assert not isinstance(found, Exception)
    assert found.metadata == {"a": "1", "b": "2"}
    with pytest.raises(Rejected) as refusal:
        await rig.provider.update_payment_metadata(made, {}, operation)
    assert refusal.value.vendor_code == "VALIDATION"


async def test_a_failed_search_is_not_an_absence(new_rig: NewRig, operation: Operation) -> None:
    rig = new_rig("v3")
    rig.fault("/api/payments/accounts", status=400, body='{"errorCode":"VALIDATION"}')
    with pytest.raises(Rejected):
        await rig.provider.find_account(account_order(rig), operation)
