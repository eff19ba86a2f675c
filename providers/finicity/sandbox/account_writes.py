"""The six operations that change accounts: refresh by customer and by login, each in two versions, and two deletions.

What the second version of a refresh leaves out is the answer's body. The vendor keeps it for partners of its dynamic
tiers and the first one for all others, but documents no refusal of the wrong one: both are served here.
"""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from providers.finicity.sandbox import errors
from providers.finicity.sandbox.errors import RefusalError
from providers.finicity.sandbox.notices import Notices
from providers.finicity.sandbox.refresh import Refreshes, whole
from providers.finicity.sandbox.state import Store, answer
from providers.finicity.sandbox.values import Record

BUSY, BUSY_LOGIN = 325, 5006
"""Codes of a refresh that meets another one. The vendor says the same of both; which comes when is our choice."""

_TROUBLE = {103: "Invalid credentials.", 185: "Answer to a security question needed.", 945: "Consent needed."}


class AccountWrites:
    """Endpoints that change a store's accounts."""

    def __init__(self, store: Store, refreshes: Refreshes, notices: Notices) -> None:
        self._store, self._refreshes, self._notices = store, refreshes, notices

    async def refresh(self, request: Request) -> Response:
        """First version, by customer: the refreshed accounts. A login in trouble shows in its accounts' codes alone."""
        return answer({"accounts": await self._refreshed(request)})

    async def refresh_v2(self, request: Request) -> Response:
        """Second version, by customer."""
        await self._refreshed(request)
        return _nothing()

    async def refresh_login(self, request: Request) -> Response:
        """First version, by login: the refreshed accounts, or the trouble of the login as a 500 with its code."""
        return answer({"accounts": await self._refreshed_login(request)})

    async def refresh_login_v2(self, request: Request) -> Response:
        """Second version, by login."""
        await self._refreshed_login(request)
        return _nothing()

    async def delete(self, request: Request) -> Response:
        """One account. That of an unknown customer is as unknown as any other."""
        customer_id, account_id = _customer(request), request.path_params["account_id"]
        account = self._store.accounts.get(customer_id, {}).pop(account_id, None)
        if account is None:
            raise errors.no_account(customer_id, account_id)
        self._notices.tell("deleted", [account])
        return _nothing()

    async def delete_login(self, request: Request) -> Response:
        """All accounts of a login. What is being refreshed may be deleted; the refresh then ends without it."""
        for account in self._of_login(request):
            del self._store.accounts[str(account["customerId"])][str(account["id"])]
            self._notices.tell("deleted", [account])
        return _nothing()

    async def _refreshed(self, request: Request) -> list[Record]:
        await _check_body(request)
        accounts = self._store.accounts_of(request.path_params["customer_id"])
        return await self._refreshes.refresh(accounts, busy_code=BUSY)

    async def _refreshed_login(self, request: Request) -> list[Record]:
        await _check_body(request)
        refreshed = await self._refreshes.refresh(self._of_login(request), busy_code=BUSY_LOGIN)
        code = max((whole(account["aggregationStatusCode"]) for account in refreshed), default=0)
        if code:
            raise errors.aggregation(code, _TROUBLE.get(code, "Aggregation failed."))
        return refreshed

    def _of_login(self, request: Request) -> list[Record]:
        customer_id, login_id = _customer(request), request.path_params["login_id"]
        if not login_id.isdecimal():
            raise errors.bad_request()
        accounts = self._store.of_login(customer_id, login_id)
        if not accounts:
            raise errors.nothing_at_login(login_id)
        return accounts


def _nothing() -> Response:
    return Response(status_code=204)


def _customer(request: Request) -> str:
    customer_id: str = request.path_params["customer_id"]
    if not customer_id.isdecimal():
        raise errors.bad_customer_id(customer_id)
    return customer_id


async def _check_body(request: Request) -> None:
    """A refresh takes no body, or an empty object."""
    try:
        fields = msgspec.json.decode(await request.body() or b"{}", type=dict[str, object])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise errors.bad_request() from error
    if fields:
        raise RefusalError(400, 14020, "Bad request.")
