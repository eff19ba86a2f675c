"""Messages as the vendors write and sign them, reckoned here by the documentation and not by the server's own code."""

import base64
import hashlib
import hmac
import json
import time
from typing import Any

import httpx

from providers.domain import Event
from tests.conftest import Graph

SECRET = "a-secret-of-the-tests-and-of-nobody-else"
OTHER = "another-secret-that-takes-its-place-soon"
SECRETS = {f"{vendor}_WEBHOOK_SECRETS": SECRET for vendor in ("FINICITY", "PLUGGY", "FORMANCE")}
LEDGER_EVENT = {
    "date": "2026-10-01T10:00:00Z",
    "app": "ledger",
    "version": "v2",
    "type": "ledger.committed_transactions",
    "payload": {"ledger": "main", "transactions": [{"id": 7, "postings": []}], "accountMetadata": {}},
}


def body_of(content: object) -> bytes:
    """As it is sent."""
    return content if isinstance(content, bytes) else json.dumps(content).encode()


def formance(
    content: object = LEDGER_EVENT, *, id: str = "message-1", secret: str = SECRET, at: float | None = None
) -> dict[str, Any]:
    """A request's arguments. `at` is when it was signed, as seconds since the Unix epoch."""
    body, seconds = body_of(content), int(time.time() if at is None else at)
    made = hmac.new(secret.encode(), f"{id}.{seconds}.".encode() + body, hashlib.sha256).digest()
    headers = {
        "content-type": "application/json",
        "formance-webhook-id": id,
        "formance-webhook-timestamp": str(seconds),
        "formance-webhook-signature": f"v1,{base64.b64encode(made).decode()}",
        "formance-webhook-test": "false",
    }
    return {"url": "/webhooks/formance", "content": body, "headers": headers}


def finicity(content: object, *, secret: str = SECRET, header: str = "x-finicity-signature") -> dict[str, Any]:
    """A request's arguments."""
    body = body_of(content)
    made = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {"url": "/webhooks/finicity", "content": body, "headers": {"content-type": "application/json", header: made}}


def pluggy(content: object, *, secret: str = SECRET) -> dict[str, Any]:
    """A request's arguments."""
    headers = {"content-type": "application/json", "x-webhook-secret": secret}
    return {"url": "/webhooks/pluggy", "content": body_of(content), "headers": headers}


async def posted(graph: Graph, message: dict[str, Any]) -> httpx.Response:
    """The answer to a message."""
    return await graph.client.post(**message)


async def stored(graph: Graph) -> list[Event]:
    """All events that the server has kept, in their order."""
    return list(await graph.client._transport.app.state.providers.directory.events.after(0, limit=1000))  # type: ignore[attr-defined]


async def delivered(graph: Graph) -> None:
    """Wait until all that the sandboxes have sent has come, or was given up."""
    for outbox in graph.client._transport.app.state.outboxes.values():  # type: ignore[attr-defined]
        await outbox.idle()


def outcome(answer: httpx.Response) -> tuple[int, str]:
    """Status and code of a refusal."""
    (error,) = answer.json()["errors"]
    return answer.status_code, error["extensions"]["code"]
