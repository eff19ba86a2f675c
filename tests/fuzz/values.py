"""Strategies for ids, cursors and the graph's scalars: real ones, nearly real ones, and anything."""

import base64
import json
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from resolvers.ids import from_text, to_text
from tests.fuzz.ground import Ground

BIDI = "\u202e\u2066"
ODD = (
    *("", " ", "0", "-1", "null", "..", "../../etc/passwd", "%2e%2e%2f", "a/b", "a?b=c", "a#b", "a;b", "a\\b", "a&b"),
    *(
        "\x00",
        "\r\nx: y",
        "\u2028",
        "\ud7ff",
        "\uffff",
        "\U0001d4b3",
        "é",
        "é",
        BIDI,
        "\uff11\uff12",
        "'; --",
        "{}",
        "${7*7}",
    ),
    *("9" * 40, "x" * 3000, "http://127.0.0.1/", "//", "@host", "[::1]", "\t", "true", "1e400", "-0"),
)
"""Texts that mean something to some layer beneath."""

anything = st.one_of(st.sampled_from(ODD), st.text(max_size=40))
JUNK = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), anything),
    lambda below: st.lists(below, max_size=4) | st.dictionaries(anything, below, max_size=4),
    max_leaves=8,
)


@st.composite
def damaged(draw: st.DrawFn, real: st.SearchStrategy[str]) -> str:
    """A text after one to three of the accidents that texts meet."""
    text = draw(real)
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(text)))
        kind = draw(st.sampled_from(["cut", "insert", "replace", "double", "pad", "case", "alphabet", "wrap"]))
        match kind:
            case "cut":
                text = text[:at]
            case "insert":
                text = text[:at] + draw(anything) + text[at:]
            case "replace":
                text = text[:at] + draw(st.characters(codec="utf-8")) + text[at + 1 :]
            case "double":
                text = text + text
            case "pad":
                text = text + "=" * draw(st.integers(1, 3))
            case "case":
                text = text[:at] + text[at:].swapcase()
            case "alphabet":
                text = text.replace("_", "/").replace("-", "+") + draw(st.sampled_from(["", "/", "+"]))
            case _:
                text = base64.b64encode(text.encode()).decode()
    return text


@st.composite
def remade(draw: st.DrawFn, real: st.SearchStrategy[str]) -> str:
    """A real one that was opened, changed in one place and closed again, so that it gets deeper than a broken one."""
    parts = json.loads(from_text(draw(real), longest=20_000))
    return closed(draw(_changed(parts)))


def closed(parts: Any) -> str:
    """JSON in the clothes of an id or a cursor."""
    return to_text(json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace"))


def _changed(value: Any) -> st.SearchStrategy[Any]:
    """The value, or a part of it, replaced by a damaged or another one."""
    if isinstance(value, list) and value:
        inside = st.integers(0, len(value) - 1).flatmap(
            lambda at: _changed(value[at]).map(lambda new: [*value[:at], new, *value[at + 1 :]])
        )
        return st.one_of(inside, inside, inside, st.just(value[:-1]), JUNK.map(lambda more: [*value, more]), JUNK)
    if isinstance(value, str):
        return st.one_of(damaged(st.just(value)), _inner(value), anything, JUNK)
    if isinstance(value, int):
        return st.one_of(st.integers(-1, 3), st.integers(), st.sampled_from([10**6, 10**6 + 1, 2**63, 10**30]), JUNK)
    return st.one_of(anything, JUNK)


def _inner(value: str) -> st.SearchStrategy[str]:
    """The same done to what a text itself holds in base64: vendors' own ids and cursors are such."""
    try:
        below = json.loads(base64.urlsafe_b64decode(value + "=" * (-len(value) % 4)))
    except ValueError:
        return damaged(st.just(value))
    if not isinstance(below, dict) or not below:
        return damaged(st.just(value))
    return st.sampled_from(sorted(below)).flatmap(
        lambda name: _changed(below[name]).map(lambda new: closed({**below, name: new}))
    )


def near(real: Sequence[str]) -> st.SearchStrategy[str]:
    """Real ones half of the time."""
    some = st.sampled_from(real)
    return st.one_of(some, some, some, damaged(some), remade(some), anything)


def identifiers(ground: Ground, types: Sequence[str]) -> st.SearchStrategy[str]:
    """Ids of these types, each type as often."""
    kinds = [found for name, found in ground.by_type.items() if name in types and found]
    return st.sampled_from(kinds).flatmap(near)


def cursors(ground: Ground) -> st.SearchStrategy[str]:
    """Cursors of every list."""
    return near(ground.all_cursors)


decimals = st.one_of(
    st.decimals(allow_nan=True, allow_infinity=True).map(str),
    st.sampled_from(
        ["0", "-0", "1", "0.01", "12.50", "1e5", "1E-400", "1e99999999", "٣", "9" * 127, "1_0", " 1", "-1"]
    ),
)
big_ints = st.one_of(st.integers().map(str), st.sampled_from(["", "-", "--1", "²", "٣", "9" * 128, "0x1", "+1"]))
times = st.one_of(
    st.datetimes().map(lambda time: time.isoformat() + "Z"),
    st.sampled_from(
        [
            *("0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59.999999-14:00", "2026-01-01"),
            *("2026-01-01T00:00:00", "2026-W01-1", "2026-02-30T00:00:00Z", "24:00", "2026-01-01T00:00:00+23:59", ""),
        ]
    ),
)
