"""The vendor's messages: a secret of ours comes back in a header that we gave when we asked for them.

The vendor documents no event of smart accounts. A message that names one under `smartAccountId` is about it; all others
are taken and tell of nothing that the graph has.
"""

from collections.abc import Iterator, Sequence

import msgspec

from providers.config import Secret
from providers.domain import NodeType, Provider, Ref
from providers.domain.event import Message, Occurrence, Topic
from providers.messages import Delivery, Unreadable, Untrusted, checked_id, decoded, is_any
from providers.pluggy.lookup import is_smart_account_id

SECRET = "x-webhook-secret"  # noqa: S105 - a header's name
"""The header that must be given with the secret as its value when messages are asked for."""


class _Body(msgspec.Struct, frozen=True, rename="camel"):
    """`id` is the older name of the event's id."""

    event_id: str | None = None
    id: str | None = None
    client_id: str | None = None
    smart_account_id: str | None = None


class Messages:
    """`ReceivesMessages`. Each secret is good, so that it can be changed without a gap."""

    def __init__(self, secrets: Sequence[Secret], *, client_id: str) -> None:
        self._secrets = tuple(secrets)
        self._client_id = client_id

    def read_message(self, delivery: Delivery) -> Message:
        """A message that holds one of the secrets, and is for our application if it says for which."""
        given = delivery.header(SECRET).encode("utf-8", "replace")
        if not is_any([given], [secret.reveal().encode() for secret in self._secrets]):
            raise Untrusted
        body = decoded(delivery.body, _Body)
        if body.client_id not in (None, self._client_id):
            raise Untrusted
        event_id = body.event_id or body.id
        if event_id is None:
            raise Unreadable
        return Message(provider=Provider.PLUGGY, id=checked_id(event_id), occurrences=tuple(_occurrences(body)))


def _occurrences(body: _Body) -> Iterator[Occurrence]:
    account_id = (body.smart_account_id or "").lower()
    if is_smart_account_id(account_id):
        yield Occurrence(Topic.ACCOUNT_CHANGED, Ref(NodeType.SMART_ACCOUNT, (account_id,), Provider.PLUGGY))
