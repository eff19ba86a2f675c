"""Vendors that tell of changes on their own."""

from collections.abc import Mapping
from typing import Protocol, runtime_checkable

from providers.domain.event import Message
from providers.webhooks import Delivery


@runtime_checkable
class ReceivesWebhooks(Protocol):
    """Knows the vendor's messages. Asks nobody and remembers nothing."""

    def read_webhook(self, delivery: Delivery) -> Message:
        """What a message tells. Raises `Untrusted` when it may be another's, and `Unreadable`."""


@runtime_checkable
class ConfirmsWebhooks(Protocol):
    """Is asked whether messages are wanted before any comes."""

    def confirm_webhook(self, query: Mapping[str, str]) -> str:
        """The text that says yes to a vendor's question. Raises `Untrusted` for what is no such question."""
