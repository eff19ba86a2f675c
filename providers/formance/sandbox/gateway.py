"""What the stack answers without a token: the gateway's list of modules, and what each says of itself."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from providers.formance.sandbox.records import Generation
from providers.formance.sandbox.routing import Endpoint, answer, route

_SAME = {
    "auth": "v2.4.3",
    "orchestration": "v2.4.1",
    "reconciliation": "v2.2.1",
    "wallets": "v2.1.5",
    "webhooks": "v2.4.1",
}
VERSIONS: dict[Generation, dict[str, str]] = {
    "v2": {**_SAME, "payments": "v2.0.33", "search": "v2.0.33"},
    "v3": {**_SAME, "payments": "v3.4.0"},
}
"""By module. Stacks whose payments are of the third generation have no search any more."""

_OWN = frozenset({"ledger", "orchestration"})
"""Modules that answer `_info` in a form of their own."""


def routes(generation: Generation, *, ledger: str, searches: bool) -> list[Route]:
    """`/versions`, `_info` of the modules that all answer it alike, and `/api/payments/_healthcheck`."""
    versions = {**VERSIONS[generation], "ledger": ledger}
    if searches:
        versions.setdefault("search", VERSIONS["v2"]["search"])
    else:
        versions.pop("search", None)

    async def listed(_request: Request) -> Response:
        services = [{"name": name, "version": version, "health": True} for name, version in versions.items()]
        return answer({"region": "", "env": "", "versions": services})

    async def health(_request: Request) -> Response:
        return answer({})

    info = {
        f"/api/{name}/_info": _info(version, has_debug=name == "payments" and generation == "v3")
        for name, version in versions.items()
        if name not in _OWN
    }
    return [
        route("GET", "/versions", listed),
        *(route("GET", path, endpoint) for path, endpoint in info.items()),
        route("GET", "/api/payments/_healthcheck", health),
    ]


def _info(version: str, *, has_debug: bool = False) -> Endpoint:
    told: dict[str, object] = {"version": version, "debug": False} if has_debug else {"version": version}

    async def info(_request: Request) -> Response:
        return answer(told)

    return info
