"""The store of what providers have told of."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from providers.domain.event import Event, Message, Topic


class Events(Protocol):
    """All processes that share the directory share its events. Every method raises `DirectoryUnavailable`."""

    async def append(self, message: Message) -> Sequence[Event]:
        """Store what a message tells, and give it; nothing when the provider's message of this id is stored already."""

    async def after(self, sequence: int, *, topics: Sequence[Topic] = (), limit: int = 100) -> Sequence[Event]:
        """Events that follow a sequence number, oldest first; of all topics when none is given."""

    async def latest(self) -> int:
        """The sequence number of the newest event that there ever was; 0 before there is one."""

    async def origin(self) -> str:
        """A word that no other store has: sequence numbers mean nothing elsewhere."""

    async def oldest(self) -> int | None:
        """The sequence number of the oldest event that is still kept; None when none is."""

    def watch(self, heard: Callable[[], None]) -> None:
        """Call this whenever events were stored by this process, and by it alone."""

    async def prune(self, before: datetime) -> int:
        """Forget events that were received before a time, and say how many. Their ids are still known."""
