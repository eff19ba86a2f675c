"""What the three sandboxes share: a record of the calls received, and faults on request.

A vendor's own sandbox is a plain Starlette app that knows nothing of this; `Bench.wrap` puts it behind the recorder.
"""

import asyncio
import random
import time
import zlib
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Annotated, Literal

import msgspec
from msgspec import Meta
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from providers.outbox import Mischief, Outbox


class ConnectionDropped(Exception):
    """The sandbox cut the connection; the in-process transport reports it as a network error."""


class Fault(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What shall happen to the next `times` calls that match. `*` in `vendor`, `method` and `path` matches anything."""

    vendor: str
    path: str
    method: str = "*"
    times: Annotated[int, Meta(ge=1)] = 1
    chance: Annotated[float, Meta(gt=0, le=1)] = 1.0
    """How likely it strikes a call that matches."""
    status: Annotated[int, Meta(ge=200, le=599)] | None = None
    headers: dict[str, str] = {}
    body: str | None = None
    repeat: Annotated[int, Meta(ge=1)] = 1
    """The body is sent so many times over, to make large ones."""
    gzip: bool = False
    """The body is compressed on its way, and says so."""
    acts: bool = False
    """The vendor does what it was asked before it answers with this `status` or `body`."""
    delay_ms: Annotated[int, Meta(ge=0)] = 0
    after_ms: Annotated[int, Meta(ge=0)] = 0
    """Milliseconds between what the vendor has done and the first byte of its answer."""
    drip_ms: Annotated[int, Meta(ge=0)] = 0
    """Milliseconds before each byte of the body."""
    drop: Literal["before", "after", "half"] | None = None
    """The connection is cut before the vendor acts, after it has acted and before it answers, or amid its answer."""

    @property
    def is_canned(self) -> bool:
        """True when the fault says what is answered."""
        return self.status is not None or self.body is not None

    def matches(self, vendor: str, method: str, path: str) -> bool:
        """True when this fault is meant for such a call."""
        return fnmatchcase(vendor, self.vendor) and fnmatchcase(method, self.method) and fnmatchcase(path, self.path)


class _Armed(msgspec.Struct, eq=False):
    fault: Fault
    left: int


class ReceivedCall(msgspec.Struct):
    """One call that reached a sandbox. Times are milliseconds since the Unix epoch.

    `status` is the vendor's answer, whether or not it arrived; 0 before there is one. A fault's answer counts instead,
    unless the vendor acts nevertheless.
    """

    vendor: str
    method: str
    path: str
    query: str
    status: int
    started_ms: float
    ended_ms: float


class Bench:
    """The recorder and the faults of all sandboxes of one process."""

    def __init__(self, *, delay_ms: int = 0, keep: int = 100_000) -> None:
        self.delay_ms = delay_ms
        self.calls: deque[ReceivedCall] = deque(maxlen=keep)
        self.outboxes: list[Outbox] = []
        self._faults: list[_Armed] = []
        self._dice = random.Random(0)  # noqa: S311 - the same faults at every run that makes the same calls

    def wrap(self, vendor: str, app: ASGIApp) -> ASGIApp:
        """Put a vendor's sandbox behind the recorder."""
        return _Recorded(self, vendor, app)

    def add(self, fault: Fault) -> None:
        """Arm a fault."""
        self._faults.append(_Armed(fault, fault.times))

    def clear_faults(self) -> None:
        """Disarm all faults."""
        self._faults.clear()

    def take(self, vendor: str, method: str, path: str) -> Fault | None:
        """The first armed fault that matches and strikes, used up once."""
        for armed in self._faults:
            if armed.fault.matches(vendor, method, path) and self._dice.random() < armed.fault.chance:
                armed.left -= 1
                if armed.left <= 0:
                    self._faults.remove(armed)
                return armed.fault
        return None

    def control(self) -> Starlette:
        """The app behind `/sandbox`: `_calls`, `_faults` and `_webhooks`."""
        return Starlette(
            routes=[
                Route("/_calls", self._list_calls, methods=["GET"]),
                Route("/_calls", self._clear_calls, methods=["DELETE"]),
                Route("/_faults", self._add_fault, methods=["POST"]),
                Route("/_faults", self._clear_all_faults, methods=["DELETE"]),
                Route("/_webhooks", self._disturb_webhooks, methods=["POST"]),
                Route("/_webhooks", self._heal_webhooks, methods=["DELETE"]),
            ]
        )

    async def _list_calls(self, _request: Request) -> Response:
        return Response(msgspec.json.encode(list(self.calls)), media_type="application/json")

    async def _clear_calls(self, _request: Request) -> Response:
        self.calls.clear()
        return Response(status_code=204)

    async def _add_fault(self, request: Request) -> Response:
        try:
            fault = msgspec.json.decode(await request.body(), type=Fault)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            return JSONResponse({"error": str(error)}, status_code=400)
        self.add(fault)
        return Response(msgspec.json.encode(fault), status_code=201, media_type="application/json")

    async def _clear_all_faults(self, _request: Request) -> Response:
        self.clear_faults()
        return Response(status_code=204)

    async def _disturb_webhooks(self, request: Request) -> Response:
        try:
            mischief = msgspec.json.decode(await request.body(), type=Mischief)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            return JSONResponse({"error": str(error)}, status_code=400)
        for outbox in self.outboxes:
            outbox.mischief = msgspec.structs.replace(mischief)
        return Response(msgspec.json.encode(mischief), status_code=201, media_type="application/json")

    async def _heal_webhooks(self, _request: Request) -> Response:
        for outbox in self.outboxes:
            outbox.mischief = Mischief()
        return Response(status_code=204)


class _Recorded:
    def __init__(self, bench: Bench, vendor: str, app: ASGIApp) -> None:
        self._bench, self._vendor, self._app = bench, vendor, app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"].removeprefix(scope.get("root_path", "")) or "/"
        call = ReceivedCall(
            vendor=self._vendor,
            method=scope["method"],
            path=path,
            query=scope["query_string"].decode("latin-1"),
            status=0,
            started_ms=time.time() * 1000,
            ended_ms=0,
        )
        self._bench.calls.append(call)

        try:
            await self._answer(scope, receive, send, call)
        except ConnectionDropped:
            if _transport(receive) is None:
                raise
            await asyncio.sleep(0.01)  # the server notices that the connection is gone, and does not complain
        finally:
            call.ended_ms = time.time() * 1000

    async def _answer(self, scope: Scope, receive: Receive, send: Send, call: ReceivedCall) -> None:
        if self._bench.delay_ms:
            await asyncio.sleep(self._bench.delay_ms / 1000)
        fault = self._bench.take(call.vendor, call.method, call.path)
        if fault is None:
            await self._app(scope, receive, _recording(call, send))
            return
        hear = receive
        if fault.delay_ms:
            hear = await _heard(receive)
            await asyncio.sleep(fault.delay_ms / 1000)
        if fault.drop == "before":
            _cut(receive)
        disturbed = _disturbed(fault, receive, _while_heard(receive, send))
        if fault.is_canned and fault.acts:
            await self._app(scope, hear, _recording(call, _unsent))
            await _canned(fault)(scope, hear, disturbed)
            return
        app = _canned(fault) if fault.is_canned else self._app
        await app(scope, hear, _recording(call, disturbed))


def _recording(call: ReceivedCall, send: Send) -> Send:
    """A `send` that notes the status as soon as the vendor has answered, however long the answer takes to leave."""

    async def recording(message: Message) -> None:
        if message["type"] == "http.response.start":
            call.status = message["status"]
        await send(message)

    return recording


async def _unsent(_message: Message) -> None:
    """Where an answer goes that nobody shall hear."""


async def _heard(receive: Receive) -> Receive:
    """The request, read to its end now: a slow vendor acts also when its client has left in the meantime."""
    messages = [await receive()]
    while messages[-1].get("more_body"):
        messages.append(await receive())
    left = iter(messages)

    async def hear() -> Message:
        return next(left, None) or await receive()

    return hear


def _canned(fault: Fault) -> ASGIApp:
    """An app that answers what the fault says."""
    headers = {"content-type": "application/json", **{name.lower(): value for name, value in fault.headers.items()}}
    if fault.gzip:
        headers["content-encoding"] = "gzip"

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": fault.status or 200, "headers": raw})
        for chunk in _chunks(fault):
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    return app


def _chunks(fault: Fault) -> Iterator[bytes]:
    if fault.gzip:
        yield _packed(fault.body or "", fault.repeat)
        return
    body = (fault.body or "").encode()
    for _ in range(fault.repeat):
        yield body


@lru_cache(maxsize=2)
def _packed(body: str, repeat: int) -> bytes:
    """A bomb is packed once for all the calls that it meets."""
    packer = zlib.compressobj(wbits=31)
    return b"".join([*(packer.compress(body.encode()) for _ in range(repeat)), packer.flush()])


def _disturbed(fault: Fault, receive: Receive, send: Send) -> Send:
    """A `send` that drips or cuts the body, and adds the fault's headers to a real answer."""

    async def start(message: Message) -> None:
        if fault.after_ms:
            await asyncio.sleep(fault.after_ms / 1000)
        if fault.drop == "after":
            _cut(receive)
        if not fault.is_canned and fault.headers:
            message = {**message, "headers": _overridden(message["headers"], fault.headers)}
        await send(message)

    async def body(message: Message) -> None:
        content = message.get("body", b"")
        if fault.drop == "half" and content:
            await send({"type": "http.response.body", "body": content[: len(content) // 2], "more_body": True})
            await asyncio.sleep(0.01)  # the first half leaves before the connection does
            _cut(receive)
        if not fault.drip_ms:
            await send(message)
            return
        for position in range(len(content)):
            await asyncio.sleep(fault.drip_ms / 1000)
            await send({"type": "http.response.body", "body": content[position : position + 1], "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": message.get("more_body", False)})

    async def disturbed(message: Message) -> None:
        await (start(message) if message["type"] == "http.response.start" else body(message))

    return disturbed


def _while_heard(receive: Callable[..., object], send: Send) -> Send:
    """A `send` that ends the call when its client has left, so that nobody makes a large or slow body for nobody."""
    transport = _transport(receive)

    async def heard(message: Message) -> None:
        if transport is not None and transport.is_closing():
            raise ConnectionDropped
        await send(message)

    return heard


def _overridden(raw: list[tuple[bytes, bytes]], extra: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    replaced = {name.lower().encode("latin-1"): value.encode("latin-1") for name, value in extra.items()}
    return [(name, value) for name, value in raw if name.lower() not in replaced] + list(replaced.items())


def _cut(receive: Callable[..., object]) -> None:
    """Close the connection beneath: on a real socket the server's transport, in process by an exception alone."""
    transport = _transport(receive)
    if transport is not None:
        transport.abort()
    raise ConnectionDropped


def _transport(receive: Callable[..., object]) -> asyncio.Transport | None:
    return getattr(getattr(receive, "__self__", None), "transport", None)
