"""What all mutations share: checks of the input, the write itself, and the changed object read anew."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Generic, Protocol, TypeVar

import msgspec
import strawberry

from providers.domain import CUSTOMER_NOTE, Money, NodeType, Provider, Ref, Refusal, WriteOutcome
from providers.errors import ProviderError
from providers.money import InvalidAmount, of_asset
from providers.operation import Operation
from resolvers import ids
from resolvers.access.orders import Named, within
from resolvers.access.scopes import TO_READ
from resolvers.attempt import Write
from resolvers.caller import Caller
from resolvers.context import Info
from resolvers.node import by_ref
from resolvers.once import once
from resolvers.problems import BadInput, InProgress

PowerT = TypeVar("PowerT")
T = TypeVar("T")
_ASSET = re.compile(r"[A-Z][A-Z0-9]{0,16}(_[A-Z]{1,16})?(/[0-9]{1,2})?")
LONGEST_ORDER = 240.0
"""Seconds for a write and the reads that belong to it: vendors take up to 180 for some."""
PATIENCE = 5.0
"""Seconds that a client waits for an order that may take minutes. The order itself goes on."""
_LONGEST_TEXT = 1_000
_MOST_NOTES = 100


INPUT = strawberry.argument(description="What shall be done.")


class Changed(msgspec.Struct, frozen=True):
    """What a mutation answers: the changed object, or what the caller has to mend."""

    ref: Ref | None = None
    node: Any = None
    user_errors: tuple[Refusal, ...] = ()


class MoneyInput(Protocol):
    """The shape of the schema's input of this name."""

    amount: Any
    asset: str


class Checks:
    """Collects what is wrong with an input, so that the caller learns of everything at once, and what it names."""

    def __init__(self, info: Info) -> None:
        self.caller: Caller = info.context.caller
        self.refusals: list[Refusal] = []
        self.named: list[Named] = []

    def refuse(self, message: str, *field: str, code: str = "INVALID") -> None:
        """Note that a field is wrong."""
        self.refusals.append(Refusal(code, message, field))

    def ref(self, global_id: str, *field: str, of: Sequence[NodeType]) -> Ref | None:
        """The object that an id names; None and a refusal when it names none of these types."""
        try:
            ref = ids.decode(global_id, *of)
        except BadInput as error:
            self.refuse(str(error), *field)
            return None
        self.named.append(Named(ref, field))
        return ref

    def refs(self, global_ids: Iterable[str], *field: str, of: Sequence[NodeType]) -> tuple[Ref, ...]:
        """The objects that ids name."""
        found = [self.ref(global_id, *field, str(place), of=of) for place, global_id in enumerate(global_ids)]
        return tuple(ref for ref in found if ref is not None)

    def money(self, given: MoneyInput, *field: str) -> Money | None:
        """An amount above zero with no more decimals than its asset has."""
        try:
            money = of_asset(given.amount, given.asset) if _ASSET.fullmatch(given.asset) else None
        except InvalidAmount:
            money = None
        if money is None:
            self.refuse("The amount or the asset is not valid. An asset is written as `USD/2`.", *field)
            return None
        if money.minor_units is None:
            self.refuse("The amount has more decimals than the asset.", *field, code="TOO_MANY_DECIMALS")
            return None
        if money.minor_units <= 0:
            self.refuse("The amount must be above zero.", *field)
            return None
        return money

    def text(self, given: str, *field: str) -> str:
        """A text that is there and not endless."""
        if not given.strip() or len(given) > _LONGEST_TEXT:
            self.refuse(f"This needs 1 to {_LONGEST_TEXT} characters.", *field)
        return given

    def time(self, given: datetime | None, *field: str) -> datetime | None:
        """A time that says its offset from UTC."""
        if given is not None and given.tzinfo is None:
            self.refuse("A time needs an offset from UTC, such as `Z`.", *field)
        return given

    def notes(self, given: object, *field: str) -> Mapping[str, str]:
        """An object of strings."""
        try:
            notes = msgspec.convert(given if given is not None else {}, dict[str, str])
        except msgspec.ValidationError:
            self.refuse("This must be an object whose values are strings.", *field)
            return {}
        if len(notes) > _MOST_NOTES:
            self.refuse(f"At most {_MOST_NOTES} notes can be given.", *field)
        if CUSTOMER_NOTE in notes and not self.sees(notes[CUSTOMER_NOTE]):
            self.refuse("There is no such customer.", *field, CUSTOMER_NOTE, code="NOT_FOUND")
        return notes

    def sees(self, customer_id: str) -> bool:
        """Whether the caller may see a customer of the directory, who need not be there."""
        return self.caller.customers is None or customer_id in self.caller.customers

    def told(self, given: object, *field: str) -> None:
        """What callers that are bound to customers must say, so that it is their own that they change."""
        if self.caller.is_bound and not given:
            self.refuse("A caller that is bound to customers must give this.", *field)

    @property
    def failed(self) -> Changed | None:
        """The answer when something is wrong."""
        return Changed(user_errors=tuple(self.refusals)) if self.refusals else None


