"""Formance's words into ours: every word of the tables, words that nobody knows, and what may be missing."""

from datetime import UTC, datetime
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers import money
from providers.domain import AccountKind, PaymentStatus, PaymentType, PoolType
from providers.formance import models, translate
from providers.formance.translate.words import ACCOUNT_KINDS, PAYMENT_STATUSES, PAYMENT_TYPES, POOL_TYPES

NOW = datetime(2026, 11, 1, tzinfo=UTC)
PAYMENT = {
    "id": "p",
    "reference": "pi_1",
    "connectorID": "c",
    "type": "PAY-IN",
    "status": "SUCCEEDED",
    "amount": 100,
    "asset": "USD/2",
}


def payment(**changes: object) -> models.Payment:
    return msgspec.convert({**PAYMENT, **changes}, models.Payment)


def account(**changes: object) -> models.Account:
    return msgspec.convert({"id": "a", "reference": "acct_1", "connectorID": "c", **changes}, models.Account)


@pytest.mark.parametrize(
    ("word", "kind"), [*ACCOUNT_KINDS.items(), ("VAULT", AccountKind.UNKNOWN), (None, AccountKind.UNKNOWN)]
)
def test_account_kinds(word: str | None, kind: AccountKind) -> None:
    found = translate.account(account(type=word), fetched_at=NOW)
    assert (found.kind, found.provider_type) == (kind, word)


@pytest.mark.parametrize(("word", "status"), [*PAYMENT_STATUSES.items(), ("TELEPORTED", PaymentStatus.UNKNOWN)])
def test_payment_statuses_of_payments_and_adjustments(word: str, status: PaymentStatus) -> None:
    found = translate.payment(payment(status=word, adjustments=[{"status": word}]), fetched_at=NOW)
    assert (found.status, found.provider_status) == (status, word)
    assert (found.adjustments[0].status, found.adjustments[0].provider_status) == (status, word)


@pytest.mark.parametrize(("word", "kind"), [*PAYMENT_TYPES.items(), ("BARTER", PaymentType.UNKNOWN)])
def test_payment_types(word: str, kind: PaymentType) -> None:
    found = translate.payment(payment(type=word), fetched_at=NOW)
    assert (found.type, found.provider_type) == (kind, word)


@pytest.mark.parametrize(("word", "kind"), [*POOL_TYPES.items(), (None, PoolType.STATIC), ("FLUID", PoolType.UNKNOWN)])
def test_pool_types(word: str | None, kind: PoolType) -> None:
    raw = models.Pool(id="x", name="n", type=word, accounts=("a", "b", "a"))
    found = translate.pool(raw, fetched_at=NOW)
    assert (found.type, [ref.native_id for ref in found.account_refs]) == (kind, ["a", "b"])


def test_every_word_of_ours_can_be_asked_for_in_the_vendors() -> None:
    assert all(PAYMENT_TYPES[translate.payment_type_word(kind, "v3") or ""] is kind for kind in PaymentType)
    assert all(PAYMENT_STATUSES[translate.payment_status_word(each, "v3") or ""] is each for each in PaymentStatus)
    assert translate.payment_status_word(PaymentStatus.AUTHORISED, "v2") is None
    assert translate.payment_type_word(PaymentType.UNKNOWN, "v2") is None
    assert translate.payment_status_word(PaymentStatus.REFUND_FAILED, "v2") == "REFUNDED_FAILURE"


def test_what_the_vendor_leaves_empty_is_absent() -> None:
    bare = translate.account(account(accountName="", defaultAsset="", metadata=None, pools=None), fetched_at=NOW)
    assert (bare.name, bare.currency, bare.default_asset, bare.customer_id) == (None, None, None, None)
    assert (bare.metadata, bare.pool_ids, bare.created_at, bare.provider_name) == ({}, None, None, "UNKNOWN")
    assert bytes(bare.raw) == b"null"

    paid = translate.payment(
        payment(sourceAccountID="", destinationAccountID=None, scheme="", createdAt="0001-01-01T00:00:00Z"),
        fetched_at=NOW,
    )
    assert (paid.source, paid.destination, paid.scheme, paid.created_at) == (None, None, None, None)
    assert (paid.initial_money, paid.adjustments, paid.metadata) == (None, (), {})


