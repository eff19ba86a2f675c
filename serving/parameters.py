"""What a client says of the operation that it wants, in a body, a URL or a socket's message."""

from collections.abc import Mapping
from typing import Any, cast

import msgspec
from starlette.datastructures import QueryParams
from strawberry.http import GraphQLRequestData

from serving.guard.nesting import is_too_complex
from serving.persisted.names import PARAMETERS

NAMES = {
    "query": (str, "a string"),
    "operationName": (str, "a string"),
    "variables": (dict, "an object"),
    "extensions": (dict, "an object"),
}
_IN_JSON = ("variables", "extensions")
_IN_URLS = frozenset({*NAMES, *PARAMETERS})


class Misshapen(Exception):
    """A request that is no GraphQL request. The message says what to mend, and quotes nothing."""


def decoded(text: str | bytes) -> dict[str, Any]:
    """A JSON object, strictly: UTF-8, no `NaN`. Raises `Misshapen`."""
    try:
        if is_too_complex(text.encode() if isinstance(text, str) else text):
            raise Misshapen("The request's JSON is nested too deep, or has too many objects and lists.")
        value = msgspec.json.decode(text)
    except (ValueError, RecursionError):
        raise Misshapen("The request is not valid JSON.") from None
    if not isinstance(value, dict):
        raise Misshapen("The request must be a JSON object; batches are not supported.")
    return value


def from_url(parameters: QueryParams) -> dict[str, Any]:
    """The parameters of a GET. An empty name of an operation is none. Raises `Misshapen`."""
    given = parameters.multi_items()
    found: dict[str, Any] = {name: value for name, value in given if name in _IN_URLS}
    if len(found) != sum(name in _IN_URLS for name, _ in given):
        raise Misshapen("A parameter is given twice.")
    for name in _IN_JSON:
        if name in found:
            found[name] = decoded(found[name])
    found["operationName"] = found.get("operationName") or None
    return found


def request_data(parameters: Mapping[str, Any]) -> GraphQLRequestData:
    """The same with its types checked. Others than the four are passed over. Raises `Misshapen`."""
    for name, (kind, words) in NAMES.items():
        if not isinstance(parameters.get(name), kind | None):
            raise Misshapen(f"`{name}` must be {words} or null.")
    return GraphQLRequestData(
        query=cast("str | None", parameters.get("query")),
        variables=cast("dict[str, Any] | None", parameters.get("variables")),
        operation_name=cast("str | None", parameters.get("operationName")),
        extensions=cast("dict[str, Any] | None", parameters.get("extensions")),
        protocol="http",
    )
