"""All services of one stack: what each of them remembers, and what they share."""

import msgspec

from providers.formance.sandbox.announcing import Announcer
from providers.formance.sandbox.ledger.book import Book
from providers.formance.sandbox.moments import Moments
from providers.formance.sandbox.orchestration.records import Flows
from providers.formance.sandbox.reconciliation.records import Reconciliations
from providers.formance.sandbox.state import State
from providers.formance.sandbox.webhooks.configs import Config
from providers.formance.sandbox.workflows import Workflows


class Stack(msgspec.Struct):
    """Services reach one another through this, as they do over the stack's network."""

    payments: State
    books: dict[str, Book]
    """Ledgers by name."""
    moments: Moments
    workflows: Workflows
    announce: Announcer
    flows: Flows
    """What the orchestration service remembers."""
    webhooks: dict[str, Config] = {}
    """Receivers of events by their id."""
    reconciliation: Reconciliations = msgspec.field(default_factory=Reconciliations)
