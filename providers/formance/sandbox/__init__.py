"""Acts as a Formance stack: its gateway and the modules behind it over seeded data, of either server generation."""

import time
from collections.abc import Callable, Sequence

from starlette.applications import Starlette

from providers.formance.sandbox import gateway
from providers.formance.sandbox.announcing import Announcer
from providers.formance.sandbox.auth import CREDENTIALS, Auth
from providers.formance.sandbox.errors import HANDLERS
from providers.formance.sandbox.ledger.infos import VERSIONS as LEDGER_VERSIONS
from providers.formance.sandbox.ledger.records import Version
from providers.formance.sandbox.ledger.seed import seeded as ledgers
from providers.formance.sandbox.ledger.services import ledger_services
from providers.formance.sandbox.moments import Moments
from providers.formance.sandbox.oauth.seed import seeded as people
from providers.formance.sandbox.oauth.service import OAuth
from providers.formance.sandbox.orchestration.records import Version as Orchestration
from providers.formance.sandbox.orchestration.seed import seeded as flows
from providers.formance.sandbox.orchestration.service import services as orchestrating
from providers.formance.sandbox.reconciliation.policies import Policies
from providers.formance.sandbox.reconciliation.reconciliations import Comparisons
from providers.formance.sandbox.reconciliation.seed import seeded as compared
from providers.formance.sandbox.records import Generation
from providers.formance.sandbox.search import Search
from providers.formance.sandbox.seed import links, seeded
from providers.formance.sandbox.services import services
from providers.formance.sandbox.stack import Stack
from providers.formance.sandbox.wallets import wallets
from providers.formance.sandbox.wallets.chart import LEDGER
from providers.formance.sandbox.wallets.seed import seeded as wallet_book
from providers.formance.sandbox.webhooks.seed import seeded as receivers
from providers.formance.sandbox.webhooks.sending import Sender
from providers.formance.sandbox.webhooks.service import Webhooks
from providers.formance.sandbox.webhooks.subscribing import subscribe
from providers.formance.sandbox.workflows import Workflows
from providers.outbox import Outbox
from providers.seed import SeedCustomer

__all__ = ["CREDENTIALS", "Generation", "Orchestration", "create", "links", "subscribe"]


def create(
    customers: Sequence[SeedCustomer],
    *,
    payments: Generation = "v3",
    ledger: Version = "v2.4",
    payments_count: int = 2000,
    undocumented: bool = False,
    transfers: bool = False,
    workflow_seconds: float = 0,
    orchestration: Orchestration = "v2",
    searches: bool | None = None,
    check_scopes: bool = True,
    clock: Callable[[], float] = time.time,
) -> Starlette:
    """A stack of its own, with accounts for every customer that Formance knows.

    `ledger` is the ledger's version: "v1" has its first API only, "v2.1" and "v2.4" have both.
    `undocumented` adds what v3 servers send beyond their documentation: more statuses, type UNKNOWN, null
    amounts in adjustments. Strict clients, the vendor's SDK among them, cannot read such payments.
    `transfers` adds the documented transfer between connector accounts, which no server routes.
    `workflow_seconds` is how long providers take for what they are asked: v3 makes the caller wait for that, v2 does
    not, and on both the work goes on when the caller has left. They refuse a transfer or reversal whose reference (or
    a transfer's description) starts with `fail`: the first time, or each time when it starts with `fail-always`.
    `orchestration` is the newest API of the orchestration service: of "v1" there is no v2.
    `searches`: whether it has the search module, which stacks with payments v3 have not, if nothing is said.
    `check_scopes`: whether a token's scopes must allow what it is used for; servers can be set up either way.
    `clock` (seconds since the Unix epoch) dates what is created, and decides when tokens expire.
    """
    state = seeded(customers, generation=payments, payments_count=payments_count, undocumented=undocumented)
    oauth = people()
    auth = Auth(clock, oauth.clients, check_scopes=check_scopes)
    searches = payments == "v2" if searches is None else searches
    books = {**ledgers(customers, list(state.payments.values()), ledger), LEDGER: wallet_book(customers)}
    stack = Stack(
        payments=state,
        books=books,
        moments=Moments(clock),
        workflows=Workflows(workflow_seconds),
        announce=Announcer(),
        flows=flows(orchestration, books, state),
        webhooks=receivers(),
    )
    seed = (tuple(customers), payments, ledger, payments_count, undocumented)
    stack.reconciliation = compared(stack.payments, stack.books, ledger, seed=seed)
    outbox, versions = Outbox(), {"payments": payments, "ledger": "v2"}
    stack.announce.listeners.append(Sender(stack.webhooks, outbox, stack.moments, versions=versions, clock=clock))
    groups = [
        *services(state, stack.moments, stack.workflows, stack.announce, transfers=transfers),
        *ledger_services(stack, ledger),
        *wallets(stack),
        *orchestrating(stack),
        Policies(stack),
        Comparisons(stack, ledger),
        Webhooks(stack),
        OAuth(oauth),
        *([Search(stack)] if searches else []),
    ]
    routes = [
        *gateway.routes(payments, ledger=LEDGER_VERSIONS[ledger], searches=searches),
        *auth.routes(),
        *(route for group in groups for route in group.routes(auth)),
    ]
    app = Starlette(routes=routes, exception_handlers=HANDLERS)
    app.state.stack = stack
    app.state.workflows = stack.workflows
    app.state.outbox = outbox
    app.router.redirect_slashes = False
    return app
