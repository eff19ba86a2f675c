"""How sandboxes send: in the background, again until it is taken, and to this machine alone."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from providers.outbox import Outbox, Posting, is_near

HERE = "http://127.0.0.1:1/hook"


class _Server(uvicorn.Server):
    """Says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listens = asyncio.Event()

    async def startup(self, sockets: list[Any] | None = None) -> None:
        await super().startup(sockets)
        self.listens.set()


@asynccontextmanager
async def serving(app: Any) -> AsyncIterator[int]:
    """A server for an app, in this loop. Gives its port."""
    server = _Server(uvicorn.Config(app, port=0, lifespan="off", log_config=None))
    running = asyncio.create_task(server._serve())
    await server.listens.wait()
    yield int(server.servers[0].sockets[0].getsockname()[1])
    server.should_exit = True
    await running


class Ear:
    """A receiver that answers with these statuses, one after the other, and then with 200."""

    def __init__(self, *statuses: int) -> None:
        self.heard: list[tuple[str, bytes]] = []
        self.has_heard = asyncio.Event()
        self._statuses = iter(statuses)

    async def __call__(self, headers: Mapping[str, str], body: bytes) -> int:
        self.heard.append((headers["x-attempt"], body))
        self.has_heard.set()
        return next(self._statuses, 200)


@pytest.fixture
async def outbox() -> AsyncIterator[Outbox]:
    outbox = Outbox(retry_seconds=(0.001, 0.002))
    yield outbox
    await outbox.aclose()


def posting(body: bytes = b"{}", url: str = HERE) -> Posting:
    """One that counts its attempts."""
    attempts = iter("123456789")
    return Posting(url, body, lambda _body: {"x-attempt": next(attempts)})


async def test_messages_go_in_their_order_and_nobody_waits(outbox: Outbox) -> None:
    ear = Ear()
    outbox.open({HERE: ear})
    for body in (b"1", b"2", b"3"):
        outbox.send(posting(body))
    assert ear.heard == []

    await outbox.idle()
    assert ear.heard == [("1", b"1"), ("1", b"2"), ("1", b"3")]
    assert outbox.taken == 3


@pytest.mark.parametrize("status", [408, 429, 500, 503])
async def test_what_may_go_another_time_is_sent_again_with_new_headers(outbox: Outbox, status: int) -> None:
    ear = Ear(status, status)
    outbox.open({HERE: ear})
    outbox.send(posting())
    await outbox.idle()

    assert [attempt for attempt, _ in ear.heard] == ["1", "2", "3"]
    assert outbox.taken == 1


async def test_a_message_that_nobody_ever_takes_is_given_up(outbox: Outbox) -> None:
    ear = Ear(*[503] * 9)
    outbox.open({HERE: ear})
    outbox.send(posting())
    await outbox.idle()

    assert len(ear.heard) == 3
    assert outbox.taken == 0


@pytest.mark.parametrize("status", [400, 401, 404, 413])
async def test_a_refusal_is_final(outbox: Outbox, status: int) -> None:
    ear = Ear(status)
    outbox.open({HERE: ear})
    outbox.send(posting())
    await outbox.idle()

    assert (len(ear.heard), outbox.taken) == (1, 0)


async def test_a_receiver_that_is_slow_holds_up_no_other(outbox: Outbox) -> None:
    go_on, quick = asyncio.Event(), Ear()

    async def slow(_headers: Mapping[str, str], _body: bytes) -> int:
        await go_on.wait()
        return 200

    outbox.open({HERE: slow, f"{HERE}/2": quick})
    outbox.send(posting())
    outbox.send(posting(url=f"{HERE}/2"))
    await quick.has_heard.wait()
    assert outbox.taken <= 1

    go_on.set()
    await outbox.idle()
    assert outbox.taken == 2


async def test_the_end_waits_for_what_is_under_way_and_for_no_later_attempt() -> None:
    outbox, ear = Outbox(retry_seconds=(60.0,)), Ear(503)
    outbox.open({HERE: ear})
    outbox.send(posting(b"late"))
    await ear.has_heard.wait()
    outbox.send(posting(b"now"))
    await outbox.aclose()
    outbox.send(posting(b"too late"))

    assert [body for _, body in ear.heard] == [b"late", b"now"]
    assert not asyncio.all_tasks() - {asyncio.current_task()}


async def test_the_end_does_not_wait_for_a_receiver_that_hangs() -> None:
    outbox = Outbox()

    async def hanging(_headers: Mapping[str, str], _body: bytes) -> int:
        await asyncio.Event().wait()
        return 200

    outbox.open({HERE: hanging})
    outbox.send(posting())
    await outbox.aclose(patience=0.01)

    assert not asyncio.all_tasks() - {asyncio.current_task()}


@pytest.mark.parametrize(
    ("url", "is_here"),
    [
        ("http://127.0.0.1:9000/hook", True),
        ("http://localhost/hook", True),
        ("https://[::1]:8443/", True),
        ("http://127.8.9.10/", True),
        ("https://shop.example/hook", False),
        ("http://169.254.169.254/latest", False),
        ("http://10.0.0.1/", False),
        ("http://127.0.0.1.example.com/", False),
        ("http://user@127.0.0.1/", False),
        ("http://2130706433/", False),
        ("ftp://127.0.0.1/", False),
        ("http://127.0.0.1:99999/", False),
        ("http:///hook", False),
        ("nonsense", False),
    ],
)
def test_only_this_machine_is_near(url: str, is_here: bool) -> None:  # noqa: FBT001
    assert is_near(url) is is_here


async def test_nothing_is_sent_elsewhere(outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even a connection is tried, and a server that others reach sends nothing by HTTP at all."""

    async def refused(*_: object, **__: object) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(asyncio.get_running_loop(), "create_connection", refused, raising=False)
    outbox.send(posting(url="https://shop.example/hook"))
    await outbox.idle()
    outbox.is_local = False
    outbox.send(posting(url="http://127.0.0.1:9/hook"))
    await outbox.idle()

    assert outbox.taken == 0


async def test_a_receiver_of_a_developer_gets_messages_over_http(outbox: Outbox) -> None:
    heard: list[tuple[str, str, bytes]] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        heard.append((request.url.path, request.headers["x-attempt"], await request.body()))
        await Response(status_code=503 if len(heard) == 1 else 204)(scope, receive, send)

    async with serving(app) as port:
        outbox.send(posting(b'{"a":1}', url=f"http://127.0.0.1:{port}/my/hook?x=1"))
        await outbox.idle()
    outbox.send(posting(url=f"http://127.0.0.1:{port}/nobody/listens"))
    await outbox.idle()

    assert heard == [("/my/hook", "1", b'{"a":1}'), ("/my/hook", "2", b'{"a":1}')]
    assert outbox.taken == 1
