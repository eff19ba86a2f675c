"""The sandboxes of this process tell this server of their changes, as the vendors would."""

import asyncio
from collections.abc import Iterable, Mapping

from providers.connect import Plan
from providers.domain import Provider
from providers.loopback import is_loopback
from providers.outbox import Door, Outbox
from resolvers.screening import Refused
from serving.settings import Settings
from serving.webhooks.intake import Intake


def subscribed(planned: Plan, settings: Settings) -> Mapping[Provider, Outbox]:
    """Have each sandbox send its messages to this server. Nothing is sent before `listening`."""
    outboxes = {}
    for provider, stand_in in planned.sandboxes.stand_ins.items():
        secret = planned.webhooks[provider][0]
        outboxes[provider] = stand_in.subscribed(_url(settings, provider), secret.reveal())
        outboxes[provider].is_local = is_loopback(settings.host)
    return outboxes


def listening(outboxes: Mapping[Provider, Outbox], settings: Settings, intake: Intake) -> None:
    """Take what the sandboxes send from now on."""
    for provider, outbox in outboxes.items():
        outbox.open({_url(settings, provider): _door(intake, provider)})


async def closed(outboxes: Iterable[Outbox]) -> None:
    """See the end of what is under way."""
    await asyncio.gather(*(outbox.aclose() for outbox in outboxes))


def _url(settings: Settings, provider: Provider) -> str:
    return f"http://127.0.0.1:{settings.port}/webhooks/{provider.value}"


def _door(intake: Intake, provider: Provider) -> Door:
    async def door(headers: Mapping[str, str], body: bytes) -> int:
        try:
            await intake.take(provider, headers, body)
        except Refused as refusal:
            return refusal.status
        return 200

    return door
