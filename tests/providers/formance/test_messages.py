"""What the stack's messages tell: which object, by all names that the versions of its events have for it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.config import Secret
from providers.domain import NodeType, Provider, Ref
from providers.domain.event import Message, Occurrence, Topic
from providers.formance.messages import READERS, Messages
from providers.formance.sandbox.seed import seeded
from providers.formance.sandbox.webhooks.sending import signed
from providers.messages import Delivery, Unreadable, Untrusted
from providers.seed import customers

SECRET = "a-secret-of-24-bytes-or-so"
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
STATE = seeded(customers(3), generation="v3", payments_count=20, undocumented=False)
ACCOUNT, PAYMENT, TRANSFER = (next(iter(table)) for table in (STATE.accounts, STATE.payments, STATE.initiations))
HUGE = 1234567890123456789012345678901234567890


def told(event: object, *, id: str = "m", at: datetime = NOW) -> Message:
    """What a message with this content tells."""
    body = event if isinstance(event, bytes) else msgspec.json.encode(event)
    headers = signed(body, secret=SECRET, message_id=id, seconds=int(at.timestamp()))
    return Messages([Secret(SECRET)]).read_message(Delivery(headers, body, NOW))


def event(kind: str, payload: object, **more: Any) -> dict[str, Any]:
    return {"date": "2026-10-01T10:00:00.5Z", "app": "any", "version": "v3", "type": kind, "payload": payload, **more}


def transaction(ledger: str, number: object) -> Occurrence:
    ref = Ref(NodeType.LEDGER_TRANSACTION, (ledger, str(number)), Provider.FORMANCE)
    return Occurrence(Topic.LEDGER_TRANSACTION_COMMITTED, ref)


def changed(topic: Topic, kind: NodeType, id: str) -> Occurrence:
    return Occurrence(topic, Ref(kind, (id,), Provider.FORMANCE))


ROWS = [
    (
        "ledger.committed_transactions",
        {"ledger": "a", "transactions": [{"id": 0}, {"id": HUGE}, {"txid": 3}, {"id": 0}], "volumes": {"x": HUGE}},
        [transaction("a", 0), transaction("a", HUGE), transaction("a", 3)],
    ),
    (
        "ledger.reverted_transaction",
        {"ledger": "a", "revertedTransaction": {"id": 1}, "revertTransaction": {"id": 2}},
        [transaction("a", 1), transaction("a", 2)],
    ),
    (
        "ledger.reverted_transaction",
        {"ledger": "a", "revertedTransaction": {"txid": 1}, "revertTransaction": {"txid": 2}},
        [transaction("a", 1), transaction("a", 2)],
    ),
    ("ledger.saved_metadata", {"ledger": "a", "targetType": "TRANSACTION", "targetId": "5"}, [transaction("a", 5)]),
    ("ledger.deleted_metadata", {"ledger": "a", "targetType": "Transaction", "targetId": 5}, [transaction("a", 5)]),
    ("ledger.saved_metadata", {"ledger": "a", "targetType": "ACCOUNT", "targetId": "users:1"}, []),
    (
        "payments.saved_payment",
        {"id": PAYMENT, "amount": HUGE},
        [changed(Topic.PAYMENT_CHANGED, NodeType.PAYMENT, PAYMENT)],
    ),
    (
        "payments.saved_account",
        {"id": ACCOUNT},
        [changed(Topic.ACCOUNT_CHANGED, NodeType.PAYMENT_ACCOUNT, ACCOUNT)],
    ),
    *(
        ("payments.saved_balance", {name: ACCOUNT}, [changed(Topic.ACCOUNT_CHANGED, NodeType.PAYMENT_ACCOUNT, ACCOUNT)])
        for name in ("accountID", "accountId")
    ),
    *(
        (kind, {name: TRANSFER}, [changed(Topic.TRANSFER_INITIATION_CHANGED, NodeType.TRANSFER_INITIATION, TRANSFER)])
        for kind, name in (
            ("payments.saved_transfer_initiation", "id"),
            ("payments.saved_payment_initiation", "id"),
            ("payments.saved_payment_initiation_adjustment", "paymentInitiationID"),
            ("payments.saved_payment_initiation_adjustment", "paymentInitiationId"),
            ("payments.saved_payment_initiation_related_payment", "paymentInitiationId"),
        )
    ),
    ("payments.saved_pool", {"id": "3f8a3a1e-6b1a-4a0e-9d53-0d9b0d6c0d7e"}, []),
    ("payments.saved_payment", {"id": "not an id"}, []),
    ("payments.saved_balance", {"accountID": PAYMENT}, []),
    ("payments.saved_payment", {}, []),
]


@pytest.mark.parametrize(("kind", "payload", "occurrences"), ROWS)
def test_an_event_tells_which_objects_have_changed(kind: str, payload: Any, occurrences: list[Occurrence]) -> None:
    """However the type is written: by the webhooks service, by the service itself, with the mark of v3 or without."""
    service, _, bare = kind.partition(".")
    spellings = [event(kind, payload), event(bare.upper(), payload, app=service)]
    spellings.append(event(f"{service}.v3_{bare}", payload))

    assert [list(told(each).occurrences) for each in spellings] == [occurrences] * 3


def test_every_event_that_is_read_is_in_the_table() -> None:
    assert set(READERS) <= {kind for kind, *_ in ROWS}


def test_a_message_has_the_deliverys_id_and_the_events_time() -> None:
    message = told(event("ledger.committed_transactions", {}), id="delivery-7")

    assert (message.provider, message.id) == (Provider.FORMANCE, "delivery-7")
    assert message.occurred_at == datetime(2026, 10, 1, 10, 0, 0, 500_000, tzinfo=UTC)


@pytest.mark.parametrize("date", [None, "", "yesterday", 17, "2026-10-01T10:00:00", [], "9999-99-99T00:00:00Z"])
def test_a_time_that_is_none_is_left_out(date: object) -> None:
    assert told({**event("ledger.committed_transactions", {}), "date": date}).occurred_at is None


@pytest.mark.parametrize("id", ["", "x" * 201, "a\x00b", "ä"])
def test_an_id_that_is_none_is_not_understood(id: str) -> None:
    with pytest.raises((Unreadable, Untrusted)):
        told(event("ledger.committed_transactions", {}), id=id)


@pytest.mark.parametrize(("age", "is_good"), [(299, True), (300, True), (301, False), (-300, True), (-301, False)])
def test_a_message_is_good_for_five_minutes(age: int, is_good: bool) -> None:  # noqa: FBT001
    at = NOW - timedelta(seconds=age)
    if is_good:
        told(event("ledger.committed_transactions", {}), at=at)
    else:
        with pytest.raises(Untrusted):
            told(event("ledger.committed_transactions", {}), at=at)


def test_the_signature_is_the_documented_one() -> None:
    """A vector that was reckoned elsewhere, with OpenSSL."""
    body = b'{"type":"ledger.committed_transactions"}'
    headers = {
        "formance-webhook-id": "9f0b2c1e",
        "formance-webhook-timestamp": "1793534400",
        "formance-webhook-signature": "v1,ZR9dMlfQfqhF0vcAwPNPQ7B0wXtvtNqt3yIftn7yc8g=",
    }
    messages = Messages([Secret("V0bivxRWveaoz08afqjU6Ko/jwO0Cb+3")])
    at = datetime.fromtimestamp(1793534400, UTC)

    assert messages.read_message(Delivery(headers, body, at)).id == "9f0b2c1e"


@given(st.binary(max_size=300), st.dictionaries(st.sampled_from(["id", "timestamp", "signature", "x"]), st.text()))
def test_whatever_comes_is_turned_away_in_one_of_two_ways(body: bytes, given: dict[str, str]) -> None:
    headers = {f"formance-webhook-{name}": value for name, value in given.items()}
    with pytest.raises(Untrusted):
        Messages([Secret(SECRET)]).read_message(Delivery(headers, body, NOW))


NAMES = st.sampled_from(["id", "ledger", "transactions", "accountID"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "ledger", "transactions", "accountID"]), inner)
    ),
    max_leaves=8,
)


@given(st.sampled_from(sorted(READERS)), JSON)
def test_a_payload_of_any_form_is_taken(kind: str, payload: object) -> None:
    for occurrence in told(event(kind, payload)).occurrences:
        assert all(occurrence.ref.keys)
