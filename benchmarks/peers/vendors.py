"""The vendors' paths and records in the schema's words, for both Python peers. Amounts are plain numbers here."""

import base64
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote

import orjson

Record = dict[str, Any]

_PAYMENTS = "/api/payments"
_KINDS = {"checking": "CHECKING", "savings": "SAVINGS", "CHECKING_ACCOUNT": "CHECKING"}


def named(global_id: str) -> str:
    """What a global id names: its last key."""
    parts = orjson.loads(base64.urlsafe_b64decode(global_id + "=" * (-len(global_id) % 4)))
    return str(parts[3][-1])


class Customer:
    """What a directory would know: a customer's ids at the vendors hang on its number."""

    def __init__(self, global_id: str) -> None:
        self.name = named(global_id)
        self.bank = self.name[1:]
        self.smart_accounts = [f"00000000-0000-4000-8000-{self.bank}{place:02d}" for place in range(6)]


def bank_accounts(number: str) -> str:
    return f"/aggregation/v1/customers/{number}/accounts"


def smart_account(account: str) -> str:
    return f"/payments/smart-accounts/{account}"


def smart_balance(account: str) -> str:
    return f"/payments/smart-accounts/{account}/balance"


def payment_accounts_of(name: str) -> str:
    return f"{_PAYMENTS}/accounts?pageSize=100&query={_text(_match('metadata[customer_id]', name))}"


def payment_accounts(ids: Iterable[str]) -> str:
    return f"{_PAYMENTS}/accounts?pageSize=100&query={_either('id', ids)}"


def account_balances(account: str) -> str:
    return f"{_PAYMENTS}/accounts/{account}/balances?pageSize=100"


def payments(connector: str, first: int) -> str:
    return f"{_PAYMENTS}/payments?pageSize={first}&query={_text(_match('connector_id', connector))}"


def pools_of(accounts: Iterable[str]) -> str:
    return f"{_PAYMENTS}/pools?pageSize=100&query={_either('account_id', accounts)}"


def pool_balances(pool: str) -> str:
    return f"{_PAYMENTS}/pools/{pool}/balances/latest"


def _match(key: str, value: str) -> Record:
    return {"$match": {key: value}}


def _either(key: str, values: Iterable[str]) -> str:
    return _text({"$or": [_match(key, value) for value in values]})


def _text(expression: Record) -> str:
    return quote(orjson.dumps(expression))


def minor(units: int, asset: str) -> Record:
    """Money from Formance's whole numbers; all assets here have two decimals."""
    return {"amount": f"{units // 100}.{units % 100:02d}", "asset": asset, "minorUnits": str(units)}


def major(amount: float, asset: str) -> Record:
    """Money from Finicity's and Pluggy's decimals."""
    return {"amount": repr(amount), "asset": asset, "minorUnits": None}


def bank_account_of(raw: Record) -> Record:
    told = (("CLEARED", raw["balance"]), ("AVAILABLE", raw["detail"]["availableBalanceAmount"]))
    return {
        "providerId": raw["id"],
        "name": raw["name"],
        "maskedNumber": raw["accountNumberDisplay"],
        "kind": _KINDS[raw["type"]],
        "providerType": raw["type"],
        "currency": raw["currency"],
        "balances": [{"kind": kind, "money": major(amount, "USD/2")} for kind, amount in told],
    }


def payment_account_of(raw: Record) -> Record:
    return {
        "providerId": raw["id"],
        "name": raw["accountName"],
        "kind": raw["type"],
        "providerType": raw["type"],
        "currency": raw["defaultAsset"].partition("/")[0],
    }


def smart_account_of(raw: Record) -> Record:
    return {
        "providerId": raw["id"],
        "name": None,
        "kind": _KINDS[raw["type"]],
        "providerType": raw["type"],
        "currency": "BRL",
        "agency": raw["agency"],
        "number": raw["number"],
    }


def balances_of(rows: Sequence[Record], kind: str, amount: str) -> list[Record]:
    """Balances of whole numbers, which are named `amount`."""
    return [{"kind": kind, "money": minor(row[amount], row["asset"])} for row in rows]


def smart_balances_of(raw: Record) -> list[Record]:
    told = (("CURRENT", "balance"), ("BLOCKED", "blockedBalance"), ("SCHEDULED", "scheduledBalance"))
    return [{"kind": kind, "money": major(raw[name], "BRL/2")} for kind, name in told]


def payment_of(raw: Record) -> Record:
    return {
        "providerId": raw["id"],
        "reference": raw["reference"],
        "type": raw["type"].replace("-", "_"),
        "providerType": raw["type"],
        "status": raw["status"],
        "providerStatus": raw["status"],
        "scheme": raw["scheme"],
        "providerName": raw["provider"].upper(),
        "createdAt": raw["createdAt"],
        "money": minor(raw["amount"], raw["asset"]),
    }
