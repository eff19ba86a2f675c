"""Records whose identity the caller chooses: the provider takes a second one for the first, so we look before.

Providers answer "done" to a record that is there already, and either change it or leave it as it was.
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import msgspec

from providers.domain import Provider, Ref, Refusal, WriteOutcome
from providers.errors import ProviderError, Rejected, UnknownOutcome
from resolvers.annotating import about
from resolvers.attempt import Write
from resolvers.writing import Checks


class _Exists(Rejected):
    """Found before anything was sent."""

    code = "ALREADY_EXISTS"


class Recording(msgspec.Struct, frozen=True, kw_only=True):
    """One record to be made. `name` is the mutation's, `noun` what it makes, in words."""

    provider: Provider
    name: str
    noun: str
    record: Callable[[], Awaitable[Ref]]
    found: Callable[[], Awaitable[Ref | None]]
    """The record of that identity, whatever it holds."""
    is_same: Callable[[Ref], Awaitable[bool]]
    """Whether the record holds what was ordered."""

    def write(self, key: str, order: object) -> Write:
        """The write that is refused when the record is there before it."""
        return Write(
            operation=self.name,
            provider=self.provider,
            key=key,
            input=order,
            send=self._send,
            find=self._find,
            prepare=self._prepare,
            refusal=_refusal,
        )

    async def _prepare(self) -> bytes:
        if await self.found():
            raise self._exists
        return b""

    async def _send(self, _notes: bytes) -> Ref:
        """Somebody may have been quicker since we looked: a server that keeps the first answers as if it were ours."""
        ref = await self.record()
        try:
            is_ours = await self.is_same(ref)
        except ProviderError as error:
            raise UnknownOutcome(self.provider, self.name) from error
        if not is_ours:
            raise self._exists
        return ref

    async def _find(self, _notes: bytes) -> WriteOutcome | None:
        """Somebody else's record under this identity means that ours will never be."""
        ref = await self.found()
        if ref is None:
            return None
        return WriteOutcome(ref) if await self.is_same(ref) else WriteOutcome(None, (_refusal(self._exists),))

    @property
    def _exists(self) -> ProviderError:
        message = f"There is another {self.noun} with this reference at this connector."
        return _Exists(self.provider, self.name, message)


def past(checks: Checks, given: datetime, *field: str) -> datetime:
    """A time that is not ahead."""
    if given > datetime.now(UTC):
        checks.refuse("This must not be in the future.", *field)
    return given


def _refusal(error: ProviderError) -> Refusal:
    refused = about(error, "connectorId")
    return msgspec.structs.replace(refused, field=("reference",)) if isinstance(error, _Exists) else refused
