"""Asking for changes of ledgers."""

from typing import Any

from tests.conftest import Answer, Graph
from tests.resolvers.orders.rows_ledgers import MANY, ledger

PAY = "vars {\n monetary $sum\n account $who\n}\nsend $sum (\n source = @world\n destination = $who\n)"
TRANSACTION = "transaction { id number metadata postings { destination { id } money { minorUnits } } }"


async def change(graph: Graph, mutation: str, selection: str, *, key: str = "key", **given: Any) -> Answer:
    """A mutation with an input of its own name."""
    takes = f"{mutation[0].upper()}{mutation[1:]}Input"
    return await graph.ask(
        f"mutation ($input: {takes}!) {{ {mutation}(input: $input) "
        f"{{ {selection} userErrors {{ code field vendorCode }} }} }}",
        input={**given, "idempotencyKey": key},
    )


async def payload(graph: Graph, mutation: str, selection: str, **given: Any) -> Any:
    """The payload of one that came without an error."""
    answer = await change(graph, mutation, selection, **given)
    assert answer.errors == []
    return answer.data[mutation]


async def refusals(graph: Graph, mutation: str, **given: Any) -> list[tuple[str, str, str | None]]:
    """Code, field and vendor's code of what was refused."""
    errors = (await payload(graph, mutation, "__typename", **given))["userErrors"]
    return [(each["code"], ".".join(each["field"]), each["vendorCode"]) for each in errors]


def script(amount: int = MANY) -> dict[str, Any]:
    digits = str(amount)
    return {
        "plain": PAY,
        "variables": [
            {"name": "sum", "money": {"amount": f"{digits[:-2]}.{digits[-2:]}", "asset": "USD/2"}},
            {"name": "who", "text": "bob"},
        ],
    }


async def statistics(graph: Graph) -> int:
    """How many transactions the main ledger has."""
    found = await graph.data("query ($id: ID!) { ledger(id: $id) { statistics { transactionCount } } }", id=ledger())
    return int(found["ledger"]["statistics"]["transactionCount"])
