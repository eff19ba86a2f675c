"""Answers of modules other than payments that the vendor's SDK 5.0.0 cannot read, mended on their way to it.

The SDK was generated from a document that the servers do not follow; each mend names the difference.
"""

import copy
import json
import re
from collections.abc import Callable
from typing import Any, NamedTuple

import httpx


def nothing(_body: Any) -> None:
    """The body is as documented."""


def info(body: dict[str, Any]) -> None:
    """Ledger 2.4 answers the second API's `_info` as it answers the first one's, under `data`."""
    body.update(body.pop("data", {}))


def logs(body: dict[str, Any]) -> None:
    """Servers log the deletion of metadata, and the document has no word for it."""
    for row in body["cursor"]["data"]:
        if row["type"] == "DELETE_METADATA":
            row["type"] = "SET_METADATA"


def summary(body: dict[str, Any]) -> None:
    """A wallet's summary comes under `data`, as everything else does."""
    body.update(body.pop("data"))


def old_activities(body: dict[str, Any]) -> None:
    """Servers name what activities are given otherwise than the document.

    A stage's payment is as payments answers it, and the document has one of old, with fewer of all words.
    """
    for row in body["data"]:
        given = row["input"]
        if "CreateTransaction" in given:
            given["CreateTransaction"] = {name.lower(): value for name, value in given["CreateTransaction"].items()}
        if "AddAccountMetadata" in given:
            given["AddAccountMetadata"]["id"] = given["AddAccountMetadata"].pop("account")
        payment = row.get("output", {}).get("GetPayment", {}).get("data", {})
        payment.pop("provider", None)
        if payment:
            payment["scheme"] = "other"
        for each in payment.get("adjustments", ()):
            each |= {"date": each["createdAt"], "absolute": True}


def activities(body: dict[str, Any]) -> None:
    """A stage's new transaction is the ledger's own of today, and the second API's document has that of old."""
    old_activities(body)
    for row in body["data"]:
        made = row.get("output", {}).get("CreateTransaction")
        if made is not None:
            made["data"] = [{**made["data"], "txid": made["data"]["id"]}]


CODES = {"LEDGER_ALREADY_EXISTS": "VALIDATION"}
"""Codes of ledger 2.4 that the document lacks, and what 2.1 says instead."""


class Mend(NamedTuple):
    """What is changed in answers to calls of a kind: the body, and the status where it is not the documented one."""

    name: str
    methods: str
    path: re.Pattern[str]
    change: Callable[[Any], None]
    status: int | None = None


MENDS = (
    Mend("counts", "HEAD", re.compile(r"ledger/[^/]+/(accounts|transactions)"), nothing, 200),
    Mend("info", "GET", re.compile(r"ledger/v2/_info"), info),
    Mend("logs", "GET", re.compile(r"ledger/v2/[^/]+/logs"), logs),
    Mend("summary", "GET", re.compile(r"wallets/wallets/[^/]+/summary"), summary),
    Mend("old activities", "GET", re.compile(r"orchestration/instances/[^/]+/stages/[^/]+/history"), old_activities),
    Mend("activities", "GET", re.compile(r"orchestration/v2/instances/[^/]+/stages/[^/]+/history"), activities),
)


class StackMending(httpx.HTTPTransport):
    """The network, with mended answers. Counts the answers that were mended, by the mend's name."""

    def __init__(self) -> None:
        super().__init__()
        self.mended: dict[str, int] = {}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """One call."""
        response = super().handle_request(request)
        if not response.is_success:
            return self._refused(response)
        path = request.url.path.partition("/api/")[2]
        mend = next((each for each in MENDS if request.method in each.methods and each.path.fullmatch(path)), None)
        if mend is None:
            return response
        body = json.loads(response.read() or "null")
        mended, status = copy.deepcopy(body), mend.status or response.status_code
        mend.change(mended)
        if mended == body and status == response.status_code:
            return response
        return self._changed(mend.name, response, status, b"" if mended is None else json.dumps(mended).encode())

    def _refused(self, response: httpx.Response) -> httpx.Response:
        text = response.read().decode()
        code = next((code for code in CODES if f'"{code}"' in text), None)
        if code is None:
            return response
        return self._changed("codes", response, response.status_code, text.replace(code, CODES[code]).encode())

    def _changed(self, name: str, response: httpx.Response, status: int, content: bytes) -> httpx.Response:
        self.mended[name] = self.mended.get(name, 0) + 1
        headers = {each: value for each, value in response.headers.items() if each != "content-length"}
        return httpx.Response(status, headers=headers, content=content)
