"""Which media types a request and its answer have (GraphQL over HTTP, 4 and 5)."""

from functools import lru_cache

from starlette.datastructures import Headers

JSON = "application/json"
GRAPHQL_JSON = "application/graphql-response+json"
"""The media type whose answers say by their status, too, that a request could not be executed."""
EVENTS = "text/event-stream"

_RANGES = {
    JSON: (JSON, "application/*", "*/*"),
    GRAPHQL_JSON: (GRAPHQL_JSON, "application/*", "*/*"),
}
_CHARSETS = frozenset({"utf-8", "utf8", "us-ascii"})


def answered_as(headers: Headers) -> str | None:
    """The media type that its client likes best, plain JSON where it does not care; None when it takes neither."""
    return preferred(",".join(headers.getlist("accept")))


@lru_cache(maxsize=256)
def preferred(accept: str) -> str | None:
    """The same, from the value of `Accept`; "" when there is none."""
    wanted = _weights(accept or "*/*")
    weights = {media: _weight(ranges, wanted) for media, ranges in _RANGES.items()}
    best = max(weights, key=lambda media: weights[media])
    return best if weights[best] > 0 else None


@lru_cache(maxsize=256)
def wants_events(accept: str) -> bool:
    """Whether the answer is wanted as events rather than as JSON. Whoever takes anything is given JSON."""
    if EVENTS not in accept.lower():
        return False
    wanted = _weights(accept)
    return wanted.get(EVENTS, 0.0) > max(_weight(ranges, wanted) for ranges in _RANGES.values())


@lru_cache(maxsize=256)
def is_json(content_type: str) -> bool:
    """Whether a body of this type is JSON in UTF-8. A browser does not send such a one across sites unasked."""
    media, *parameters = (part.strip().lower() for part in content_type.split(";"))
    charsets = [each.partition("=")[2].strip('"') for each in parameters if each.partition("=")[0] == "charset"]
    return media == JSON and all(charset in _CHARSETS for charset in charsets)


def _weights(accept: str) -> dict[str, float]:
    """Each range of an `Accept` with its weight (RFC 9110, 12.5.1)."""
    found: dict[str, float] = {}
    for item in accept.split(","):
        media, *parameters = (part.strip().lower() for part in item.split(";"))
        weight = next((each[2:] for each in parameters if each.startswith("q=")), "1")
        found[media] = _number(weight)
    return found


def _weight(ranges: tuple[str, ...], wanted: dict[str, float]) -> float:
    """The weight of the narrowest range that is wanted."""
    return next((wanted[each] for each in ranges if each in wanted), 0.0)


def _number(text: str) -> float:
    """A weight that is no number counts as none given."""
    try:
        weight = float(text)
    except ValueError:
        return 1.0
    return weight if 0.0 <= weight <= 1.0 else 1.0
