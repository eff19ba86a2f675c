"""The vendor's messages: of Connect and of TxPUSH."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.config import Secret
from providers.domain import NodeType, Provider
from providers.domain.event import Message, Topic
from providers.finicity.messages import Messages
from providers.messages import Delivery, Unreadable, Untrusted

PARTNER, PUSH = "the-partners-own-secret", "the-signing-key-of-a-subscription"
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
MESSAGES = Messages([Secret(PARTNER), Secret(PUSH)])


def told(content: object, *, secret: str = PARTNER, header: str = "x-finicity-signature", form: str = "hex") -> Message:
    """What a message with this content tells. Signed as the vendor's own example does it."""
    import base64
    import hashlib
    import hmac

    body = content if isinstance(content, bytes) else msgspec.json.encode(content)
    made = hmac.new(secret.encode(), body, hashlib.sha256)
    signature = {"hex": made.hexdigest(), "HEX": made.hexdigest().upper()}.get(form)
    signature = signature or base64.b64encode(made.digest()).decode()
    return MESSAGES.read_message(Delivery({header: signature}, body, NOW))


def accounts(message: Message) -> list[tuple[str, ...]]:
    assert {(each.topic, each.ref.type, each.ref.provider) for each in message.occurrences} <= {
        (Topic.ACCOUNT_CHANGED, NodeType.AGGREGATED_ACCOUNT, Provider.FINICITY)
    }
    return [each.ref.keys for each in message.occurrences]


def connect(kind: str, payload: object, **more: object) -> dict[str, Any]:
    return {"customerId": "22", "consumerId": "x", "eventType": kind, "eventId": "e-1", "payload": payload, **more}


def push(kind: str, *records: object, cls: str = "account") -> dict[str, Any]:
    return {"event": {"class": cls, "type": kind, "records": list(records)}}


@pytest.mark.parametrize(
    ("content", "keys"),
    [
        (push("modified", {"id": 11, "customerId": 22, "balance": 1.5}), [("22", "11")]),
        (push("deleted", {"id": "11", "customerId": "22"}), [("22", "11")]),
        (push("created", {"id": 1, "accountId": 11, "customerId": 22}, cls="transaction"), [("22", "11")]),
        (push("modified", {"id": 11, "customerId": 22}, {"id": 11, "customerId": 22}), [("22", "11")]),
        (push("modified", {"id": "1/2", "customerId": 22}, {"id": 11}, 7, None), []),
        (push("modified"), []),
        (connect("added", {"accounts": [{"id": "11", "customerId": "22"}, {"id": 12}]}), [("22", "11"), ("22", "12")]),
        (connect("accountsDeleted", {"accounts": ["11", 12], "institutionId": "5"}), [("22", "11"), ("22", "12")]),
        (connect("started", {}), []),
        ({"eventType": "ping", "payload": {}}, []),
    ],
)
def test_a_message_tells_which_accounts_have_changed(content: object, keys: list[tuple[str, ...]]) -> None:
    assert accounts(told(content)) == keys


def test_the_ids_are_those_of_the_event_or_the_bodys() -> None:
    assert told(connect("started", {})).id == "e-1"
    first, again, other = (told(push("modified", {"id": each, "customerId": 22})).id for each in (11, 11, 12))
    assert first == again != other


@pytest.mark.parametrize("header", ["x-finicity-signature", "x-signature", "x-txpush-signature"])
@pytest.mark.parametrize("form", ["hex", "HEX", "base64"])
@pytest.mark.parametrize("secret", [PARTNER, PUSH])
def test_each_secret_is_good_in_each_form(header: str, form: str, secret: str) -> None:
    assert accounts(told(push("modified", {"id": 11, "customerId": 22}), secret=secret, header=header, form=form))


def test_other_secrets_and_other_headers_are_not() -> None:
    for wrong in ({"secret": "another"}, {"header": "x-another"}):
        with pytest.raises(Untrusted):
            told(push("modified"), **wrong)


def to_token(content: object, token: str) -> Message:
    """What a message without a signature tells, to an address with this token."""
    return MESSAGES.read_message(Delivery({}, msgspec.json.encode(content), NOW, token))


def test_a_notice_may_come_to_an_address_that_nobody_else_knows() -> None:
    """The vendor does not say what it signs of one. Of the other kind of message it does."""
    notice = push("modified", {"id": 11, "customerId": 22})

    assert accounts(to_token(notice, PUSH)) == [("22", "11")]
    for content, token in ((notice, ""), (notice, "another"), (notice, "\udcff"), (connect("added", {}), PUSH)):
        with pytest.raises(Untrusted):
            to_token(content, token)


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b'{"event": 1}', b'{"eventId": "\xc3\xa4"}'])
def test_what_is_no_message_is_not_understood(content: bytes) -> None:
    with pytest.raises(Unreadable):
        told(content)


def test_only_the_vendors_question_is_answered() -> None:
    assert MESSAGES.confirm_messages({"txpush_verification_code": "A-b.c_d~1"}) == "A-b.c_d~1"
    for query in ({}, {"txpush_verification_code": ""}, {"txpush_verification_code": "a\nb"}, {"code": "a"}):
        with pytest.raises(Untrusted):
            MESSAGES.confirm_messages(query)


@given(st.binary(max_size=200), st.text(max_size=90))
def test_whatever_comes_is_turned_away(body: bytes, signature: str) -> None:
    with pytest.raises(Untrusted):
        MESSAGES.read_message(Delivery({"x-finicity-signature": signature}, body, NOW))
