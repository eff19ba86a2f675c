"""What mutations do to receivers of events."""

from collections.abc import Sequence
from typing import Annotated, Any, Protocol

import msgspec
import strawberry

from providers.config import Secret
from providers.domain import NodeType, Ref, WebhookAttempt, WebhookConfig, WriteOutcome
from providers.errors import NotFound, UnknownOutcome
from providers.orders.webhook import WebhookOrder, WritesWebhooks
from providers.protocols.webhook import ReadsWebhooks
from resolvers.attempt import Write
from resolvers.batching import value_of
from resolvers.context import Info
from resolvers.showing import showing
from resolvers.writing import INPUT, Changed, Checks, Ordered, carried_out, changed, off, ordered, then

_MOST_TYPES = 100
_FIELD = "webhookConfigId"


class CreateWebhookConfigInput(Protocol):
    """The shape of the schema's input of this name."""

    endpoint: str
    event_types: list[str]
    name: str | None
    secret: str | None
    idempotency_key: str


class WebhookConfigInput(Protocol):
    """The shape of the inputs that only name a receiver."""

    webhook_config_id: strawberry.ID
    idempotency_key: str


class ChangeWebhookConfigSecretInput(WebhookConfigInput, Protocol):
    """The shape of the schema's input of this name."""

    secret: str


# The annotations name the schema's input types by lazy references, because this layer does not import the schema.
Create = Annotated[Annotated["CreateWebhookConfigInput", strawberry.lazy("schema.webhook_orders")], INPUT]
One = Annotated[Annotated["WebhookConfigInput", strawberry.lazy("schema.webhook_orders")], INPUT]
Change = Annotated[Annotated["ChangeWebhookConfigSecretInput", strawberry.lazy("schema.webhook_orders")], INPUT]


async def create_webhook_config(info: Info, input: Create) -> Changed:
    """Make a receiver."""
    checks = Checks(info)
    order = _order(input, checks)
    to = ordered(info, WritesWebhooks)
    if to is None or checks.failed:
        return checks.failed or off()
    making = _Making(to, order)
    write = Write(
        operation="createWebhookConfig",
        provider=to.provider,
        key=input.idempotency_key,
        input=[order.endpoint, order.event_types, order.name, input.secret],
        prepare=making.prepare,
        send=making.send,
        find=making.find,
    )
    return showing(await changed(info, write, checks), making.secret)


async def delete_webhook_config(info: Info, input: One) -> Changed:
    """Delete a receiver."""
    checks = Checks(info)
    config = checks.ref(input.webhook_config_id, _FIELD, of=[NodeType.WEBHOOK_CONFIG])
    to = ordered(info, WritesWebhooks)
    if to is None or config is None:
        return checks.failed or off()

    async def is_gone() -> Ref | None:
        return None if await _config(info, to, config) else config

    return await carried_out(
        info,
        to,
        name="deleteWebhookConfig",
        key=input.idempotency_key,
        checks=checks,
        order=config,
        send=lambda: then(to.vendor.delete_webhook_config(config, to.operation), config),
        shows=is_gone,
    )


async def activate_webhook_config(info: Info, input: One) -> Changed:
    """Tell a receiver of events from now on."""
    return await _switched(info, input, is_wanted=True)


async def deactivate_webhook_config(info: Info, input: One) -> Changed:
    """Tell a receiver nothing from now on."""
    return await _switched(info, input, is_wanted=False)


async def change_webhook_config_secret(info: Info, input: Change) -> Changed:
    """Sign with another secret from now on."""
    checks = Checks(info)
    config = checks.ref(input.webhook_config_id, _FIELD, of=[NodeType.WEBHOOK_CONFIG])
    secret = Secret(checks.text(input.secret, "secret"))
    to = ordered(info, WritesWebhooks)
    if to is None or config is None or checks.failed:
        return checks.failed or off()

    async def shows() -> Ref | None:
        return config if await to.vendor.signs_with(config, secret, to.operation) else None

    return await carried_out(
        info,
        to,
        name="changeWebhookConfigSecret",
        key=input.idempotency_key,
        checks=checks,
        order=[config, input.secret],
        send=lambda: then(to.vendor.change_webhook_secret(config, secret, to.operation), config),
        shows=shows,
    )


