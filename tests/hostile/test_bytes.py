"""Too many bytes: refused in words that a simple client gets to read, and never kept."""

from collections.abc import Iterator

import pytest

from tests.hostile.wire import CHUNKED, MB, POST, bound_memory, connected, exchanged, is_well, memory, posted, send
from tests.process import Process, serving

GROWTH = 50 * MB
CHUNK = b"100000\r\n" + bytes(MB) + b"\r\n"
GET = b"GET /graphql?query=%7B__typename%7D HTTP/1.1\r\nhost: tributary\r\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """As it comes, warm."""
    with serving(tmp_path_factory.mktemp("bytes")) as process:
        bound_memory(process)
        assert is_well(process)
        yield process


BODIES = {
    "10 MB announced": (POST + b"content-length: 10485760\r\n\r\n", *[bytes(MB)] * 10),
    "10 MB announced by a client that closes": (
        POST + b"connection: close\r\ncontent-length: 10485760\r\n\r\n",
        *[bytes(MB)] * 10,
    ),
    "10 MB in chunks": (CHUNKED, *[CHUNK] * 10, b"0\r\n\r\n"),
    "10 MB in chunks by an old client": (
        POST.replace(b"HTTP/1.1", b"HTTP/1.0") + b"transfer-encoding: chunked\r\n\r\n",
        *[CHUNK] * 10,
        b"0\r\n\r\n",
    ),
    "one byte too much": (posted(bytes(MB + 1)),),
}
HEADS = {
    "one endless header": (GET + b"a: ", *[b"x" * MB] * 50),
    "one endless header's name": (GET, *[b"x" * MB] * 50),
    "headers without end": (GET, *[b"a: b\r\n" * 170_000] * 50),
    "an endless URL": (b"GET /graphql?query=", *[b"x" * MB] * 50),
    "headers that are complete": (GET + b"a: " + b"x" * 40_000 + b"\r\n\r\n",),
    "an endless trailer": (CHUNKED + b"2\r\n{}\r\n0\r\na: ", *[b"x" * MB] * 50),
    "trailers without end": (CHUNKED + b"2\r\n{}\r\n0\r\n", *[b"a: b\r\n" * 170_000] * 50),
    "an endless chunk extension": (CHUNKED + b"2;a=", *[b"x" * MB] * 50),
    "empty lines without end": (b"\r\n" * 500_000,) * 50,
}
MALFORMED = {
    "no HTTP": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(64),),
    "no chunk": (CHUNKED + b"zz\r\n",),
    "two lengths": (POST + b"content-length: 2\r\ncontent-length: 3\r\n\r\n{}",),
    "a length and chunks": (POST + b"content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",),
    "a negative length": (POST + b"content-length: -2\r\n\r\n{}",),
    "a control character": (GET + b"a: \x00\r\n\r\n",),
}


@pytest.mark.parametrize("parts", BODIES.values(), ids=BODIES)
def test_a_body_that_is_too_large_is_refused_and_its_client_can_read_so(
    server: Process, parts: tuple[bytes, ...]
) -> None:
    before = memory(server)
    reply = exchanged(server, *parts)

    assert (reply.status, reply.code) == (413, "PAYLOAD_TOO_LARGE")
    assert reply.error["extensions"]["requestId"] == reply.headers["x-request-id"]
    assert memory(server) - before < GROWTH
    assert is_well(server)


def test_a_body_of_the_largest_size_is_read(server: Process) -> None:
    body = b'{"query": "{ __typename }", "extensions": {"a": "%s"}}'
    reply = exchanged(server, posted(body % (b"x" * (MB - len(body) + 2))))

    assert reply.body == b'{"data":{"__typename":"Query"}}'


def test_an_announced_size_is_refused_before_anything_of_it_comes(server: Process) -> None:
    reply = exchanged(server, POST + b"expect: 100-continue\r\ncontent-length: 999999999999\r\n\r\n")

    assert reply.raw.startswith(b"HTTP/1.1 413")


def test_a_body_without_end_is_cut_off(server: Process) -> None:
    """Some of what is not wanted is read, so that the client learns why; the rest is not."""
    before = memory(server)
    with connected(server) as connection:
        sent = send(connection, (CHUNKED, *[CHUNK] * 100))

    assert sent < 60
    assert memory(server) - before < GROWTH
    assert is_well(server)


@pytest.mark.parametrize("parts", HEADS.values(), ids=HEADS)
def test_what_stands_around_a_body_is_bounded_too(server: Process, parts: tuple[bytes, ...]) -> None:
    before = memory(server)
    reply = exchanged(server, *parts)

    assert reply.was_cut or (reply.status, reply.code) == (431, "HEADERS_TOO_LARGE")
    assert memory(server) - before < GROWTH
    assert is_well(server)


def test_what_one_such_client_cost_is_free_again_for_the_next(server: Process) -> None:
    before = memory(server)
    for _ in range(30):
        exchanged(server, *HEADS["headers without end"])

    assert memory(server) - before < GROWTH / 4


def test_a_client_that_sends_ten_megabytes_of_headers_can_read_why_not(server: Process) -> None:
    reply = exchanged(server, GET + b"a: ", *[b"x" * MB] * 10)

    assert (reply.status, reply.code, reply.was_cut) == (431, "HEADERS_TOO_LARGE", False)


@pytest.mark.parametrize("parts", MALFORMED.values(), ids=MALFORMED)
def test_what_is_no_http_is_refused(server: Process, parts: tuple[bytes, ...]) -> None:
    reply = exchanged(server, *parts)

    assert (reply.status, reply.code) == (400, "BAD_REQUEST")
    assert is_well(server)


@pytest.mark.parametrize(
    "parts",
    [
        (posted(b'{"query": "{ __typename }"}'),),
        (posted(b"null"),),
        (b"GET /livez HTTP/1.1\r\nconnection: close\r\n\r\n",),
        (b"GET /graphql HTTP/1.1\r\naccept: text/html\r\nconnection: close\r\n\r\n",),
        (b"GET /nothing HTTP/1.1\r\nconnection: close\r\n\r\n",),
        BODIES["one byte too much"],
        MALFORMED["no HTTP"],
    ],
    ids=["answer", "refusal", "probe", "page", "nothing", "too large", "no HTTP"],
)
def test_every_answer_forbids_to_guess_its_type_and_names_no_server(server: Process, parts: tuple[bytes, ...]) -> None:
    reply = exchanged(server, *parts)

    assert reply.raw.lower().count(b"x-content-type-options: nosniff\r\n") == 1
    assert "server" not in reply.headers
