"""Messages of the stack's webhooks service: their signature, and which objects their events are about.

Every service publishes its events as `{date, app, version, type, payload}`; the webhooks service writes the type as
`app.type` in lower case. Only the payload's ids are read, under all names that versions of the events have for them.
"""

import base64
import binascii
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta

import msgspec

from providers.config import Secret
from providers.domain import NodeType, Provider, Ref
from providers.domain.event import Message, Occurrence, Topic
from providers.formance import ids
from providers.formance.translate.refs import account_ref, payment_ref, transfer_ref
from providers.messages import (
    MOST_SIGNATURES,
    Delivery,
    Untrusted,
    checked_id,
    decoded,
    digest,
    distinct,
    is_any,
    moment,
)

LEEWAY = timedelta(minutes=5)
"""How old a message may be, and how far the stack's clock may be ahead: what is older may have been recorded."""

ID, TIMESTAMP, SIGNATURE = "formance-webhook-id", "formance-webhook-timestamp", "formance-webhook-signature"

_SECONDS = re.compile(r"[0-9]{1,12}", re.ASCII)
_LEDGER = re.compile(r"[0-9A-Za-z_-]{1,63}", re.ASCII)

Number = int | str | None


class Event(msgspec.Struct, frozen=True):
    """What every service publishes."""

    date: object = None
    app: str | None = None
    type: str | None = None
    payload: msgspec.Raw = msgspec.Raw(b"{}")


class _Transaction(msgspec.Struct, frozen=True):
    """`txid` is the first version's name."""

    id: Number = None
    txid: Number = None


class _Committed(msgspec.Struct, frozen=True):
    ledger: str = ""
    transactions: Sequence[_Transaction] = ()


class _Reverted(msgspec.Struct, frozen=True, rename="camel"):
    ledger: str = ""
    reverted_transaction: _Transaction = _Transaction()
    revert_transaction: _Transaction = _Transaction()


class _Annotated(msgspec.Struct, frozen=True, rename="camel"):
    ledger: str = ""
    target_type: str = ""
    target_id: Number = None


class _Payments(msgspec.Struct, frozen=True, rename="camel"):
    """Of the payments service. Versions differ in how they end a name: `accountID`, `accountId`."""

    id: str | None = None
    account_id: str | None = None
    account: str | None = msgspec.field(default=None, name="accountID")
    payment_initiation_id: str | None = None
    payment_initiation: str | None = msgspec.field(default=None, name="paymentInitiationID")


class Messages:
    """`ReceivesMessages`. Each secret is good, so that it can be changed without a gap."""

    def __init__(self, secrets: Sequence[Secret]) -> None:
        self._secrets = tuple(secrets)

    def read_message(self, delivery: Delivery) -> Message:
        """A message of the stack that was signed in the last few minutes."""
        self._check(delivery)
        event = decoded(delivery.body, Event)
        return Message(
            provider=Provider.FORMANCE,
            id=checked_id(delivery.header(ID)),
            occurrences=distinct(_occurrences(event)),
            occurred_at=moment(event.date),
        )

    def _check(self, delivery: Delivery) -> None:
        """The signature holds the id and the time, so that neither can be changed."""
        message_id, seconds = delivery.header(ID), delivery.header(TIMESTAMP)
        signed = b"%s.%s." % (message_id.encode("latin-1", "replace"), seconds.encode("latin-1", "replace"))
        expected = [digest(secret, signed, delivery.body) for secret in self._secrets]
        if not is_any(_signatures(delivery.header(SIGNATURE)), expected):
            raise Untrusted
        age = abs(delivery.received_at.timestamp() - int(seconds)) if _SECONDS.fullmatch(seconds) else None
        if age is None or age > LEEWAY.total_seconds():
            raise Untrusted


def _signatures(header: str) -> Iterator[bytes]:
    """Those of the version that is known; there may be several, with spaces between them."""
    for text in header.split()[:MOST_SIGNATURES]:
        version, _, encoded = text.partition(",")
        if version == "v1":
            try:
                yield base64.b64decode(encoded, validate=True)
            except (binascii.Error, ValueError):
                continue


