"""Where an operation's results go when there may be many: what its transport is told while it waits and works."""

from typing import Protocol


class Stream(Protocol):
    """The way to one client, for one operation."""

    @property
    def last_seen(self) -> str | None:
        """The cursor of the last event that the client has seen, when its transport says so."""

    async def wait(self) -> None:
        """Everything that was found is told. The operation waits for events from here on, however long."""

    def work(self, cursor: str) -> None:
        """The result that comes next is about the event with this cursor, and is given the usual time."""
