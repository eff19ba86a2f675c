"""Starts Tributary: `python server.py`. Everything is set by environment variables; `.env.example` lists them."""

import os
import signal
import sys
from contextlib import suppress

import uvicorn
from uvicorn.config import STARTUP_FAILURE

from providers.config import ConfigurationError, Environment
from serving import app, logs
from serving.draining import Server
from serving.guard import guarded
from serving.settings import Settings
from serving.websocket import Wire

SECONDS_TO_CLOSE = 5
SWITCH = 0.0005
"""Seconds after which a thread that reads documents gives way to the event loop. Python's own are ten times as many."""


def main() -> int:
    """Serve until told to stop. 2 when a setting is missing or wrong."""
    sys.setswitchinterval(SWITCH)
    environment = Environment(os.environ)
    try:
        settings = Settings.read(environment)
        logs.set_up(settings.log_level)
        application = app.create(environment, settings)
    except ConfigurationError as error:
        sys.stderr.write(f"tributary: {error}\n")
        return 2
    # Uvicorn finishes what is under way, then sends itself the signal again: a stop on request is a success.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    config = uvicorn.Config(
        application,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        headers=[("x-content-type-options", "nosniff")],
        http=guarded(settings.limits),
        timeout_keep_alive=settings.limits.keep_alive,
        lifespan="on",
        ws=Wire,
        ws_max_size=settings.sockets.message_bytes,
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=int(settings.operation_timeout) + SECONDS_TO_CLOSE,
        forwarded_allow_ips=settings.trusted_proxies,
    )
    server = Server(config, drain=application.state.drain, seconds=settings.drain_seconds)
    with suppress(KeyboardInterrupt):
        server.run()
    return 0 if server.started else STARTUP_FAILURE


if __name__ == "__main__":
    sys.exit(main())
