"""All groups of payments' endpoints over one server's state."""

from typing import Protocol

from starlette.routing import Route

from providers.formance.sandbox.account_writes import AccountWrites
from providers.formance.sandbox.accounts import Accounts
from providers.formance.sandbox.auth import Auth
from providers.formance.sandbox.bank_account_writes import BankAccountWrites
from providers.formance.sandbox.bank_accounts import BankAccounts
from providers.formance.sandbox.connector_lookup import Lookup
from providers.formance.sandbox.connector_writes import ConnectorWrites
from providers.formance.sandbox.connectors import Connectors
from providers.formance.sandbox.initiation_writes import InitiationWrites
from providers.formance.sandbox.initiations import Initiations
from providers.formance.sandbox.moments import Moments
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


def services(state: State, moments: Moments, workflows: Workflows, *, transfers: bool) -> list[Service]:
    """Reads before writes, so that a method that a path does not take is answered as before there were writes."""
    lookup = Lookup(state)
    processing = Processing(state, moments, workflows)
    groups: list[Service] = [
        Accounts(state),
        Payments(state),
        Pools(state),
        Connectors(state),
        BankAccounts(state),
        Initiations(state),
        AccountWrites(state, moments),
        PaymentWrites(state, moments),
        PoolWrites(state, moments),
        BankAccountWrites(state, moments, workflows),
        InitiationWrites(state, moments, processing),
    ]
    if transfers:
        groups.append(Transfers(state, moments, processing, lookup))
    return [*groups, ConnectorWrites(state, moments, workflows, lookup), Tasks(state, lookup)]
