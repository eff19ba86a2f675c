"""Messages over real connections: large, slow, cut and malformed ones, to a server whose vendors are live."""

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from tests.hostile.wire import Reply, connected, exchanged, read
from tests.inside import Inside, inside
from tests.serving.webhooks.messages import OTHER, SECRET, formance, outcome

LIVE = {
    "FORMANCE_BASE_URL": "http://127.0.0.1:9",
    "FORMANCE_CLIENT_ID": "id",
    "FORMANCE_CLIENT_SECRET": "secret",
    "FORMANCE_WEBHOOK_SECRETS": SECRET,
    "AUTH": "none",
}
MOST = 4096


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("live")


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Inside]:
    with inside(folder, **LIVE, MAX_REQUEST_BYTES=str(MOST), REQUEST_TIMEOUT="0.4") as running:
        yield running


def written(message: dict[str, object], *more: str, length: bool = True) -> tuple[bytes, bytes]:
    """Head and body of a request in HTTP/1.1."""
    body, headers = bytes(message["content"]), dict(message["headers"])  # type: ignore[call-overload]
    lines = [f"POST {message['url']} HTTP/1.1", "host: tributary", *(f"{name}: {headers[name]}" for name in headers)]
    lines += [f"content-length: {len(body)}"] if length else []
    return "\r\n".join([*lines, *more, "", ""]).encode(), body


def sent(server: Inside, *parts: bytes) -> Reply:
    return exchanged(server, *parts)


def keys(folder: Path) -> list[str]:
    """What is stored, by the objects' keys."""
    with closing(sqlite3.connect(folder / "directory.sqlite3")) as database:
        return [row[0] for row in database.execute("SELECT ref FROM events ORDER BY sequence")]


def test_a_message_is_acknowledged_over_the_wire(server: Inside, folder: Path) -> None:
    before = keys(folder)
    message = formance(id=f"wire-{time.time()}")
    answers = [httpx.post(**{**message, "url": f"{server.url}{message['url']}"}) for _ in range(3)]

    assert [(answer.status_code, answer.content) for answer in answers] == [(200, b"")] * 3
    assert answers[0].headers["x-request-id"]
    assert len(keys(folder)) == len(before) + 1


def test_a_body_that_is_too_large_is_not_read_to_its_end(server: Inside) -> None:
    """Announced or not."""
    message = formance(b'{"x":"' + b"x" * (3 * MOST) + b'"}')
    head, body = written(message, "connection: close")
    assert (sent(server, head, body).status, sent(server, head, body).code) == (413, "PAYLOAD_TOO_LARGE")

    head, body = written(message, "transfer-encoding: chunked", length=False)
    chunks = [b"400\r\n" + body[start : start + 1024].ljust(1024) + b"\r\n" for start in range(0, len(body), 1024)]
    assert sent(server, head, *chunks).status == 413


def test_a_body_that_does_not_come_is_not_waited_for(server: Inside, folder: Path) -> None:
    before = keys(folder)
    head, body = written(formance(id="slow"))
    with connected(server) as connection:
        connection.sendall(head + body[:10])
        reply = read(connection)

    assert reply.status == 408
    assert keys(folder) == before


def test_who_leaves_amid_a_message_leaves_nothing(server: Inside, folder: Path) -> None:
    before = keys(folder)
    head, body = written(formance(id="cut"))
    with connected(server) as connection:
        connection.sendall(head + body[:10])
    # The server is well, and has kept nothing.
    assert httpx.get(f"{server.url}/livez").status_code == 200
    assert keys(folder) == before


@pytest.mark.parametrize(
    "head",
    [
        "formance-webhook-id: \xe4\xf6",
        "formance-webhook-signature: v1," + "A" * 9000,
        "formance-webhook-timestamp: 99999999999999999999",
        "content-length: 5",
    ],
)
def test_odd_headers_are_the_senders_fault(server: Inside, head: str) -> None:
    """Each is answered with a refusal, and never with a fault of the server's."""
    first = formance()
    lines = ["POST /webhooks/formance HTTP/1.1", "host: tributary", "content-type: application/json", head]
    body = first["content"]
    raw = "\r\n".join([*lines, f"content-length: {len(body)}", "connection: close", "", ""]).encode("latin-1")
    reply = sent(server, raw, body)

    assert 400 <= reply.status < 500


def test_a_refusal_is_json_and_says_little(server: Inside) -> None:
    message = formance(secret=OTHER)
    answer = httpx.post(**{**message, "url": f"{server.url}{message['url']}"})

    assert outcome(answer) == (401, "WEBHOOK_NOT_ACCEPTED")
    assert answer.headers["content-type"].startswith("application/json")
    assert set(json.loads(answer.content)["errors"][0]["extensions"]) == {"code", "requestId"}
    assert answer.headers["cache-control"] == "no-store"


def test_a_vendor_that_is_off_has_no_address(server: Inside) -> None:
    for vendor in ("finicity", "pluggy"):
        assert httpx.post(f"{server.url}/webhooks/{vendor}", json={}).status_code == 404
    assert httpx.get(f"{server.url}/webhooks/finicity?txpush_verification_code=a").status_code == 404


def test_what_the_sandboxes_tell_is_kept_before_the_server_ends(tmp_path: Path) -> None:
    """By a server as a new user gets it, over real connections from the order to the end."""
    look = "{ connectors(first: 50) { nodes { id name } } }"
    with inside(tmp_path) as server, httpx.Client(base_url=server.url, timeout=30) as client:
        rows = client.post("/graphql", json={"query": look}).json()["data"]["connectors"]["nodes"]
        given = {
            "connectorId": next(row["id"] for row in rows if row["name"] == "generic-bank"),
            "reference": "receipt-1",
            "type": "PAY_IN",
            "status": "SUCCEEDED",
            "money": {"amount": "1.50", "asset": "EUR/2"},
            "scheme": "sepa credit",
            "createdAt": "2026-01-02T03:04:05Z",
            "idempotencyKey": "k",
        }
        order = "mutation($input: CreatePaymentInput!) { createPayment(input: $input) { payment { id } } }"
        answer = client.post("/graphql", json={"query": order, "variables": {"input": given}}).json()
        assert answer["data"]["createPayment"]["payment"]

    assert len(keys(tmp_path)) == 1
