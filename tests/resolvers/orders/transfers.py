"""Transfer initiations of the sandbox, and the orders that are given to them."""

from collections.abc import Mapping
from typing import Any

from tests.conftest import Answer, Graph

GENERATIONS = ("v3", "v2")
_ANSWER = "userErrors { code field vendorCode } transferInitiation { ...T }"
_T = """fragment T on TransferInitiation {
  id reference type status money { amount asset } initialMoney { amount asset minorUnits } adjustments { status }
  connector { id } source { id } destination { id }
}"""


def _mutation(name: str, input_type: str) -> str:
    return f"mutation($input: {input_type}!) {{ it: {name}(input: $input) {{ {_ANSWER} }} }} {_T}"


CREATE = _mutation("createTransferInitiation", "CreateTransferInitiationInput")
REVERSE = _mutation("reverseTransferInitiation", "ReverseTransferInitiationInput")
DELETE = """mutation($input: TransferInitiationInput!) { it: deleteTransferInitiation(input: $input) {
  userErrors { code field vendorCode } deletedTransferInitiationId } }"""
ROOT = "/api/payments/transfer-initiations"


def doing(verb: str) -> str:
    """The mutation that does this to a transfer initiation."""
    if verb == "delete":
        return DELETE
    return _mutation(f"{verb}TransferInitiation", "TransferInitiationInput")


async def transfers(graph: Graph, **where: object) -> list[dict[str, Any]]:
    """All of the sandbox whose fields have these values."""
    query = f"{{ transferInitiations(first: 100) {{ nodes {{ ...T }} }} }} {_T}"
    found = (await graph.data(query))["transferInitiations"]["nodes"]
    return [each for each in found if all(each[name] == value for name, value in where.items())]


async def transfer(graph: Graph, **where: object) -> dict[str, Any]:
    """The newest of them."""
    return (await transfers(graph, **where))[0]


async def state(graph: Graph, global_id: str) -> dict[str, Any] | None:
    """One transfer initiation as it is now."""
    query = f"query($id: ID!) {{ transferInitiation(id: $id) {{ ...T }} }} {_T}"
    found: dict[str, Any] | None = (await graph.data(query, id=global_id))["transferInitiation"]
    return found


def asking(row: Mapping[str, Any], key: str = "k", **more: object) -> dict[str, object]:
    """An input that asks for something like an existing transfer initiation."""
    return {
        "connectorId": row["connector"]["id"],
        "reference": "order-new",
        "type": row["type"],
        "money": {"amount": "12.50", "asset": "USD/2"},
        "destinationId": row["destination"]["id"],
        "sourceId": row["source"]["id"],
        "idempotencyKey": key,
        **more,
    }


def one(row: Mapping[str, Any], key: str = "k") -> dict[str, object]:
    """An input that names an existing transfer initiation."""
    return {"transferInitiationId": row["id"], "idempotencyKey": key}


def reversing(row: Mapping[str, Any], amount: str, key: str = "back", **more: object) -> dict[str, object]:
    """An input that asks for money back."""
    return {**one(row, key), "reference": "back-1", "money": {"amount": amount, "asset": "USD/2"}, **more}


def done(answer: Answer) -> Any:
    """What a mutation that was carried out shows."""
    assert answer.errors == []
    assert answer.data["it"]["userErrors"] == []
    return answer.data["it"]["transferInitiation"]


def refused(answer: Answer) -> tuple[str, list[str], str | None]:
    """Code, field and vendor's code of the one refusal."""
    assert answer.errors == []
    (error,) = answer.data["it"]["userErrors"]
    return error["code"], error["field"], error["vendorCode"]


def code(answer: Answer) -> str:
    """The code of the one error."""
    (error,) = answer.errors
    return str(error["extensions"]["code"])


async def sent(graph: Graph) -> int:
    """How many orders reached the sandbox."""
    calls = await graph.calls()
    return sum(call["method"] != "GET" and "oauth" not in call["path"] for call in calls)
