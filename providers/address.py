"""Where a call goes: ids and questions are written into an address so that none can leave its place."""

import re
from collections.abc import Mapping, Sequence
from urllib.parse import quote

_NO_SEGMENT = frozenset({"", ".", ".."})
"""These cannot be encoded into a segment: servers and proxies resolve them, and the path would be another."""

_UNSAFE = re.compile(r"[^A-Za-z0-9_.~-]")
_ESCAPES = [(chr(code), f"%{code:02X}") for code in sorted(range(32, 127), key=lambda code: code != ord("%"))]
_ESCAPES = [(character, escape) for character, escape in _ESCAPES if _UNSAFE.match(character)]
"""The percent sign first: the others' escapes are made of it."""


def address(
    base_url: str, template: str, *, path: Mapping[str, str], query: Sequence[tuple[str, str]] = ()
) -> str | None:
    """The template with its `{names}` filled, each with one encoded segment. None: a value cannot be a segment."""
    if not _NO_SEGMENT.isdisjoint(path.values()):
        return None
    filled = template.format_map({name: quoted(value) for name, value in path.items()}) if path else template
    asked = "&".join([f"{quoted(name)}={quoted(value)}" for name, value in query])
    return f"{base_url}{filled}?{asked}" if asked else f"{base_url}{filled}"


def quoted(value: str) -> str:
    """As `urllib.parse.quote` writes it with nothing safe, in a tenth of the time where it is ASCII."""
    if not value.isascii() or not value.isprintable():
        return quote(value, safe="", errors="surrogatepass")
    if _UNSAFE.search(value) is not None:
        for character, escape in _ESCAPES:
            if character in value:
                value = value.replace(character, escape)
    return value


def quoted_length(value: str) -> int:
    """How long a text gets when it is quoted."""
    return len(value) + 2 * len(_UNSAFE.findall(value)) if value.isascii() else len(quoted(value))