class Ordered(msgspec.Struct, Generic[PowerT], frozen=True):
    """A provider that can be ordered to do something, and the operation that the order belongs to.

    The order goes on when its client has left, so its operation lasts longer than the client's.
    """

    provider: Provider
    vendor: PowerT
    operation: Operation


def ordered(info: Info, power: type[PowerT]) -> Ordered[PowerT] | None:
    """The provider that can do this; None when none is set up."""
    for provider, vendor in info.context.providers.able(power).items():
        return Ordered(provider, vendor, info.context.operation.lasting(LONGEST_ORDER))
    return None


def off() -> Changed:
    """The answer when no provider that could do it is set up."""
    return Changed(user_errors=(Refusal("UNSUPPORTED", "No provider that can do this is set up."),))


async def carried_out(
    info: Info,
    to: Ordered[Any],
    *,
    name: str,
    key: str,
    order: object,
    checks: Checks,
    send: Callable[[], Awaitable[Ref | None]],
    shows: Callable[[], Awaitable[Ref | None]],
    settle: timedelta | None = None,
    patience: float | None = None,
) -> Changed:
    """Carry an order out once, and read what it changed.

    `name` is the mutation's. `order` is all that the caller asked for. `send` gives the object that it changed.
    `shows` looks at the provider: the same object when the order has taken effect, None when certainly not so far.
    `patience` is as for `changed`.
    """

    async def sent(_notes: bytes) -> Ref | None:
        return await send()

    async def found(_notes: bytes) -> WriteOutcome | None:
        ref = await shows()
        return WriteOutcome(ref) if ref else None

    return await changed(
        info,
        Write(operation=name, provider=to.provider, key=key, input=order, send=sent, find=found, settle=settle),
        checks,
        patience=patience,
    )


async def changed(info: Info, write: Write, checks: Checks, *, patience: float | None = None) -> Changed:
    """Carry a write out, and read what it changed. Nothing is sent for a caller who may not see what `checks` have
    named.

    With `patience`, an order that has not ended after so many seconds goes on without its client: the answer is then
    what it shows so far. Raises `InProgress` where that is nothing. The same key has the outcome later.
    """
    write = within(write, checks.named, info.context)
    outcome = await (once(info.context, write) if patience is None else _soon(info, write, patience))
    info.context.forget()
    if outcome.refusals or outcome.ref is None:
        return Changed(user_errors=outcome.refusals)
    if not info.context.caller.may(TO_READ[outcome.ref.type]):
        return Changed(outcome.ref)
    return Changed(outcome.ref, await by_ref(outcome.ref, info.context))


async def _soon(info: Info, write: Write, patience: float) -> WriteOutcome:
    """The outcome, or what shows of it when patience ends. Only the waiting is given up: the work is the app's."""
    notes: list[bytes] = []
    noted = msgspec.structs.replace(write, send=_noting(write.send, notes), find=_noting(write.find, notes))
    seconds = min(patience, info.context.operation.remaining / 3)
    try:
        async with asyncio.timeout(seconds):
            return await once(info.context, noted)
    except TimeoutError:
        if info.context.caller.is_bound and not notes:
            raise InProgress from None  # whether it is theirs to look at may not be decided yet
        return await _so_far(write, notes, seconds)


async def _so_far(write: Write, notes: Sequence[bytes], seconds: float) -> WriteOutcome:
    """What an order shows that is still under way. Whoever carries it out knows the notes; others do without."""
    shown = None
    with suppress(ProviderError, TimeoutError):
        async with asyncio.timeout(seconds):
            shown = await write.find(notes[-1] if notes else b"")
    if shown is None or shown.refusals:
        raise InProgress
    return shown


def _noting(does: Callable[[bytes], Awaitable[T]], notes: list[bytes]) -> Callable[[bytes], Awaitable[T]]:
    async def noted(given: bytes) -> T:
        notes.append(given)
        return await does(given)

    return noted


async def then(order: Awaitable[object], ref: Ref) -> Ref:
    """The object that an order was about, once it is carried out."""
    await order
    return ref


def node(root: strawberry.Parent[Changed], info: Info) -> Any:  # noqa: ANN401, ARG001 - any payload's; for the guard
    """The changed object."""
    return root.node


def deleted_id(root: strawberry.Parent[Changed]) -> str | None:
    """The id of an object that is no more."""
    return ids.encode(root.ref) if root.ref else None
