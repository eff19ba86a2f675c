"""The smart accounts that a new sandbox starts with, derived from the seed people alone: the same on every start."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from uuid import NAMESPACE_DNS, uuid5

import msgspec

from providers.pluggy.sandbox.state import ISPB, Holding, SmartAccount, SmartAccountBalance
from providers.seed import NOW, SeedCustomer, SeedLink

CREDENTIALS = {
    "PLUGGY_CLIENT_ID": str(uuid5(NAMESPACE_DNS, "client.pluggy.sandbox")),
    "PLUGGY_CLIENT_SECRET": "sandbox-pluggy-secret",
}
"""The one client that every Pluggy sandbox knows. Public by design."""

_HUGE_CENTAVOS = 900719925474099307
"""As reais more than 2**53, with centavos: a reader that goes through a binary float loses them."""


def links(customers: Sequence[SeedCustomer]) -> list[SeedLink]:
    """The directory's rows for these people: one per smart account, of kind `smart_account`."""
    return [
        SeedLink(customer_id=customer.id, kind="smart_account", external_id=_account_id(customer, position))
        for customer, position in _positions(customers)
    ]


def holdings(customers: Sequence[SeedCustomer]) -> list[Holding]:
    """Every smart account with its money, in the order in which the vendor lists them."""
    return [Holding(account, balance) for account, balance in _held(tuple(customers))]


@lru_cache(maxsize=8)
def _held(customers: tuple[SeedCustomer, ...]) -> Sequence[tuple[SmartAccount, SmartAccountBalance]]:
    """A process may start many sandboxes of the same people."""
    positions = _positions(customers)
    return [(_account(customer, position), _balance(customer, position)) for customer, position in positions]


def _positions(customers: Sequence[SeedCustomer]) -> Iterator[tuple[SeedCustomer, int]]:
    for customer in customers:
        if customer.pluggy:
            for position in range(2 if customer.index % 6 == 0 else 1):
                yield customer, position


def _account_id(customer: SeedCustomer, position: int) -> str:
    return str(uuid5(NAMESPACE_DNS, f"{customer.id}.{position}.smart-account.pluggy.sandbox"))


def _account(customer: SeedCustomer, position: int) -> SmartAccount:
    digits = str(_chance(customer, position, "number"))
    return SmartAccount(
        id=_account_id(customer, position),
        agency="0001" if position == 0 else "1234",
        number=digits[:6],
        verifying_digit=digits[6],
        ispb=ISPB,
        is_sandbox=position == 0,
        pix_key=_pix_key(customer, position),
    )


def _pix_key(customer: SeedCustomer, position: int) -> str | msgspec.UnsetType:
    if customer.index % 4 == 1:
        return msgspec.UNSET
    return str(uuid5(NAMESPACE_DNS, f"{customer.id}.{position}.pix.pluggy.sandbox"))


def _balance(customer: SeedCustomer, position: int) -> SmartAccountBalance:
    age = timedelta(milliseconds=_chance(customer, position, "age") % 86_400_000)
    blocked, scheduled = (_chance(customer, position, word) % 50_000 for word in ("blocked", "scheduled"))
    return SmartAccountBalance(
        last_updated_at=_timestamp(NOW - age),
        balance=_reais(_available(customer, position)),
        blocked_balance=_reais(blocked if customer.index % 2 == 0 else 0),
        scheduled_balance=_reais(scheduled if position == 0 else 0),
    )


def _available(customer: SeedCustomer, position: int) -> int:
    if customer.index == 6 and position == 1:
        return _HUGE_CENTAVOS
    return _chance(customer, position, "balance") % 5_000_000


def _reais(centavos: int) -> Decimal:
    """Centavos as reais without trailing zeros, since the vendor sends numbers: 100.5 and 0, not 100.50 and 0.00."""
    reais, rest = divmod(centavos, 100)
    return Decimal(f"{reais}.{rest:02d}".rstrip("0").rstrip("."))


def _timestamp(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _chance(customer: SeedCustomer, position: int, word: str) -> int:
    """A number of at least eight digits that only these three decide."""
    digest = hashlib.sha256(f"pluggy/{customer.id}/{position}/{word}".encode()).digest()
    return 10_000_000 + int.from_bytes(digest[:8], "big")
