"""What may be ordered of who is told of events. The rules are those of `providers.orders.money`."""

from collections.abc import Mapping
from typing import Protocol, runtime_checkable

import msgspec

from providers.config import Secret
from providers.domain import Ref, WebhookAttempt
from providers.operation import Operation


class WebhookOrder(msgspec.Struct, frozen=True, kw_only=True):
    """A receiver to be made. The provider makes a secret when none is given."""

    endpoint: str
    event_types: tuple[str, ...]
    name: str | None = None
    secret: Secret | None = None


@runtime_checkable
class WritesWebhooks(Protocol):
    """Makes, changes, tries and deletes receivers of events."""

    async def create_webhook_config(self, order: WebhookOrder, operation: Operation) -> tuple[Ref, Secret]:
        """Make a receiver. Gives what it is signed with, too."""

    async def find_webhook_configs(self, order: WebhookOrder, operation: Operation) -> Mapping[Ref, Secret]:
        """The receivers that are as ordered, and what each is signed with."""

    async def delete_webhook_config(self, config: Ref, operation: Operation) -> None:
        """Delete a receiver."""

    async def activate_webhook_config(self, config: Ref, operation: Operation) -> None:
        """Tell a receiver of events from now on."""

    async def deactivate_webhook_config(self, config: Ref, operation: Operation) -> None:
        """Tell a receiver nothing from now on."""

    async def change_webhook_secret(self, config: Ref, secret: Secret, operation: Operation) -> None:
        """Sign with another secret from now on."""

    async def signs_with(self, config: Ref, secret: Secret, operation: Operation) -> bool:
        """Whether what a receiver is told is signed with a secret. Raises `NotFound`."""

    async def test_webhook_config(self, config: Ref, operation: Operation) -> WebhookAttempt:
        """Send a receiver a test. Nobody can tell later whether one was sent."""
