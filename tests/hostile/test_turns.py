"""Large requests, wanted or not, and a client with small ones beside them: all are answered, the small ones soon."""

import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Event

import pytest

from tests.hostile.beside import BRACKETS, BYTES, DEEP, END, PROBE, queries
from tests.hostile.test_bytes import BODIES, HEADS
from tests.hostile.wire import (
    CHUNKED,
    MB,
    POST,
    Reply,
    bound_memory,
    connected,
    exchanged,
    is_well,
    memory,
    posted,
    read,
    until,
)
from tests.process import Process, serving

ANSWER = b'{"data":{"__typename":"Query"}}'
CLIENTS = 20
PROMPT = 10
"""How often its quiet time a query may take beside large ones. Without turns, it is thirty times to several hundred."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """As it comes, warm."""
    with serving(tmp_path_factory.mktemp("turns")) as process:
        bound_memory(process)
        assert is_well(process)
        yield process


def large(size: int) -> bytes:
    """The body of an operation, with so many bytes."""
    body = b'{"query": "{ __typename }", "extensions": {"a": "%s"}}'
    return body % (b"x" * (size - len(body) + 2))


def test_large_bodies_of_many_clients_at_once_are_all_answered(server: Process) -> None:
    request = posted(large(MB))
    with ThreadPoolExecutor(CLIENTS) as pool:
        replies = list(pool.map(lambda _: exchanged(server, request), range(CLIENTS)))

    assert {reply.body for reply in replies} == {ANSWER}


@pytest.mark.parametrize("size", [64 * 1024, 64 * 1024 + 1, 256 * 1024, 300_000])
def test_one_connection_takes_bodies_of_any_size_one_after_another(server: Process, size: int) -> None:
    with connected(server) as connection:
        for _ in range(3):
            connection.sendall(POST + b"content-length: %d\r\n\r\n" % size + large(size))
            assert until(connection, ANSWER).startswith(b"HTTP/1.1 200")


def test_a_body_with_a_byte_in_each_chunk_is_read(server: Process) -> None:
    chunks = b"".join(b"1\r\n%c\r\n" % byte for byte in large(50_000))
    reply = exchanged(server, CHUNKED.replace(b"\r\n\r\n", b"\r\nconnection: close\r\n\r\n"), chunks + b"0\r\n\r\n")

    assert reply.body == ANSWER


def test_a_thousand_requests_that_come_at_once_are_all_answered(server: Process) -> None:
    reply = exchanged(server, PROBE * 1000 + posted(large(MB)))

    assert reply.raw.count(b'{"status":"ok"}') == 1000
    assert reply.raw.endswith(ANSWER)


def test_requests_that_wait_for_an_earlier_one_take_no_more_room_than_their_bytes(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Once parsed, each would take some kilobytes."""
    slow = b'{"query": "{ payments { nodes { id } } }"}'
    request = POST + b"content-length: %d\r\n\r\n" % len(slow) + slow + PROBE * 6000
    with serving(tmp_path_factory.mktemp("slow"), SANDBOX_DELAY_MS="600000") as server, ExitStack() as stack:
        assert exchanged(server, b"GET /livez HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").status == 200
        before = memory(server)
        for _ in range(10):
            stack.enter_context(connected(server)).sendall(request)
        time.sleep(1)
        assert exchanged(server, b"GET /livez HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").status == 200
        grown = memory(server) - before

    assert grown < 20 * MB


def test_a_client_that_goes_while_it_waits_for_its_turn_is_forgotten(server: Process) -> None:
    for _ in range(10):
        with connected(server) as connection:
            connection.settimeout(0)
            connection.send(posted(large(MB)))
    for _ in range(10):
        with connected(server) as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
            connection.settimeout(0)
            connection.send(posted(large(MB + 1)))

    assert exchanged(server, posted(large(MB))).body == ANSWER
    assert '"level":"ERROR"' not in server.text.replace(" ", "")


@pytest.mark.alone
@pytest.mark.parametrize(
    "parts",
    [
        (posted(large(MB)),),
        (posted(BRACKETS),),
        (posted(DEEP),),
        (CHUNKED, BYTES, END),
        (PROBE * 1000, END),
        BODIES["10 MB announced"],
        BODIES["10 MB in chunks"],
        HEADS["one endless header"],
        HEADS["headers without end"],
    ],
    ids=["large", "brackets", "deep", "chunks", "probes", "announced", "in chunks", "header", "headers"],
)
def test_a_small_query_beside_four_large_ones_is_answered_promptly(server: Process, parts: tuple[bytes, ...]) -> None:
    stop, quiet = Event(), sorted(seconds(server) for _ in range(20))

    def sent() -> list[Reply]:
        replies = []
        while not stop.is_set():
            replies.append(exchanged(server, *parts))
        return replies

    with ThreadPoolExecutor(4) as pool:
        attackers = [pool.submit(sent) for _ in range(4)]
        try:
            taken = sorted(seconds(server) for _ in range(20))
        finally:
            stop.set()
        replies = [reply for attacker in attackers for reply in attacker.result()]

    assert taken[10] < PROMPT * quiet[10]
    assert all(reply.was_cut or reply.status in {200, 400, 413, 431} for reply in replies)


def seconds(server: Process) -> float:
    """What one query takes that calls vendors, in a connection of its own."""
    query, _ = queries()
    began = time.monotonic()
    with connected(server) as connection:
        connection.sendall(posted(query))
        assert b'"errors"' not in read(connection).body
    return time.monotonic() - began
