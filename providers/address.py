"""Where a call goes: ids and questions are written into an address so that none can leave its place."""

from collections.abc import Mapping, Sequence
from urllib.parse import quote, urlencode

_NO_SEGMENT = frozenset({"", ".", ".."})
"""These cannot be encoded into a segment: servers and proxies resolve them, and the path would be another."""


def address(
    base_url: str, template: str, *, path: Mapping[str, str], query: Sequence[tuple[str, str]] = ()
) -> str | None:
    """The template with its `{names}` filled, each with one encoded segment. None: a value cannot be a segment."""
    if not _NO_SEGMENT.isdisjoint(path.values()):
        return None
    filled = template.format_map({name: _quoted(value) for name, value in path.items()})
    asked = urlencode(query, quote_via=quote, safe="", errors="surrogatepass")
    return f"{base_url}{filled}?{asked}" if asked else f"{base_url}{filled}"


def _quoted(value: str) -> str:
    return quote(value, safe="", errors="surrogatepass")
