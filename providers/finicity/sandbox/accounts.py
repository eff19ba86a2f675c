"""The four account reads. Nothing here pages: the vendor gives a whole set in one answer."""

from starlette.requests import Request
from starlette.responses import Response

from providers.finicity.sandbox import errors
from providers.finicity.sandbox.errors import RefusalError
from providers.finicity.sandbox.state import Store, answer


class AccountReads:
    """Endpoints over a store's accounts."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def of_customer(self, request: Request) -> Response:
        """Every account of a customer, or those with `status`; a customer without any has an empty list."""
        status = request.query_params.get("status")
        if status not in {None, "active", "pending"}:
            raise RefusalError(400, 18017, "status parameter value must be 'active' or 'pending")
        if request.query_params.get("account_type") not in {None, "ava"}:
            raise errors.bad_request("Account type not supported")
        accounts = self._store.accounts_of(request.path_params["customer_id"])
        return answer({"accounts": [a for a in accounts if status is None or a["status"] == status]})

    async def one(self, request: Request) -> Response:
        """One account, bare: the vendor serves this read alone under its second version."""
        customer_id, account_id = request.path_params["customer_id"], request.path_params["account_id"]
        for account in self._store.accounts_of(customer_id):
            if account["id"] == account_id:
                return answer(account)
        raise errors.no_account(customer_id, account_id)

    async def of_institution(self, request: Request) -> Response:
        """The active accounts at an institution."""
        institution_id = request.path_params["institution_id"]
        if not institution_id.isdecimal():
            raise errors.bad_request()
        accounts = [
            account
            for account in self._store.accounts_of(request.path_params["customer_id"])
            if account["institutionId"] == institution_id and account["status"] == "active"
        ]
        if not accounts:
            raise errors.nothing_at_institution(institution_id)
        return answer({"accounts": accounts})

    async def of_login(self, request: Request) -> Response:
        """The accounts behind one set of credentials. An unknown customer gets the answer of an empty login."""
        customer_id, login_id = request.path_params["customer_id"], request.path_params["login_id"]
        accounts = self._store.of_login(customer_id, login_id)
        if not accounts:
            raise errors.nothing_at_login(login_id)
        return answer({"accounts": accounts})
