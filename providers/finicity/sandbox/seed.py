"""Who is at Finicity and with which accounts: pure functions from a seed person to records in the vendor's shape.

Everything follows from the person's index and id, and dates count back from `NOW`, so that answers never change alone.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from decimal import Decimal

import msgspec

from providers.finicity.sandbox.details import FAMILIES, detail, positions
from providers.finicity.sandbox.values import Record, amount, epoch, pick
from providers.seed import SeedCustomer, SeedLink

TESTING_EVERY = 6
CAD_AT, PENDING_AT = 2, 5
LOGIN_TROUBLE = {4: 103, 9: 185, 11: 945}
"""Index modulo 12 -> `aggregationStatusCode` of the last login: wrong password, MFA asked, no consent to move."""

INSTITUTIONS = ("102105", "4222", "101732", "5", "31079")
CATALOGUE = (
    ("checking", "Everyday Checking"),
    ("savings", "High Yield Savings"),
    ("creditCard", "Rewards Card"),
    ("401k", "My 401k"),
    ("moneyMarket", "Money Market"),
    ("roth", "Roth IRA"),
    ("mortgage", "Home Mortgage"),
    ("cd", "12 Month CD"),
    ("investment", "Personal Investments"),
    ("studentLoan", "Student Loan"),
    ("529plan", "College Savings"),
    ("lineOfCredit", "Home Equity Line"),
    ("cryptocurrency", "Coin Wallet"),
    ("loan", "Auto Loan"),
    ("ira", "Traditional IRA"),
    ("healthSavingsAccount", "Health Savings"),
    ("brokerageAccount", "Brokerage"),
    ("investmentTaxDeferred", "Deferred Annuity"),
    ("pension", "Pension Plan"),
    ("unknown", "Other Account"),
)
FIRST_PERSON = (0, 1, 2, 6)
"""Rows of the catalogue that the first person has, two at each of two institutions."""

CENTS = {"deposit": (1_000, 2_500_000), "card": (5_000, 900_000), "loan": (400_000, 45_000_000)}
"""Family -> least and greatest balance."""


class Slot(msgspec.Struct, frozen=True):
    """Where an account stands: whose it is, which number it has among theirs, and which login sees it."""

    person: SeedCustomer
    position: int
    login: int
    kind: str
    name: str
    is_pending: bool
    status_code: int


def links(customers: Sequence[SeedCustomer]) -> list[SeedLink]:
    """What the directory stores of Finicity; the people left out are found by `username`."""
    return [
        SeedLink(customer_id=person.id, kind="customer", external_id=customer_id(person))
        for person in customers
        if person.finicity and person.stored_links
    ]


def customer_id(person: SeedCustomer) -> str:
    """The vendor's id of a person."""
    return str(5_026_900_000 + 137 * person.index)


def customer(person: SeedCustomer) -> Record:
    """A customer record; `username` is the person's own id."""
    first, _, last = person.name.partition(" ")
    return {
        "id": customer_id(person),
        "username": person.id,
        "firstName": first,
        "lastName": last,
        "type": "testing" if person.index % TESTING_EVERY == TESTING_EVERY - 1 else "active",
        "createdDate": _joined(person),
        "lastModifiedDate": _joined(person) if person.index % 2 == 0 else None,
        "phone": None,
        "email": None,
    }


def accounts(person: SeedCustomer) -> list[Record]:
    """Two to six accounts over one to three logins."""
    return [_account(slot) for slot in _slots(person)]


def _slots(person: SeedCustomer) -> Iterator[Slot]:
    count = 4 if person.index == 0 else 2 + person.index % 5
    logins = 2 if person.index == 0 else min(count, 1 + person.index % 3)
    rows = FIRST_PERSON if person.index == 0 else [0, *(1 + (person.index * 3 + n) % 19 for n in range(count - 1))]
    for position, row in enumerate(rows):
        kind, name = CATALOGUE[row]
        login = position * logins // count
        yield Slot(
            person=person,
            position=position,
            login=login,
            kind=kind,
            name=name,
            is_pending=position == count - 1 and person.index % 9 == PENDING_AT,
            status_code=LOGIN_TROUBLE.get(person.index % 12, 0) if login == logins - 1 else 0,
        )


def _account(slot: Slot) -> Record:
    person, key = slot.person, f"{slot.person.id}/{slot.position}"
    number = str(pick(f"{key}/number", 10_000_000, 99_999_999))
    is_card = FAMILIES.get(slot.kind) == "card"
    record: Record = {
        "id": str(5_011_600_000 + 10 * person.index + slot.position),
        "number": number,
        "accountNumberDisplay": number[-4:],
        "realAccountNumberLast4": None if is_card else number[-4:],
        "name": slot.name,
        "accountNickname": slot.name if slot.position % 3 else None,
        "type": slot.kind,
        "status": "pending" if slot.is_pending else "active",
        "customerId": customer_id(person),
        "institutionId": INSTITUTIONS[(person.index + slot.login) % len(INSTITUTIONS)],
        "createdDate": _joined(person) + 60 * slot.position,
        "lastUpdatedDate": _joined(person) + 60 * slot.position,
        "currency": "CAD" if person.index % 9 == CAD_AT and slot.position == 0 else "USD",
        "institutionLoginId": 6_009_800_000 + 10 * person.index + slot.login,
        "displayPosition": slot.position + 1,
        "parentAccount": None,
        "marketSegment": "business" if slot.position == 0 and person.index % 8 == 7 else "personal",
    }
    return record if slot.is_pending else {**record, **_aggregated(slot, key)}


def _aggregated(slot: Slot, key: str) -> Record:
    """What an account has only after its first aggregation. A login in trouble still shows the last known balance."""
    attempted = epoch(timedelta(hours=6, minutes=slot.person.index))
    succeeded = attempted if slot.status_code == 0 else epoch(timedelta(days=9, minutes=slot.person.index))
    balance = _balance(slot.kind, key)
    has_transactions = FAMILIES.get(slot.kind) in {"deposit", "card"}
    return {
        "balance": balance,
        "balanceDate": succeeded,
        "aggregationStatusCode": slot.status_code,
        "aggregationSuccessDate": succeeded,
        "aggregationAttemptDate": attempted,
        "lastUpdatedDate": succeeded,
        "lastTransactionDate": succeeded - 86_400 if has_transactions else None,
        "oldestTransactionDate": _joined(slot.person) - 180 * 86_400 if has_transactions else None,
        "detail": detail(slot.kind, key, balance=balance),
        "position": positions(slot.kind, key, balance=balance),
    }


def _balance(kind: str, key: str) -> Decimal:
    """Major units. What is owed on cards and loans is negative here; the vendor does not document the sign."""
    low, high = CENTS.get(FAMILIES.get(kind, ""), (0, 20_000_000))
    size = amount(f"{key}/balance", low, high)
    return -size if FAMILIES.get(kind) in {"card", "loan"} else size


def _joined(person: SeedCustomer) -> int:
    return epoch(timedelta(days=400 + 3 * person.index))
