"""Every listener hears every call, whatever the others do."""

import logging
from typing import Any

import pytest

from providers.domain import Provider
from providers.telemetry import Telemetry, UpstreamCall

CALL = UpstreamCall(
    provider=Provider.PLUGGY,
    operation="get_thing",
    method="GET",
    path="/things/{id}",
    status=200,
    started_ms=1.0,
    ms=2.0,
    wave=1,
    coalesced=False,
    attempts=1,
    error=None,
)


def test_a_listener_that_fails_harms_nobody(caplog: pytest.LogCaptureFixture) -> None:
    heard: list[Any] = []

    def broken(_: UpstreamCall) -> None:
        raise LookupError("a bug")

    telemetry = Telemetry([heard.append, broken])
    telemetry.listen(heard.append)
    with caplog.at_level(logging.WARNING):
        telemetry.emit(CALL)
    assert heard == [CALL, CALL]
    assert [record.message for record in caplog.records] == ["a telemetry listener failed"]


def test_telemetry_without_listeners_is_silent() -> None:
    Telemetry().emit(CALL)
