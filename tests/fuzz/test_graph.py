"""A short form of `python -m tests.fuzz`: the same documents each time, sent by each kind of caller."""

from pathlib import Path

import pytest
from schemathesis import GenerationMode

from tests.fuzz.documents import operations
from tests.fuzz.ground import OPEN, survey
from tests.fuzz.run import CALLERS, Fuzz
from tests.fuzz.verdict import faults
from tests.hostile.wire import bound_memory
from tests.process import serving

GROWTH = 100
"""Megabytes."""


def test_no_document_of_the_schema_breaks_the_server_whoever_sends_it(tmp_path: Path) -> None:
    """Every field of the query and the mutation: right, nearly right and wrong, as nobody, as a customer and as all."""
    with serving(tmp_path, **OPEN) as server:
        bound_memory(server)
        report = Fuzz(server).run(survey(server), modes=[GenerationMode.POSITIVE, GenerationMode.NEGATIVE], examples=2)

    roots = sum(1 for _ in operations())
    assert report.failures == {}
    assert report.documents >= 5 * roots
    assert report.requests == len(CALLERS) * report.documents
    assert report.statuses["anonymous 401"] == report.documents
    assert report.statuses["bound 200"] == report.statuses["admin 200"] == report.documents
    assert min(report.codes["bound data"], report.codes["admin data"]) > report.documents / 5
    assert report.memory_mb[-1] - report.memory_mb[0] < GROWTH


@pytest.mark.parametrize(
    ("status", "body", "found"),
    [
        (200, b'{"data": {"a": 1}}', ""),
        (500, b'{"data": {"a": 1}}', "status 500"),
        (200, b"<html>", "no JSON"),
        (200, b"[]", "form"),
        (200, b'{"data": null, "errors": []}', "no list"),
        (200, b'{"errors": [{"message": "m"}]}', "without its code"),
        (200, b'{"errors": [{"message": "m", "extensions": {"code": "X"}}]}', "its request"),
        (200, b'{"errors": [{"message": "m", "extensions": {"code": "UPSTREAM_TIMEOUT", "requestId": "r"}}]}', "UPSTR"),
        (
            200,
            b'{"errors": [{"message": "m", "extensions": {"code": "INTERNAL_SERVER_ERROR", "requestId": "r"}}]}',
            "INT",
        ),
        (
            200,
            b'{"errors": [{"message": "see http://x", "extensions": {"code": "X", "requestId": "r"}}]}',
            "shows '://'",
        ),
        (200, b'{"data": {"a": "hunter2"}}', "secret"),
    ],
)
def test_what_is_wrong_with_an_answer_is_seen(status: int, body: bytes, found: str) -> None:
    """Or nothing when nothing is."""
    told = " ".join(faults(status, body, secrets=["hunter2"]))

    assert found in told
    assert bool(found) == bool(told)
