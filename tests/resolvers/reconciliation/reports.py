"""Questions for money on all sides, and their answers read as numbers."""

from decimal import Decimal
from typing import Any

_AMOUNT = "{ money { amount currency asset minorUnits } asOf fetchedAt age source providers parts isComplete }"
REPORT = f"""{{
  at
  currencies {{
    currency
    bank {_AMOUNT} paymentProvider {_AMOUNT} pool {_AMOUNT} ledger {_AMOUNT}
    drift {{ ledger {{ amount }} pool {{ amount }} }}
  }}
  problems {{ side problem {{ provider operation code retryable }} }}
}}"""
CUSTOMER = f"query($id: ID!, $at: DateTime) {{ customer(id: $id) {{ reconciliation(at: $at) {REPORT} }} }}"
POOL = (
    "query($id: ID!, $at: DateTime, $policy: ID) "
    f"{{ pool(id: $id) {{ reconciliation(at: $at, policyId: $policy) {REPORT} }} }}"
)
SIDES = ("bank", "paymentProvider", "pool", "ledger")
THEN = "2026-11-01T11:30:00Z"
"""The last poll was after it, and the mirroring ledger was filled before."""


def amounts(report: Any, side: str) -> dict[str, Decimal]:
    """By currency, where there are any."""
    return {row["currency"]: Decimal(row[side]["money"]["amount"]) for row in report["currencies"] if row[side]}


def drifts(report: Any, of: str) -> dict[str, Decimal | None]:
    """By currency."""
    found = {row["currency"]: row["drift"][of] for row in report["currencies"]}
    return {currency: Decimal(drift["amount"]) if drift else None for currency, drift in found.items()}


def problems(report: Any) -> set[tuple[str, str, str]]:
    """Side, provider and code."""
    return {(each["side"], each["problem"]["provider"], each["problem"]["code"]) for each in report["problems"]}
