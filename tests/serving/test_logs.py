"""Log lines: one JSON object each, with nothing in it that a reader of logs may not see."""

import asyncio
import logging
from collections.abc import Iterator

import orjson
import pytest

from providers.domain import Provider
from providers.telemetry import UpstreamCall
from serving.logs import GATHERED, OWN_LOGGERS, JsonLines, log_call, set_up, tell

CALL = {
    "provider": Provider.PLUGGY,
    "operation": "smart_account_retrieve",
    "method": "GET",
    "path": "/smart-account/{id}",
    "status": 200,
    "started_ms": 1.0,
    "ms": 2.5,
    "wave": 1,
    "coalesced": False,
    "attempts": 1,
}


@pytest.fixture
def as_it_was() -> Iterator[None]:
    """Puts the process's logging back afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name in OWN_LOGGERS:
        logging.getLogger(name).setLevel(logging.NOTSET)
    logging.getLogger("uvicorn.access").disabled = False
    logging.getLogger("uvicorn.error").filters.clear()


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    """What was written to standard output; nothing may go anywhere else."""
    written = capsys.readouterr()
    assert written.err == ""
    return [orjson.loads(line) for line in written.out.splitlines()]


@pytest.mark.usefixtures("as_it_was")
def test_a_record_becomes_one_line_with_its_own_fields(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("INFO")
    logging.getLogger("tributary").info("two\nlines", extra={"calls": 3, "where": object, "color_message": "\x1b[1m"})

    (line,) = lines(capsys)
    assert set(line) == {"time", "level", "logger", "message", "calls", "where"}
    assert (line["level"], line["logger"], line["message"], line["calls"]) == ("info", "tributary", "two\nlines", 3)
    assert str(line["time"]).endswith("+00:00")


@pytest.mark.usefixtures("as_it_was")
def test_libraries_stay_silent_when_we_debug(capsys: pytest.CaptureFixture[str]) -> None:
    """Database drivers log statements with their values."""
    set_up("DEBUG")
    logging.getLogger("aiosqlite").debug("executing … 6011000000000004")
    logging.getLogger("uvicorn.access").info("GET /graphql?query=…")
    logging.getLogger("tributary.upstream").debug("vendor call")

    assert [line["message"] for line in lines(capsys)] == ["vendor call"]


@pytest.mark.usefixtures("as_it_was")
def test_a_level_hides_what_is_below_it(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("WARNING")
    for name in ("tributary", "uvicorn.error"):
        logging.getLogger(name).info("hidden")
        logging.getLogger(name).warning("shown")

    assert [line["message"] for line in lines(capsys)] == ["shown", "shown"]


@pytest.mark.usefixtures("as_it_was")
def test_a_failed_starts_traceback_does_not_repeat_what_the_exceptions_say(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("INFO")
    logging.getLogger("uvicorn.error").error("Traceback (most recent call last):\n … pa55word")
    logging.getLogger("uvicorn.error").error("Application startup failed. Exiting.")

    assert [line["message"] for line in lines(capsys)] == ["Application startup failed. Exiting."]


def test_an_exception_is_told_by_class_and_place() -> None:
    try:
        raise LookupError("account 42")
    except LookupError as error:
        record = logging.makeLogRecord({"msg": "failed", "exc_info": (type(error), error, error.__traceback__)})
    text = JsonLines().format(record)

    assert orjson.loads(text)["exception"] == "LookupError"
    assert "test_logs.py" in orjson.loads(text)["trace"][0]
    assert "account 42" not in text


@pytest.mark.parametrize(("error", "level"), [(None, "debug"), ("Broken", "info")])
def test_a_vendor_call_is_told_without_its_address(
    caplog: pytest.LogCaptureFixture, error: str | None, level: str
) -> None:
    """One that failed can be seen without debugging."""
    caplog.handler.setFormatter(JsonLines())
    with caplog.at_level(logging.DEBUG):
        log_call(UpstreamCall(**CALL, error=error))  # type: ignore[arg-type]

    (line,) = map(orjson.loads, caplog.text.splitlines())
    assert line["level"] == level
    assert {name: line[name] for name in ("provider", "operation", "status", "ms", "attempts", "error")} == {
        "provider": "pluggy",
        "operation": "smart_account_retrieve",
        "status": 200,
        "ms": 2.5,
        "attempts": 1,
        "error": error,
    }


def test_an_untold_call_costs_nothing(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        log_call(UpstreamCall(**CALL, error=None))  # type: ignore[arg-type]

    assert caplog.text == ""


@pytest.mark.usefixtures("as_it_was")
async def test_operations_are_told_together_and_in_their_place(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("INFO")
    logger = logging.getLogger("tributary.operation")
    tell(logger, "operation", {"requestId": "1"})
    tell(logger, "operation", {"requestId": "2"})
    assert lines(capsys) == []
    logger.warning("between")
    tell(logger, "operation", {"requestId": "3"})
    await asyncio.sleep(GATHERED * 3)

    told = lines(capsys)
    assert [line.get("requestId", line["message"]) for line in told] == ["1", "2", "between", "3"]
    assert {line["level"] for line in told} == {"info", "warning"}
    assert str(told[0]["time"]).endswith("+00:00")


@pytest.mark.usefixtures("as_it_was")
async def test_operations_are_told_to_everybody_who_listens_and_not_where_they_are_too_much(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    set_up("INFO")
    logger = logging.getLogger("tributary.operation")
    logging.root.addHandler(caplog.handler)
    tell(logger, "operation", {"requestId": "1"})
    set_up("WARNING")
    tell(logger, "operation", {"requestId": "2"})

    assert [line["requestId"] for line in lines(capsys)] == ["1"]
    assert [record.__dict__["requestId"] for record in caplog.records] == ["1"]


@pytest.mark.usefixtures("as_it_was")
async def test_what_was_gathered_is_not_lost_at_the_end(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("INFO")
    tell(logging.getLogger("tributary.operation"), "operation", {"requestId": "1"})
    logging.shutdown()

    assert [line["requestId"] for line in lines(capsys)] == ["1"]
