"""What may be asked of who is told of a provider's events. The rules are those of `providers.protocols.reads`."""

from collections.abc import Mapping, Sequence
from typing import Protocol, runtime_checkable

from providers.domain import Page, PageRequest, Ref, WebhookConfig
from providers.errors import Outcome
from providers.operation import Operation


@runtime_checkable
class ReadsWebhooks(Protocol):
    """Tells receivers of its events."""

    async def webhook_configs_by_ref(
        self, refs: Sequence[Ref], operation: Operation
    ) -> Mapping[Ref, Outcome[WebhookConfig]]:
        """Receivers by identity."""

    async def list_webhook_configs(
        self, page: PageRequest, operation: Operation, *, endpoint: str = ""
    ) -> Page[WebhookConfig]:
        """All receivers, or those at an address. Raises a `ProviderError`."""
