"""From Pluggy's wire shapes to the graph's values."""

from datetime import UTC, datetime
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.domain import AccountKind, BalanceKind, BalanceSource, NodeType, Provider, Ref
from providers.money import InvalidAmount, text
from providers.pluggy import models, translate

NOW = datetime(2026, 11, 1, tzinfo=UTC)
FULL = b"""{
  "id": "71996b6d-8991-450c-8542-ae59069d1a9d", "ispb": "0001020", "agency": "1234", "number": "123456",
  "verifyingDigit": "7", "type": "CHECKING_ACCOUNT", "isSandbox": false, "pixKey": "key", "owner": "new field"
}"""


def account(body: bytes) -> models.SmartAccount:
    return msgspec.json.decode(body, type=models.SmartAccount)


def balance(body: bytes) -> models.SmartAccountBalance:
    return msgspec.json.decode(body, type=models.SmartAccountBalance)


def test_a_full_smart_account_keeps_all_its_fields() -> None:
    translated = translate.smart_account(account(FULL), fetched_at=NOW)

    native_id = "71996b6d-8991-450c-8542-ae59069d1a9d"
    assert translated.ref == Ref(NodeType.SMART_ACCOUNT, (native_id,), Provider.PLUGGY)
    assert (translated.provider, translated.provider_id) == (Provider.PLUGGY, native_id)
    assert (translated.kind, translated.provider_type) == (AccountKind.CHECKING, "CHECKING_ACCOUNT")
    assert (translated.ispb, translated.agency, translated.number) == ("0001020", "1234", "123456")
    assert (translated.verifying_digit, translated.is_sandbox, translated.pix_key) == ("7", False, "key")
    assert (translated.currency, translated.masked_number, translated.name) == ("BRL", "3456", None)
    assert (translated.fetched_at, translated.known_balances) == (NOW, None)


def test_a_smart_account_may_be_nothing_but_an_id() -> None:
    translated = translate.smart_account(account(b'{"id":"a","number":null}'), fetched_at=NOW)

    assert (translated.kind, translated.provider_type) == (AccountKind.UNKNOWN, None)
    assert (translated.number, translated.masked_number, translated.is_sandbox) == (None, None, None)


def test_an_unknown_type_is_unknown_and_stays_readable() -> None:
    translated = translate.smart_account(account(b'{"id":"a","type":"ESCROW_2030"}'), fetched_at=NOW)

    assert (translated.kind, translated.provider_type) == (AccountKind.UNKNOWN, "ESCROW_2030")


def test_a_number_of_four_digits_is_not_shown_as_its_own_mask() -> None:
    assert translate.smart_account(account(b'{"id":"a","number":"1234"}'), fetched_at=NOW).masked_number is None


def test_a_balance_becomes_three_of_reais_with_the_vendors_time() -> None:
    raw = balance(
        b'{"lastUpdatedAt":"2023-11-06T15:38:47.861Z","balance":100.5,"blockedBalance":0,"scheduledBalance":12.34}'
    )

    balances = translate.balances(raw, fetched_at=NOW)

    assert [(one.kind, text(one.money.amount), one.money.minor_units) for one in balances] == [
        (BalanceKind.CURRENT, "100.5", 10050),
        (BalanceKind.BLOCKED, "0", 0),
        (BalanceKind.SCHEDULED, "12.34", 1234),
    ]
    assert {(one.money.currency, one.money.asset) for one in balances} == {("BRL", "BRL/2")}
    assert {one.as_of for one in balances} == {datetime(2023, 11, 6, 15, 38, 47, 861000, tzinfo=UTC)}
    assert {(one.fetched_at, one.source) for one in balances} == {(NOW, BalanceSource.LEDGER)}


def test_amounts_that_were_not_sent_make_no_balance() -> None:
    balances = translate.balances(balance(b'{"balance":-3,"blockedBalance":null}'), fetched_at=NOW)

    assert [(one.kind, one.money.amount, one.as_of) for one in balances] == [(BalanceKind.CURRENT, Decimal(-3), None)]


def test_a_time_without_an_offset_is_utc() -> None:
    raw = balance(b'{"balance":1,"lastUpdatedAt":"2023-11-06T15:38:47.861"}')

    assert translate.balances(raw, fetched_at=NOW)[0].as_of == datetime(2023, 11, 6, 15, 38, 47, 861000, tzinfo=UTC)


@pytest.mark.parametrize("amount", ['"NaN"', '"Infinity"', "1e999"])
def test_what_is_no_amount_is_refused(amount: str) -> None:
    with pytest.raises(InvalidAmount):
        translate.balances(balance(f'{{"balance":{amount}}}'.encode()), fetched_at=NOW)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**30), max_value=10**30))
def test_every_digit_of_an_amount_survives(amount: Decimal) -> None:
    raw = balance(f'{{"balance":{text(amount)}}}'.encode())

    assert text(translate.balances(raw, fetched_at=NOW)[0].money.amount) == text(amount)
