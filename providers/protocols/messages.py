"""Vendors that tell of changes on their own."""

from collections.abc import Mapping
from typing import Protocol, runtime_checkable

from providers.domain.event import Message
from providers.messages import Delivery


@runtime_checkable
class ReceivesMessages(Protocol):
    """Knows the vendor's messages. Asks nobody and remembers nothing."""

    def read_message(self, delivery: Delivery) -> Message:
        """What a message tells. Raises `Untrusted` when it may be another's, and `Unreadable`."""


@runtime_checkable
class ConfirmsMessages(Protocol):
    """Is asked whether messages are wanted before any comes."""

    def confirm_messages(self, query: Mapping[str, str]) -> str:
        """The text that says yes to a vendor's question. Raises `Untrusted` for what is no such question."""
