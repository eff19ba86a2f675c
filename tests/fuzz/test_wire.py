"""Requests that are nearly HTTP, or nothing at all, on a bare socket of the real server."""

import json
import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.ground import is_answering
from tests.fuzz.test_values import REPEATED
from tests.hostile.wire import Reply, bound_memory, connected, read, send
from tests.process import Process, serving
from tests.tokens import SETTINGS, bearer

BODY = b'{"query": "{ __typename }"}'
TOKEN = bearer()["authorization"].encode()
METHODS = (
    b"GET",
    b"POST",
    b"HEAD",
    b"PUT",
    b"OPTIONS",
    b"TRACE",
    b"CONNECT",
    b"PRI",
    b"get",
    b"QUERY",
    b"\x00",
    b"M-SEARCH",
)
TARGETS = (
    *(
        b"/graphql",
        b"/graphql?query={__typename}",
        b"/graphql?query=%7B__typename%7D&query=a",
        b"/graphql?variables=%ff",
    ),
    *(b"/graphql/", b"//graphql", b"/GRAPHQL", b"/graphql/../livez", b"/%67raphql", b"/graphql%00", b"*", b"", b"/"),
    *(b"http://other.example/graphql", b"other.example:443", b"/\xff\xfe", b"/" + b"a" * 9000, b"/livez", b"/readyz"),
    *(
        b"/..%2f..%2fetc/passwd",
        b"/assets/../../server.py",
        b"/assets/%2e%2e/",
        b"/graphql#x",
        b"/?%",
        b"/graphql?%00=%00",
    ),
)
VERSIONS = (
    b"HTTP/1.1",
    b"HTTP/1.1",
    b"HTTP/1.1",
    b"HTTP/1.0",
    b"HTTP/0.9",
    b"HTTP/2.0",
    b"HTTP/1.1 x",
    b"http/1.1",
    b"",
)
NAMES = (
    *(b"host", b"content-type", b"accept", b"accept-encoding", b"content-encoding", b"authorization", b"connection"),
    *(
        b"content-length",
        b"transfer-encoding",
        b"expect",
        b"upgrade",
        b"x-forwarded-for",
        b"x-forwarded-proto",
        b"cookie",
    ),
    *(
        b"x-request-id",
        b"x-upstream-trace",
        b"origin",
        b"range",
        b"te",
        b"http2-settings",
        b"sec-websocket-key",
        b":path",
    ),
    *(b"sec-websocket-version", b"if-none-match", b"accept-language", b"forwarded", b"x", b"", b" x", b"x y", b"\xe9"),
)
VALUES = (
    *(
        b"",
        b"tributary",
        b"a, b",
        b"[::1",
        b"[::1]:x",
        b"evil@host",
        b"a:99999999",
        b"127.0.0.1",
        b"../..",
        b"\xff\xfe",
    ),
    *(b"application/json", b"application/json; charset=utf-16", b"application/json; charset=\xe9", b"text/plain", b";"),
    *(
        b"multipart/form-data; boundary=x",
        b"application/graphql-response+json;q=nan",
        b"*/*;q=1e999",
        b"*/*;q=0",
        b"q=;,",
    ),
    *(b"application/json;q=0.5, text/html;q=-1", b"gzip", b"br, deflate", b"chunked", b"chunked, chunked", b"identity"),
    *(b"0", b"-1", b"1", b"99999999999999999999", b"0x10", b"+5", b"5, 5", b"27", b"close", b"keep-alive, upgrade"),
    *(
        b"websocket",
        b"h2c",
        b"100-continue",
        b"Bearer",
        b"Bearer ",
        b"Bearer a.b.c",
        b"Basic OnA=",
        b"Bearer \xe9",
        TOKEN,
    ),
    *(b'for="[::1]:x"', b"unknown", b", ,", b"bytes=0-,-1", b"a" * 5000, b"x\x00y", b"x\x7fy", b"x\n y", b"x\rz: 1"),
)
ANSWERED = range(200, 500)
ANSWER = re.compile(rb"(?=HTTP/1\.1 \d{3} )")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """Limits as they come, but for time: what never arrives whole is given up soon."""
    hurried = {"REQUEST_TIMEOUT": "0.3", "KEEP_ALIVE_TIMEOUT": "1", "RATE_LIMIT_FAILURES": "1000000/second"}
    with serving(tmp_path_factory.mktemp("wire"), **SETTINGS, RATE_LIMIT="off", **hurried) as process:
        bound_memory(process)
        yield process
        assert is_answering(process)
        assert [line for line in process.lines if line["level"] in ("error", "critical")] == []
        assert TOKEN[7:].decode() not in process.text


