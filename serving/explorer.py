"""The page that a browser gets at `/graphql`: GraphiQL as `make explorer` built it, or else as a CDN has it.

Until that has come, and where it does not come, the page is a plain form.
"""

import hashlib
import re
from base64 import b64encode
from os import PathLike, stat_result
from pathlib import Path

from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

BUILT = Path(__file__).parents[1] / "explorer" / "dist"
PLAIN = Path(__file__).with_name("explorer.html")
BORROWED = Path(__file__).with_name("cdn.html")
"""What the plain page takes from a CDN: single files, each of which is what its hash says or is not run."""

# Monaco, the editor in GraphiQL, writes style elements while it runs.
BUILT_SOURCES = {
    "script-src": "'self'",
    "style-src": "'self' 'unsafe-inline'",
    "font-src": "'self' data:",
    "img-src": "'self' data:",
    "worker-src": "'self'",
}
# A worker obeys the policy that came with its own script, not that of the page.
ASSET_POLICY = "default-src 'none'; script-src 'self'"


class Explorer:
    """One page, read when the server starts, and what it loads; `built` is where the build puts them.

    `borrows`: whether a page that was not built may take GraphiQL from a CDN.
    """

    def __init__(self, built: Path = BUILT, *, borrows: bool = True) -> None:
        self._assets = built / "assets"
        index = built / "index.html"
        self._is_built = index.is_file()
        self._page = index.read_text(encoding="utf-8") if self._is_built else _plain(borrows=borrows)
        self._policy = _policy(BUILT_SOURCES if self._is_built else _plain_sources(self._page))

    def page(self) -> Response:
        """The page, under a policy that lets it send to this server alone."""
        return HTMLResponse(
            self._page,
            headers={
                "cache-control": "no-cache",
                "content-security-policy": self._policy,
                "cross-origin-opener-policy": "same-origin",
                "referrer-policy": "no-referrer",
                "vary": "accept",
            },
        )

    def routes(self) -> list[BaseRoute]:
        """Where the built page's scripts, styles and fonts stand; none for the plain form."""
        return [Mount("/explorer/assets", _Assets(directory=self._assets))] if self._is_built else []


class _Assets(StaticFiles):
    """Files whose names carry a hash of what is in them, so a browser need not ask for one twice."""

    def file_response(
        self, full_path: str | PathLike[str], stat_result: stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["cache-control"] = "public, max-age=31536000, immutable"
        response.headers["content-security-policy"] = ASSET_POLICY
        response.headers["cross-origin-resource-policy"] = "same-origin"
        return response


def _policy(sources: dict[str, str]) -> str:
    directives = {
        "default-src": "'none'",
        **sources,
        "connect-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in directives.items())


def _plain(*, borrows: bool) -> str:
    page = PLAIN.read_text(encoding="utf-8")
    return page.replace("  </body>", BORROWED.read_text(encoding="utf-8") + "  </body>") if borrows else page


def _plain_sources(page: str) -> dict[str, str]:
    """Only the scripts and the styles that stand in the page itself, and the single files that it names."""
    scripts, sheets = re.findall(r'\bsrc="(https:[^"]+)"', page), re.findall(r'\bhref="(https:[^"]+)"', page)
    # GraphiQL writes style elements while it runs, and has its fonts in its style sheet.
    styles = ["'unsafe-inline'", *sheets] if sheets else _hashes("style", page)
    return {
        "script-src": " ".join([*_hashes("script", page), *scripts]),
        "style-src": " ".join(styles),
        "font-src": "data:",
        "img-src": "data:",
    }


def _hashes(element: str, page: str) -> list[str]:
    contents = re.findall(rf"<{element}>(.*?)</{element}>", page, re.DOTALL)
    return [f"'sha256-{b64encode(hashlib.sha256(content.encode()).digest()).decode()}'" for content in contents]
