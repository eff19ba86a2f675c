"""What the server really gives out, to be broken: global ids of every type, and cursors of every list."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import httpx
from graphql import get_named_type, is_required_argument

from providers.domain import NodeType, Provider, Ref
from resolvers import ids
from tests.access.documents import CORE, met, selection
from tests.process import Process
from tests.tokens import SETTINGS, bearer

OPEN = {
    **SETTINGS,
    "RATE_LIMIT": "off",
    "RATE_LIMIT_FAILURES": "1000000/second",
    "MAX_ALIASES": "100000",
    "MAX_FIELDS": "100000",
    "MAX_TOKENS": "100000",
    "MAX_DOCUMENT_BYTES": "1000000",
    "MAX_COMPARISONS": "1000000",
    "MAX_CALLS": "1000000",
    "MAX_CALLS_BOUND": "1000000",
}
"""A server that lets in who has a token, and whose limits hide little of what lies behind them."""

CURSORS = ("__cursor", "__endCursor", "__startCursor")


@dataclass
class Ground:
    """What was found, in the order in which it was found."""

    ids: list[str] = field(default_factory=list)
    cursors: dict[str, list[str]] = field(default_factory=dict)
    """By the root list that gave them, those of lists further on included."""

    @cached_property
    def by_type(self) -> Mapping[str, list[str]]:
        """Ids by the name of their type."""
        found: dict[str, list[str]] = {each.value: [] for each in NodeType}
        for each in self.ids:
            found[ids.decode(each).type.value].append(each)
        return found

    @property
    def all_cursors(self) -> list[str]:
        """Of every list, each once."""
        return list(dict.fromkeys(each for found in self.cursors.values() for each in found))


def survey(server: Process) -> Ground:
    """Ask every root list for its items, and each of these for the lists that hang on it."""
    ground = Ground()
    for root, query in _lists(first=100):
        response = httpx.post(f"{server.url}/graphql", json={"query": query}, headers=bearer(), timeout=60)
        assert response.json()["data"], response.text
        _gather(ground, root, response.json()["data"])
    refs = [ids.decode(each) for each in ground.ids]
    customer = next(ref.keys[0] for ref in refs if ref.type is NodeType.AGGREGATED_ACCOUNT)
    ground.ids.append(ids.encode(Ref(NodeType.REFRESH, (customer, "", "1793491200000"), Provider.FINICITY)))
    return ground


def _lists(*, first: int) -> Iterator[tuple[str, str]]:
    assert CORE.query_type
    for name, given in CORE.query_type.fields.items():
        if not any(is_required_argument(argument) for argument in given.args.values()) and "first" in given.args:
            yield name, f"{{ {name}(first: {first}) {selection(get_named_type(given.type), hops=1, first=2)} }}"


def _gather(ground: Ground, root: str, data: dict[str, Any]) -> None:
    cursors = ground.cursors.setdefault(root, [])
    for name, value in met(data):
        if name.endswith("__id") and isinstance(value, str) and value not in ground.ids:
            ground.ids.append(value)
        if name.endswith(CURSORS) and value and value not in cursors:
            cursors.append(value)


def is_answering(server: Process) -> bool:
    """Whether a good query is answered, whole."""
    query = "{ customers(first: 2) { nodes { name accounts(first: 2) { nodes { name } } } } }"
    response = httpx.post(f"{server.url}/graphql", json={"query": query}, headers=bearer(), timeout=60)
    return response.status_code == 200 and response.json().keys() == {"data"}
