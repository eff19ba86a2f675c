"""Answers that the vendor's servers give and the vendor's SDK 5.0.0 cannot read, mended on their way to it.

The SDK was generated from a document that the servers do not follow; each mend names the difference.
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx

TASK_STATUSES = {"ACTIVE", "STOPPED", "TERMINATED"}
"""The document types a task's status as a payment's, which has none of these."""

INITIATION_STATUSES = {
    *("WAITING_FOR_VALIDATION", "VALIDATED", "PROCESSING", "PROCESSED", "FAILED", "REJECTED", "ASK_RETRIED"),
    *("ASK_REVERSED", "REVERSE_PROCESSING", "REVERSE_FAILED", "PARTIALLY_REVERSED", "REVERSED"),
}


def bank_account(row: dict[str, Any]) -> None:
    """v3 sends no connector at the top, and the document requires one."""
    row.setdefault("connectorID", "")


def account(row: dict[str, Any]) -> None:
    """What a forwarded bank account becomes on v2 is no documented type."""
    if row["type"] == "EXTERNAL_FORMANCE":
        row["type"] = "EXTERNAL"


def initiation(row: dict[str, Any]) -> None:
    """v3 sends no error with a related payment, and the payment's status for the initiation's."""
    for link in row.get("relatedPayments") or []:
        link.setdefault("error", "")
        if link["status"] not in INITIATION_STATUSES:
            link["status"] = row["status"]


def task(row: dict[str, Any]) -> None:
    """A task's own statuses, and the state that v3 does not have."""
    if row["status"] in TASK_STATUSES:
        row["status"] = "OTHER"
    row["state"] = row["state"] or {}


def configs(row: dict[str, Any]) -> None:
    """The document's one connector with its one key stands for all of them."""
    row["connector"] = {"key": next(iter(next(iter(row.values())).values()))}


MENDS: tuple[tuple[re.Pattern[str], Callable[[dict[str, Any]], None]], ...] = (
    (re.compile(r"/bank-accounts(/[^/]+(/forward)?)?"), bank_account),
    (re.compile(r"/accounts(/[^/]+)?"), account),
    (re.compile(r"/transfer-initiations(/[^/]+)?"), initiation),
    (re.compile(r"/connectors/.+/tasks(/.+)?"), task),
    (re.compile(r"/connectors/configs"), configs),
)


class Mending(httpx.HTTPTransport):
    """The network, with mended answers. Counts the answers that were mended, and the writes that were taken."""

    mended = 0
    written = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """One call."""
        response = super().handle_request(request)
        self.written += request.method != "GET" and response.is_success
        path = request.url.path.partition("/api/payments")[2]
        mend = next((mend for pattern, mend in MENDS if pattern.fullmatch(path)), None)
        if mend is None or response.status_code != 200:
            return response
        body = json.loads(response.read())
        before = json.dumps(body)
        for row in _rows(body):
            mend(row)
        self.mended += json.dumps(body) != before
        return httpx.Response(200, json=body, request=request)


def _rows(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "cursor" in body:
        yield from body["cursor"]["data"]
    else:
        yield body["data"]
