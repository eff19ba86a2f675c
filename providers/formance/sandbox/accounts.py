"""`/api/payments/accounts`: accounts and the history of their balances."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from providers.formance.sandbox import ids
from providers.formance.sandbox.auth import Auth
from providers.formance.sandbox.errors import invalid, not_found
from providers.formance.sandbox.paging import asked, envelope
from providers.formance.sandbox.query import Column, Grammar
from providers.formance.sandbox.records import Account, Balance, Generation, metadata, timestamp
from providers.formance.sandbox.routing import answer, route
from providers.formance.sandbox.state import State, ordered, selected

_BALANCE_OPTIONS = ("asset", "from", "to")


def _nothing(_account: Account) -> None:
    """A column that is empty in every row: the sandbox knows no service users and no open banking."""


COLUMNS: dict[Generation, dict[str, Column]] = {
    "v2": {"reference": Column(lambda account: account.reference, is_comparable=True)},
    "v3": {
        "id": Column(lambda account: account.id, is_comparable=True),
        "reference": Column(lambda account: account.reference, is_comparable=True),
        "connector_id": Column(lambda account: account.connector.id, is_comparable=True),
        "type": Column(lambda account: account.kind, is_comparable=True),
        "default_asset": Column(lambda account: account.default_asset, is_comparable=True),
        "name": Column(lambda account: account.name, is_comparable=True),
        "psu_id": Column(_nothing, is_comparable=True),
        "open_banking_connection_id": Column(_nothing, is_comparable=True),
    },
}
"""What accounts can be filtered by."""


class Accounts:
    """The account endpoints of one server."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._grammar = Grammar(state.generation, "accounts", COLUMNS[state.generation])

    def routes(self, auth: Auth) -> list[Route]:
        """Reads only."""
        return [
            route("GET", "/api/payments/accounts", auth.protect(self._list)),
            route("GET", "/api/payments/accounts/{id}", auth.protect(self._get)),
            route("GET", "/api/payments/accounts/{id}/balances", auth.protect(self._balances)),
        ]

    async def _list(self, request: Request) -> Response:
        listing = await asked(request)
        return envelope(listing, selected(self._state.accounts.values(), listing, self._grammar), self._rendered)

    async def _get(self, request: Request) -> Response:
        account = self._state.accounts.get(ids.checked(request.path_params["id"]))
        if account is None:
            raise not_found(self._state.generation, "account")
        return answer({"data": account_wire(self._state, account)})

    async def _balances(self, request: Request) -> Response:
        """An account that does not exist has no balances: the server does not look for it."""
        account = ids.checked(request.path_params["id"])
        legacy = self._state.generation == "v2" and bool(request.query_params.get("limit"))
        listing = await asked(request, size="limit" if legacy else "pageSize", options=_BALANCE_OPTIONS)
        rows = _narrowed(self._state.balances.get(account, []), listing.filters.options)
        return envelope(listing, ordered(rows, listing.filters.sort, self._state.generation), balance_wire)

    def _rendered(self, account: Account) -> Mapping[str, object]:
        return account_wire(self._state, account)


def account_wire(state: State, account: Account) -> Mapping[str, object]:
    """An account as it is answered. Only v2 names its pools."""
    body: dict[str, object] = {
        "id": account.id,
        "reference": account.reference,
        "createdAt": timestamp(account.created_at),
        "connectorID": account.connector.id,
        "provider": account.connector.provider,
        "defaultCurrency": account.default_asset,
        "defaultAsset": account.default_asset,
        "accountName": account.name,
        "type": account.kind,
        "metadata": metadata(state.generation, account.metadata),
    }
    if state.generation == "v2":
        body["pools"] = [pool.id for pool in state.pools.values() if account.id in pool.accounts]
    return {**body, "raw": metadata(state.generation, account.raw)}


def moment(text: str, name: str) -> datetime:
    """A time given as RFC 3339 with an offset. Raises VALIDATION that names the parameter."""
    try:
        parsed: datetime = msgspec.convert(text, Annotated[datetime, msgspec.Meta(tz=True)])
    except msgspec.ValidationError as error:
        raise invalid(f'invalid {name}: parsing time "{text}" as RFC 3339') from error
    return parsed


def _narrowed(rows: list[Balance], options: Mapping[str, str]) -> list[Balance]:
    """Rows of the asset that were valid at some time from `from` to `to`. No `to` means now, and no row is newer."""
    since = moment(options["from"], "from") if "from" in options else None
    until = moment(options["to"], "to") if "to" in options else None
    return [
        row
        for row in rows
        if row.asset == options.get("asset", row.asset)
        and (since is None or row.last_updated_at >= since)
        and (until is None or row.created_at <= until)
    ]


def balance_wire(row: Balance) -> Mapping[str, object]:
    """A row of an account's history as it is answered."""
    return {
        "accountId": row.account_id,
        "createdAt": timestamp(row.created_at),
        "lastUpdatedAt": timestamp(row.last_updated_at),
        "currency": row.asset,
        "asset": row.asset,
        "balance": row.amount,
    }
