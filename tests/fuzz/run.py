"""Documents of a kind, sent to a server by each kind of caller, and all that was wrong with the answers."""

import time
from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import Any

import httpx
import msgspec
import schemathesis
from schemathesis import Case, GenerationMode
from schemathesis.checks import load_all_checks
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.transport import Response

from providers.finicity.sandbox.auth import CREDENTIALS as FINICITY
from providers.formance.sandbox.auth import CREDENTIALS as FORMANCE
from providers.pluggy.sandbox.seed import CREDENTIALS as PLUGGY
from tests.chaos.footprint import Footprint
from tests.fuzz import documents, verdict
from tests.fuzz.ground import Ground, is_answering
from tests.process import Process
from tests.tokens import bearer

VENDORS_SECRETS = [
    value for own in (FINICITY, FORMANCE, PLUGGY) for name, value in own.items() if name.endswith("SECRET")
]
CALLERS: dict[str, dict[str, str]] = {
    "anonymous": {},
    "bound": bearer(customers={"cus_0001"}, sub="bound"),
    "admin": bearer(sub="admin"),
}
MOST_TOLD = 40


class Report(msgspec.Struct):
    """What happened. Each way in which something was wrong is told once, with a document that shows it."""

    requests: int = 0
    documents: int = 0
    seconds: float = 0.0
    slowest_ms: float = 0.0
    statuses: Counter[str] = msgspec.field(default_factory=Counter)
    codes: Counter[str] = msgspec.field(default_factory=Counter)
    """By caller; `data` for answers without an error."""
    failures: dict[str, str] = msgspec.field(default_factory=dict)
    vendors: Counter[str] = msgspec.field(default_factory=Counter)
    """Calls that came through to the sandboxes, the last ones at least: vendor, method and status."""
    memory_mb: list[float] = msgspec.field(default_factory=list)
    files: list[int] = msgspec.field(default_factory=list)


class Fuzz:
    """One run against one server."""

    def __init__(self, server: Process) -> None:
        self.server, self.report = server, Report()
        self._secrets = [*VENDORS_SECRETS, *(own["authorization"][7:] for own in CALLERS.values() if own)]
        load_all_checks()

    def run(self, ground: Ground, *, modes: Sequence[GenerationMode], examples: int) -> Report:
        """So many documents for each root field in each round. A round has a mode: what is right, or what is wrong."""
        began = time.monotonic()
        self._measure()
        with httpx.Client(base_url=self.server.url, timeout=60) as client:
            for number, mode in enumerate(modes):
                documents.play(partial(self._ask, client), ground, examples=examples, mode=mode, number=number)
                self._measure()
        self.report.seconds = round(time.monotonic() - began, 1)
        self._look_around()
        return self.report

    def _ask(self, client: httpx.Client, case: Case) -> None:
        self.report.documents += 1
        for caller, headers in CALLERS.items():
            body = {"query": case.body}
            began = time.monotonic()
            try:
                response = client.post("/graphql", json=body, headers=headers)
            except httpx.HTTPError as error:
                self._note(f"{caller}: {type(error).__name__}", case.body)
                continue
            self._count(caller, response, (time.monotonic() - began) * 1000)
            for fault in self._faults(case, response):
                self._note(f"{caller}: {case.operation.label}: {fault}", case.body)

    def _count(self, caller: str, response: httpx.Response, took: float) -> None:
        self.report.requests += 1
        self.report.slowest_ms = max(self.report.slowest_ms, round(took, 1))
        self.report.statuses[f"{caller} {response.status_code}"] += 1
        for code in sorted(set(verdict.codes(response.content))) or ["data"]:
            self.report.codes[f"{caller} {code}"] += 1

    def _faults(self, case: Case, response: httpx.Response) -> list[str]:
        found = verdict.faults(response.status_code, response.content, secrets=self._secrets)
        checks = {"response_schema_conformance"}
        if case.meta is not None and case.meta.generation.mode.is_negative:
            checks.add("negative_data_rejection")
        chosen = schemathesis.checks.CHECKS.get_by_names(sorted(checks))
        try:
            case.validate_response(Response.from_any(response), checks=chosen)
        except FailureGroup as group:
            found += [f"{each.title}" for each in group.exceptions if isinstance(each, Failure)]
        return found

    def _note(self, what: str, document: Any) -> None:
        if len(self.report.failures) < MOST_TOLD:
            self.report.failures.setdefault(what, str(document))

    def _measure(self) -> None:
        seen = Footprint.of(self.server.process.pid)
        self.report.memory_mb.append(seen.rss_mb)
        self.report.files.append(seen.files)

    def _look_around(self) -> None:
        """The server still answers, and its log holds no error and no secret."""
        if self.server.process.poll() is not None:
            self._note("the server has ended", "")
        elif not is_answering(self.server):
            self._note("the server answers no good query any more", "")
        for call in httpx.get(f"{self.server.url}/sandbox/_calls").json():
            self.report.vendors[f"{call['vendor']} {call['method']} {call['status']}"] += 1
        for line in self.server.lines:
            if line.get("level") in ("error", "critical"):
                self._note(f"logged: {line.get('message')}", line)
        for secret in self._secrets:
            if secret in self.server.text:
                self._note("logged: a secret", "")
