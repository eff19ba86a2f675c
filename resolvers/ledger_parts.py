"""Writes of many parts: each part's outcome is told, also when some of them were refused."""

import asyncio
from collections.abc import Sequence
from typing import Any, Self

import msgspec
import strawberry

from providers.domain import LedgerBulkAction, LedgerTransaction, Ref, Refusal, WriteOutcome
from resolvers.access.orders import within
from resolvers.access.scopes import TO_READ
from resolvers.attempt import Write
from resolvers.context import Info
from resolvers.node import by_ref
from resolvers.once import once
from resolvers.writing import Changed, Checks


class ChangedMany(Changed, frozen=True):
    """What a mutation of many parts answers. `parts` are the transactions that they made, or took back."""

    parts: tuple[Ref | None, ...] = ()

    @classmethod
    def refused(cls, changed: Changed) -> Self:
        """Nothing was done."""
        return cls(user_errors=changed.user_errors)


class PartResult(msgspec.Struct, frozen=True):
    """What became of one part. `ref` is the transaction that it made or took back."""

    index: int
    action: LedgerBulkAction
    ref: Ref | None
    error: Refusal | None


async def changed_many(info: Info, write: Write, checks: Checks) -> ChangedMany:
    """Carry a write of many parts out, and read what it was about."""
    outcome = await once(info.context, within(write, checks.named, info.context))
    info.context.forget()
    return await _shown(info, outcome)


async def transactions(root: strawberry.Parent[ChangedMany], info: Info) -> list[LedgerTransaction] | None:
    """The transactions that were made."""
    if root.ref is None:
        return None
    found = await asyncio.gather(*(by_ref(ref, info.context) for ref in root.parts if ref is not None))
    return [each for each in found if each is not None]


async def transaction(root: strawberry.Parent[PartResult], info: Info) -> LedgerTransaction | None:
    """The transaction of a part."""
    found: LedgerTransaction | None = await by_ref(root.ref, info.context) if root.ref else None
    return found


def results(actions: Sequence[LedgerBulkAction], done: ChangedMany, field: str) -> list[PartResult]:
    """What became of each part of an input's list `field`. Nothing, when the write as a whole was refused."""
    if done.ref is None:
        return []
    errors = {refusal.field[1]: refusal for refusal in done.user_errors if refusal.field[:1] == (field,)}
    parts = [*done.parts, *[None] * (len(actions) - len(done.parts))]
    return [
        PartResult(place, action, part, errors.get(str(place)))
        for place, (action, part) in enumerate(zip(actions, parts, strict=True))
    ]


async def _shown(info: Info, outcome: WriteOutcome) -> ChangedMany:
    if outcome.ref is None:
        return ChangedMany(user_errors=outcome.refusals)
    node: Any = None
    if info.context.caller.may(TO_READ[outcome.ref.type]):
        node = await by_ref(outcome.ref, info.context)
    return ChangedMany(outcome.ref, node, outcome.refusals, outcome.parts)
