"""What a provider has told of on its own: that an object changed. What it changed to is read from the provider."""

from datetime import datetime
from enum import StrEnum

import msgspec

from providers.domain.ref import Provider, Ref


class Topic(StrEnum):
    """What subscribers can listen to."""

    ACCOUNT_CHANGED = "account_changed"
    PAYMENT_CHANGED = "payment_changed"
    TRANSFER_INITIATION_CHANGED = "transfer_initiation_changed"
    LEDGER_TRANSACTION_COMMITTED = "ledger_transaction_committed"


class Occurrence(msgspec.Struct, frozen=True, gc=False):
    """One object that a provider's message says has changed."""

    topic: Topic
    ref: Ref


class Message(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A provider's message, once its signature was verified. `id` is the provider's own, the same at each delivery."""

    provider: Provider
    id: str
    occurrences: tuple[Occurrence, ...]
    occurred_at: datetime | None = None
    """When it changed, as the provider says."""


class Event(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """An occurrence as it is stored: once, whatever the number of deliveries."""

    sequence: int
    """Counts up, in the order in which events can be seen: who has seen one has missed none before it."""
    provider: Provider
    topic: Topic
    ref: Ref
    occurred_at: datetime | None
    received_at: datetime
