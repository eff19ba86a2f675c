"""The vendors' data: what `native/upstream.c` answers with, in each vendor's own shapes.

A customer has 20 accounts at Finicity, 15 payment accounts and 9 pools at Formance, and 6 smart accounts at Pluggy. Its
number stands in all its ids after `MARK`; the files are those of customer 000000, and the server puts others' in.
Amounts never end in a zero, which Node's and Python's floats would lose.
"""

import base64
import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from providers.domain import CustomerLink, LinkKind, NodeType, Provider, Ref
from resolvers import ids

MARK = "9090"
BANK_ACCOUNTS, PAYMENT_ACCOUNTS, SMART_ACCOUNTS, POOLS = 20, 15, 6, 9
LISTS = (10_000, 1_000, 100, 10)
"""Payments on the pages that can be asked for. The longest first: `pageSize=10` is the beginning of the others."""

ENDS = 10
"""Distinct accounts that payments come from and go to."""

Route = tuple[str, str, Any]
"""Path, needle in the query string, body."""

_PAYMENTS = "/api/payments"
_WORDS = {"PAY-IN": 0.5, "PAYOUT": 0.3, "TRANSFER": 0.2}


def number_of(index: int) -> str:
    """A customer's number as it stands in ids."""
    return f"{MARK}{index:06d}"


def customer_id(index: int) -> str:
    """The directory's id of a customer."""
    return f"c{number_of(index)}"


def customer_global_id(index: int) -> str:
    """A customer's id in the graph."""
    return ids.encode(Ref(NodeType.CUSTOMER, (customer_id(index),)))


def connector_global_id(index: int) -> str:
    """The id in the graph of the connector that a customer's payments go through."""
    return ids.encode(Ref(NodeType.CONNECTOR, (_coded(_connector(index)),), Provider.FORMANCE))


def links_of(index: int) -> Iterator[CustomerLink]:
    """What the directory knows of a customer. Its payment accounts name it themselves."""
    customer = customer_id(index)
    yield CustomerLink(Provider.FINICITY, LinkKind.CUSTOMER, number_of(index), customer)
    for place in range(SMART_ACCOUNTS):
        yield CustomerLink(Provider.PLUGGY, LinkKind.SMART_ACCOUNT, _uuid("0", index, place), customer)


