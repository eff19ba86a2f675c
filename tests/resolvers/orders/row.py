"""What a mutation needs to be tried: an input for the sandboxes' world, and how its effects are counted there."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import msgspec

from tests.conftest import Answer, Graph

LOOK = """{
  connectors(first: 50) { nodes { id name } }
  accounts(provider: FORMANCE, first: 100) { nodes { id kind pools { id } } }
  pools(first: 50) { nodes { id name accounts { id } } }
  payments(first: 5) { nodes { id reference type } }
  transferInitiations(first: 50) { nodes { id status money { amount asset }
    connector { id } source { id } destination { id } } }
  bankAccounts(first: 50) { nodes { id name related { connector { name } } } }
}"""


class World(msgspec.Struct, frozen=True, kw_only=True):
    """Global ids of what a fresh sandbox has."""

    connectors: dict[str, str]
    """By name."""
    pool: str
    members: list[str]
    """Accounts in the pool."""
    internal: str
    """An account of the organisation that is not in the pool."""
    external: str
    payment: str
    bank_account: str
    """Not forwarded to any connector."""
    transfers: dict[str, list[dict[str, Any]]]
    """Transfer initiations by status, newest first."""

    @property
    def generic(self) -> str:
        """The connector at which everything can be made by hand."""
        return self.connectors["generic-bank"]


async def world(graph: Graph) -> World:
    """Look around."""
    data = await graph.data(LOOK)
    pool = next(pool for pool in data["pools"]["nodes"] if pool["accounts"])
    accounts = data["accounts"]["nodes"]
    members = [account["id"] for account in pool["accounts"]]
    transfers: dict[str, list[dict[str, Any]]] = {}
    for each in data["transferInitiations"]["nodes"]:
        transfers.setdefault(each["status"], []).append(each)
    return World(
        connectors={connector["name"]: connector["id"] for connector in data["connectors"]["nodes"]},
        pool=pool["id"],
        members=members,
        internal=next(each["id"] for each in accounts if each["kind"] == "INTERNAL" and each["id"] not in members),
        external=next(each["id"] for each in accounts if each["kind"] == "EXTERNAL"),
        payment=data["payments"]["nodes"][0]["id"],
        transfers=transfers,
        bank_account=next(each["id"] for each in data["bankAccounts"]["nodes"] if not each["related"]),
    )


Input = dict[str, Any]


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One mutation. Inputs are given without their key."""

    mutation: str
    payload: str
    """What is asked of the payload, `userErrors` aside."""
    input: Callable[[World], Input]
    other: Callable[[World], Input]
    """The fields that make it another input."""
    calls: tuple[str, str]
    """Method and path of the vendor's calls that have the effect; `*` matches anything."""
    holds: Callable[[World, Any], bool]
    """Whether a payload shows what was asked for."""
    then: tuple[str, Callable[[World, Any], Any]] | None = None
    """A query with the variable `$id`, and what it must answer after the payload."""
    has_body: bool = True
    """The vendor's answer has a body, which can be cut or stalled."""
    is_patient: bool = False
    """The vendor is given minutes, so that a stalled answer cannot be waited for."""

    def __str__(self) -> str:
        return self.mutation


async def order(graph: Graph, row: Row, given: Input, *, key: str = "key") -> Answer:
    """Ask for a mutation."""
    name = f"{row.mutation[0].upper()}{row.mutation[1:]}Input"
    return await graph.ask(
        f"mutation($input: {INPUTS.get(name, name)}!) {{ {row.mutation}(input: $input) "
        f"{{ {row.payload} userErrors {{ code field vendorCode message }} }} }}",
        input={**given, "idempotencyKey": key},
    )


INPUTS = {
    **{
        f"{verb}TransferInitiationInput": "TransferInitiationInput"
        for verb in ("Validate", "Reject", "Retry", "Delete")
    },
    "ResetConnectorInput": "ConnectorInput",
    "UninstallConnectorInput": "ConnectorInput",
    "AddAccountToPoolInput": "PoolAccountInput",
    "RemoveAccountFromPoolInput": "PoolAccountInput",
    "DeleteWebhookConfigInput": "WebhookConfigInput",
    "ActivateWebhookConfigInput": "WebhookConfigInput",
    "DeactivateWebhookConfigInput": "WebhookConfigInput",
    "TestWebhookConfigInput": "WebhookConfigInput",
}
"""Inputs that two mutations share."""


def outcome(answer: Answer) -> Any:
    """The payload of a mutation that went well."""
    assert answer.errors == []
    [payload] = answer.data.values()
    assert payload["userErrors"] == []
    return {name: value for name, value in payload.items() if name != "userErrors"}


def user_errors(answer: Answer) -> list[tuple[str, list[str], str | None]]:
    """Code, field and vendor's code of what a caller has to mend; nothing was changed then."""
    assert answer.errors == []
    [payload] = answer.data.values()
    errors = payload.pop("userErrors")
    assert set(payload.values()) == {None}
    assert all(error["message"].strip() for error in errors)
    return [(error["code"], error["field"], error["vendorCode"]) for error in errors]


async def effects(graph: Graph, row: Row) -> int:
    """How many calls the sandbox has carried out for a mutation, whatever became of their answers."""
    method, path = row.calls
    return sum(
        call["method"] == method and fnmatchcase(call["path"], path) and 200 <= call["status"] < 300
        for call in await graph.calls()
    )


async def time_passes(folder: Path) -> None:
    """Whatever was sent would show by now."""
    # In a thread: the server in this loop may be about to commit what it has written of an event.
    await asyncio.to_thread(_settle, folder / "directory.sqlite3")


def _settle(directory: Path) -> None:
    with closing(sqlite3.connect(directory)) as database, database:
        database.execute("UPDATE writes SET settles_at = '2000-01-01 00:00:00.000000'")
