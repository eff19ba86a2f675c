"""One request and its whole answer, within a time and a size: letter → connection → body → `Answer`."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from providers.answers import Answer
from providers.bodies import BodyRefused
from providers.connection import Lost, NotHttp
from providers.errors import Garbled, Rejected, TimedOut, Unreachable
from providers.letter import Letter
from providers.wire import TooLong, Wire

if TYPE_CHECKING:
    import httpx

Transport: TypeAlias = "httpx.AsyncBaseTransport | Wire"
"""What reaches a vendor: real connections, or an httpx transport, such as the one to a sandbox in this process."""


async def exchange(
    letter: Letter, transport: Transport, *, large: asyncio.Semaphore, blame: Callable[..., Exception]
) -> Answer:
    """Send it and read the answer, whatever its status.

    Raises what `blame` makes of it: `Unreachable` or `TimedOut` when no whole answer came, `Garbled` when it cannot be
    read.
    """
    try:
        if isinstance(transport, Wire):
            return await _by_wire(letter, transport, large, blame)
        # Only here: a server without sandboxes needs no httpx.
        from providers.transport import by_httpx  # noqa: PLC0415

        async with asyncio.timeout(letter.timeout):
            return await by_httpx(letter, transport, large, blame)
    except TimeoutError as error:
        raise blame(TimedOut) from error
    except TooLong as error:
        raise blame(Rejected, "The request is longer than a provider accepts.") from error
    except NotHttp as error:
        raise blame(Garbled) from error
    except (Lost, OSError) as error:
        raise blame(Unreachable) from error


async def _by_wire(letter: Letter, wire: Wire, large: asyncio.Semaphore, blame: Callable[..., Exception]) -> Answer:
    reply = await wire.exchange(letter, large=large)
    error = reply.error
    if error is None:
        return Answer(reply.status, reply.headers, reply.body)
    if not isinstance(error, BodyRefused):
        raise error
    if reply.is_success:
        raise blame(Garbled, error.reason, status=reply.status) from error
    return Answer(reply.status, reply.headers, b"")  # the status alone says enough