async def test_webhook_config(info: Info, input: One) -> Changed:
    """Send a receiver a test."""
    checks = Checks(info)
    config = checks.ref(input.webhook_config_id, _FIELD, of=[NodeType.WEBHOOK_CONFIG])
    to = ordered(info, WritesWebhooks)
    if to is None or config is None:
        return checks.failed or off()
    attempts: list[WebhookAttempt] = []

    async def send() -> Ref:
        attempts.append(await to.vendor.test_webhook_config(config, to.operation))
        return config

    async def shows() -> Ref | None:
        raise UnknownOutcome(to.provider, "test_config")

    made = await carried_out(
        info,
        to,
        name="testWebhookConfig",
        key=input.idempotency_key,
        checks=checks,
        order=config,
        send=send,
        shows=shows,
    )
    return showing(made, next(iter(attempts), None))


class _Making:
    """One receiver to be made. `secret` is what it is signed with, once this has made it."""

    def __init__(self, to: Ordered[WritesWebhooks], order: WebhookOrder) -> None:
        self._to, self._order = to, order
        self.secret: Secret | None = None

    async def prepare(self) -> bytes:
        """The receivers that look the same and were there before."""
        found = await self._to.vendor.find_webhook_configs(self._order, self._to.operation)
        return msgspec.json.encode([ref.native_id for ref in found])

    async def send(self, _notes: bytes) -> Ref:
        """By one call."""
        ref, self.secret = await self._to.vendor.create_webhook_config(self._order, self._to.operation)
        return ref

    async def find(self, notes: bytes) -> WriteOutcome | None:
        """One that was not there before."""
        before = set(msgspec.json.decode(notes, type=list[str]))
        found = await self._to.vendor.find_webhook_configs(self._order, self._to.operation)
        new = [ref for ref in found if ref.native_id not in before]
        if not new:
            return None
        self.secret = found[new[0]]
        return WriteOutcome(new[0])


async def _switched(info: Info, input: WebhookConfigInput, *, is_wanted: bool) -> Changed:
    checks = Checks(info)
    config = checks.ref(input.webhook_config_id, _FIELD, of=[NodeType.WEBHOOK_CONFIG])
    to = ordered(info, WritesWebhooks)
    if to is None or config is None:
        return checks.failed or off()
    send = to.vendor.activate_webhook_config if is_wanted else to.vendor.deactivate_webhook_config

    async def shows() -> Ref | None:
        found = await _config(info, to, config)
        if found is None:
            raise NotFound(to.provider, "get_many_configs")
        return config if found.is_active is is_wanted else None

    return await carried_out(
        info,
        to,
        name="activateWebhookConfig" if is_wanted else "deactivateWebhookConfig",
        key=input.idempotency_key,
        checks=checks,
        order=config,
        send=lambda: then(send(config, to.operation), config),
        shows=shows,
    )


def _order(input: CreateWebhookConfigInput, checks: Checks) -> WebhookOrder:
    """What was asked for; not to be used when a check has failed."""
    types = [checks.text(word, "eventTypes", str(place)) for place, word in enumerate(input.event_types)]
    if not 0 < len(types) <= _MOST_TYPES:
        checks.refuse(f"This needs 1 to {_MOST_TYPES} types of events.", "eventTypes")
    return WebhookOrder(
        endpoint=checks.text(input.endpoint, "endpoint"),
        event_types=tuple(types),
        name=None if input.name is None else checks.text(input.name, "name"),
        secret=None if input.secret is None else Secret(checks.text(input.secret, "secret")),
    )


async def _config(info: Info, to: Ordered[Any], config: Ref) -> WebhookConfig | None:
    """The receiver as the provider has it now."""
    asked: Sequence[Ref] = [config]
    found = await info.context.providers.able(ReadsWebhooks)[to.provider].webhook_configs_by_ref(asked, to.operation)
    return value_of(found[config]) if config in found else None
