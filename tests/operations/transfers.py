"""How the operations that move money are reached."""

from typing import Any

from tests.conftest import Graph
from tests.operations import ground
from tests.operations.row import Needs, Row, Variables, change

_LOOK = """{
  transferInitiations(first: 100) { nodes {
    id status type money { amount asset } connector { id } source { id } destination { id }
  } }
}"""
_SHOWN = "transferInitiation { status }"


async def _transfer(graph: Graph, status: str) -> dict[str, Any]:
    """The newest transfer initiation with this status."""
    nodes = (await graph.data(_LOOK))["transferInitiations"]["nodes"]
    return next(dict(node) for node in nodes if node["status"] == status)


def _one(status: str) -> Needs:
    async def needs(graph: Graph) -> Variables:
        return ground.input_(transferInitiationId=(await _transfer(graph, status))["id"])

    return needs


async def _another(graph: Graph) -> Variables:
    like = await _transfer(graph, "WAITING_FOR_VALIDATION")
    return ground.input_(
        connectorId=like["connector"]["id"],
        reference=ground.key(),
        type=like["type"],
        money=like["money"],
        sourceId=like["source"]["id"],
        destinationId=like["destination"]["id"],
    )


async def _back(graph: Graph) -> Variables:
    done = await _transfer(graph, "PROCESSED")
    return ground.input_(transferInitiationId=done["id"], reference=ground.key(), money=done["money"])


async def _between(_graph: Graph) -> Variables:
    return ground.input_(
        providerName="WISE", destinationReference="acct_1", money={"amount": "12.50", "asset": "EUR/2"}
    )


TRANSFERS = (
    Row(
        "formance.create_transfer_initiation",
        "Mutation.createTransferInitiation",
        change("createTransferInitiation", "CreateTransferInitiationInput", _SHOWN),
        _another,
    ),
    Row(
        "formance.udpate_transfer_initiation_status",
        "Mutation.validateTransferInitiation",
        change("validateTransferInitiation", "TransferInitiationInput", _SHOWN),
        _one("WAITING_FOR_VALIDATION"),
    ),
    Row(
        "formance.retry_transfer_initiation",
        "Mutation.retryTransferInitiation",
        change("retryTransferInitiation", "TransferInitiationInput", _SHOWN),
        _one("FAILED"),
    ),
    Row(
        "formance.reverse_transfer_initiation",
        "Mutation.reverseTransferInitiation",
        change("reverseTransferInitiation", "ReverseTransferInitiationInput", _SHOWN),
        _back,
    ),
    Row(
        "formance.delete_transfer_initiation",
        "Mutation.deleteTransferInitiation",
        change("deleteTransferInitiation", "TransferInitiationInput", "deletedTransferInitiationId"),
        _one("WAITING_FOR_VALIDATION"),
    ),
    Row(
        "formance.connectors_transfer",
        "Mutation.transferBetweenConnectorAccounts",
        change("transferBetweenConnectorAccounts", "TransferBetweenInput", "moved { id }"),
        _between,
        refusal="UNSUPPORTED",
    ),
)
