"""Acts as Finicity: a Starlette app with partner authentication, customers and accounts over seeded people.

`create` makes an app with state of its own; two apps share nothing. Where the vendor documents no answer, the docstring
says so, and a client should not rely on ours.
"""

import time
from collections.abc import Awaitable, Callable, Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from providers.finicity.sandbox import errors
from providers.finicity.sandbox.account_writes import AccountWrites
from providers.finicity.sandbox.accounts import AccountReads
from providers.finicity.sandbox.auth import CREDENTIALS, Partner
from providers.finicity.sandbox.customers import CustomerReads
from providers.finicity.sandbox.errors import Dialect
from providers.finicity.sandbox.notices import Notices, subscribe
from providers.finicity.sandbox.refresh import Refreshes
from providers.finicity.sandbox.seed import links
from providers.finicity.sandbox.state import Store
from providers.outbox import Outbox
from providers.seed import SeedCustomer

__all__ = ["CREDENTIALS", "Dialect", "create", "links", "subscribe"]

Endpoint = Callable[[Request], Awaitable[Response]]


def create(
    customers: Sequence[SeedCustomer],
    *,
    dialect: Dialect = "1.13",
    clock: Callable[[], float] = time.time,
    refresh_seconds: float = 0.0,
) -> Starlette:
    """A Finicity of its own that knows those of `customers` whose `finicity` is true.

    `dialect` picks the error bodies and date forms of the older ("1.13") or the newer documentation ("new").
    `clock` gives Unix seconds and decides when tokens end and how refreshes are dated. A refresh takes
    `refresh_seconds`, however long its client stays. The app keeps its records as `state.store` and the refreshes under
    way as `state.refreshes`.
    """
    store = Store.seeded(customers)
    partner = Partner(clock=clock, dialect=dialect)
    outbox = Outbox()
    notices = Notices(outbox)
    refreshes = Refreshes(store, notices, seconds=refresh_seconds, clock=clock)
    accounts, people, writes = (
        AccountReads(store),
        CustomerReads(store, dialect=dialect),
        AccountWrites(store, refreshes, notices),
    )

    def route(method: str, path: str, endpoint: Endpoint) -> Route:
        return Route(path, _guarded(partner, endpoint), methods=[method])

    customer, customer_v2 = (f"/aggregation/{version}/customers/{{customer_id}}" for version in ("v1", "v2"))
    login, login_v2 = (f"{each}/institutionLogins/{{login_id}}" for each in (customer, customer_v2))
    app = Starlette(
        routes=[
            Route("/aggregation/v2/partners/authentication", partner.create_token, methods=["POST"]),
            Route("/aggregation/v2/partners/authentication", partner.modify_secret, methods=["PUT"]),
            route("GET", "/aggregation/v1/customers", people.list_customers),
            route("GET", customer, people.get_customer),
            route("GET", f"{customer}/accounts", accounts.of_customer),
            route("GET", f"{customer}/institutions/{{institution_id}}/accounts", accounts.of_institution),
            route("GET", f"{login}/accounts", accounts.of_login),
            route("GET", f"{customer_v2}/accounts/{{account_id}}", accounts.one),
            route("POST", f"{customer}/accounts", writes.refresh),
            route("POST", f"{customer_v2}/accounts", writes.refresh_v2),
            route("POST", f"{login}/accounts", writes.refresh_login),
            route("POST", f"{login_v2}/accounts", writes.refresh_login_v2),
            route("DELETE", f"{customer}/accounts/{{account_id}}", writes.delete),
            route("DELETE", login, writes.delete_login),
        ],
        exception_handlers={
            errors.RefusalError: errors.renderer(dialect),
            HTTPException: errors.no_such_resource(dialect),
        },
    )
    app.state.store, app.state.refreshes = store, refreshes
    app.state.outbox, app.state.notices = outbox, notices
    return app


def _guarded(partner: Partner, endpoint: Endpoint) -> Endpoint:
    async def checked(request: Request) -> Response:
        partner.check(request.headers)
        return await endpoint(request)

    return checked
