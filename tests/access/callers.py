"""Callers of any kind, by real tokens."""

from collections.abc import Iterable
from typing import Any

import httpx

from resolvers.caller import Scope
from tests.conftest import Answer, Graph, foreseen
from tests.tokens import bearer


class Caller(Graph):
    """The running Tributary, asked by whoever has a token with these claims."""

    def __init__(self, client: httpx.AsyncClient, **claims: Any) -> None:
        super().__init__(client)
        self._claims = claims

    async def post(self, query: str, /, **variables: Any) -> httpx.Response:
        """The bare answer."""
        headers = {**bearer(**self._claims), "x-upstream-trace": "1", "x-query-cost": "1"}
        return await self.client.post("/graphql", json={"query": query, "variables": variables}, headers=headers)

    async def ask(self, query: str, /, **variables: Any) -> Answer:
        """Run an operation, with its trace. The HTTP status must be 200."""
        response = await self.post(query, **variables)
        assert response.status_code == 200, response.text
        return foreseen(Answer(response), query)


def bound(graph: Graph, *customers: int, **claims: Any) -> Caller:
    """A caller that may see these people only, by their place among the sandboxes' people."""
    claims = {"sub": f"bound-{customers}", **claims}
    return Caller(graph.client, customers=[f"cus_{index + 1:04d}" for index in customers], **claims)


def having(graph: Graph, *scopes: Scope) -> Caller:
    """A caller that may see every customer, but only parts of the graph."""
    return Caller(graph.client, scopes=[*scopes, Scope.TRACES_READ])


def lacking(graph: Graph, *scopes: Scope) -> Caller:
    """A caller that may do everything but this."""
    return Caller(graph.client, scopes=_but(scopes))


def _but(scopes: Iterable[Scope]) -> list[Scope]:
    return [scope for scope in Scope if scope not in set(scopes)]
