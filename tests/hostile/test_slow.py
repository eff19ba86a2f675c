"""Clients that take their time: with what they send, with what they read, or between the two."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest

from tests.hostile.wire import CHUNKED, POST, connected, exchanged, got, is_well, posted, read, until
from tests.inside import Inside, inside

SOCKETS = 150
ARRIVAL = "1"
FEW = "20"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Inside]:
    """One that waits a second only."""
    folder = tmp_path_factory.mktemp("slow")
    with inside(folder, REQUEST_TIMEOUT=ARRIVAL, KEEP_ALIVE_TIMEOUT="1", SANDBOX_CUSTOMERS="1000") as process:
        yield process


UNENDED = (
    b"GET /graphql?query=",
    b"GET /graphql HTTP/1.1\r\nhost: tributary\r\na: ",
    POST + b"content-length: 100\r\n\r\n",
    POST + b'content-length: 100\r\n\r\n{"query": ',
    CHUNKED,
    CHUNKED + b"2\r\n{",
    CHUNKED + b"2\r\n{}\r\n0\r\n",
    b"\r\n",
)


def test_a_request_that_does_not_end_is_refused_in_time(server: Inside) -> None:
    with ExitStack() as stack:
        sockets = {part: stack.enter_context(connected(server)) for part in UNENDED}
        for part, each in sockets.items():
            each.sendall(part)
        replies = {part: read(each) for part, each in sockets.items()}

    assert {part: (reply.status, reply.code) for part, reply in replies.items()} == dict.fromkeys(
        UNENDED, (408, "REQUEST_TIMEOUT")
    )
    assert {reply.headers["connection"] for reply in replies.values()} == {"close"}


def test_a_hundred_and_fifty_slow_sockets_are_gone_in_time(server: Inside) -> None:
    """Half of them in the headers, half in the body; and others are served meanwhile."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(connected(server)) for _ in range(SOCKETS)]
        for number, each in enumerate(sockets):
            each.sendall(CHUNKED + b"2\r\n{" if number % 2 else b"GET /graphql HTTP/1.1\r\nhost: ")
        assert is_well(server)
        assert {read(each).status for each in sockets} == {408}


def test_a_connection_on_which_nothing_comes_is_closed_without_a_word(server: Inside) -> None:
    """Browsers open some in advance."""
    reply = exchanged(server)

    assert (reply.raw, reply.was_cut) == (b"", False)


def test_a_connection_is_closed_some_time_after_its_answer(server: Inside) -> None:
    """And it serves several requests before."""
    with connected(server) as connection:
        for _ in range(3):
            connection.sendall(b"GET /livez HTTP/1.1\r\nhost: tributary\r\n\r\n")
            assert until(connection, b'{"status":"ok"}').startswith(b"HTTP/1.1 200")
        assert read(connection).raw == b""


def test_requests_that_come_at_once_are_answered_in_their_order(server: Inside) -> None:
    """Also when the last of them never ends."""
    with connected(server) as connection:
        connection.sendall(
            POST + b'content-length: 27\r\n\r\n{"query": "{ __typename }"}'
            b"GET /livez HTTP/1.1\r\nhost: tributary\r\n\r\nGET /livez HTTP/1.1\r\nhost: "
        )
        raw = read(connection).raw

    assert [part.split(b" ", 1)[0] for part in raw.split(b"HTTP/1.1 ")[1:]] == [b"200", b"200", b"408"]


def test_a_client_that_does_not_read_its_answers_is_hung_up_on(server: Inside) -> None:
    """Its answers would otherwise stay in memory for as long as it likes."""
    fields = "__schema { types { name description fields { name description } } }"  # about 50 KB
    ask = POST + b"content-length: %d\r\n\r\n" % (len(fields) + 16) + b'{"query": "{ ' + fields.encode() + b' }"}'
    with closing(socket.socket()) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.settimeout(60)
        client.connect(("127.0.0.1", server.port))
        with pytest.raises((ConnectionResetError, BrokenPipeError)):  # noqa: PT012 - which of them is up to the kernel
            for _ in range(100_000):  # until the kernel takes no more
                client.sendall(ask)

    assert is_well(server)


def test_when_all_connections_are_taken_the_one_that_has_waited_longest_makes_room(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("few")
    with inside(folder, MAX_CONNECTIONS=FEW) as server, ExitStack() as stack:
        sockets = [stack.enter_context(connected(server)) for _ in range(int(FEW))]
        for each in sockets:
            each.sendall(POST + b"content-length: 100\r\n\r\n{")
        assert exchanged(server, got("/livez")).status == 200
        assert is_well(server)
        first = read(sockets[0])
        sockets[1].sendall(b" " * 98 + b"}")
        second = sockets[1].recv(65536)

    assert first.raw == b""
    assert second.startswith(b"HTTP/1.1 400")


def test_when_all_connections_are_at_work_one_more_is_refused(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("busy")
    with inside(folder, MAX_CONNECTIONS="3", SANDBOX_DELAY_MS="600000") as server, ExitStack() as stack:
        for _ in range(3):
            connection = stack.enter_context(connected(server))
            connection.sendall(posted(b'{"query": "{ payments { nodes { id } } }"}'))
        reply = exchanged(server)

    assert (reply.status, reply.code) == (503, "OVERLOADED")
    assert reply.headers["retry-after"] == "1"
