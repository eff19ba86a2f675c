"""The vendor's messages, which hold a secret of ours."""

from datetime import UTC, datetime
from uuid import uuid4

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.config import Secret
from providers.domain import NodeType, Provider, Ref
from providers.domain.event import Message, Topic
from providers.messages import Delivery, Unreadable, Untrusted
from providers.pluggy.messages import Messages

SECRET, NEXT = "what-we-gave-them-at-first", "what-we-will-give-them-next"
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
MESSAGES = Messages([Secret(SECRET), Secret(NEXT)], client_id="our-client")
ACCOUNT = str(uuid4())


def told(content: object, secret: str = SECRET) -> Message:
    body = content if isinstance(content, bytes) else msgspec.json.encode(content)
    return MESSAGES.read_message(Delivery({"x-webhook-secret": secret}, body, NOW))


def test_a_message_that_names_a_smart_account_is_about_it() -> None:
    message = told({"eventId": "e", "id": "old", "event": "any", "smartAccountId": ACCOUNT.upper()})

    assert (message.provider, message.id) == (Provider.PLUGGY, "e")
    (occurrence,) = message.occurrences
    assert occurrence.topic is Topic.ACCOUNT_CHANGED
    assert occurrence.ref == Ref(NodeType.SMART_ACCOUNT, (ACCOUNT,), Provider.PLUGGY)


@pytest.mark.parametrize(
    "more",
    [
        {"event": "item/updated", "itemId": ACCOUNT},
        {"event": "transactions/created", "accountId": ACCOUNT},
        {"event": "payment_intent/completed", "paymentIntentId": ACCOUNT},
        {"event": "x", "smartAccountId": "7"},
        {"event": "x", "smartAccountId": None},
    ],
)
def test_others_tell_nothing(more: dict[str, object]) -> None:
    """Accounts of items are no smart accounts, although their ids look the same."""
    message = told({"id": "e", **more})
    assert (message.id, message.occurrences) == ("e", ())


def test_each_secret_is_good_and_no_other() -> None:
    assert told({"id": "1"}, SECRET).id == told({"id": "1"}, NEXT).id == "1"
    for wrong in ("", SECRET[:-1], SECRET + "x", SECRET.upper(), "ü", "\udcff"):
        with pytest.raises(Untrusted):
            told({"id": "1"}, wrong)
    with pytest.raises(Untrusted):
        MESSAGES.read_message(Delivery({}, b'{"id": "1"}', NOW))


def test_a_message_for_another_application_is_not_ours() -> None:
    assert told({"id": "1", "clientId": "our-client"}).id == "1"
    with pytest.raises(Untrusted):
        told({"id": "1", "clientId": "another"})


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"id": ""}', b'{"id": 1}', b'{"id": "a\\u0000"}'])
def test_what_is_no_message_is_not_understood(content: bytes) -> None:
    with pytest.raises(Unreadable):
        told(content)


@given(st.binary(max_size=200), st.text(max_size=40))
def test_whatever_comes_is_turned_away(body: bytes, secret: str) -> None:
    with pytest.raises(Untrusted):
        MESSAGES.read_message(Delivery({"x-webhook-secret": secret}, body, NOW))
