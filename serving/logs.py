"""One JSON object a line on standard output. No line holds a query, a variable, a URL, a token or an account."""

import asyncio
import logging
import sys
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TextIO

import orjson

from providers.telemetry import UpstreamCall

calls = logging.getLogger("tributary.upstream")

OWN_LOGGERS = ("tributary", "providers", "resolvers", "schema", "serving")
_LEFT_OUT = {*vars(logging.makeLogRecord({})), "taskName", "color_message"}


GATHERED = 0.02
"""Seconds for which lines about operations are gathered, so that many are written at once."""


class JsonLines(logging.Formatter):
    """A record's message and its `extra` fields as JSON. Of an exception: its class and where it was raised."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        known = vars(record)
        line.update((name, known[name]) for name in known.keys() - _LEFT_OUT)
        if record.exc_info and record.exc_info[0] is not None:
            line["exception"] = record.exc_info[0].__qualname__
            line["trace"] = [
                f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(record.exc_info[2])
            ]
        return orjson.dumps(line, default=str).decode()


class Gathered(logging.StreamHandler[TextIO]):
    """Writes records at once, and what `tell` is told a moment later, without making records of it."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream)
        self._lines: list[str] = []

    @property
    def is_alone(self) -> bool:
        """Whether nobody else listens to what is logged."""
        return logging.root.handlers == [self]

    def tell(self, logger: logging.Logger, message: str, fields: Mapping[str, object]) -> None:
        """A line at info level."""
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        line = {"time": now, "level": "info", "logger": logger.name, "message": message, **fields}
        self._lines.append(orjson.dumps(line, default=str).decode())
        if len(self._lines) == 1:
            asyncio.get_running_loop().call_later(GATHERED, self.flush)

    def flush(self) -> None:
        """Write what was gathered, before anything later."""
        lines, self._lines = self._lines, []
        if lines:
            self.stream.write("\n".join(lines) + "\n")
        super().flush()

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record, after what was gathered before it."""
        if self._lines:
            self.flush()
        super().emit(record)


def tell(logger: logging.Logger, message: str, fields: Mapping[str, object]) -> None:
    """Log an operation at info level: one line of many, none of which need be read at once."""
    if not logger.isEnabledFor(logging.INFO):
        return
    handler = logging.root.handlers[0] if logging.root.handlers else None
    if isinstance(handler, Gathered) and handler.is_alone:
        handler.tell(logger, message, fields)
    else:
        logger.info(message, extra=dict(fields))


def set_up(level: str) -> None:
    """Send everything to standard output as JSON. Libraries' debugging holds statements and values, so it stays off."""
    _leave_out_what_no_line_holds()
    handler = Gathered(sys.stdout)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level="INFO" if level == "DEBUG" else level, handlers=[handler], force=True)
    for package in OWN_LOGGERS:
        logging.getLogger(package).setLevel(level)
    logging.getLogger("uvicorn.access").disabled = True
    logging.getLogger("uvicorn.error").addFilter(_is_plain)


def _leave_out_what_no_line_holds() -> None:
    """Callers, threads and processes: to find them out takes as long as all the rest of a line."""
    logging._srcfile = None  # as "Optimization" in logging's documentation has it
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False


def _is_plain(record: logging.LogRecord) -> bool:
    """Not so is a start that failed, told with what its exceptions say, nor a WebSocket, told with its URL's query."""
    message = record.getMessage()
    return not message.startswith(("Traceback", "connection ")) and '"WebSocket ' not in message


def log_call(call: UpstreamCall) -> None:
    """Every vendor call at debug level; one that failed at info level."""
    level = logging.INFO if call.error else logging.DEBUG
    if calls.isEnabledFor(level):
        calls.log(
            level,
            "vendor call",
            extra={
                "provider": call.provider.value,
                "operation": call.operation,
                "status": call.status,
                "ms": call.ms,
                "attempts": call.attempts,
                "error": call.error,
            },
        )
