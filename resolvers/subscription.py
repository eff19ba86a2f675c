"""What subscribers are told: that an object changed, and the object as it is now at its provider.

An event carries no data. It is told to whoever may see the object as it is read then; what cannot be decided, because a
provider or the directory fails, ends the subscription with a cursor to go on from, and is never told to the wrong one.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from datetime import datetime
from typing import Annotated, Any

import msgspec
import strawberry

from providers.domain import Event, NodeType, Ref, Topic
from providers.errors import DirectoryUnavailable, ProviderError
from resolvers import event_cursor, ids
from resolvers.access.scopes import require
from resolvers.caller import Scope
from resolvers.context import Info, RequestContext
from resolvers.feed import Feed
from resolvers.node import by_ref, load_of
from resolvers.screening import Refused
from resolvers.streaming import Stream

ACCOUNTS = (NodeType.AGGREGATED_ACCOUNT, NodeType.PAYMENT_ACCOUNT, NodeType.SMART_ACCOUNT)

After = Annotated[
    str | None,
    strawberry.argument(
        description="The `cursor` of the last event that was seen: those since then come first. Only what happens from "
        "now on when omitted. One that is too old is refused with the code `EVENTS_LOST`."
    ),
]
OfCustomer = Annotated[
    strawberry.ID | None,
    strawberry.argument(
        description="A customer's global id: only what is of its accounts. Needs the scope `customers:read`."
    ),
]
Concerns = Callable[[Any, RequestContext], Awaitable[bool]]
"""Whether an object, as it is now, is one of those that a subscriber wants."""


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """An event, as it is told."""

    cursor: str
    occurred_at: datetime | None
    received_at: datetime
    ref: Ref


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What a subscription is about. `concerns` is asked when nothing but the object itself tells it."""

    topic: Topic
    after: str | None
    ref: Ref | None = None
    ledger: Ref | None = None
    """Whose transactions are wanted."""
    concerns: tuple[Concerns, ...] = ()


class Interrupted(Refused):
    """A subscription that cannot go on. `cursor` is where to go on from."""

    def __init__(self, cause: str, cursor: str) -> None:
        message = "It cannot be found out at present what is to be told. Subscribe again after this cursor."
        super().__init__("SUBSCRIPTION_INTERRUPTED", message, status=503, cause=cause, retryable=True, cursor=cursor)


def account_changed(
    info: Info,
    customer_id: OfCustomer = None,
    account_id: Annotated[
        strawberry.ID | None, strawberry.argument(description="An account's global id: only its own changes.")
    ] = None,
    after: After = None,
) -> AsyncGenerator[Change, None]:
    """Accounts that changed."""
    ref = None if account_id is None else ids.decode(account_id, *ACCOUNTS)
    concerns = _of_customer(customer_id, info.context, lambda account: (account.ref,))
    return told(info.context, Wanted(topic=Topic.ACCOUNT_CHANGED, after=after, ref=ref, concerns=concerns))


def payment_changed(
    info: Info,
    account_id: Annotated[
        strawberry.ID | None,
        strawberry.argument(
            description="An account's global id: only payments from it or to it. Needs the scope `accounts:read`."
        ),
    ] = None,
    customer_id: OfCustomer = None,
    after: After = None,
) -> AsyncGenerator[Change, None]:
    """Payments that changed."""
    concerns = _of_customer(customer_id, info.context, _ends)
    if account_id is not None:
        require(info.context.caller, Scope.ACCOUNTS_READ)
        concerns = (*concerns, _touches(ids.decode(account_id, *ACCOUNTS)))
    return told(info.context, Wanted(topic=Topic.PAYMENT_CHANGED, after=after, concerns=concerns))


def transfer_initiation_changed(
    info: Info,
    id: Annotated[
        strawberry.ID | None,
        strawberry.argument(description="A transfer initiation's global id: only its own changes."),
    ] = None,
    after: After = None,
) -> AsyncGenerator[Change, None]:
    """Transfer initiations that changed."""
    ref = None if id is None else ids.decode(id, NodeType.TRANSFER_INITIATION)
    return told(info.context, Wanted(topic=Topic.TRANSFER_INITIATION_CHANGED, after=after, ref=ref))


def node(root: strawberry.Parent[Change], info: Info) -> Awaitable[Any]:
    """The object that changed, as it is now."""
    return by_ref(root.ref, info.context)


