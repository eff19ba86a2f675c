"""What the stack answers without a token: the gateway's list of services, and payments' version and health."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from providers.formance.sandbox.records import Generation
from providers.formance.sandbox.routing import answer, route

_AUTH_VERSION = "v2.4.3"
_PAYMENTS_VERSIONS: dict[Generation, str] = {"v2": "v2.0.33", "v3": "v3.4.0"}


def routes(generation: Generation) -> list[Route]:
    """`/versions`, `/api/payments/_info` and `/api/payments/_healthcheck`."""
    version = _PAYMENTS_VERSIONS[generation]

    async def versions(_request: Request) -> Response:
        services = [
            {"name": "auth", "version": _AUTH_VERSION, "health": True},
            {"name": "payments", "version": version, "health": True},
        ]
        return answer({"region": "", "env": "", "versions": services})

    async def info(_request: Request) -> Response:
        return answer({"version": version, "debug": False} if generation == "v3" else {"version": version})

    async def health(_request: Request) -> Response:
        return answer({})

    return [
        route("GET", "/versions", versions),
        route("GET", "/api/payments/_info", info),
        route("GET", "/api/payments/_healthcheck", health),
    ]
