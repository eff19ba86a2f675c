"""What clients change, each thing under a name of its own, so that the vendor's books tell how often it was done."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

import msgspec

from tests.conftest import Graph
from tests.operations import ground
from tests.operations.row import change
from tests.processes import transfers

AMOUNTS = ("12.50", "0.01", "90071992547409.93", "7.00")


class Kind(msgspec.Struct, frozen=True):
    """A mutation. `listed` is where its effects are found, by the field that bears the order's name."""

    mutation: str
    document: str
    input: Callable[["Ground", str], Mapping[str, Any]]
    listed: str
    named: str


class Ground(msgspec.Struct, frozen=True):
    """What there was before anything was changed."""

    account: str
    connector: str
    transfer: Mapping[str, Any]
    """Fields of a transfer initiation that the vendor takes."""

    @classmethod
    async def read(cls, graph: Graph) -> "Ground":
        """From a Tributary whose vendors do not fail."""
        return cls(
            account=(await ground.account_ids(graph, "FORMANCE", kind="INTERNAL"))[0],
            connector=await ground.connector_id(graph, "GENERIC"),
            transfer=await transfers.fields(graph),
        )


class Order(msgspec.Struct, frozen=True, eq=False):
    """One thing to be done once. `name` is nobody else's."""

    kind: Kind
    name: str
    input: Mapping[str, Any]
    amount: str


def order(kind: Kind, ground: Ground) -> Order:
    """A new order."""
    name = f"chaos-{uuid4().hex}"
    given = kind.input(ground, name)
    return Order(kind, name, {**given, "idempotencyKey": name}, str(given.get("money", {}).get("amount", "")))


def _money(name: str) -> dict[str, str]:
    return {"amount": AMOUNTS[int(name[-1], 16) % len(AMOUNTS)], "asset": "EUR/2"}


def _payment(ground: Ground, name: str) -> Mapping[str, Any]:
    return {
        "connectorId": ground.connector,
        "reference": name,
        "type": "PAY_IN",
        "status": "SUCCEEDED",
        "money": _money(name),
        "createdAt": "2020-01-02T00:00:00Z",
    }


def _transfer(ground: Ground, name: str) -> Mapping[str, Any]:
    return {**ground.transfer, "reference": name, "money": {**_money(name), "asset": ground.transfer["money"]["asset"]}}


KINDS = (
    Kind(
        "createPool",
        change("createPool", "CreatePoolInput", "pool { id }"),
        lambda ground, name: {"name": name, "accountIds": [ground.account]},
        "pools",
        "name",
    ),
    Kind(
        "createPayment",
        change("createPayment", "CreatePaymentInput", "payment { id money { amount } }"),
        _payment,
        "payments",
        "reference",
    ),
    Kind(
        "createTransferInitiation",
        change(
            "createTransferInitiation", "CreateTransferInitiationInput", "transferInitiation { id money { amount } }"
        ),
        _transfer,
        "transferInitiations",
        "reference",
    ),
    Kind(
        "createBankAccount",
        change("createBankAccount", "CreateBankAccountInput", "bankAccount { id }"),
        lambda _ground, name: {"name": name, "country": "FR", "iban": "FR7630006000011234567890189"},
        "bankAccounts",
        "name",
    ),
)
