"""What one sandbox holds: records in the vendor's own shape, changed in place by whatever writes."""

import pickle
from collections.abc import Mapping, Sequence
from functools import lru_cache

import msgspec
from starlette.responses import Response

from providers.finicity.sandbox import errors, seed
from providers.finicity.sandbox.values import Record
from providers.seed import SeedCustomer

_ENCODER = msgspec.json.Encoder(decimal_format="number")


class Store:
    """Customers by id, and each one's accounts by id, both in the order of their creation."""

    def __init__(self, customers: dict[str, Record], accounts: dict[str, dict[str, Record]]) -> None:
        self.customers, self.accounts = customers, accounts

    @classmethod
    def seeded(cls, customers: Sequence[SeedCustomer]) -> "Store":
        """The people whom Finicity knows, with their accounts."""
        return cls(*pickle.loads(_packed(tuple(customers))))  # noqa: S301 - packed by this very process

    def accounts_of(self, customer_id: str) -> list[Record]:
        """All accounts of a customer, pending ones too. Raises as `customer` does."""
        self.customer(customer_id)
        return list(self.accounts[customer_id].values())

    def of_login(self, customer_id: str, login_id: str) -> list[Record]:
        """The accounts behind one set of credentials; none when the customer is unknown."""
        held = self.accounts.get(customer_id, {}).values()
        return [account for account in held if str(account["institutionLoginId"]) == login_id]

    def holds(self, account: Record) -> bool:
        """False once it was deleted."""
        return self.accounts.get(str(account["customerId"]), {}).get(str(account["id"])) is account

    def customer(self, customer_id: str) -> Record:
        """The customer's record, or the vendor's 400 (not digits) or 404."""
        if not customer_id.isdecimal():
            raise errors.bad_customer_id(customer_id)
        if customer_id not in self.customers:
            raise errors.no_customer()
        return self.customers[customer_id]


@lru_cache(maxsize=8)
def _packed(customers: tuple[SeedCustomer, ...]) -> bytes:
    """Customers and accounts in a form that is quickly unpacked: a process may start many with the same people."""
    known = [person for person in customers if person.finicity]
    people = {seed.customer_id(person): seed.customer(person) for person in known}
    held = {seed.customer_id(person): {str(a["id"]): a for a in seed.accounts(person)} for person in known}
    return pickle.dumps((people, held))


def answer(content: Mapping[str, object]) -> Response:
    """A 200 with exact numbers: each Decimal is written digit for digit."""
    return Response(_ENCODER.encode(content), media_type="application/json")
