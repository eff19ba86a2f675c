"""Mutations of bank accounts."""

from typing import Any

from tests.resolvers.orders.row import Row, World

FIELDS = "id name country maskedIban maskedAccountNumber swiftBicCode metadata related { connector { id } }"
THEN = (
    f"{{ node(id: $id) {{ ... on BankAccount {{ {FIELDS} }} }} }}",
    lambda _world, payload: {"node": payload["bankAccount"]},
)


def bank_account(_world: World) -> dict[str, Any]:
    return {
        "name": "Landlord",
        "country": "FR",
        "iban": "FR7630006000011234567890189",
        "swiftBicCode": "AGRIFRPP",
        "metadata": {"purpose": "rent"},
    }


def is_kept(payload: Any) -> bool:
    """Masked, with its notes and one of our own."""
    kept = payload["bankAccount"]
    return (
        (kept["name"], kept["country"], kept["swiftBicCode"]) == ("Landlord", "FR", "AGRIFRPP")
        and kept["maskedIban"].startswith("FR76*")
        and kept["maskedAccountNumber"] is None
        and set(kept["metadata"]) == {"purpose", "idempotency_hash"}
    )


def connectors(payload: Any) -> list[str]:
    return [related["connector"]["id"] for related in payload["bankAccount"]["related"]]


CREATE = Row(
    mutation="createBankAccount",
    payload=f"bankAccount {{ {FIELDS} }}",
    input=bank_account,
    other=lambda _world: {"iban": "FR7630006000011234567890190"},
    calls=("POST", "/api/payments/bank-accounts*"),
    holds=lambda _world, payload: is_kept(payload) and connectors(payload) == [],
    then=THEN,
    is_patient=True,
)
CREATE_AND_FORWARD = Row(
    mutation="createBankAccount",
    payload=f"bankAccount {{ {FIELDS} }}",
    input=lambda world: {**bank_account(world), "connectorId": world.generic},
    other=lambda world: {"connectorId": world.connectors["wise-payouts"]},
    calls=("POST", "/api/payments/bank-accounts*"),
    holds=lambda world, payload: is_kept(payload) and connectors(payload) == [world.generic],
    then=THEN,
    is_patient=True,
)
FORWARD = Row(
    mutation="forwardBankAccount",
    payload=f"bankAccount {{ {FIELDS} }}",
    input=lambda world: {"bankAccountId": world.bank_account, "connectorId": world.generic},
    other=lambda world: {"connectorId": world.connectors["wise-payouts"]},
    calls=("POST", "/api/payments/bank-accounts/*/forward"),
    holds=lambda world, payload: connectors(payload) == [world.generic],
    then=THEN,
    is_patient=True,
)
ANNOTATE = Row(
    mutation="updateBankAccountMetadata",
    payload=f"bankAccount {{ {FIELDS} }}",
    input=lambda world: {"bankAccountId": world.bank_account, "metadata": {"checked": "2026-01-01"}},
    other=lambda _world: {"metadata": {"checked": "2026-01-02"}},
    calls=("PATCH", "/api/payments/bank-accounts/*/metadata"),
    holds=lambda _world, payload: payload["bankAccount"]["metadata"]["checked"] == "2026-01-01",
    then=THEN,
    has_body=False,
)

ROWS = (CREATE, CREATE_AND_FORWARD, FORWARD, ANNOTATE)
