"""Fills a server with the seeded people's objects, the same every time, and tells their links."""

import pickle
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from functools import lru_cache

from providers.formance.sandbox.draw import Draw, name_uuid
from providers.formance.sandbox.records import Account, Connector, Generation, Payment, Pool
from providers.formance.sandbox.seed_accounts import balances, counterparties, internal
from providers.formance.sandbox.seed_bank_accounts import bank_accounts
from providers.formance.sandbox.seed_connectors import connectors
from providers.formance.sandbox.seed_initiations import initiations
from providers.formance.sandbox.seed_payments import Cast, payments
from providers.formance.sandbox.seed_tasks import tasks
from providers.formance.sandbox.state import State
from providers.seed import NOW, SeedCustomer, SeedLink

_POOL_NAMES = (
    *("Group treasury", "Shared reserve", "Settlement float", "Marketplace payouts", "Card collections", "Europe cash"),
    *("Latin America cash", "Fees", "Chargeback cover", "Foreign exchange desk", "Payroll", "Closed book"),
)


def seeded(
    customers: Sequence[SeedCustomer], *, generation: Generation, payments_count: int, undocumented: bool
) -> State:
    """A server's state of its own. Connectors and payments are as many with any number of customers."""
    packed, shared = _packed(tuple(customers), generation, payments_count, undocumented=undocumented)
    state: State = pickle.loads(packed)  # noqa: S301 - packed by this very process
    state.payments = dict(shared)
    return state


@lru_cache(maxsize=8)
def _packed(
    customers: tuple[SeedCustomer, ...], generation: Generation, payments_count: int, *, undocumented: bool
) -> tuple[bytes, Mapping[str, Payment]]:
    """The state in a form that is quickly unpacked: a process may start many servers with the same seed.

    Payments are by far the most, and never changed, so that servers can have the same.
    """
    state = _made(customers, generation, payments_count, undocumented=undocumented)
    shared, state.payments = state.payments, {}
    return pickle.dumps(state), shared


def _made(
    customers: Sequence[SeedCustomer], generation: Generation, payments_count: int, *, undocumented: bool
) -> State:
    installed = connectors(generation)
    state = State(generation, connectors={connector.id: connector for connector in installed})
    owned = _owned(customers, installed)
    for customer, accounts in owned.items():
        for number, account in enumerate(accounts):
            state.accounts[account.id] = account
            state.balances[account.id] = balances(account, customer, number)
    external = counterparties(installed)
    state.accounts |= {account.id: account for account in external}
    ours = [account for accounts in owned.values() for account in accounts]
    favoured = next((accounts for customer, accounts in owned.items() if customer.index == 0), [])
    cast = Cast(internal=ours, external=external, favoured=favoured)
    made = payments(cast, count=payments_count, undocumented=undocumented)
    state.payments = {payment.id: payment for payment in made}
    state.pools = {pool.id: pool for pool in _pools(owned)}
    state.bank_accounts = {each.id: each for each in bank_accounts(external, generation)}
    state.initiations = {each.id: each for each in initiations(list(state.payments.values()), cast, generation)}
    state.tasks = {task.id: task for connector in installed for task in tasks(connector, generation)}
    return state


def links(customers: Sequence[SeedCustomer]) -> list[SeedLink]:
    """The accounts that the directory stores links for; the other customers' accounts name them in their metadata.

    True of both generations.
    """
    return list(_links(tuple(customers)))


@lru_cache(maxsize=8)
def _links(customers: tuple[SeedCustomer, ...]) -> Sequence[SeedLink]:
    stored = [customer for customer in customers if customer.stored_links]
    return [
        SeedLink(customer.id, "account", account.id)
        for customer, accounts in _owned(stored, connectors("v3")).items()
        for account in accounts
    ]


def _owned(customers: Sequence[SeedCustomer], installed: Sequence[Connector]) -> Mapping[SeedCustomer, list[Account]]:
    return {customer: internal(customer, installed) for customer in customers if customer.formance}


def _pools(owned: Mapping[SeedCustomer, list[Account]]) -> Iterator[Pool]:
    """The first two hold the first customer's accounts, the second also its neighbour's, the last one nothing."""
    by_index = {customer.index: accounts for customer, accounts in owned.items()}
    first, second = by_index.get(0, []), by_index.get(1, [])
    everyone = [account for accounts in owned.values() for account in accounts]
    for number, name in enumerate(_POOL_NAMES):
        if number == 0:
            members = first[:2]
        elif number == 1:
            members = first[-2:] + second
        elif number < len(_POOL_NAMES) - 1 and everyone:
            draw = Draw("pool", number)
            members = [draw.pick(everyone) for _ in range(2 + draw.below(5))]
        else:
            members = []
        created_at = NOW - timedelta(days=30 + 9 * number, minutes=11 * number)
        yield Pool(name_uuid("pool", name), name, created_at, list(dict.fromkeys(account.id for account in members)))
