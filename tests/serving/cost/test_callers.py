"""How much a caller may cost hangs on whom it may see, and an explanation on its scopes."""

from typing import Any

from resolvers.caller import Scope
from tests.conftest import Graph, Start
from tests.resolvers.asking import person
from tests.tokens import SETTINGS, bearer

QUERY = """query($id: ID!) { customer(id: $id) {
  accounts { nodes { balances { kind } payments { nodes { id } } pools { balances { kind } } } } totals { accountCount }
} }"""


async def sent(graph: Graph, *, extensions: Any = None, **claims: Any) -> tuple[int, dict[str, Any]]:
    body = {"query": QUERY, "variables": {"id": person(0)}, "extensions": extensions or {}}
    response = await graph.client.post("/graphql", json=body, headers=bearer(**claims))
    return response.status_code, response.json()


async def test_a_caller_that_is_bound_to_customers_has_a_limit_of_its_own(start: Start) -> None:
    async with start(**SETTINGS, MAX_CALLS_BOUND="20") as graph:
        trusted = await sent(graph, extensions={"cost": True})
        bound = await sent(graph, extensions={"cost": True}, customers="cus_0001")

    assert trusted[0] == 200
    assert trusted[1]["extensions"]["cost"]["limit"] == 1000
    assert bound[0] == 400
    assert bound[1]["errors"][0]["extensions"]["code"] == "COST_LIMIT_EXCEEDED"
    assert bound[1]["errors"][0]["extensions"]["limit"] == bound[1]["extensions"]["cost"]["limit"] == 20


async def test_an_explanation_needs_the_scope_of_traces(start: Start) -> None:
    """The cost alone is told to everybody."""
    others = [scope for scope in Scope if scope is not Scope.TRACES_READ]
    async with start(**SETTINGS) as graph:
        await sent(graph)  # from here on the vendors' servers are known
        denied = await sent(graph, extensions={"explain": True}, scopes=others)
        costed = await sent(graph, extensions={"cost": True}, scopes=others)
        explained = await sent(graph, extensions={"explain": True}, scopes=[Scope.TRACES_READ])

    assert denied[0] == 403
    assert denied[1]["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    assert "extensions" not in denied[1]
    assert costed[1]["extensions"]["cost"]["calls"] > 0
    assert explained[0] == 200
    assert explained[1]["extensions"]["plan"]["calls"] == costed[1]["extensions"]["cost"]["calls"]
