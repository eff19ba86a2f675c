"""`/livez`: the process runs. `/readyz`: it can answer; the directory is asked each time, the vendors now and then."""

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from providers.domain import ProviderHealth, ProviderMode, ProviderStatus
from providers.errors import DirectoryUnavailable
from providers.shared import Shared
from resolvers.health import Health
from serving.draining import Drain


async def livez(_request: Request) -> Response:
    """200 as long as the process answers at all."""
    return JSONResponse({"status": "ok"})


async def readyz(request: Request) -> Response:
    """200 when the directory answers, tokens can be checked and not every vendor is down.

    What one vendor's fault costs is told per field. A replica that is about to stop is not ready, although it answers.
    """
    drain: Drain = request.app.state.drain
    health: Health = request.app.state.health
    statuses = await health.statuses()
    is_stored = await _directory_answers(request)
    running = [status for status in statuses if status.mode is not ProviderMode.OFF]
    may_let_in = request.app.state.callers.is_ready
    is_able = is_stored and may_let_in is not False and any(status.health is ProviderHealth.UP for status in running)
    return JSONResponse(
        {
            "status": "draining" if drain.has_begun else "ok" if is_able else "unavailable",
            "directory": "up" if is_stored else "down",
            **(await _shared(request)),
            **({} if may_let_in is None else {"auth": "up" if may_let_in else "down"}),
            "providers": {status.provider.value: _report(status) for status in statuses},
        },
        status_code=200 if is_able and not drain.has_begun else 503,
    )


async def _directory_answers(request: Request) -> bool:
    try:
        await request.app.state.providers.directory.ping()
    except DirectoryUnavailable:
        return False
    return True


async def _shared(request: Request) -> dict[str, str]:
    """A replica that has lost what it shares goes on by itself: that is told, and no reason to be unready."""
    shared: Shared | None = request.app.state.providers.shared
    return {} if shared is None else {"shared": "up" if await shared.ping() else "down"}


def _report(status: ProviderStatus) -> dict[str, object]:
    report = {"mode": status.mode.value, "health": status.health.value}
    if status.problem_code:
        report["code"] = status.problem_code
    return msgspec.to_builtins(report)  # type: ignore[no-any-return]