def write(folder: Path) -> Path:
    """Write the routes and their bodies. Returns the file that the server is given."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = []
    for place, (path, needle, body) in enumerate(_routes(random.Random(7))):
        (folder / f"{place}.json").write_text(json.dumps(body, separators=(",", ":")))
        lines.append(f"{path}\t{needle or '-'}\t{place}.json\n")
    routes = folder / "routes.tsv"
    routes.write_text("".join(lines))
    return routes


def _routes(dice: random.Random) -> Iterator[Route]:
    yield "/aggregation/v2/partners/authentication", "", {"token": "finicity"}
    yield "/auth", "", {"apiKey": "pluggy"}
    yield "/api/auth/oauth/token", "", {"access_token": "formance", "token_type": "Bearer", "expires_in": 86400}
    yield f"{_PAYMENTS}/_info", "", {"version": "v3.0.18"}
    yield from _finicity(dice)
    yield from _pluggy(dice)
    yield from _formance(dice)


def _finicity(dice: random.Random) -> Iterator[Route]:
    accounts = [_bank_account(place, dice) for place in range(BANK_ACCOUNTS)]
    yield f"/aggregation/v1/customers/{number_of(0)}/accounts", "", {"accounts": accounts}


def _bank_account(place: int, dice: random.Random) -> dict[str, Any]:
    return {
        "id": f"{number_of(0)}{place:02d}",
        "number": f"{dice.randrange(10**9):09d}",
        "accountNumberDisplay": f"{dice.randrange(10**4):04d}",
        "name": f"Super Checking {place}",
        "balance": _decimal(dice),
        "type": dice.choice(["checking", "savings"]),
        "aggregationStatusCode": 0,
        "status": "active",
        "customerId": number_of(0),
        "institutionId": "4222",
        "balanceDate": 1712000000 + place,
        "aggregationSuccessDate": 1712000100 + place,
        "aggregationAttemptDate": 1712000100 + place,
        "createdDate": 1700000000 + place,
        "lastUpdatedDate": 1712000200 + place,
        "currency": "USD",
        "lastTransactionDate": 1711990000 + place,
        "institutionLoginId": 1007302745,
        "displayPosition": place,
        "accountNickname": f"Nick {place}",
        "marketSegment": "personal",
        "detail": {"availableBalanceAmount": _decimal(dice), "periodInterestRate": 0.5, "openDate": 1600000000 + place},
    }


def _pluggy(dice: random.Random) -> Iterator[Route]:
    for place in range(SMART_ACCOUNTS):
        account = _uuid("0", 0, place)
        yield (
            f"/payments/smart-accounts/{account}",
            "",
            {
                "id": account,
                "ispb": "12345678",
                "agency": f"{place:04d}",
                "number": f"{dice.randrange(10**8):08d}",
                "verifyingDigit": str(place),
                "type": "CHECKING_ACCOUNT",
                "isSandbox": False,
            },
        )
        amounts = {"balance": _decimal(dice), "blockedBalance": _decimal(dice), "scheduledBalance": _decimal(dice)}
        yield f"/payments/smart-accounts/{account}/balance", "", amounts
    # The whole application's list: far longer than one customer's accounts are worth reading it for.
    yield "/payments/smart-accounts", "", {"page": 1, "total": 100_000, "totalPages": 200, "results": []}


def _formance(dice: random.Random) -> Iterator[Route]:
    accounts = sorted((_account(place) for place in range(PAYMENT_ACCOUNTS)), key=lambda account: str(account["id"]))
    yield f"{_PAYMENTS}/accounts", "metadata", _page(accounts)
    yield f"{_PAYMENTS}/accounts", "query=", _page(accounts[:ENDS])
    for account in accounts:
        yield f"{_PAYMENTS}/accounts/{account['id']}", "", {"data": account}
        yield f"{_PAYMENTS}/accounts/{account['id']}/balances", "", _page(list(_balances(account["id"], dice)))
    payments = [_payment(place, accounts, dice) for place in range(max(LISTS))]
    for size in LISTS:
        yield f"{_PAYMENTS}/payments", f"pageSize={size}", _page(payments[:size])
    pools = [_pool(place, accounts) for place in range(POOLS)]
    yield f"{_PAYMENTS}/pools", "", _page(pools)
    for pool in pools:
        sums = [{"asset": "USD/2", "amount": _units(dice)}]
        yield f"{_PAYMENTS}/pools/{pool['id']}/balances/latest", "", {"data": sums}


def _account(place: int) -> dict[str, Any]:
    return {
        "id": _coded({"ConnectorID": _connector(0), "Reference": f"account-{place:02d}"}),
        "reference": f"account-{place:02d}",
        "createdAt": f"2024-03-{1 + place:02d}T12:00:00Z",
        "connectorID": _coded(_connector(0)),
        "provider": "wise",
        "defaultAsset": "USD/2",
        "accountName": f"Account {place}",
        "type": "INTERNAL" if place % 2 else "EXTERNAL",
        "metadata": {"customer_id": customer_id(0)},
        "raw": {"object": "account", "country": "US"},
    }


def _balances(account_id: str, dice: random.Random) -> Iterator[dict[str, Any]]:
    for asset in ("USD/2", "EUR/2"):
        yield {
            "accountId": account_id,
            "createdAt": "2024-03-01T00:00:00Z",
            "lastUpdatedAt": "2024-04-01T00:00:00Z",
            "asset": asset,
            "balance": _units(dice),
        }


def _payment(place: int, accounts: Sequence[dict[str, Any]], dice: random.Random) -> dict[str, Any]:
    word = dice.choices(list(_WORDS), list(_WORDS.values()))[0]
    amount = _units(dice)
    connector, reference = _connector(0), f"payment-{place:06d}"
    return {
        "id": _coded({"ConnectorID": connector, "Reference": reference, "Type": word}),
        "reference": reference,
        "sourceAccountID": accounts[place % 5]["id"],
        "destinationAccountID": accounts[5 + place % 5]["id"],
        "connectorID": _coded(connector),
        "provider": "wise",
        "type": word,
        "status": dice.choice(["SUCCEEDED", "PENDING", "FAILED"]),
        "initialAmount": amount,
        "amount": amount,
        "scheme": dice.choice(["visa", "sepa debit", "a2a"]),
        "asset": "USD/2",
        "createdAt": f"2024-04-{1 + place % 28:02d}T08:{place % 60:02d}:00Z",
        "metadata": {"order": str(place)},
        "adjustments": [],
    }


def _pool(place: int, accounts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    held = [accounts[(place + step) % PAYMENT_ACCOUNTS]["id"] for step in range(3)]
    return {"id": _uuid("a", 0, place), "name": f"Pool {place}", "type": "STATIC", "accounts": held}


def _page(rows: Sequence[Any]) -> dict[str, Any]:
    return {"cursor": {"pageSize": len(rows), "hasMore": False, "data": rows}}


def _connector(index: int) -> dict[str, str]:
    """Its name's length puts the number where base64 begins a new group, so that the server finds it."""
    return {"Provider": "WISE", "Reference": _uuid("0", index, 0)}


def _coded(content: object) -> str:
    raw = json.dumps(content, separators=(",", ":")).encode()
    assert raw.index(MARK.encode()) % 3 == 2
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _uuid(kind: str, index: int, place: int) -> str:
    return f"0000000{kind}-0000-4000-8000-{number_of(index)}{place:02d}"


def _units(dice: random.Random) -> int:
    return dice.randrange(10**6) * 10 + 7


def _decimal(dice: random.Random) -> float:
    return _units(dice) / 100
