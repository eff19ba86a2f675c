"""`detail` and `position` of seeded accounts, one function a family of account types."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from decimal import Decimal

from providers.finicity.sandbox.values import Record, amount, epoch, pick

_CENT = Decimal("0.01")

FAMILIES: Mapping[str, str] = {
    "checking": "deposit",
    "savings": "deposit",
    "cd": "deposit",
    "moneyMarket": "deposit",
    "healthSavingsAccount": "deposit",
    "creditCard": "card",
    "lineOfCredit": "card",
    "mortgage": "loan",
    "loan": "loan",
    "studentLoan": "loan",
    "investment": "investment",
    "investmentTaxDeferred": "investment",
    "401k": "investment",
    "roth": "investment",
    "529plan": "investment",
    "ira": "investment",
    "brokerageAccount": "investment",
    "pension": "investment",
    "cryptocurrency": "crypto",
}
"""Account type -> family. A type that is missing here has no detail."""


def detail(kind: str, key: str, *, balance: Decimal) -> Record | None:
    """The detail record that banks give for such an account; empty for a Roth account, null for an unknown type."""
    if kind == "roth":
        return {}
    family = _FAMILY_DETAIL.get(FAMILIES.get(kind, ""))
    return None if family is None else {**family(key, balance), **_KIND_DETAIL.get(kind, {})}


def positions(kind: str, key: str, *, balance: Decimal) -> list[Record] | None:
    """Holdings of investment and crypto accounts; null for all others."""
    if FAMILIES.get(kind) not in {"investment", "crypto"}:
        return None
    symbol, units = ("BTC", Decimal("0.12345678")) if kind == "cryptocurrency" else ("VTSAX", Decimal("104.5731"))
    return [
        {
            "id": pick(f"{key}/position", 10_000_000, 99_999_999),
            "description": f"{symbol} holding",
            "symbol": symbol,
            "units": units,
            "marketValue": balance,
            "costBasis": amount(f"{key}/cost", 0, 9_000_000),
            "status": None,
            "currentPriceDate": epoch(timedelta(hours=20)),
            "securityCurrency": "USD",
        }
    ]


def _deposit(key: str, balance: Decimal) -> Record:
    # Banks that give no available amount show 0, whatever the balance is.
    available = Decimal("0.00") if pick(f"{key}/available", 0, 4) == 0 else balance - amount(f"{key}/held", 0, 2_500)
    return {
        "availableBalanceAmount": max(available, Decimal("0.00")),
        "openDate": epoch(timedelta(days=pick(f"{key}/open", 500, 4_000))),
        "periodInterestRate": Decimal("0.0425"),
        "interestYtdAmount": amount(f"{key}/ytd", 0, 40_000),
        "periodStartDate": epoch(timedelta(days=31)),
        "periodEndDate": epoch(timedelta(days=1)),
        "maturityDate": None,
    }


def _card(key: str, balance: Decimal) -> Record:
    limit = Decimal(pick(f"{key}/limit", 10, 35) * 1_000)
    return {
        "interestRate": "15.789",
        "creditMaxAmount": limit,
        "creditAvailableAmount": limit + balance,
        "currentBalance": balance,
        "paymentMinAmount": Decimal("35.00"),
        "paymentDueDate": epoch(timedelta(days=-18)),
        "statementEndDate": epoch(timedelta(days=7)),
        "lastPaymentAmount": amount(f"{key}/paid", 2_500, 90_000),
        "lastPaymentDate": epoch(timedelta(days=12)),
        "pastDueAmount": None,
        "rewardEarnedBalance": pick(f"{key}/points", 0, 90_000),
    }


def _loan(key: str, balance: Decimal) -> Record:
    return {
        "principalBalance": -balance,
        "payoffAmount": (-balance * Decimal("1.004")).quantize(_CENT),
        "payoffAmountDate": epoch(timedelta(days=-10)),
        "interestRate": "4.125",
        "initialMlAmount": (-balance * Decimal("1.35")).quantize(_CENT),
        "initialMlDate": epoch(timedelta(days=pick(f"{key}/signed", 600, 3_600))),
        "nextPayment": amount(f"{key}/next", 12_000, 320_000),
        "nextPaymentDate": epoch(timedelta(days=-21)),
        "ytdInterestPaid": amount(f"{key}/interest", 10_000, 900_000),
        "autoPayEnrolled": None,
    }


def _investment(key: str, balance: Decimal) -> Record:
    return {
        "marginBalance": Decimal("0.00"),
        "availableCashBalance": min(balance, amount(f"{key}/cash", 0, 500_000)),
        "currentBalance": balance,
        "vestedBalance": (balance * Decimal("0.85")).quantize(_CENT),
        "shortBalance": None,
    }


_FAMILY_DETAIL: Mapping[str, Callable[[str, Decimal], Record]] = {
    "deposit": _deposit,
    "card": _card,
    "loan": _loan,
    "investment": _investment,
    "crypto": _investment,
}

_KIND_DETAIL: Mapping[str, Record] = {
    "cd": {"maturityDate": epoch(timedelta(days=-120))},
    "mortgage": {"mlHolderName": "First Mortgage Co", "escrowBalance": Decimal("2100.55"), "firstMortgage": True},
    "studentLoan": {"loanStatus": "REPAYMENT", "currentSchool": None, "interestBalance": Decimal("31.07")},
    "401k": {"currentLoanBalance": Decimal("2500.00"), "loanRate": Decimal("5.25")},
}
