"""The mutations that move money. Each order has a transfer initiation of its own."""

import asyncio
from typing import Any

from tests.conftest import Graph
from tests.operations import ground
from tests.operations.map import MAP
from tests.operations.row import Needs, Variables, change
from tests.processes.row import Row

_LIKE = """{ transferInitiations(first: 100) { nodes {
  status type money { amount asset } connector { id } source { id } destination { id }
} } }"""
_STATUS = "query ($id: ID!) { transferInitiation(id: $id) { status } }"
_CREATE = change("createTransferInitiation", "CreateTransferInitiationInput", "transferInitiation { id }")
_VALIDATE = change("validateTransferInitiation", "TransferInitiationInput", "transferInitiation { id }")


async def fields(graph: Graph, **more: object) -> dict[str, Any]:
    """Something like what there is. Only transfers can be reversed on both generations."""
    nodes = (await graph.data(_LIKE))["transferInitiations"]["nodes"]
    like = next(node for node in nodes if node["type"] == "TRANSFER" and node["source"] and node["destination"])
    return {
        "connectorId": like["connector"]["id"],
        "reference": ground.key(),
        "type": like["type"],
        "money": like["money"],
        "sourceId": like["source"]["id"],
        "destinationId": like["destination"]["id"],
        **more,
    }


async def _new(graph: Graph) -> Variables:
    return ground.input_(**await fields(graph))


def _one(status: str) -> Needs:
    async def needs(graph: Graph) -> Variables:
        return ground.input_(transferInitiationId=await _made(graph, status))

    return needs


async def _made(graph: Graph, status: str) -> str:
    """A new transfer initiation that has come to this status. The sandbox fails what is called so, once."""
    reference = f"fail-{ground.key()}" if status == "FAILED" else ground.key()
    payload = await ground.made(graph, _CREATE, **await fields(graph, reference=reference))
    made = str(payload["transferInitiation"]["id"])
    if status != "WAITING_FOR_VALIDATION":
        await ground.made(graph, _VALIDATE, transferInitiationId=made)
    for _ in range(100):
        if (await graph.data(_STATUS, id=made))["transferInitiation"]["status"] == status:
            return made
        await asyncio.sleep(0.02)
    raise AssertionError(f"the transfer does not come to be {status}")


async def _back(graph: Graph) -> Variables:
    money = (await fields(graph))["money"]
    made = await _made(graph, "PROCESSED")
    return ground.input_(transferInitiationId=made, reference=ground.key(), money=money)


def _doing(mutation: str, operation: str, needs: Needs, *, takes: str = "TransferInitiationInput") -> Row:
    return Row(
        mutation=mutation,
        takes=takes,
        shows="transferInitiation { id }",
        operation=operation,
        needs=needs,
        holds=lambda given, payload: payload["transferInitiation"]["id"] == given["transferInitiationId"],
        is_patient=True,
    )


_STATUS_ORDER = "formance.udpate_transfer_initiation_status"

TRANSFERS = (
    Row(
        mutation="createTransferInitiation",
        takes="CreateTransferInitiationInput",
        shows="transferInitiation { id reference }",
        operation="formance.create_transfer_initiation",
        needs=_new,
        holds=lambda given, payload: payload["transferInitiation"]["reference"] == given["reference"],
    ),
    _doing("validateTransferInitiation", _STATUS_ORDER, _one("WAITING_FOR_VALIDATION")),
    _doing("rejectTransferInitiation", _STATUS_ORDER, _one("WAITING_FOR_VALIDATION")),
    _doing("retryTransferInitiation", "formance.retry_transfer_initiation", _one("FAILED")),
    _doing(
        "reverseTransferInitiation",
        "formance.reverse_transfer_initiation",
        _back,
        takes="ReverseTransferInitiationInput",
    ),
    Row(
        mutation="deleteTransferInitiation",
        takes="TransferInitiationInput",
        shows="deletedTransferInitiationId",
        operation="formance.delete_transfer_initiation",
        needs=_one("WAITING_FOR_VALIDATION"),
        holds=lambda given, payload: payload["deletedTransferInitiationId"] == given["transferInitiationId"],
    ),
    Row(
        mutation="transferBetweenConnectorAccounts",
        takes="TransferBetweenInput",
        shows="moved { id }",
        operation="formance.connectors_transfer",
        needs=MAP["formance.connectors_transfer"].needs,
        holds=lambda _given, _payload: False,
        refused={"v3": ("UNSUPPORTED", None), "v2": ("UNSUPPORTED", None)},
    ),
)