def test_an_account_tells_all_that_it_knows() -> None:
    wire = b"""{"id":"a","reference":"acct_1","createdAt":"2024-01-02T03:04:05.123456789Z","connectorID":"c",
        "provider":"qonto","defaultCurrency":"JPY","defaultAsset":"JPY","accountName":"Main","type":"INTERNAL",
        "metadata":{"customer_id":"cus_1"},"raw":{"k":12345678901234567890.10},"pools":["p1"],"unheard":1}"""
    found = translate.account(msgspec.json.decode(wire, type=models.Account), fetched_at=NOW)
    assert (found.name, found.currency, found.default_asset, found.customer_id) == ("Main", "JPY", "JPY", "cus_1")
    assert (found.provider_name, found.pool_ids, found.fetched_at) == ("QONTO", ("p1",), NOW)
    assert bytes(found.raw) == b'{"k":12345678901234567890.10}'
    assert found.created_at is not None
    assert found.created_at.year == 2024


@given(units=st.integers(min_value=-(10**60), max_value=10**60), exponent=st.integers(0, 18))
def test_amounts_of_any_size_are_exact(units: int, exponent: int) -> None:
    asset = f"COIN/{exponent}"
    wire = msgspec.json.encode({**PAYMENT, "asset": asset, "initialAmount": units, "adjustments": [{"status": "X"}]})
    raw = msgspec.json.decode(wire.replace(b'"amount":100', b'"amount":%d' % units), type=models.Payment)

    found = translate.payment(raw, fetched_at=NOW)

    assert found.money.minor_units == units
    assert int(f"{money.text(found.money.amount).replace('.', '')}") == units
    assert found.initial_money == found.money
    assert found.adjustments[0].money is None


def test_adjustments_are_in_the_payments_asset() -> None:
    found = translate.payment(payment(asset="BTC/8", adjustments=[{"status": "PENDING", "amount": 7}]), fetched_at=NOW)
    adjusted = found.adjustments[0].money
    assert adjusted is not None
    assert (adjusted.amount, adjusted.asset) == (Decimal("0.00000007"), "BTC/8")


@pytest.mark.parametrize("asset", ["", "/2", "USD/", "USD/two", "USD/2/3", "USD/999999", "USD/1234567", "USD/-1"])
def test_an_asset_that_is_none_is_no_amount(asset: str) -> None:
    with pytest.raises(money.InvalidAmount):
        translate.payment(payment(asset=asset), fetched_at=NOW)


def test_a_balance_is_as_old_as_the_last_poll_that_saw_it() -> None:
    seen = datetime(2026, 10, 31)  # noqa: DTZ001 - as a server without offsets would say it
    row = models.AccountBalance(asset="USD/2", balance=5, created_at=NOW, last_updated_at=seen)
    assert translate.balance(row, fetched_at=NOW).as_of == seen.replace(tzinfo=UTC)
    assert translate.balance(models.AccountBalance(asset="USD", balance=5, created_at=NOW), fetched_at=NOW).as_of == NOW


def test_modules_are_in_order_of_name() -> None:
    raw = msgspec.convert(
        {"versions": [{"name": "payments", "version": "v3", "health": False}, {"name": "auth", "version": ""}]},
        models.Versions,
    )
    assert [(each.name, each.version, each.is_healthy) for each in translate.modules(raw)] == [
        ("auth", None, None),
        ("payments", "v3", False),
    ]


def test_a_connector_may_be_on_its_way_out() -> None:
    raw = msgspec.convert(
        {"connectorID": "c", "name": "n", "provider": "stripe", "enabled": False, "scheduledForDeletion": True},
        models.Connector,
    )
    found = translate.connector(raw, fetched_at=NOW)
    assert (found.provider_name, found.is_enabled, found.is_scheduled_for_deletion) == ("STRIPE", False, True)
