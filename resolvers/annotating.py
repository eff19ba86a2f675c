"""Notes that mutations add to an object's."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec

from providers.domain import Ref, Refusal, WriteOutcome
from providers.errors import NotFound, ProviderError
from resolvers.attempt import Write, refusal
from resolvers.context import Info
from resolvers.writing import Changed, Checks, Ordered, changed, then


def some(checks: Checks, given: object, *field: str) -> Mapping[str, str]:
    """An object of strings with at least one of them."""
    wrong = len(checks.refusals)
    notes = checks.notes(given, *field)
    if not notes and len(checks.refusals) == wrong:
        checks.refuse("At least one note is needed.", *field)
    return notes


async def annotated(
    info: Info,
    to: Ordered[Any],
    *,
    name: str,
    key: str,
    checks: Checks,
    ref: Ref,
    field: str,
    notes: Mapping[str, str],
    send: Callable[[], Awaitable[None]],
    kept: Callable[[], Awaitable[Mapping[str, str]]],
) -> Changed:
    """Add notes to an object once, and read it.

    `name` is the mutation's, `field` the input's that names the object. `kept` reads the object's notes anew.
    """

    async def find(_notes: bytes) -> WriteOutcome | None:
        return WriteOutcome(ref) if notes.items() <= (await kept()).items() else None

    write = Write(
        operation=name,
        provider=to.provider,
        key=key,
        input=[ref, notes],
        send=lambda _notes: then(send(), ref),
        find=find,
        refusal=lambda error: about(error, field),
    )
    return await changed(info, write, checks)


def about(error: ProviderError, field: str) -> Refusal:
    """A refusal; that an object is not there is about the field which names it."""
    refused = refusal(error)
    return msgspec.structs.replace(refused, field=(field,)) if isinstance(error, NotFound) else refused
