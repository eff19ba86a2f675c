"""The graph's view of what the vendors' SDKs see, in the same words, and the same objects made by its mutations."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import httpx

from providers.domain import NodeType, Provider, Ref
from resolvers import ids

TYPES = {
    "connector": NodeType.CONNECTOR,
    "account": NodeType.PAYMENT_ACCOUNT,
    "payment": NodeType.PAYMENT,
    "pool": NodeType.POOL,
    "bank_account": NodeType.BANK_ACCOUNT,
    "transfer": NodeType.TRANSFER_INITIATION,
}
_SEE = """
query($connector: ID!, $account: ID!, $payment: ID!, $pool: ID!, $bank_account: ID!, $transfer: ID!) {
  connector: node(id: $connector) { ... on Connector { id name providerName settings { name value } } }
  account: node(id: $account) { ... on PaymentAccount {
    id reference name kind defaultAsset createdAt metadata connector { id } } }
  payment: node(id: $payment) { ... on Payment {
    id reference type status scheme money { ...M } initialMoney { ...M } createdAt metadata
    source { id } destination { id } connector { id } } }
  pool: node(id: $pool) { ... on Pool { id name accounts { id } } }
  bank_account: node(id: $bank_account) { ... on BankAccount {
    id name country maskedIban metadata related { connector { id } account { id } } } }
  transfer: node(id: $transfer) { ... on TransferInitiation {
    id reference type status description money { ...M } initialMoney { ...M } metadata source { id } destination { id }
    connector { id } adjustments { status } relatedPayments { payment { id } } } }
}
fragment M on Money { amount asset minorUnits }
"""
_SMART = """query($id: ID!) { it: account(id: $id) {
  balances { kind money { amount } } ... on SmartAccount { providerId ispb agency number verifyingDigit isSandbox }
} }"""


def ask(url: str, document: str, **variables: Any) -> Any:
    """The data of an operation that must succeed whole."""
    body = httpx.post(f"{url}/graphql", json={"query": document, "variables": variables}, timeout=20).json()
    assert "errors" not in body, body
    return body["data"]


def order(url: str, mutation: str, payload: str, **given: Any) -> str:
    """The global id of what a mutation makes."""
    type_ = f"{mutation[0].upper()}{mutation[1:]}Input"
    asked = f"{payload} {{ id }} userErrors {{ code field }}"
    document = f"mutation($input: {type_}!) {{ it: {mutation}(input: $input) {{ {asked} }} }}"
    made = ask(url, document, input={**given, "idempotencyKey": mutation})["it"]
    assert made["userErrors"] == []
    return str(made[payload]["id"])


def make(url: str) -> dict[str, str]:
    """One object of each kind: their global ids."""
    notes = {"metadata": {"by": "graph"}}
    config = {"generic": {"apiKey": "key", "endpoint": "https://graph.example"}}
    connector = order(url, "installConnector", "connector", name="by-graph", pollingSeconds=1800, config=config)
    made = {"connectorId": connector, "reference": "by-graph", **notes}
    at = {"createdAt": "2026-01-02T03:04:05Z"}
    named = {"name": "By the graph", "kind": "INTERNAL", "defaultAsset": "EUR/2"}
    account = order(url, "createPaymentAccount", "account", **made, **at, **named)
    paid = {"type": "PAYOUT", "status": "SUCCEEDED", "scheme": "sepa debit", "sourceId": account}
    large = {"money": {"amount": "11805916207174113034.25", "asset": "EUR/2"}}
    between = {"type": "TRANSFER", "sourceId": account, "destinationId": account, "description": "by the graph"}
    bank = {"name": "by-graph", "country": "FR", "iban": "FR7630006000011234567890189", "connectorId": connector}
    return {
        "connector": connector,
        "account": account,
        "payment": order(url, "createPayment", "payment", **made, **at, **paid, **large),
        "pool": order(url, "createPool", "pool", name="by-graph", accountIds=[account]),
        "bank_account": order(url, "createBankAccount", "bankAccount", **bank, **notes),
        "transfer": order(url, "createTransferInitiation", "transferInitiation", **made, **between, **large),
    }


def global_ids(native: Mapping[str, str]) -> dict[str, str]:
    """The graph's ids of the vendor's objects."""
    return {kind: ids.encode(Ref(TYPES[kind], (each,), Provider.FORMANCE)) for kind, each in native.items()}


def native_ids(of_graph: Mapping[str, str]) -> dict[str, str]:
    """The vendor's ids of the graph's objects."""
    return {kind: ids.decode(each, TYPES[kind]).native_id for kind, each in of_graph.items()}


def see(url: str, of_graph: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Every object as the graph shows it, in the SDK's words."""
    data = ask(url, _SEE, **of_graph)
    connector, pool, bank = data["connector"], data["pool"], data["bank_account"]
    settings = {setting["name"]: setting["value"] for setting in connector["settings"]}
    return {
        "connector": {
            "id": _native(connector),
            "name": connector["name"],
            "provider": connector["providerName"],
            "endpoint": settings["endpoint"],
        },
        "account": _account(data["account"]),
        "payment": {
            **_money(data["payment"]),
            "type": data["payment"]["type"].replace("_", "-"),
            "scheme": data["payment"]["scheme"],
            "created_at": _moment(data["payment"]["createdAt"]),
        },
        "pool": {"id": _native(pool), "name": pool["name"], "accounts": sorted(map(_native, pool["accounts"]))},
        "bank_account": {
            **{name: bank[name] for name in ("name", "country", "metadata")},
            "id": _native(bank),
            "iban": bank["maskedIban"],
            "forwarded": [[_native(row["connector"]), _native(row["account"])] for row in bank["related"]],
        },
        "transfer": {
            **_money(data["transfer"]),
            "type": data["transfer"]["type"],
            "description": data["transfer"]["description"],
            "adjustments": [row["status"] for row in data["transfer"]["adjustments"]],
            "payments": [_native(row["payment"]) for row in data["transfer"]["relatedPayments"]],
        },
    }


def smart_account(url: str, native_id: str) -> dict[str, Any]:
    """A smart account in the SDK's words; balances are the available, the blocked and the scheduled one."""
    shown = ask(url, _SMART, id=ids.encode(Ref(NodeType.SMART_ACCOUNT, (native_id,), Provider.PLUGGY)))["it"]
    balances = [balance["money"]["amount"] for balance in shown.pop("balances")]
    return {"id": shown.pop("providerId"), **shown, "balances": balances}


def _account(shown: dict[str, Any]) -> dict[str, Any]:
    return {
        **{name: shown[name] for name in ("reference", "name", "metadata")},
        "id": _native(shown),
        "type": shown["kind"],
        "default_asset": shown["defaultAsset"],
        "connector_id": _native(shown["connector"]),
        "created_at": _moment(shown["createdAt"]),
    }


def _money(shown: dict[str, Any]) -> dict[str, Any]:
    """What payments and transfers have in common."""
    return {
        **{name: shown[name] for name in ("reference", "status", "metadata")},
        "id": _native(shown),
        "connector_id": _native(shown["connector"]),
        "asset": shown["money"]["asset"],
        "amount": shown["money"]["minorUnits"],
        "initial_amount": shown["initialMoney"]["minorUnits"],
        "source": _native(shown["source"]),
        "destination": _native(shown["destination"]),
    }


def _native(shown: dict[str, Any] | None) -> str | None:
    return ids.decode(shown["id"]).native_id if shown else None


def _moment(text: str) -> str:
    return datetime.fromisoformat(text).isoformat()
