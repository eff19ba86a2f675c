"""The vendor's two kinds of messages: of Connect, by which accounts are added, and of TxPUSH, which watches accounts.

Connect signs the body with the partner's secret, TxPUSH with the key of the subscription. What exactly TxPUSH signs is
not published: the body is taken for it. A notice is good, too, that comes to an address with one of the secrets in it.
"""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from providers.config import Secret
from providers.domain import NodeType, Provider, Ref
from providers.domain.event import Message, Occurrence, Topic
from providers.finicity.ids import is_id
from providers.messages import (
    Delivery,
    Untrusted,
    body_id,
    checked_id,
    decoded,
    digest,
    distinct,
    is_any,
    values,
)

SIGNATURES = ("x-finicity-signature", "x-signature", "x-txpush-signature")
QUESTION = "txpush_verification_code"

_CODE = re.compile(r"[A-Za-z0-9._~-]{1,200}", re.ASCII)
_HEX = re.compile(r"[0-9a-fA-F]{64}", re.ASCII)

Id = int | str | None


class _Record(msgspec.Struct, frozen=True, rename="camel"):
    """An account, or a transaction, which names its account."""

    id: Id = None
    account_id: Id = None
    customer_id: Id = None


class _Pushed(msgspec.Struct, frozen=True):
    kind: str = msgspec.field(default="", name="class")
    records: Sequence[object] = ()


class _Payload(msgspec.Struct, frozen=True):
    accounts: Sequence[object] = ()


class _Body(msgspec.Struct, frozen=True, rename="camel"):
    """TxPUSH has an `event`, Connect the rest."""

    event: _Pushed | None = None
    event_id: str | None = None
    customer_id: Id = None
    payload: _Payload = _Payload()


class Messages:
    """`ReceivesMessages`, `ConfirmsMessages`. Each secret is good, so that it can be changed without a gap."""

    def __init__(self, secrets: Sequence[Secret]) -> None:
        self._secrets = tuple(secrets)

    def read_message(self, delivery: Delivery) -> Message:
        """A message that is signed with one of the secrets, or a notice to an address that has one."""
        given = [made for name in SIGNATURES for made in _signature(delivery.header(name))]
        is_signed = is_any(given, [digest(secret, delivery.body) for secret in self._secrets])
        token = delivery.token.encode("utf-8", "replace")
        if not is_signed and not is_any([token], [secret.reveal().encode() for secret in self._secrets]):
            raise Untrusted
        body = decoded(delivery.body, _Body)
        if not is_signed and body.event is None:
            raise Untrusted  # what is not TxPUSH's is signed
        return Message(
            provider=Provider.FINICITY,
            id=checked_id(body.event_id) if body.event_id else body_id(delivery.body),
            occurrences=distinct(_pushed(body.event) if body.event else _connected(body)),
        )

    def confirm_messages(self, query: Mapping[str, str]) -> str:
        """TxPUSH asks once for each subscription, with a code that it wants to hear again."""
        code = query.get(QUESTION, "")
        if not _CODE.fullmatch(code):
            raise Untrusted
        return code


def _signature(header: str) -> Iterator[bytes]:
    """In hexadecimal, or base64."""
    if _HEX.fullmatch(header):
        yield bytes.fromhex(header)
        return
    try:
        yield base64.b64decode(header, validate=True)
    except (binascii.Error, ValueError):
        return


def _pushed(event: _Pushed) -> Iterator[Occurrence]:
    for record in values(event.records, _Record):
        account_id = record.id if event.kind == "account" else record.account_id
        yield from _changed(record.customer_id, account_id)


def _connected(body: _Body) -> Iterator[Occurrence]:
    """Accounts are told as records, or by their ids alone."""
    for account in body.payload.accounts:
        if isinstance(account, str | int):
            yield from _changed(body.customer_id, account)
        for record in values([account], _Record):
            yield from _changed(record.customer_id or body.customer_id, record.id)


def _changed(customer_id: Id, account_id: Id) -> Iterator[Occurrence]:
    keys = (str(customer_id), str(account_id))
    if customer_id is not None and account_id is not None and all(map(is_id, keys)):
        yield Occurrence(Topic.ACCOUNT_CHANGED, Ref(NodeType.AGGREGATED_ACCOUNT, keys, Provider.FINICITY))
