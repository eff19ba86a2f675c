"""Whether an order to a connector has taken effect, told by the list of connectors and by their settings.

The notes that are kept for this hold ids and names, and never a setting.
"""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

import msgspec

from providers.domain import Connector, ConnectorSetting, Ref, WriteOutcome
from providers.errors import NotFound, ProviderError
from providers.orders import ConnectorOrder, ManagesConnectors
from providers.protocols import ReadsConnectors, ReadsConnectorSettings
from resolvers.attempt import Write, refusal
from resolvers.connector_config import has
from resolvers.context import Info
from resolvers.writing import Ordered

Send = Callable[[], Awaitable[None]]
_HAS, _HAS_NOT = b"has", b"has not"


class Before(msgspec.Struct, frozen=True):
    """A connector before an order was sent."""

    ref: Ref
    name: str
    is_leaving: bool


class Connectors:
    """The connectors of the provider that an order goes to."""

    def __init__(self, info: Info, to: Ordered[ManagesConnectors], key: str) -> None:
        self._info, self._to, self._key = info, to, key

    def install(self, name: str, order: ConnectorOrder) -> Write:
        """Install one. One that had the name before is not it, nor is one with other settings."""

        async def prepare() -> bytes:
            return msgspec.json.encode(await self._named(str(order.settings["name"])))

        async def send(_notes: bytes) -> Ref:
            return await self._to.vendor.install_connector(order, self._to.operation)

        async def find(notes: bytes) -> WriteOutcome | None:
            found = await self._named(str(order.settings["name"]), of=order.provider_name)
            if not notes or found is None or found == msgspec.json.decode(notes, type=Ref | None):
                return None
            settings = await self._settings(found)
            return WriteOutcome(found) if settings is not None and has(settings, order) else None

        return self._write(name, order, prepare=prepare, send=send, find=find)

    def update(self, name: str, connector: Ref, order: ConnectorOrder) -> Write:
        """Replace settings. Where they only differ in secrets nobody can tell, and they are replaced once more."""

        async def prepare() -> bytes:
            settings = await self._settings(connector)
            if settings is None:
                raise NotFound(self._to.provider, name)
            return _HAS if has(settings, order) else _HAS_NOT

        async def send(_notes: bytes) -> Ref:
            await self._to.vendor.update_connector(connector, order, self._to.operation)
            return connector

        async def find(notes: bytes) -> WriteOutcome | None:
            if notes != _HAS_NOT:
                return None
            settings = await self._settings(connector)
            if settings is None:
                return WriteOutcome(None, (refusal(NotFound(self._to.provider, name)),))
            return WriteOutcome(connector) if has(settings, order) else None

        return self._write(name, [connector, order], prepare=prepare, send=send, find=find)

    def remove(self, name: str, connector: Ref, send: Send, *, is_for_good: bool) -> Write:
        """Uninstall one, or reset it, which brings it back under its name with another id."""

        async def before() -> Before:
            for each in await self._all():
                if each.ref == connector:
                    return Before(each.ref, each.name, each.is_scheduled_for_deletion)
            raise NotFound(self._to.provider, name)

        return self._removal(name, connector, before, send, is_for_good=is_for_good)

    def remove_kind(self, name: str, provider_name: str, send: Send, *, is_for_good: bool) -> Write:
        """The same for the only one of a kind. Where it is not the only one, the provider refuses."""

        async def before() -> Before | None:
            kind = _bare(provider_name)
            found = [each for each in await self._all() if _bare(each.provider_name) == kind]
            if len(found) != 1:
                return None
            return Before(found[0].ref, found[0].name, found[0].is_scheduled_for_deletion)

        return self._removal(name, provider_name, before, send, is_for_good=is_for_good)

    def _removal(
        self,
        name: str,
        order: object,
        before: Callable[[], Awaitable[Before | None]],
        send: Send,
        *,
        is_for_good: bool,
    ) -> Write:
        async def prepare() -> bytes:
            return msgspec.json.encode(await before())

        async def find(notes: bytes) -> WriteOutcome | None:
            known = msgspec.json.decode(notes, type=Before | None) if notes else None
            if known is None:
                return None
            there = next((each for each in await self._all() if each.ref == known.ref), None)
            if there and not (there.is_scheduled_for_deletion and (is_for_good or not known.is_leaving)):
                return None
            back = None if is_for_good else await self._named(known.name)
            return WriteOutcome(back or known.ref)

        async def sent(notes: bytes) -> Ref | None:
            await send()
            with suppress(ProviderError):
                found = await find(notes)
                if found:
                    return found.ref
            known = msgspec.json.decode(notes, type=Before | None)
            return known.ref if known else None

        return self._write(name, order, prepare=prepare, send=sent, find=find)

    def _write(
        self,
        name: str,
        order: object,
        *,
        prepare: Callable[[], Awaitable[bytes]],
        send: Callable[[bytes], Awaitable[Ref | None]],
        find: Callable[[bytes], Awaitable[WriteOutcome | None]],
    ) -> Write:
        provider = self._to.provider
        return Write(
            operation=name, provider=provider, key=self._key, input=order, prepare=prepare, send=send, find=find
        )

    async def _all(self) -> Sequence[Connector]:
        vendor = self._info.context.providers.able(ReadsConnectors)[self._to.provider]
        return await vendor.list_connectors(self._to.operation)

    async def _named(self, name: str, *, of: str | None = None) -> Ref | None:
        """The connector of a name, and of a kind, that is not on its way out."""
        for each in await self._all():
            if each.name == name and of in (None, each.provider_name) and not each.is_scheduled_for_deletion:
                return each.ref
        return None

    async def _settings(self, connector: Ref) -> Sequence[ConnectorSetting] | None:
        vendor = self._info.context.providers.able(ReadsConnectorSettings)[self._to.provider]
        return await vendor.connector_settings(connector, self._to.operation)


def _bare(provider_name: str) -> str:
    return provider_name.replace("-", "").upper()