def exchanged(server: Process, *parts: bytes) -> list[Reply]:
    """All that comes back until the server hangs up, which it must do within the patience of `wire`."""
    with connected(server) as connection:
        send(connection, parts)
        raw = read(connection).raw
    return [Reply(answer, was_cut=False) for answer in ANSWER.split(raw) if answer]


def judged(replies: list[Reply], sent: bytes) -> None:
    """Every answer is one of HTTP, none of them a fault of the server, and refusals are told in GraphQL's words."""
    for reply in replies:
        assert reply.status in ANSWERED or reply.status == 100, (reply.raw, sent)
        assert b"Traceback" not in reply.raw
        assert TOKEN[7:] not in reply.raw
        if reply.status >= 400 and reply.body:
            errors = json.loads(reply.body)["errors"]
            assert all(error["message"] and error["extensions"]["code"] for error in errors), (reply.raw, sent)


def test_no_request_breaks_the_server(server: Process) -> None:
    """Methods, targets, versions and headers of every kind, twice, in any order, with and without a body."""
    name = st.one_of(st.sampled_from(NAMES), st.sampled_from(NAMES), st.binary(max_size=12))
    value = st.one_of(st.sampled_from(VALUES), st.sampled_from(VALUES), st.binary(max_size=60))
    usual = [b"host: tributary", b"content-type: application/json", b"authorization: " + TOKEN]
    usual.append(b"content-length: %d" % len(BODY))
    headers = st.lists(st.builds(lambda name, value: name + b": " + value, name, value), max_size=5)
    kept = st.lists(st.sampled_from(usual), unique=True)
    mixed = st.builds(lambda kept, others: [*kept, *others], st.one_of(st.just(usual), kept), headers)
    seen: set[int] = set()

    @settings(REPEATED, max_examples=300)
    @given(
        method=st.sampled_from([*METHODS, b"POST", b"POST", b"POST"]),
        target=st.sampled_from([*TARGETS, *[b"/graphql"] * 10]),
        version=st.sampled_from(VERSIONS),
        headers=mixed.flatmap(st.permutations),
        body=st.sampled_from([BODY, BODY, b"", b"1b\r\n" + BODY + b"\r\n0\r\n\r\n"]),
    )
    def run(method: bytes, target: bytes, version: bytes, headers: list[bytes], body: bytes) -> None:
        lines = [b" ".join([method, target, version]), *headers, b"connection: close"]
        sent = b"\r\n".join(lines) + b"\r\n\r\n" + body
        replies = exchanged(server, sent)
        judged(replies, sent)
        seen.update(reply.status for reply in replies)

    run()
    assert {200, 400} <= seen
    assert len(seen) >= 5


def test_no_bytes_break_the_server(server: Process) -> None:
    """Anything, and good requests with something wrong in one place, in pieces."""
    head = b"POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\nauthorization: " + TOKEN
    good = head + b"\r\ncontent-length: %d\r\nconnection: close\r\n\r\n" % len(BODY) + BODY
    wrong = st.builds(
        lambda at, gone, new: good[:at] + new + good[at + gone :],
        st.integers(0, len(good)),
        st.integers(0, 40),
        st.binary(max_size=20),
    )
    pieces = st.builds(
        lambda raw, at: [raw[:at], raw[at:]], st.one_of(wrong, wrong, st.binary(max_size=200)), st.integers(1, 90)
    )

    @settings(REPEATED, max_examples=200)
    @given(parts=pieces)
    def run(parts: list[bytes]) -> None:
        judged(exchanged(server, *parts), b"".join(parts))

    run()
