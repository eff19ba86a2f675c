"""The one caller of every vendor: no HTTP leaves the process, or reaches a sandbox, but through `Upstream`.

read → flight shared with identical reads → attempt, again where it may help → breaker, concurrency limit, token,
total time-out, size cap → exact JSON → the caller's own deadline and record.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from typing import Any, TypeVar, cast

import msgspec

from providers.address import address
from providers.answers import Answer, Explain, decode, problem
from providers.breaker import BreakerRefused, Breakers
from providers.domain import Provider
from providers.endpoint import Authenticator, Endpoint, HttpSettings, Query, Request
from providers.errors import (
    BreakerOpen,
    CallLimit,
    NotFound,
    ProviderError,
    RateLimited,
    Rejected,
    TimedOut,
    Unauthorized,
    UnknownOutcome,
    Unreachable,
    Unsupported,
)
from providers.exchange import Transport, exchange
from providers.flight import Flights
from providers.kept import Kept, Place, Shelf
from providers.letter import Headers, Letter, Passage
from providers.operation import Operation
from providers.recording import Call, Recorded, Trail, trail_of
from providers.retry import Retries
from providers.signing import Signing, traced
from providers.telemetry import Telemetry
from providers.verdicts import is_failure, is_lost

__all__ = ["Authenticator", "Endpoint", "HttpSettings", "Query", "Upstream"]

T = TypeVar("T")

_ANY = msgspec.json.Decoder()
"""Stands for an answer whose body is not looked at."""

_LARGE_AT_ONCE = 2
"""Large bodies of one vendor that are read at once."""

OCCASIONS, OCCASION_SECONDS = 50, 2.0
"""Answers that were read for events, and how long they are given to others who are told of the same event."""
_NEVER: Any = object()


class Upstream:
    """Calls one vendor with one credential."""

    def __init__(
        self,
        *,
        provider: Provider,
        base_url: str,
        transport: Transport,
        telemetry: Telemetry,
        settings: HttpSettings | None = None,
        headers: Mapping[str, str] | None = None,
        explain: Explain | None = None,
    ) -> None:
        self.provider = provider
        self.settings = settings or HttpSettings()
        self._base_url = base_url.rstrip("/")
        self._transport = transport
        self._telemetry = telemetry
        self._explain = explain
        usual = {"accept": "application/json", "accept-encoding": "gzip", "user-agent": "tributary"}
        self._signing = Signing(Headers({**usual, **(headers or {})}))
        self._flights: Flights[Any, Trail] = Flights()
        self._slots = asyncio.Semaphore(self.settings.concurrency)
        self._slots_for_writes = asyncio.Semaphore(self.settings.concurrency)
        self._large = asyncio.Semaphore(_LARGE_AT_ONCE)
        self._occasions: Shelf[Any, Any] = Shelf(entries=OCCASIONS, size=OCCASIONS)
        """What was read for an event, for all others who are told of the same one."""
        self._writes = 0
        """Writes that have ended. A read after one does not share what was asked before it."""
        self._retries = Retries(self.settings.retry)
        self._breakers = Breakers(self.settings.breaker, time.monotonic)
        self.authenticator: Authenticator | None = None
        self.kept: Kept | None = None
        self._accepted: Mapping[str, str] | None = None
        """The authentication of the last call that was answered well."""

    async def aclose(self) -> None:
        """Close the connections."""
        await self._transport.aclose()

    async def read(
        self,
        endpoint: Endpoint,
        decoder: "msgspec.json.Decoder[T]",
        operation: Operation,
        *,
        path: Mapping[str, str] | None = None,
        query: Query = (),
        content: bytes = b"",
        authenticated: bool = True,
        is_counted: bool = True,
        max_age: float = 0.0,
        lines: int = 0,
    ) -> T:
        """Ask for something that may be asked twice. Raises a `ProviderError`.

        `content` is a body of JSON, for questions that are too long for an address. `is_counted` is false for what an
        operation needs without having asked for it. With `max_age` an answer may be so many seconds old; then nobody
        is called, and nothing is counted or recorded.
        """
        if not operation.remaining:
            raise TimedOut(self.provider, endpoint.operation)
        request = self._request(endpoint, self._url(endpoint, path or {}, query), content, lines=lines)
        question = (endpoint.method, f"{request.url} {content.decode()}" if content else request.url, authenticated)

        place: Place[T] | None = None
        if max_age and self.kept is not None and not operation.is_afresh:
            place = await self.kept.look(question, decoder, max_age)
            if place.found is not None:
                return place.found

        def work(trail: Trail) -> Coroutine[Any, Any, T]:
            if is_counted and not operation.spend():
                raise CallLimit(self.provider, endpoint.operation)
            persist = self._persist if authenticated else self._persist_anonymous
            if place is None:
                return persist(request, decoder, operation, trail)
            return place.filled(lambda: persist(request, decoder, operation, trail))

        key = (question, decoder, lines, self._writes, operation.occasion)
        if operation.occasion and (told := self._occasions.get(key, OCCASION_SECONDS, _NEVER)) is not _NEVER:
            return cast("T", told)
        flight, is_shared = self._flights.join(key, trail=lambda: trail_of(operation), work=work, loop=operation.loop)
        with self._recorded(endpoint, operation, flight.trail, coalesced=is_shared):
            try:
                result: T = await self._flights.landed(flight, deadline=operation.deadline)
            except TimeoutError as error:
                raise TimedOut(self.provider, endpoint.operation) from error
            if operation.occasion and not is_shared:
                self._occasions.put(key, result, since=time.monotonic(), size=1)
            return result

    async def fetch_token(
        self,
        endpoint: Endpoint,
        decoder: "msgspec.json.Decoder[T]",
        operation: Operation,
        *,
        content: bytes,
        headers: Mapping[str, str],
        is_retried: bool = True,
    ) -> T:
        """Ask for a token: without authentication, and again only where no answer came. Raises a `ProviderError`.

        Whatever the vendor refuses here is `Unauthorized`: it says nothing of what the token was wanted for.
        `is_retried` is false where each try counts: one whose answer was lost may have been refused.
        """
        request = Request(endpoint, self._url(endpoint, {}, ()), self._signing.extended(headers), content)
        trail = trail_of(operation)
        with self._recorded(endpoint, operation, trail, is_token=True):
            retried = (Unreachable,) if is_retried else ()
            try:
                return await self._persist_anonymous(request, decoder, operation, trail, retried=retried)
            except (Rejected, NotFound, Unsupported) as error:
                blame = self._blame(request)
                raise blame(Unauthorized, status=error.status, vendor_code=error.vendor_code) from error

    async def write(
        self,
        endpoint: Endpoint,
        decoder: "msgspec.json.Decoder[T]",
        operation: Operation,
        *,
        path: Mapping[str, str] | None = None,
        query: Query = (),
        content: bytes = b"",
        patience: float | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> T:
        """Order something by one request, and give what the vendor answers. It is sent once and never again.

        `headers` are the order's own, such as the vendor's idempotency key.
        `patience` is in seconds, where the vendor takes longer than usual; the operation's deadline does not end it.
        Raises `UnknownOutcome` when it was sent and no answer came, `Unreachable` (never `TimedOut`) when it was not
        sent, and what the answer says otherwise. Only a call whose token was refused is replayed: the vendor had not
        looked at it.
        """
        request = self._request(endpoint, self._url(endpoint, path or {}, query), content, patience, is_write=True)
        request = self._signing.signed(request, headers) if headers else request
        trail = trail_of(operation)
        with self._recorded(endpoint, operation, trail):
            try:
                return await self._persist(request, decoder, operation, trail, retried=())
            finally:
                self._writes += 1
                if self.kept is not None:
                    await self.kept.forget()

    async def command(
        self,
        endpoint: Endpoint,
        operation: Operation,
        *,
        path: Mapping[str, str] | None = None,
        query: Query = (),
        content: bytes = b"",
        patience: float | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """A `write` whose answer has no body that matters."""
        await self.write(
            endpoint, _ANY, operation, path=path, query=query, content=content, patience=patience, headers=headers
        )

    def _url(self, endpoint: Endpoint, path: Mapping[str, str], query: Query) -> str:
        url = address(self._base_url, endpoint.path, path=path, query=query)
        if url is None:
            raise NotFound(self.provider, endpoint.operation)
        return url

    def _request(
        self,
        endpoint: Endpoint,
        url: str,
        content: bytes,
        patience: float | None = None,
        *,
        is_write: bool = False,
        lines: int = 0,
    ) -> Request:
        headers = self._signing.extended({"content-type": "application/json"}) if content else self._signing.usual
        return Request(endpoint, url, headers, content, patience, is_write, lines)

    async def _persist(
        self,
        request: Request,
        decoder: "msgspec.json.Decoder[T]",
        operation: Operation,
        trail: Trail,
        *,
        retried: tuple[type[ProviderError], ...] = (ProviderError,),
    ) -> T:
        """An authenticated call. A refused token is renewed once, and the call replayed once.

        Where it is too early to renew it, the call is replayed with the same token, if that was good for another call
        since: such a refusal is a slip.
        """
        headers = await self._authentication(request, operation, trail)
        try:
            answer = await self._persist_anonymous(
                self._signing.signed(request, headers), decoder, operation, trail, retried=retried
            )
        except Unauthorized:
            if self.authenticator is None:
                raise
            self.authenticator.refused(headers)
            refused, headers = headers, await self._authentication(request, operation, trail)
            if headers == refused != self._accepted:
                raise
            answer = await self._persist_anonymous(
                self._signing.signed(request, headers), decoder, operation, trail, retried=retried
            )
        self._accepted = headers
        return answer

    async def _persist_anonymous(
        self,
        request: Request,
        decoder: "msgspec.json.Decoder[T]",
        operation: Operation,
        trail: Trail,
        *,
        retried: tuple[type[ProviderError], ...] = (ProviderError,),
    ) -> T:
        """A call, and again while the retry policy allows it for errors of the classes `retried`.

        A pause that the operation does not live to see the end of is not begun: the error at hand says more than a
        time-out would.
        """
        self._retries.earn()
        attempt = 0
        while True:
            attempt += 1
            try:
                answer = await self._attempt(request, trail)
                return cast("T", None) if decoder is _ANY else decode(answer, decoder, self._blame(request))
            except ProviderError as error:
                pause = self._retries.pause(error, attempt) if isinstance(error, retried) else None
                if pause is None or pause >= operation.remaining:
                    raise
            await asyncio.sleep(pause)

    async def _authentication(self, request: Request, operation: Operation, trail: Trail) -> Mapping[str, str]:
        if self.authenticator is None:
            return {}
        tokens = operation.tokens(self.provider)
        if request.is_write:
            async with self._setting_out(request):
                headers = await self.authenticator.headers(operation)
        else:
            headers = await self.authenticator.headers(operation)
        trail.waited += min(1, operation.tokens(self.provider) - tokens)
        return headers

    async def _attempt(self, request: Request, trail: Trail) -> Answer:
        """One exchange that ended with a 2xx. Everything else is raised as a `ProviderError`."""
        passage = Passage() if request.is_write else None
        try:
            with self._breakers.guard(request.endpoint.operation, is_lost=is_lost, is_failure=is_failure):
                return await self._answer(request, trail, passage)
        except BreakerRefused as error:
            raise BreakerOpen(self.provider, request.endpoint.operation) from error
        except (TimedOut, Unreachable) as error:
            if passage is None or (isinstance(error, Unreachable) and not passage.has_left):
                raise
            kind = UnknownOutcome if passage.has_left else Unreachable
            raise self._blame(request)(kind, status=error.status) from error

    async def _answer(self, request: Request, trail: Trail, passage: Passage | None) -> Answer:
        blame, slots = self._blame(request), self._slots
        if request.is_write:
            slots = self._slots_for_writes
            async with self._setting_out(request):
                await slots.acquire()
        else:
            await slots.acquire()
        try:
            trail.attempts += 1
            answer = await exchange(
                self._letter(request, passage, trail), self._transport, large=self._large, blame=blame
            )
            trail.status = answer.status
        finally:
            slots.release()
        failure = problem(answer, blame, self._explain)
        if failure is None or _is_an_answer(answer, request.endpoint, failure):
            return answer
        raise failure

    def _letter(self, request: Request, passage: Passage | None, trail: Trail) -> Letter:
        return Letter(
            request.endpoint.method,
            request.url,
            request.headers if trail.trace is None else traced(request.headers, trail.trace, trail.span),
            request.content,
            request.patience or self.settings.timeout,
            self.settings.max_bytes,
            passage,
            request.lines,
        )

    @asynccontextmanager
    async def _setting_out(self, request: Request) -> AsyncIterator[None]:
        """Around what a write waits for before it is sent: having no deadline, it does not wait for ever.

        Whatever fails here, nothing was sent, and the refusal of a token is not one of the write.
        """
        try:
            async with asyncio.timeout(self.settings.timeout):
                yield
        except (Unauthorized, RateLimited, Unreachable):
            raise
        except (ProviderError, TimeoutError) as error:
            code = error.vendor_code if isinstance(error, ProviderError) else None
            raise Unreachable(self.provider, request.endpoint.operation, vendor_code=code) from error

    def _blame(self, request: Request) -> Callable[..., ProviderError]:
        def blame(kind: type[ProviderError], message: str | None = None, **detail: Any) -> ProviderError:  # noqa: ANN401
            return kind(self.provider, request.endpoint.operation, message, **detail)

        return blame

    def _recorded(
        self,
        endpoint: Endpoint,
        operation: Operation,
        trail: Trail,
        *,
        coalesced: bool = False,
        is_token: bool = False,
    ) -> Recorded:
        call = Call(self.provider, endpoint.operation, endpoint.method, endpoint.path, coalesced, is_token)
        return Recorded(call, operation, trail, self._telemetry)


def _is_an_answer(answer: Answer, endpoint: Endpoint, failure: ProviderError) -> bool:
    return answer.status == endpoint.answers and answer.is_json and failure.vendor_code is None
