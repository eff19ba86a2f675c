"""One request and its whole answer, within a time and a size: letter → transport → body → `Answer`."""

import asyncio
from collections.abc import Callable

import aiohttp
import httpx
import msgspec

from providers.answers import Answer
from providers.errors import Garbled, Rejected, TimedOut, Unreachable
from providers.transport import PASSAGE, BodyRefused, Passage, Transport, body_of

_MOST_TO_REFUSE = 64 * 1024
"""Bytes of an error's body. Of a larger one only the status is used."""


class Letter(msgspec.Struct, frozen=True):
    """A request that is ready to go. `timeout` is in seconds, for all of the exchange."""

    method: str
    url: str
    headers: dict[str, str]
    content: bytes
    timeout: float
    max_bytes: int
    passage: Passage | None = None
    """Given for a write: how far it came is noted here."""


async def exchange(
    letter: Letter, transport: Transport, *, large: asyncio.Semaphore, blame: Callable[..., Exception]
) -> Answer:
    """Send it and read the answer, whatever its status.

    Raises what `blame` makes of it: `Unreachable` or `TimedOut` when no whole answer came, `Garbled` when it cannot be
    read.
    """
    try:
        async with asyncio.timeout(letter.timeout):
            request = _request(letter)
            response = await transport.handle_async_request(request)
            try:
                limit = letter.max_bytes if response.is_success else _MOST_TO_REFUSE
                body = await body_of(response, limit=limit, large=large)
            except BodyRefused as error:
                if response.is_success:
                    raise blame(Garbled, error.reason, status=response.status_code) from error
                body = b""  # the status alone says enough
            finally:
                await response.aclose()
    except TimeoutError as error:
        raise blame(TimedOut) from error
    except httpx.InvalidURL as error:
        raise blame(Rejected, "The request is longer than a provider accepts.") from error
    except aiohttp.ClientResponseError as error:
        raise blame(Garbled) from error
    except (httpx.TransportError, aiohttp.ClientError, OSError) as error:
        raise blame(Unreachable) from error
    return Answer(response.status_code, response.headers, body)


def _request(letter: Letter) -> httpx.Request:
    extensions = {} if letter.passage is None else {PASSAGE: letter.passage}
    request = httpx.Request(
        letter.method, letter.url, headers=letter.headers, content=letter.content, extensions=extensions
    )
    if letter.passage is not None:
        letter.passage.has_left = True  # unless the transport knows better
    return request
