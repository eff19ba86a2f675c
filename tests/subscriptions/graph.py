"""What the tests of subscriptions ask the graph beside subscribing."""

from typing import Any

import httpx

from providers.domain import NodeType, Provider, Ref
from resolvers import ids
from tests.inside import Inside

NOWHERE = ids.encode(Ref(NodeType.PAYMENT, ("bm93aGVyZQ",), Provider.FORMANCE))
"""A payment that there is none of."""


def ask(server: Inside, query: str, *, headers: dict[str, str] | None = None, **variables: Any) -> Any:
    """The data of an operation that must succeed."""
    body = {"query": query, "variables": variables}
    answer = httpx.post(f"{server.url}/graphql", json=body, headers=headers, timeout=60).json()
    assert "errors" not in answer, answer
    return answer["data"]


def payments(server: Inside, *, headers: dict[str, str] | None = None, first: int = 40) -> list[dict[str, Any]]:
    """Payments with whose they are."""
    query = """query($n: Int) { payments(first: $n) { nodes {
        id source { id customer { id } } destination { id customer { id } } } } }"""
    found: list[dict[str, Any]] = ask(server, query, headers=headers, n=first)["payments"]["nodes"]
    return found


def owners(payment: dict[str, Any]) -> set[str]:
    """The customers at its ends."""
    ends = [payment["source"], payment["destination"]]
    return {end["customer"]["id"] for end in ends if end and end["customer"]}


def calls(server: Inside) -> list[dict[str, Any]]:
    """What vendors were asked since `forget`, tokens and the server's version aside."""
    found = httpx.get(f"{server.url}/sandbox/_calls", timeout=60).json()
    return [each for each in found if not each["path"].endswith(("/_info", "/oauth/token", "/versions", "/auth"))]


def forget(server: Inside) -> None:
    """Empty the sandboxes' record."""
    httpx.delete(f"{server.url}/sandbox/_calls", timeout=60)


def fault(server: Inside, path: str, **effect: Any) -> None:
    """Make the payment provider fail."""
    body = {"vendor": "formance", "method": "GET", "path": path, "times": 1, **effect}
    assert httpx.post(f"{server.url}/sandbox/_faults", json=body, timeout=60).status_code == 201


def heal(server: Inside) -> None:
    """Make it work again."""
    httpx.delete(f"{server.url}/sandbox/_faults", timeout=60)
