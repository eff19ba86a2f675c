"""The customers' internal accounts with their balances, and the counterparties that all of them deal with.

An account follows from its customer alone, so that a longer list of customers only adds accounts.
"""

from collections.abc import Sequence
from datetime import timedelta

from providers.formance.sandbox import ids
from providers.formance.sandbox.draw import Draw, name_uuid
from providers.formance.sandbox.records import Account, Balance, Connector
from providers.formance.sandbox.seed_connectors import OLD
from providers.seed import NOW, SeedCustomer

ASSETS = ("USD/2", "EUR/2", "JPY", "BRL/2", "GBP/2", "JPY/0", "BTC/8", "KWD/3")

_PURPOSES = ("operating", "payouts", "reserve", "settlement", "fees")
_TRADES = ("Bakery", "Logistics", "Studio", "Robotics", "Gardens", "Books", "Energy", "Pharmacy", "Tailors", "Freight")
_COUNTERPARTIES = 40
_LAST_POLL = NOW - timedelta(minutes=4)


def internal(customer: SeedCustomer, connectors: Sequence[Connector]) -> list[Account]:
    """A customer's accounts: exactly three for the first customer, two to five for the others."""
    draw = Draw("customer", customer.index)
    count = 3 if customer.index == 0 else 2 + draw.below(4)
    # a stored link must be true of both generations, and only the old connectors' ids are
    offered = connectors[:OLD] if customer.stored_links else connectors
    first, desks = draw.below(len(offered)), 2 + draw.below(2)
    return [
        _internal(customer, number, offered[(first + 2 * (number % desks)) % len(offered)]) for number in range(count)
    ]


def _internal(customer: SeedCustomer, number: int, connector: Connector) -> Account:
    draw = Draw("account", customer.index, number)
    asset = ASSETS[number] if customer.index == 0 else draw.pick(ASSETS)
    reference = f"acct_{draw.token()}" if draw.below(2) else name_uuid("account", customer.index, number)
    age = timedelta(days=400 + draw.below(500), seconds=draw.below(86_400), microseconds=customer.index * 8 + number)
    is_tagged = not customer.stored_links or number % 2 == 0
    return Account(
        id=ids.account_id(connector.key, reference),
        reference=reference,
        connector=connector,
        created_at=NOW - age,
        kind="INTERNAL",
        name=f"{customer.name} {_PURPOSES[number]}",
        default_asset=asset,
        metadata={"customer_id": customer.id} if is_tagged else {},
        raw={"id": reference, "object": "account", "holder": customer.name},
    )


def counterparties(connectors: Sequence[Connector]) -> list[Account]:
    """External accounts, the same number at each connector. A few have no name or no asset."""
    return [_external(number, connectors[number % len(connectors)]) for number in range(_COUNTERPARTIES)]


def _external(number: int, connector: Connector) -> Account:
    draw = Draw("counterparty", number)
    reference = f"ext_{draw.token()}"
    owner = f"{draw.pick(('North', 'Blue', 'Old Town', 'Silver', 'Lakeside'))} {draw.pick(_TRADES)} {number + 1}"
    return Account(
        id=ids.account_id(connector.key, reference),
        reference=reference,
        connector=connector,
        created_at=NOW - timedelta(days=380 + draw.below(600), seconds=draw.below(86_400), milliseconds=number),
        kind="EXTERNAL",
        name=owner if number % 9 else "",
        default_asset=draw.pick(ASSETS) if number % 5 else "",
        metadata={"category": "supplier"} if number % 4 == 0 else {},
        raw={"id": reference, "object": "bank_account"} if number % 3 else {},
    )


def balances(account: Account, customer: SeedCustomer, number: int) -> list[Balance]:
    """The history of an account's balances, newest first. Some accounts have none, some have several assets."""
    draw = Draw("balances", customer.index, number)
    spread = draw.below(12)
    if spread == 0 and customer.index > 1:
        return []
    extra = 1 if customer.index == 0 and number == 0 else max(0, spread - 9)
    start = ASSETS.index(account.default_asset)
    rows: list[Balance] = []
    for step in range(extra + 1):
        asset = ASSETS[(start + step) % len(ASSETS)]
        is_huge = (customer.index == 1 and number == 0 and step == 0) or draw.below(30) == 0
        rows += _history(account.id, asset, is_huge=is_huge)
    return sorted(rows, key=lambda row: row.created_at, reverse=True)


def _history(account: str, asset: str, *, is_huge: bool) -> list[Balance]:
    """One to four changes, each valid until the next."""
    draw = Draw("history", account, asset)
    amount = 2**53 + 1 + 2 * draw.below(10**6) if is_huge else 1_000 + draw.below(9_000_000)
    rows: list[Balance] = []
    until = _LAST_POLL
    for _ in range(1 + draw.below(4)):
        since = until - timedelta(hours=6 + draw.below(900), seconds=draw.below(3_600), microseconds=draw.below(10**6))
        rows.append(Balance(account, asset, amount, since, until))
        amount = max(0, amount + draw.below(200_000) - 100_000)
        until = since - timedelta(microseconds=1)
    return rows
