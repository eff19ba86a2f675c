"""One request and its whole answer, within a time and a size: letter → connection → body → `Answer`."""

import asyncio
from collections.abc import Callable

import httpx

from providers.answers import Answer
from providers.bodies import BodyRefused
from providers.connection import MOST_TO_REFUSE, Lost, NotHttp
from providers.errors import Garbled, Rejected, TimedOut, Unreachable
from providers.letter import Letter
from providers.transport import Transport, body_of, request_of
from providers.wire import TooLong, Wire


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
        async with asyncio.timeout(letter.timeout):
            return await _by_httpx(letter, transport, large, blame)
    except TimeoutError as error:
        raise blame(TimedOut) from error
    except (TooLong, httpx.InvalidURL) as error:
        raise blame(Rejected, "The request is longer than a provider accepts.") from error
    except NotHttp as error:
        raise blame(Garbled) from error
    except (Lost, httpx.TransportError, OSError) as error:
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


async def _by_httpx(
    letter: Letter, transport: httpx.AsyncBaseTransport, large: asyncio.Semaphore, blame: Callable[..., Exception]
) -> Answer:
    response = await transport.handle_async_request(request_of(letter))
    try:
        limit = letter.max_bytes if response.is_success else MOST_TO_REFUSE
        body = await body_of(response, limit=limit, large=large)
    except BodyRefused as error:
        if response.is_success:
            raise blame(Garbled, error.reason, status=response.status_code) from error
        body = b""
    finally:
        await response.aclose()
    return Answer(response.status_code, response.headers, body)
