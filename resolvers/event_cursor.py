"""Places between events, as clients name them: opaque, url-safe, and of one store of events only."""

import msgspec

from providers.protocols import Events
from resolvers.ids import from_text, to_text
from resolvers.problems import BadInput
from resolvers.screening import Refused

_LONGEST = 200


class _Place(msgspec.Struct, array_like=True, frozen=True):
    version: int
    origin: str
    sequence: int


_decoder = msgspec.json.Decoder(_Place)


class EventsLost(Refused):
    """What happened since a cursor cannot be told any more: the client has to read anew what it shows."""

    def __init__(self) -> None:
        message = (
            "The events that follow this cursor are not kept any more. Read anew what you show, then subscribe again "
            "without a cursor."
        )
        super().__init__("EVENTS_LOST", message, status=410, retryable=False)


def encode(origin: str, sequence: int) -> str:
    """The place after an event, in the store of this name."""
    return to_text(msgspec.json.encode(_Place(1, origin, sequence)))


async def placed(cursor: str, events: Events) -> int:
    """The sequence number of a cursor. Raises `BadInput`, or `EventsLost` when others that follow it are gone."""
    try:
        place = _decoder.decode(from_text(cursor, longest=_LONGEST))
    except (ValueError, msgspec.DecodeError):
        raise BadInput("The cursor is not one of an event.") from None
    if place.version != 1 or place.sequence < 0:
        raise BadInput("The cursor is not one of an event.")
    if place.origin != await events.origin() or place.sequence > await events.latest():
        raise EventsLost
    await hold(place.sequence, events)
    return place.sequence


async def hold(sequence: int, events: Events) -> None:
    """Raise `EventsLost` when an event that follows a sequence number is not kept any more."""
    oldest = await events.oldest()
    if oldest is None:
        oldest = await events.latest() + 1
    if sequence + 1 < oldest:
        raise EventsLost