def _occurrences(event: Event) -> Iterator[Occurrence]:
    """Nothing for events that nobody can listen to, and for payloads of a form that is not known."""
    service, _, kind = (event.type or "").rpartition(".")
    name = f"{(service or event.app or '').lower()}.{kind.lower().removeprefix('v3_')}"
    read = READERS.get(name)
    if read is not None:
        try:
            yield from read(event.payload)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return


def _committed(payload: msgspec.Raw) -> Iterator[Occurrence]:
    found = msgspec.json.decode(payload, type=_Committed)
    for transaction in found.transactions:
        yield from _transaction(found.ledger, transaction)


def _reverted(payload: msgspec.Raw) -> Iterator[Occurrence]:
    found = msgspec.json.decode(payload, type=_Reverted)
    yield from _transaction(found.ledger, found.reverted_transaction)
    yield from _transaction(found.ledger, found.revert_transaction)


def _annotated(payload: msgspec.Raw) -> Iterator[Occurrence]:
    found = msgspec.json.decode(payload, type=_Annotated)
    if found.target_type.upper() == "TRANSACTION":
        yield from _transaction(found.ledger, _Transaction(found.target_id))


def _transaction(ledger: str, transaction: _Transaction) -> Iterator[Occurrence]:
    number = str(transaction.txid if transaction.id is None else transaction.id)
    if _LEDGER.fullmatch(ledger) and number.isascii() and number.isdecimal():
        ref = Ref(NodeType.LEDGER_TRANSACTION, (ledger, number), Provider.FORMANCE)
        yield Occurrence(Topic.LEDGER_TRANSACTION_COMMITTED, ref)


def _payment(payload: msgspec.Raw) -> Iterator[Occurrence]:
    found = msgspec.json.decode(payload, type=_Payments).id or ""
    if ids.payment(found):
        yield Occurrence(Topic.PAYMENT_CHANGED, payment_ref(found))


def _account(payload: msgspec.Raw) -> Iterator[Occurrence]:
    yield from _changed_account(msgspec.json.decode(payload, type=_Payments).id)


def _balance(payload: msgspec.Raw) -> Iterator[Occurrence]:
    found = msgspec.json.decode(payload, type=_Payments)
    yield from _changed_account(found.account or found.account_id)


def _changed_account(account_id: str | None) -> Iterator[Occurrence]:
    if account_id and ids.account(account_id):
        yield Occurrence(Topic.ACCOUNT_CHANGED, account_ref(account_id))


def _transfer(payload: msgspec.Raw) -> Iterator[Occurrence]:
    yield from _changed_transfer(msgspec.json.decode(payload, type=_Payments).id)


def _transfer_step(payload: msgspec.Raw) -> Iterator[Occurrence]:
    found = msgspec.json.decode(payload, type=_Payments)
    yield from _changed_transfer(found.payment_initiation or found.payment_initiation_id)


def _changed_transfer(transfer_id: str | None) -> Iterator[Occurrence]:
    if transfer_id and ids.transfer(transfer_id):
        yield Occurrence(Topic.TRANSFER_INITIATION_CHANGED, transfer_ref(transfer_id))


READERS: Mapping[str, Callable[[msgspec.Raw], Iterator[Occurrence]]] = {
    "ledger.committed_transactions": _committed,
    "ledger.reverted_transaction": _reverted,
    "ledger.saved_metadata": _annotated,
    "ledger.deleted_metadata": _annotated,
    "payments.saved_payment": _payment,
    "payments.saved_account": _account,
    "payments.saved_balance": _balance,
    "payments.saved_transfer_initiation": _transfer,
    "payments.saved_payment_initiation": _transfer,
    "payments.saved_payment_initiation_adjustment": _transfer_step,
    "payments.saved_payment_initiation_related_payment": _transfer_step,
}
"""Events that somebody can listen to, as the webhooks service names them, without the mark of the third version."""
