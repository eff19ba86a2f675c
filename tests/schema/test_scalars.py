"""Scalars over the whole app: exact digits, times in UTC, vendors' JSON byte for byte; and what is not taken."""

import re
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from graphql import GraphQLError
from hypothesis import given
from hypothesis import strategies as st

from schema.scalars import SCALARS, BigInt
from schema.scalars import Decimal as DecimalScalar
from tests.conftest import Graph

UTC_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z")
DECIMAL, BIG_INT, TIME = SCALARS[DecimalScalar], SCALARS[BigInt], SCALARS[datetime]


async def test_every_time_is_in_utc(warm: Graph) -> None:
    """Whichever vendor it comes from, and however that writes it."""
    data = await warm.data(
        "{ a: accounts(provider: FINICITY, first: 30) { nodes { fetchedAt ... on AggregatedAccount { createdAt"
        "     aggregationSucceededAt } balances { asOf fetchedAt } } }"
        "  b: accounts(provider: PLUGGY) { nodes { fetchedAt balances { asOf fetchedAt } } }"
        "  c: accounts(provider: FORMANCE) { nodes { fetchedAt ... on PaymentAccount { createdAt }"
        "     balances { asOf fetchedAt } } }"
        "  payments { nodes { createdAt fetchedAt adjustments { createdAt } } } pools { nodes { fetchedAt } }"
        "  connectors { nodes { fetchedAt } } providers { checkedAt } }"
    )
    times = re.findall(r"'\w+At': '([^']+)'|'asOf': '([^']+)'", str(data))

    assert len(times) > 200
    assert all(UTC_TIME.fullmatch(one or other) for one, other in times)


async def test_freshness_is_told_and_sane(warm: Graph) -> None:
    """Data are read now, and are as old as the vendor says: never from the future."""
    before = datetime.now(UTC)
    data = await warm.data(
        "{ a: accounts(provider: FINICITY, first: 12) { nodes { fetchedAt balances { asOf fetchedAt source } } }"
        "  b: accounts(provider: PLUGGY, first: 12) { nodes { fetchedAt balances { asOf fetchedAt source } } }"
        "  c: accounts(provider: FORMANCE, first: 12) { nodes { fetchedAt balances { asOf fetchedAt source } } }"
        "  pools { nodes { fetchedAt balances { asOf fetchedAt source } } } }"
    )
    after = datetime.now(UTC)
    sources = {"a": "AGGREGATION", "b": "LEDGER", "c": "POLLING", "pools": "SUM"}

    for field, source in sources.items():
        balances = [balance for node in data[field]["nodes"] for balance in node["balances"]]
        fetched = [datetime.fromisoformat(each["fetchedAt"]) for each in (*balances, *data[field]["nodes"])]
        assert balances
        assert {balance["source"] for balance in balances} == {source}
        assert all(before <= time <= after for time in fetched)
        assert all(balance["asOf"] is None or datetime.fromisoformat(balance["asOf"]) < before for balance in balances)
    assert {balance["asOf"] for pool in data["pools"]["nodes"] for balance in pool["balances"]} == {None}


async def test_a_vendors_own_json_is_passed_on_byte_for_byte(warm: Graph) -> None:
    """Zeros at the end, numbers beyond 2**53, escapes and nulls included."""
    detail = r'{"rate":0.10,"big":12345678901234567890.120,"exp":1E+2,"none":null,"text":"\u00e9\"\/","list":[1.0,{}]}'
    body = (
        '{"accounts":[{"id":"5011600000","number":"1","name":"n","type":"checking","status":"active",'
        f'"customerId":"5026900000","currency":"USD","balance":1.10,"balanceDate":1790000000,"detail":{detail}}}]}}'
    )
    await warm.fault("finicity", "*/accounts", status=200, body=body, times=50)
    answer = await warm.ask(
        "{ accounts(provider: FINICITY, first: 1) { nodes { id ... on AggregatedAccount { detail"
        "  balances { money { amount } } } } } }"
    )

    assert answer.errors == []
    assert f'"detail":{detail}' in answer.response.text
    assert '"amount":"1.10"' in answer.response.text


async def test_a_payment_providers_records_are_passed_on(warm: Graph) -> None:
    """Of accounts and of each change of a payment; null where there is none."""
    data = await warm.data(
        "{ accounts(provider: FORMANCE, first: 100) { nodes { ... on PaymentAccount { raw metadata } } }"
        "  payments { nodes { metadata adjustments { raw } } } }"
    )
    raws = [node["raw"] for node in data["accounts"]["nodes"]]

    assert any(raw is None or raw == {} for raw in raws)
    assert any(raw and raw["object"] for raw in raws)
    assert all(isinstance(node["metadata"], dict) for node in data["accounts"]["nodes"])
    assert any(change["raw"] for node in data["payments"]["nodes"] for change in node["adjustments"])


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4))
def test_a_decimal_comes_back_as_it_was_sent(number: Decimal) -> None:
    """Without an exponent, with its zeros."""
    text = DECIMAL.serialize(number)  # type: ignore[misc]

    assert "E" not in text
    assert DECIMAL.parse_value(text) == number  # type: ignore[misc]


@given(st.integers())
def test_a_big_int_comes_back_as_it_was_sent(number: int) -> None:
    """Whatever its size, to a limit."""
    text = BIG_INT.serialize(number)  # type: ignore[misc]

    assert BIG_INT.parse_value(text) == number  # type: ignore[misc]


@given(st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=45))])))
def test_a_time_comes_back_as_the_same_moment(time: datetime) -> None:
    """In UTC, where the calendar has it there."""
    text = TIME.serialize(time)  # type: ignore[misc]

    assert datetime.fromisoformat(text) == time
    assert UTC_TIME.fullmatch(text) or time.year in {1, 9999}


@pytest.mark.parametrize(
    ("scalar", "value"),
    [
        *((DECIMAL, value) for value in (1, 1.5, None, True, "", "x", "NaN", "Infinity", "1e999", "9" * 129, "0x1")),
        *((BIG_INT, value) for value in (1, 1.5, None, "", "-", "1.0", "1e3", "9" * 129, "x")),
        *((TIME, value) for value in (None, "", "now", "2026-01-01", "2026-01-01T00:00:00", 1767225600, "9" * 99)),
        *((TIME, value) for value in ("0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01")),
    ],
)
def test_what_is_not_of_a_scalars_form_is_refused(scalar: object, value: object) -> None:
    """With a message that says how it is written."""
    with pytest.raises(GraphQLError, match=r"A (Decimal|BigInt|DateTime) "):
        scalar.parse_value(value)  # type: ignore[attr-defined]