async def told(context: RequestContext, wanted: Wanted) -> AsyncGenerator[Change, None]:
    """One change after another, for ever."""
    if context.is_explained:
        return
    feed, stream = context.feed, context.stream
    if feed is None or stream is None:
        raise Refused("BAD_REQUEST", "Subscriptions are not answered here.")
    with feed.admitted(context.caller):
        origin = await feed.events.origin()
        seen = await _start(feed, stream.last_seen or wanted.after)
        try:
            async with aclosing(feed.after(seen, wanted.topic)) as batches:
                await stream.wait()
                async for batch in batches:
                    async for event in _wanted_of(batch, wanted, context, stream, origin):
                        seen = event.sequence
                        yield _change(event, origin)
                    seen = batch[-1].sequence
                    await stream.wait()
        except (ProviderError, DirectoryUnavailable) as error:
            code = str(error.code) if isinstance(error, ProviderError) else "DIRECTORY_UNAVAILABLE"
            raise Interrupted(code, event_cursor.encode(origin, seen)) from error


async def _wanted_of(
    batch: Sequence[Event], wanted: Wanted, context: RequestContext, stream: Stream, origin: str
) -> AsyncGenerator[Event, None]:
    """Those that the subscriber wants and may see; the context is renewed for each."""
    newest = _newest([event for event in batch if _is_about(wanted, event.ref)])
    read: dict[Ref, Any] = {}
    for event in newest:
        stream.work(event_cursor.encode(origin, event.sequence))
        context.renew(batch[-1].sequence)
        if len(newest) > 1 and event is newest[0]:
            read = await _read_together([each.ref for each in newest], context)
        _prime(event.ref, read, context)
        if await _concerns(event.ref, wanted, context):
            yield event


def _change(event: Event, origin: str) -> Change:
    return Change(
        cursor=event_cursor.encode(origin, event.sequence),
        occurred_at=event.occurred_at,
        received_at=event.received_at,
        ref=event.ref,
    )


async def _start(feed: Feed, after: str | None) -> int:
    """The sequence number after which events are told."""
    return await feed.events.latest() if after is None else await event_cursor.placed(after, feed.events)


def _is_about(wanted: Wanted, ref: Ref) -> bool:
    """As far as an object's identity tells."""
    is_there = wanted.ledger is None or (wanted.ledger.provider, wanted.ledger.keys) == (ref.provider, ref.keys[:1])
    return is_there and wanted.ref in {None, ref}


def _newest(events: Sequence[Event]) -> list[Event]:
    """Of each object its newest event, in their order: the earlier ones would tell the same."""
    last = {event.ref: event for event in events}
    return [event for event in events if last[event.ref] is event]


async def _read_together(refs: Sequence[Ref], context: RequestContext) -> dict[Ref, Any]:
    """Those that could be read, by as few calls as there can be."""
    loaders = [getattr(context.loaders, load_of(ref.type)).get(ref.provider) for ref in refs]
    asked = [loader.load(ref) for ref, loader in zip(refs, loaders, strict=True) if loader is not None]
    found = await asyncio.gather(*asked, return_exceptions=True)
    return {each.ref: each for each in found if each is not None and not isinstance(each, BaseException)}


def _prime(ref: Ref, read: dict[Ref, Any], context: RequestContext) -> None:
    if ref in read and ref.provider is not None:
        getattr(context.loaders, load_of(ref.type))[ref.provider].prime(ref, read[ref])


async def _concerns(ref: Ref, wanted: Wanted, context: RequestContext) -> bool:
    """Whether it is to be told. Where only the object can say so, one that is gone concerns nobody."""
    if not wanted.concerns and not context.caller.is_bound:
        return True
    found = await by_ref(ref, context)
    if found is None:
        return False
    for concerns in wanted.concerns:
        if not await concerns(found, context):
            return False
    return True


def _of_customer(
    customer_id: str | None, context: RequestContext, accounts_of: Callable[[Any], Sequence[Ref | None]]
) -> tuple[Concerns, ...]:
    if customer_id is None:
        return ()
    require(context.caller, Scope.CUSTOMERS_READ)
    wanted = ids.decode(customer_id, NodeType.CUSTOMER).native_id

    async def concerns(found: Any, context: RequestContext) -> bool:  # noqa: ANN401 - any node
        """A failure counts only when no other account decides it."""
        asked = [context.loaders.owners_by_account.load(each) for each in accounts_of(found) if each is not None]
        owners = await asyncio.gather(*asked, return_exceptions=True)
        if wanted in owners:
            return True
        for owner in owners:
            if isinstance(owner, BaseException):
                raise owner
        return False

    return (concerns,)


def _touches(account: Ref) -> Concerns:
    async def concerns(found: Any, _context: RequestContext) -> bool:  # noqa: ANN401 - a payment
        return account in _ends(found)

    return concerns


def _ends(moved: Any) -> Sequence[Ref | None]:  # noqa: ANN401 - a payment or a transfer
    return (moved.source, moved.destination)
