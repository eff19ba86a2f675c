"""What a row of the map is: how the graph's users reach one documented operation."""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from tests.conftest import Graph

Variables = dict[str, Any]
Needs = Callable[[Graph], Awaitable[Variables]]


async def nothing(_graph: Graph) -> Variables:
    """The variables of a document that has none."""
    return {}


STACKS: dict[str, dict[str, str]] = {
    "v3": {"SANDBOX_PAYMENTS": "v3"},
    "v2": {"SANDBOX_PAYMENTS": "v2"},
    "orchestration v1": {"SANDBOX_ORCHESTRATION": "v1"},
}
"""The stacks that documents run against, and the sandboxes' settings that make them."""


class Row(msgspec.Struct, frozen=True):
    """One operation, and the document that reaches it.

    `field` is the way from a root to the field, and the argument if need be, that needs the operation, as in
    `Query.pool.balances(at)`. `needs` gives the document's variables, and makes what they name. `refusal` is the code
    with which today's servers' own refusal comes. `generation` names one of `STACKS`.
    """

    operation: str
    field: str
    document: str
    needs: Needs = nothing
    generation: str = "v3"
    refusal: str | None = None


def change(mutation: str, takes: str, selection: str) -> str:
    """The document of a mutation with an input of this type, asking for this of its payload."""
    return (
        f"mutation ($input: {takes}!) {{ {mutation}(input: $input) "
        f"{{ {selection} userErrors {{ code message field vendorCode }} }} }}"
    )
