"""The webhooks module: who is told of the stack's events."""

import msgspec

from providers.formance.models import Cursor, Data, Envelope
from providers.formance.models.webhooks import (
    WebhookAttempt,
    WebhookConfig,
    WebhookConfigRequest,
    WebhookSecretRequest,
)
from providers.http import Endpoint, Query, Upstream
from providers.operation import Operation

GET_MANY_CONFIGS = Endpoint("get_many_configs", "GET", "/api/webhooks/configs")
INSERT_CONFIG = Endpoint("insert_config", "POST", "/api/webhooks/configs")
DELETE_CONFIG = Endpoint("delete_config", "DELETE", "/api/webhooks/configs/{id}")
TEST_CONFIG = Endpoint("test_config", "GET", "/api/webhooks/configs/{id}/test")
ACTIVATE_CONFIG = Endpoint("activate_config", "PUT", "/api/webhooks/configs/{id}/activate")
DEACTIVATE_CONFIG = Endpoint("deactivate_config", "PUT", "/api/webhooks/configs/{id}/deactivate")
CHANGE_CONFIG_SECRET = Endpoint("change_config_secret", "PUT", "/api/webhooks/configs/{id}/secret/change")

_CONFIGS = msgspec.json.Decoder(Envelope[WebhookConfig])
_CONFIG = msgspec.json.Decoder(Data[WebhookConfig])
_ATTEMPT = msgspec.json.Decoder(Data[WebhookAttempt])


class WebhooksService:
    """One method for each operation."""

    def __init__(self, upstream: Upstream) -> None:
        self._upstream = upstream

    async def get_many_configs(
        self, operation: Operation, *, config_id: str = "", endpoint: str = ""
    ) -> Cursor[WebhookConfig]:
        """All receivers at once, or those of an id or address."""
        given = {"id": config_id, "endpoint": endpoint}
        query: Query = [(name, value) for name, value in given.items() if value]
        return (await self._upstream.read(GET_MANY_CONFIGS, _CONFIGS, operation, query=query)).cursor

    async def insert_config(self, body: WebhookConfigRequest, operation: Operation) -> WebhookConfig:
        """Make a receiver."""
        content = msgspec.json.encode(body)
        return (await self._upstream.write(INSERT_CONFIG, _CONFIG, operation, content=content)).data

    async def delete_config(self, config_id: str, operation: Operation) -> None:
        """Delete a receiver. One that is not there is not found."""
        await self._upstream.command(DELETE_CONFIG, operation, path={"id": config_id})

    async def test_config(self, config_id: str, operation: Operation) -> WebhookAttempt:
        """Send a receiver a test. It is asked with GET and has an effect, so it is sent once like any order."""
        return (await self._upstream.write(TEST_CONFIG, _ATTEMPT, operation, path={"id": config_id})).data

    async def activate_config(self, config_id: str, operation: Operation) -> None:
        """Tell a receiver of events from now on."""
        await self._upstream.command(ACTIVATE_CONFIG, operation, path={"id": config_id})

    async def deactivate_config(self, config_id: str, operation: Operation) -> None:
        """Tell a receiver nothing from now on."""
        await self._upstream.command(DEACTIVATE_CONFIG, operation, path={"id": config_id})

    async def change_config_secret(self, config_id: str, secret: str, operation: Operation) -> None:
        """Sign with another secret from now on."""
        content = msgspec.json.encode(WebhookSecretRequest(secret))
        await self._upstream.command(CHANGE_CONFIG_SECRET, operation, path={"id": config_id}, content=content)
