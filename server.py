"""Starts Tributary: `python server.py`. Everything is set by environment variables; `.env.example` lists them."""

import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress

import uvicorn
from starlette.applications import Starlette
from uvicorn.config import STARTUP_FAILURE

from providers.config import ConfigurationError, Environment
from serving import app, logs
from serving.draining import Server
from serving.garbage import share_one_heap
from serving.guard import guarded
from serving.metrics import counting_together
from serving.settings import Settings
from serving.websocket import Wire
from serving.workers import Worker, channel_in, lead

SECONDS_TO_CLOSE = 5
SWITCH = 0.0005
"""Seconds after which a thread that reads documents gives way to the event loop. Python's own are ten times as many."""


def main(arguments: Sequence[str] = ()) -> int:
    """Serve until told to stop. 2 when a setting is missing or wrong. The arguments of a worker are its parent's."""
    share_one_heap()
    sys.setswitchinterval(SWITCH)
    environment = Environment(os.environ)
    try:
        settings = Settings.read(environment)
        logs.set_up(settings.log_level)
        application = app.create(environment, settings)
    except ConfigurationError as error:
        sys.stderr.write(f"tributary: {error}\n")
        return 2
    channel = channel_in(arguments)
    if settings.workers > 1 and channel is None:
        with counting_together():
            return lead(settings.host, settings.port, settings.workers)
    # Uvicorn finishes what is under way, then sends itself the signal again: a stop on request is a success.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    config = configured(application, settings)
    drain, seconds = application.state.drain, settings.drain_seconds
    server = (
        Server(config, drain=drain, seconds=seconds)
        if channel is None
        else Worker(config, drain=drain, seconds=seconds, channel=channel)
    )
    with suppress(KeyboardInterrupt):
        server.run()
    return 0 if server.started else STARTUP_FAILURE


def configured(application: Starlette, settings: Settings) -> uvicorn.Config:
    """How uvicorn serves the app."""
    return uvicorn.Config(
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


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
