"""The page at `/`: what runs here, and where to go from it. Shown where the explorer is."""

import hashlib
from base64 import b64encode
from html import escape
from pathlib import Path
from string import Template

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from providers.domain import ProviderStatus
from resolvers.health import Health
from serving.version import VERSION

_PAGE = Template(Path(__file__).with_name("home.html").read_text(encoding="utf-8"))
_STYLE = _PAGE.template.partition("<style>")[2].partition("</style>")[0]
_POLICY = (
    "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    f"style-src 'sha256-{b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()}'"
)
_ROW = Template(
    '<tr><th scope="row">$provider</th><td>$mode</td><td class="$health">$health</td><td>$modules</td></tr>'
)


async def home(request: Request) -> Response:
    """The page, with the vendors as they were when they were last asked."""
    health: Health = request.app.state.health
    rows = "\n".join(_row(status) for status in await health.statuses())
    return HTMLResponse(
        _PAGE.substitute(version=escape(VERSION), rows=rows),
        headers={
            "cache-control": "no-store",
            "content-security-policy": _POLICY,
            "referrer-policy": "no-referrer",
        },
    )


def _row(status: ProviderStatus) -> str:
    modules = ", ".join(f"{module.name} {module.version or ''}".strip() for module in status.modules)
    return _ROW.substitute(
        provider=status.provider.value.title(),
        mode=status.mode.value,
        health=status.health.value,
        modules=escape(modules),
    )
