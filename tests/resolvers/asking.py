"""Queries and ids that the tests of the graph share."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from providers.domain import customer_ref
from resolvers import ids
from tests.conftest import Answer, Graph

PERSONAS = 25
"""How many customers the sandboxes know."""

TREE = """
query Tree($id: ID!) {
  customer(id: $id) {
    name
    totals { money { amount currency asset } accountCount isComplete }
    accounts { nodes {
      __typename id provider providerId name kind currency
      balances { kind money { amount currency asset minorUnits } asOf source }
      payments(first: 5) { nodes { id source { id } destination { id } } }
      pools { id name }
    } }
    payments(first: 20) { nodes {
      id reference type status money { amount asset } createdAt
      source { id name provider } destination { id name provider }
    } }
    pools { id name balances { kind money { amount asset } } accounts { id name } }
  }
}
"""
"""Everything that hangs on a customer, links aside."""


def person(index: int) -> str:
    """The global id of the sandboxes' customer of this index, from 0."""
    return ids.encode(customer_ref(f"cus_{index + 1:04d}"))


def aliased(field: str, global_ids: Iterable[str], selection: str) -> str:
    """One operation that asks for the same thing of many objects, as `a0`, `a1`, …"""
    asked = (f'a{number}: {field}(id: "{each}") {selection}' for number, each in enumerate(global_ids))
    return "{ " + " ".join(asked) + " }"


async def received(graph: Graph) -> Counter[tuple[str, str]]:
    """How many calls each vendor received, by vendor and path, since the record was emptied."""
    return Counter((call["vendor"], call["path"]) for call in await graph.calls())


async def node_ids(graph: Graph, field: str, *, first: int = 100) -> list[str]:
    """The ids of a root list, read to its end."""
    found: list[str] = []
    after = None
    while True:
        page = (
            await graph.data(
                f"query($after: String) {{ {field}(first: {first}, after: $after) "
                "{ nodes { id } pageInfo { hasNextPage endCursor } } }",
                after=after,
            )
        )[field]
        found += [node["id"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            return found


def codes(answer: Answer) -> list[str]:
    """The codes of an answer's errors."""
    return [error["extensions"]["code"] for error in answer.errors]


def only_error(answer: Answer) -> dict[str, Any]:
    """The one error of an answer."""
    assert len(answer.errors) == 1, answer.errors
    return answer.errors[0]
