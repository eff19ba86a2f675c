"""Ids and questions that the tests of ledgers share."""

from providers.domain import NodeType, Provider, Ref
from resolvers import ids
from tests.conftest import Answer, Graph

GENERATIONS = ("v1", "v2.1", "v2.4")
SECOND = ("v2.1", "v2.4")


def ledger_id(name: str) -> str:
    return ids.encode(Ref(NodeType.LEDGER, (name,), Provider.FORMANCE))


def account_id(address: str, ledger: str = "main") -> str:
    return ids.encode(Ref(NodeType.LEDGER_ACCOUNT, (ledger, address), Provider.FORMANCE))


def transaction_id(number: int | str, ledger: str = "main") -> str:
    return ids.encode(Ref(NodeType.LEDGER_TRANSACTION, (ledger, str(number)), Provider.FORMANCE))


MAIN = ledger_id("main")


def person(number: int, purpose: str = "wallet") -> str:
    return f"customers:cus_{number:04d}:{purpose}"


async def of_main(graph: Graph, selection: str) -> Answer:
    return await graph.ask(f"query ($id: ID!) {{ ledger(id: $id) {{ {selection} }} }}", id=MAIN)


async def addresses(graph: Graph, count: int) -> list[str]:
    answer = await of_main(graph, f"accounts(first: {count}) {{ nodes {{ address }} }}")
    return [node["address"] for node in answer.data["ledger"]["accounts"]["nodes"]]


def codes(answer: Answer) -> list[str]:
    return [error["extensions"]["code"] for error in answer.errors]
