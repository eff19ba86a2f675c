"""Balances of accounts and pools."""

from datetime import datetime

import strawberry

from providers.domain import BalanceKind, BalanceSource
from schema.fields import described
from schema.money import Money


@strawberry.type(description="How much an account or a pool holds, and how old the number is.")
class Balance:
    """GraphQL `Balance`, backed by `providers.domain.Balance`."""

    kind: BalanceKind = described("What the balance counts.")
    money: Money = described("The amount. What is owed on a card or a loan has the sign that the bank gives it.")
    as_of: datetime | None = described("The time for which the provider states it. Null when it does not say.")
    fetched_at: datetime = described("When it was read from the provider.")
    source: BalanceSource = described("How the provider came by it.")
