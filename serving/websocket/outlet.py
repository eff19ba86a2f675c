"""Where an operation's results go: a transport that can carry many of them."""

from typing import Any, Protocol

from resolvers.screening import Refused


class Outlet(Protocol):
    """The way to one client, for one operation."""

    async def begin(self) -> None:
        """The operation is good, and waits for events: there may be no result for long. May be called again."""

    async def deliver(self, body: dict[str, Any], *, cursor: str | None, refusal: Refused | None) -> None:
        """Send a result. `cursor` names the event that it is about; `refusal` is why the operation was not run."""

    async def give_up(self) -> None:
        """End it: the client does not take what is sent."""
