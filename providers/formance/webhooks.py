"""Receivers of the stack's events: read, made, changed, tried and deleted."""

from collections.abc import Mapping, Sequence

from providers.config import Secret
from providers.domain import Page, PageRequest, Provider, Ref, WebhookAttempt, WebhookConfig
from providers.errors import NotFound, Outcome, ProviderError
from providers.formance import ids
from providers.formance.client.webhooks import (
    ACTIVATE_CONFIG,
    CHANGE_CONFIG_SECRET,
    DEACTIVATE_CONFIG,
    DELETE_CONFIG,
    GET_MANY_CONFIGS,
    TEST_CONFIG,
    WebhooksService,
)
from providers.formance.models import webhooks as models
from providers.formance.part import known
from providers.formance.translate import webhooks as translate
from providers.operation import Operation
from providers.orders.webhook import WebhookOrder


class Webhooks:
    """Implements `ReadsWebhooks` and `WritesWebhooks`. The module lists everything at once."""

    def __init__(self, service: WebhooksService) -> None:
        self._service = service

    async def webhook_configs_by_ref(
        self, refs: Sequence[Ref], operation: Operation
    ) -> Mapping[Ref, Outcome[WebhookConfig]]:
        """One call."""
        asked = [ref for ref in dict.fromkeys(refs) if ids.is_uuid(ref.native_id)]
        if not asked:
            return {}
        try:
            rows = await self._rows(operation, config_id=asked[0].native_id if len(asked) == 1 else "")
        except ProviderError as error:
            return dict.fromkeys(asked, error)
        return {config.ref: config for config in map(translate.webhook_config, rows)}

    async def list_webhook_configs(
        self, page: PageRequest, operation: Operation, *, endpoint: str = ""
    ) -> Page[WebhookConfig]:
        """One call."""
        rows = await self._rows(operation, endpoint=endpoint)
        return Page(items=tuple(map(translate.webhook_config, rows)), token=page.token, total=len(rows))

    async def create_webhook_config(self, order: WebhookOrder, operation: Operation) -> tuple[Ref, Secret]:
        """One call."""
        made = await self._service.insert_config(translate.webhook_request(order), operation)
        return translate.webhook_config_ref(made.id), Secret(made.secret)

    async def find_webhook_configs(self, order: WebhookOrder, operation: Operation) -> Mapping[Ref, Secret]:
        """One call. The module writes types of events in lower case."""
        rows = await self._rows(operation, endpoint=order.endpoint)
        return {translate.webhook_config_ref(row.id): Secret(row.secret) for row in rows if _is_as_ordered(row, order)}

    async def delete_webhook_config(self, config: Ref, operation: Operation) -> None:
        """One call."""
        await self._service.delete_config(known(config, ids.is_uuid, DELETE_CONFIG), operation)

    async def activate_webhook_config(self, config: Ref, operation: Operation) -> None:
        """One call."""
        await self._service.activate_config(known(config, ids.is_uuid, ACTIVATE_CONFIG), operation)

    async def deactivate_webhook_config(self, config: Ref, operation: Operation) -> None:
        """One call."""
        await self._service.deactivate_config(known(config, ids.is_uuid, DEACTIVATE_CONFIG), operation)

    async def change_webhook_secret(self, config: Ref, secret: Secret, operation: Operation) -> None:
        """One call."""
        config_id = known(config, ids.is_uuid, CHANGE_CONFIG_SECRET)
        await self._service.change_config_secret(config_id, secret.reveal(), operation)

    async def signs_with(self, config: Ref, secret: Secret, operation: Operation) -> bool:
        """One call."""
        rows = await self._rows(operation, config_id=known(config, ids.is_uuid, GET_MANY_CONFIGS))
        secrets = [row.secret for row in rows if row.id == config.native_id]
        if not secrets:
            raise NotFound(Provider.FORMANCE, GET_MANY_CONFIGS.operation)
        return secrets == [secret.reveal()]

    async def test_webhook_config(self, config: Ref, operation: Operation) -> WebhookAttempt:
        """One call."""
        made = await self._service.test_config(known(config, ids.is_uuid, TEST_CONFIG), operation)
        return translate.webhook_attempt(made)

    async def _rows(
        self, operation: Operation, *, config_id: str = "", endpoint: str = ""
    ) -> tuple[models.WebhookConfig, ...]:
        return (await self._service.get_many_configs(operation, config_id=config_id, endpoint=endpoint)).data


def _is_as_ordered(row: models.WebhookConfig, order: WebhookOrder) -> bool:
    if order.secret is not None and row.secret != order.secret.reveal():
        return False
    types = {word.lower() for word in order.event_types}
    return (row.endpoint, row.name or None, set(row.event_types or ())) == (order.endpoint, order.name or None, types)
