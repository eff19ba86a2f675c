"""What hostile clients send, to a server inside this process: what it costs is asked elsewhere."""

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.hostile.beside import BRACKETS, BYTES, DEEP, END, PROBE
from tests.hostile.test_bytes import BODIES, HEADS, MALFORMED
from tests.hostile.test_turns import ANSWER, large
from tests.hostile.wire import CHUNKED, MB, POST, connected, exchanged, is_well, posted, until
from tests.inside import Inside, inside

REFUSED = {
    **{name: (parts, 413) for name, parts in BODIES.items()},
    **{name: (parts, 431) for name, parts in HEADS.items()},
    **{name: (parts, 400) for name, parts in MALFORMED.items()},
    "brackets": ((posted(BRACKETS),), 400),
    "deep": ((posted(DEEP),), 400),
    "a byte in each chunk": ((CHUNKED, BYTES, END), 400),
    "an announced size": ((POST + b"expect: 100-continue\r\ncontent-length: 999999999999\r\n\r\n",), 413),
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Inside]:
    with inside(tmp_path_factory.mktemp("inside")) as running:
        yield running


@pytest.mark.parametrize(("parts", "status"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused_leaves_the_server_well(server: Inside, parts: tuple[bytes, ...], status: int) -> None:
    reply = exchanged(server, *parts)

    assert reply.was_cut or reply.status == status
    assert is_well(server)


def test_large_requests_and_many_take_their_turns(server: Inside) -> None:
    with ThreadPoolExecutor(4) as pool:
        replies = list(pool.map(lambda _: exchanged(server, posted(large(MB))), range(8)))
    many = exchanged(server, PROBE * 1000 + posted(large(MB)))

    assert {reply.body for reply in replies} == {ANSWER}
    assert many.raw.count(b'{"status":"ok"}') == 1000
    assert many.raw.endswith(ANSWER)


@pytest.mark.parametrize("size", [64 * 1024, 64 * 1024 + 1, 300_000])
def test_one_connection_takes_large_bodies_one_after_another(server: Inside, size: int) -> None:
    with connected(server) as connection:
        for _ in range(3):
            connection.sendall(POST + b"content-length: %d\r\n\r\n" % size + large(size))
            assert until(connection, ANSWER).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("is_reset", [False, True])
def test_clients_that_go_while_they_wait_are_forgotten(server: Inside, *, is_reset: bool) -> None:
    for _ in range(10):
        with connected(server) as connection:
            if is_reset:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
            connection.settimeout(0)
            connection.send(posted(large(MB)))

    assert exchanged(server, posted(large(MB))).body == ANSWER
