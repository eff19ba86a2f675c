"""A public document of a third party, such as an issuer's keys: fetched whole and in time, or not at all."""

import asyncio

from providers.errors import ProviderError
from providers.exchange import exchange
from providers.letter import Headers, Letter
from providers.wire import Wire


class DocumentUnavailable(Exception):
    """There is no document. The message is a word or two of ours, never a part of an address or an answer."""


async def fetched(url: str, *, timeout: float, max_bytes: int) -> bytes:  # noqa: ASYNC109 - of all, as of each call
    """The body of a 200, at most `max_bytes` of it after unpacking, within `timeout` seconds. Redirects are refused.

    Over a connection of its own, with no credential and no retry. Raises `DocumentUnavailable`.
    """
    headers = Headers({"accept": "application/json", "accept-encoding": "gzip"})
    letter = Letter("GET", url, headers, b"", timeout, max_bytes)
    transport = Wire()
    try:
        answer = await exchange(letter, transport, large=asyncio.Semaphore(1), blame=_blame)
    finally:
        await transport.aclose()
    if answer.status != 200:
        raise DocumentUnavailable(f"status {answer.status}")
    return answer.body


def _blame(kind: type[ProviderError], _message: str | None = None, **_detail: object) -> DocumentUnavailable:
    return DocumentUnavailable(kind.__name__)
