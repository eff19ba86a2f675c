"""`POST /api/payments/accounts`: accounts made by hand, at connectors that allow it."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from providers.formance.sandbox import ids
from providers.formance.sandbox.accounts import account_wire
from providers.formance.sandbox.auth import Auth
from providers.formance.sandbox.bodies import NewAccount, body
from providers.formance.sandbox.errors import incapable, invalid, not_found
from providers.formance.sandbox.moments import Moments
from providers.formance.sandbox.news import News
from providers.formance.sandbox.records import Account, Connector
from providers.formance.sandbox.routing import answer, route
from providers.formance.sandbox.state import State
from providers.formance.sandbox.validation import Field, check, check_past

_BY_HAND = ("GENERIC", "DUMMY-PAY")
"""The providers at which v3 lets accounts and payments be made by hand; v2 does everywhere."""


class AccountWrites:
    """Writes to accounts of one server."""

    def __init__(self, state: State, moments: Moments, news: News) -> None:
        self._state, self._moments, self._news = state, moments, news

    def routes(self, auth: Auth) -> list[Route]:
        """Creation; there is no other write."""
        return [route("POST", "/api/payments/accounts", auth.protect(self._create))]

    async def _create(self, request: Request) -> Response:
        """An account that is there already: v2 changes it; v3 leaves it and answers as if it had not been there."""
        new = await body(request, NewAccount)
        account = self._made(new, raw=msgspec.json.decode(await request.body()))
        if self._state.generation == "v2" or account.id not in self._state.accounts:
            self._state.accounts[account.id] = account
            self._news.account(account)
        return answer({"data": account_wire(self._state, account)})

    def _made(self, new: NewAccount, *, raw: dict[str, object]) -> Account:
        generation = self._state.generation
        check(
            generation,
            [
                Field("reference", new.reference, least=3, most=1000),
                Field("connectorID", new.connector_id, kind="connectorID"),
            ],
        )
        created_at = check_past(generation, new.created_at, self._moments.now())
        check(
            generation,
            [
                Field("defaultAsset", new.default_asset, kind="asset", is_optional=True),
                Field("accountName", new.account_name, most=1000),
                Field("type", new.type, kind="accountType"),
            ],
        )
        connector = by_hand(self._state, new.connector_id or "", what="account creation")
        reference = new.reference or ""
        return Account(
            id=ids.account_id(connector.key, reference),
            reference=reference,
            connector=connector,
            created_at=created_at,
            kind=new.type or "",
            name=new.account_name or "",
            default_asset=new.default_asset or "",
            metadata=new.metadata or {},
            raw=raw,
        )


def by_hand(state: State, connector_id: str, *, what: str) -> Connector:
    """The connector at which something shall be made by hand. Raises what the generation says when it cannot."""
    connector = state.connectors.get(connector_id)
    if connector is None:
        raise invalid("connector is not installed") if state.generation == "v2" else not_found("v3", "connector")
    if state.generation == "v3" and connector.provider not in _BY_HAND:
        raise incapable(what)
    return connector
