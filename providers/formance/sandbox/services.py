"""All groups of payments' endpoints over one server's state."""

from typing import Protocol

from starlette.routing import Route

from providers.formance.sandbox.account_writes import AccountWrites
from providers.formance.sandbox.accounts import Accounts
from providers.formance.sandbox.announcing import Announcer
from providers.formance.sandbox.auth import Auth
from providers.formance.sandbox.bank_account_writes import BankAccountWrites
from providers.formance.sandbox.bank_accounts import BankAccounts
from providers.formance.sandbox.connector_lookup import Lookup
from providers.formance.sandbox.connector_writes import ConnectorWrites
from providers.formance.sandbox.connectors import Connectors
from providers.formance.sandbox.initiation_writes import InitiationWrites
from providers.formance.sandbox.initiations import Initiations
from providers.formance.sandbox.moments import Moments
from providers.formance.sandbox.news import News
from providers.formance.sandbox.payment_writes import PaymentWrites
from providers.formance.sandbox.payments import Payments
from providers.formance.sandbox.pool_writes import PoolWrites
from providers.formance.sandbox.pools import Pools
from providers.formance.sandbox.processing import Processing
from providers.formance.sandbox.state import State
from providers.formance.sandbox.tasks import Tasks
from providers.formance.sandbox.transfers import Transfers
from providers.formance.sandbox.workflows import Workflows


class Service(Protocol):
    """A group of endpoints that need a token."""

    def routes(self, auth: Auth) -> list[Route]:
        """Its routes, behind the bearer check."""


def services(
    state: State, moments: Moments, workflows: Workflows, announce: Announcer, *, transfers: bool
) -> list[Service]:
    """Reads before writes, so that a method that a path does not take is answered as before there were writes."""
    lookup, news = Lookup(state), News(state, announce)
    processing = Processing(state, moments, workflows, news)
    groups: list[Service] = [
        Accounts(state),
        Payments(state),
        Pools(state),
        Connectors(state),
        BankAccounts(state),
        Initiations(state),
        AccountWrites(state, moments, news),
        PaymentWrites(state, moments, news),
        PoolWrites(state, moments, news),
        BankAccountWrites(state, moments, workflows, news),
        InitiationWrites(state, moments, processing, news),
    ]
    if transfers:
        groups.append(Transfers(state, moments, processing, lookup))
    return [*groups, ConnectorWrites(state, moments, workflows, lookup, news), Tasks(state, lookup)]
