"""Finicity's words into the graph's: tables, awkward values, and exact money."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.domain import AccountKind, AccountStatus, BalanceKind, Provider
from providers.finicity import translate
from providers.finicity.models import CustomerAccount
from providers.money import InvalidAmount

NOW = datetime(2026, 11, 1, tzinfo=UTC)
THEN = datetime(2020, 12, 8, 14, 39, 17, tzinfo=UTC)


def decoded(text: str) -> CustomerAccount:
    return msgspec.json.decode(text, type=CustomerAccount)


def balances(text: str) -> dict[BalanceKind, str]:
    known = translate.balances(decoded(text), fetched_at=NOW)
    return {balance.kind: str(balance.money.amount) for balance in known}


def test_an_account_is_translated_field_by_field() -> None:
    raw = decoded(
        """{"id": "5011648377", "number": "2000004444", "accountNumberDisplay": "4444-9", "name": "Super Checking",
        "accountNickname": "Daily", "type": "checking", "status": "active", "customerId": "1", "institutionId": "4222",
        "institutionLoginId": 1007302745, "currency": "USD", "balance": 401.26, "balanceDate": 1607438357,
        "aggregationStatusCode": 103, "aggregationAttemptDate": 1607438357, "aggregationSuccessDate": "1607438357",
        "createdDate": 1607438357, "lastUpdatedDate": null, "marketSegment": "personal", "new": {"field": [1]},
        "detail": {"availableBalanceAmount": 400.00}}"""
    )
    account = translate.account(raw, customer_id="1005061234", fetched_at=NOW)

    assert account.ref == translate.account_ref("1005061234", "5011648377")
    assert (account.provider, account.provider_id) == (Provider.FINICITY, "5011648377")
    assert (account.name, account.nickname, account.masked_number) == ("Super Checking", "Daily", "4444-9")
    assert (account.kind, account.provider_type) == (AccountKind.CHECKING, "checking")
    assert (account.status, account.provider_status) == (AccountStatus.ACTIVE, "active")
    assert (account.institution_id, account.institution_login_id) == ("4222", "1007302745")
    assert account.aggregation_status_code == 103
    assert account.aggregation_attempted_at == account.aggregation_succeeded_at == account.created_at == THEN
    assert (account.updated_at, account.last_transaction_at, account.customer_id) == (None, None, None)
    assert bytes(account.detail) == b'{"availableBalanceAmount": 400.00}'
    assert [balance.kind for balance in account.known_balances or ()] == [BalanceKind.CLEARED, BalanceKind.AVAILABLE]


def test_an_account_of_nothing_but_an_id_is_translated() -> None:
    nulls = {field.encode_name: None for field in msgspec.structs.fields(CustomerAccount)}
    for text in ('{"id": 7}', msgspec.json.encode({**nulls, "id": 7}).decode()):
        account = translate.account(decoded(text), customer_id="1", fetched_at=NOW)

        assert (account.provider_id, account.kind, account.status) == ("7", AccountKind.UNKNOWN, AccountStatus.UNKNOWN)
        assert (account.known_balances, bytes(account.detail)) == ((), b"null")


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("checking", AccountKind.CHECKING),
        ("401k", AccountKind.RETIREMENT),
        ("529", AccountKind.EDUCATION),
        ("529plan", AccountKind.EDUCATION),
        ("studentLoanGroup", AccountKind.STUDENT_LOAN),
        ("unknown", AccountKind.UNKNOWN),
        ("timeDeposit2030", AccountKind.OTHER),
        ("", AccountKind.OTHER),
        (None, AccountKind.UNKNOWN),
    ],
)
def test_a_type_that_the_table_lacks_is_other(word: str | None, kind: AccountKind) -> None:
    assert translate.kind(word) is kind


def test_every_type_of_the_table_is_documented_in_the_mappings() -> None:
    text = Path(translate.__file__).with_name("MAPPINGS.md").read_text()

    assert [word for word in translate.KINDS if f"`{word}`" not in text] == []


@pytest.mark.parametrize(
    ("display", "last4", "masked"),
    [
        ("1234", None, "1234"),
        ("1234-9", "5678", "1234-9"),
        ("2000004444", None, "4444"),
        ("XXXXXX4444", None, "4444"),
        ("john@gmail.com", "5678", "5678"),
        ("john@gmail.com", None, None),
        (None, "5678", "5678"),
        ("", "", None),
    ],
)
def test_a_number_shows_four_digits_at_most(display: str | None, last4: str | None, masked: str | None) -> None:
    raw = CustomerAccount(id="1", account_number_display=display, real_account_number_last4=last4)

    assert translate.masked_number(raw) == masked


@pytest.mark.parametrize(
    ("epoch", "moment"),
    [(1607438357, THEN), ("1607438357", THEN), (None, None), ("soon", None), (10**17, None), ("", None)],
)
def test_dates_are_read_from_numbers_and_text(epoch: int | str | None, moment: datetime | None) -> None:
    assert translate.moment(epoch) == moment


def test_a_card_has_three_balances() -> None:
    text = """{"id": 1, "currency": "USD", "type": "creditCard", "balance": -120.50, "balanceDate": 1607438357,
               "detail": {"creditAvailableAmount": 879.50, "currentBalance": -120.50, "interestRate": "15.789"}}"""
    known = translate.balances(decoded(text), fetched_at=NOW)

    assert {balance.kind: str(balance.money.amount) for balance in known} == {
        BalanceKind.CLEARED: "-120.50",
        BalanceKind.AVAILABLE_CREDIT: "879.50",
        BalanceKind.CURRENT: "-120.50",
    }
    assert {(balance.as_of, balance.fetched_at) for balance in known} == {(THEN, NOW)}


def test_the_details_own_date_wins_for_its_balances() -> None:
    text = """{"id": 1, "currency": "USD", "balance": 1, "balanceDate": 1,
               "detail": {"availableBalanceAmount": 1, "dateAsOf": 1607438357}}"""
    cleared, available = translate.balances(decoded(text), fetched_at=NOW)

    assert (cleared.as_of, available.as_of) == (datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC), THEN)


@pytest.mark.parametrize(("cleared", "is_told"), [("9357.24", False), ("0.00", True), ("null", True)])
def test_an_available_zero_beside_money_is_a_filler(cleared: str, *, is_told: bool) -> None:
    """Banks that do not tell the available balance send 0.0 for it."""
    text = f'{{"id": 1, "currency": "USD", "balance": {cleared}, "detail": {{"availableBalanceAmount": 0.0}}}}'

    assert (BalanceKind.AVAILABLE in balances(text)) is is_told


def test_without_a_currency_there_is_no_money() -> None:
    assert balances('{"id": 1, "balance": 5}') == {}


@pytest.mark.parametrize("bad", ['"balance": 1e400', '"balance": "NaN"', '"balance": "Infinity"'])
def test_a_number_that_is_no_amount_is_refused(bad: str) -> None:
    with pytest.raises(InvalidAmount):
        balances(f'{{"id": 1, "currency": "USD", {bad}}}')


@pytest.mark.parametrize("detail", ["[]", '"x"', '{"currentBalance": "many"}'])
def test_a_detail_of_another_shape_is_refused(detail: str) -> None:
    with pytest.raises(InvalidAmount):
        balances(f'{{"id": 1, "currency": "USD", "detail": {detail}}}')


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2), st.sampled_from(["USD", "CAD", "JPY", "BHD"]))
def test_every_amount_survives_digit_for_digit(amount: Decimal, currency: str) -> None:
    [balance] = translate.balances(
        decoded(f'{{"id": 1, "currency": "{currency}", "balance": {amount:f}}}'), fetched_at=NOW
    )

    assert f"{balance.money.amount:f}" == f"{amount:f}"
    assert balance.money.currency == currency
