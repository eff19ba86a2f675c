"""One JSON object a line on standard output. No line holds a query, a variable, a URL, a token or an account."""

import logging
import sys
import traceback
from datetime import UTC, datetime

import orjson

from providers.telemetry import UpstreamCall

calls = logging.getLogger("tributary.upstream")

OWN_LOGGERS = ("tributary", "providers", "resolvers", "schema", "serving")
_LEFT_OUT = {*vars(logging.makeLogRecord({})), "taskName", "color_message"}


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


def set_up(level: str) -> None:
    """Send everything to standard output as JSON. Libraries' debugging holds statements and values, so it stays off."""
    _leave_out_what_no_line_holds()
    handler = logging.StreamHandler(sys.stdout)
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
