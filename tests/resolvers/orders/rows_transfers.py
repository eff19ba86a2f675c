"""Mutations of transfer initiations."""

from decimal import Decimal
from typing import Any

from tests.resolvers.orders.row import Input, Row, World

LARGE = "92233720368547758.09"
"""In cents more than 64 bits hold."""

ROOT = "/api/payments/transfer-initiations"
NOW = "{ node(id: $id) { ... on TransferInitiation { id status } } }"
WAITING, FAILED = "WAITING_FOR_VALIDATION", "FAILED"


def one(world: World, status: str, place: int = 0) -> Input:
    return {"transferInitiationId": world.transfers[status][place]["id"]}


def created(world: World) -> Input:
    model = world.transfers[WAITING][0]
    return {
        "connectorId": model["connector"]["id"],
        "reference": "order-new",
        "type": "TRANSFER",
        "money": {"amount": LARGE, "asset": "USD/2"},
        "destinationId": model["destination"]["id"],
        "sourceId": model["source"]["id"],
    }


def reversible(world: World) -> dict[str, Any]:
    """One of which something is left: v2 reverses transfers alone."""
    return next(each for each in world.transfers["REVERSAL_FAILED"] if Decimal(each["money"]["amount"]) > 1)


def reversed_(world: World) -> Input:
    row = reversible(world)
    return {"transferInitiationId": row["id"], "reference": "back-new", "money": row["money"]}


def changing(verb: str, path: str, before: str, after: str) -> Row:
    """What is done to a transfer initiation of one status, so that it has another."""
    return Row(
        mutation=f"{verb}TransferInitiation",
        payload="transferInitiation { id }",
        input=lambda world: one(world, before),
        other=lambda world: one(world, before, 1),
        calls=("POST", f"{ROOT}/*/{path}"),
        holds=lambda world, payload: payload["transferInitiation"]["id"] == world.transfers[before][0]["id"],
        then=(NOW, lambda world, _payload: {"node": {"id": world.transfers[before][0]["id"], "status": after}}),
        has_body=False,
    )


CREATE = Row(
    mutation="createTransferInitiation",
    payload="transferInitiation { id reference status initialMoney { amount asset } }",
    input=created,
    other=lambda _world: {"money": {"amount": "0.01", "asset": "USD/2"}},
    calls=("POST", ROOT),
    holds=lambda _world, payload: (
        payload["transferInitiation"] | {"id": ""}
        == {
            "id": "",
            "reference": "order-new",
            "status": WAITING,
            "initialMoney": {"amount": LARGE, "asset": "USD/2"},
        }
    ),
    then=(NOW, lambda _world, payload: {"node": {"id": payload["transferInitiation"]["id"], "status": WAITING}}),
)
VALIDATE = changing("validate", "status", WAITING, "PROCESSED")
REJECT = changing("reject", "status", WAITING, "REJECTED")
RETRY = changing("retry", "retry", FAILED, "PROCESSED")
REVERSE = Row(
    mutation="reverseTransferInitiation",
    payload="transferInitiation { id }",
    input=reversed_,
    other=lambda _world: {"reference": "back-other"},
    calls=("POST", f"{ROOT}/*/reverse"),
    holds=lambda world, payload: payload["transferInitiation"]["id"] == reversible(world)["id"],
    then=(NOW, lambda world, _payload: {"node": {"id": reversible(world)["id"], "status": "REVERSED"}}),
    has_body=False,
)
DELETE = Row(
    mutation="deleteTransferInitiation",
    payload="deletedTransferInitiationId",
    input=lambda world: one(world, WAITING),
    other=lambda world: one(world, WAITING, 1),
    calls=("DELETE", f"{ROOT}/*"),
    holds=lambda world, payload: payload["deletedTransferInitiationId"] == world.transfers[WAITING][0]["id"],
    then=(NOW, lambda _world, _payload: {"node": None}),
    has_body=False,
)

ROWS = (CREATE, VALIDATE, REJECT, RETRY, REVERSE, DELETE)
