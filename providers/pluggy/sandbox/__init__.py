"""Acts as Pluggy over HTTP: same paths, status codes, error bodies and paging, over seeded smart accounts.

`create` gives a Starlette app that any REST client can call; its whole state hangs on `app.state.vendor`.
"""

import time
from collections.abc import Callable, Mapping, Sequence

from starlette.applications import Starlette
from starlette.routing import Route

from providers.outbox import Outbox
from providers.pluggy.sandbox import errors, limits
from providers.pluggy.sandbox.auth import auth_create
from providers.pluggy.sandbox.notices import Notices, subscribe
from providers.pluggy.sandbox.seed import CREDENTIALS, holdings, links
from providers.pluggy.sandbox.smart_accounts import routes as smart_account_routes
from providers.pluggy.sandbox.state import SandboxState
from providers.seed import SeedCustomer

__all__ = ["CREDENTIALS", "create", "links", "subscribe"]


def create(
    customers: Sequence[SeedCustomer],
    *,
    smart_accounts: bool = True,
    clock: Callable[[], float] = time.time,
    per_minute: Mapping[str, int] = limits.PER_MINUTE,
) -> Starlette:
    """A Pluggy of its own for these people.

    `smart_accounts=False` takes the whole family away (404), as the vendor's newer public interface does. `per_minute`
    limits endpoints, named as in `limits`. `clock` gives epoch seconds, for key expiry and rate limits alone.
    """
    rate_limits = limits.RateLimits(per_minute, clock=clock)
    state = SandboxState(holdings(customers), clock=clock, limits=rate_limits)
    outbox = Outbox()
    notices = Notices(outbox)
    routes = [Route("/auth", auth_create(state), methods=["POST"])]
    if smart_accounts:
        routes += smart_account_routes(state, notices)
    app = Starlette(routes=routes, exception_handlers={404: errors.no_such_route, 405: errors.no_such_route})
    app.state.vendor, app.state.outbox, app.state.notices = state, outbox, notices
    return app
