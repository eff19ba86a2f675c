"""Finicity's REST operations under the vendor's own names: parameters in, wire models out, `ProviderError` on failure.

https://developer.mastercard.com/open-banking-us/documentation/
"""

import re

import msgspec

from providers.answers import Answer, Explanation
from providers.errors import Broken, Busy, NotFound, ProviderError, RateLimited, Rejected, TimedOut, Unauthorized
from providers.finicity.models import BUSY, Customer, CustomerAccount, CustomerAccounts, Customers, ErrorMessage
from providers.http import Endpoint, Upstream
from providers.operation import Operation

_CUSTOMER = "/aggregation/v1/customers/{customer_id}"
_CUSTOMER_V2 = "/aggregation/v2/customers/{customer_id}"
_LOGIN = "institutionLogins/{institution_login_id}"
GET_CUSTOMERS = Endpoint("GetCustomers", "GET", "/aggregation/v1/customers")
GET_CUSTOMER = Endpoint("GetCustomer", "GET", _CUSTOMER)
GET_CUSTOMER_ACCOUNTS = Endpoint("GetCustomerAccounts", "GET", f"{_CUSTOMER}/accounts")
GET_CUSTOMER_ACCOUNT = Endpoint("GetCustomerAccount", "GET", f"{_CUSTOMER_V2}/accounts/{{account_id}}")
GET_CUSTOMER_ACCOUNTS_BY_INSTITUTION = Endpoint(
    "GetCustomerAccountsByInstitution", "GET", f"{_CUSTOMER}/institutions/{{institution_id}}/accounts"
)
GET_CUSTOMER_ACCOUNTS_BY_INSTITUTION_LOGIN = Endpoint(
    "GetCustomerAccountsByInstitutionLogin", "GET", f"{_CUSTOMER}/{_LOGIN}/accounts"
)
REFRESH_CUSTOMER_ACCOUNTS = Endpoint("RefreshCustomerAccounts", "POST", f"{_CUSTOMER}/accounts")
REFRESH_CUSTOMER_ACCOUNTS_V2 = Endpoint("RefreshCustomerAccountsV2", "POST", f"{_CUSTOMER_V2}/accounts")
REFRESH_CUSTOMER_ACCOUNTS_BY_INSTITUTION_LOGIN = Endpoint(
    "RefreshCustomerAccountsByInstitutionLogin", "POST", f"{_CUSTOMER}/{_LOGIN}/accounts"
)
REFRESH_CUSTOMER_ACCOUNTS_BY_INSTITUTION_LOGIN_V2 = Endpoint(
    "RefreshCustomerAccountsByInstitutionLoginV2", "POST", f"{_CUSTOMER_V2}/{_LOGIN}/accounts"
)
DELETE_CUSTOMER_ACCOUNT = Endpoint("DeleteCustomerAccount", "DELETE", f"{_CUSTOMER}/accounts/{{account_id}}")
DELETE_CUSTOMER_ACCOUNTS_BY_INSTITUTION_LOGIN = Endpoint(
    "DeleteCustomerAccountsByInstitutionLogin", "DELETE", f"{_CUSTOMER}/{_LOGIN}"
)

REFRESH_PATIENCE = 180.0
"""Seconds that the vendor asks callers of a refresh to wait. Who leaves earlier does not stop it."""

_CUSTOMERS = msgspec.json.Decoder(Customers)
_ONE_CUSTOMER = msgspec.json.Decoder(Customer)
_ACCOUNTS = msgspec.json.Decoder(CustomerAccounts)
_ONE_ACCOUNT = msgspec.json.Decoder(CustomerAccount)
_ERROR = msgspec.json.Decoder(ErrorMessage)
_CODE = re.compile(r"[0-9]{1,6}")


class Client:
    """One method for each operation that is in use."""

    def __init__(self, upstream: Upstream) -> None:
        self._upstream = upstream

    async def get_customers(
        self, operation: Operation, *, username: str | None = None, start: int = 1, limit: int = 25
    ) -> Customers:
        """A page of customers from record `start` (from 1), at most 1000; `username` finds one exactly."""
        asked = [("username", username)] if username is not None else []
        query = [*asked, ("start", str(start)), ("limit", str(limit))]
        return await self._upstream.read(GET_CUSTOMERS, _CUSTOMERS, operation, query=query)

    async def get_customer(self, customer_id: str, operation: Operation) -> Customer:
        """One customer."""
        return await self._upstream.read(GET_CUSTOMER, _ONE_CUSTOMER, operation, path={"customer_id": customer_id})

    async def get_customer_accounts(
        self, customer_id: str, operation: Operation, *, status: str | None = None
    ) -> CustomerAccounts:
        """All accounts of a customer with balances and detail; `status` is `active` or `pending`."""
        query = [("status", status)] if status is not None else []
        return await self._upstream.read(
            GET_CUSTOMER_ACCOUNTS, _ACCOUNTS, operation, path={"customer_id": customer_id}, query=query
        )

    async def get_customer_account(self, customer_id: str, account_id: str, operation: Operation) -> CustomerAccount:
        """One account."""
        path = {"customer_id": customer_id, "account_id": account_id}
        return await self._upstream.read(GET_CUSTOMER_ACCOUNT, _ONE_ACCOUNT, operation, path=path)

    async def get_customer_accounts_by_institution(
        self, customer_id: str, institution_id: str, operation: Operation
    ) -> CustomerAccounts:
        """The active accounts at an institution. None at all is `NotFound` with code 38006."""
        path = {"customer_id": customer_id, "institution_id": institution_id}
        return await self._upstream.read(GET_CUSTOMER_ACCOUNTS_BY_INSTITUTION, _ACCOUNTS, operation, path=path)

    async def get_customer_accounts_by_institution_login(
        self, customer_id: str, institution_login_id: str, operation: Operation
    ) -> CustomerAccounts:
        """The accounts behind one set of credentials. None at all is `NotFound` with code 38007."""
        path = {"customer_id": customer_id, "institution_login_id": institution_login_id}
        return await self._upstream.read(GET_CUSTOMER_ACCOUNTS_BY_INSTITUTION_LOGIN, _ACCOUNTS, operation, path=path)

    async def refresh_customer_accounts(
        self, customer_id: str, operation: Operation, *, patience: float = REFRESH_PATIENCE
    ) -> CustomerAccounts:
        """Have all accounts read anew from their banks, and give them. Slow; not for partners of the dynamic tiers.

        Another refresh under way is `Rejected` with code 325 or 5006. `UnknownOutcome` after `patience` seconds: the
        refresh goes on, and the accounts' `aggregationAttemptDate` tells that it began.
        """
        path = {"customer_id": customer_id}
        return await self._upstream.write(REFRESH_CUSTOMER_ACCOUNTS, _ACCOUNTS, operation, path=path, patience=patience)

    async def refresh_customer_accounts_v2(
        self, customer_id: str, operation: Operation, *, patience: float = REFRESH_PATIENCE
    ) -> None:
        """The same for partners of the dynamic tiers, without an answer."""
        path = {"customer_id": customer_id}
        await self._upstream.command(REFRESH_CUSTOMER_ACCOUNTS_V2, operation, path=path, patience=patience)

    async def refresh_customer_accounts_by_institution_login(
        self,
        customer_id: str,
        institution_login_id: str,
        operation: Operation,
        *,
        patience: float = REFRESH_PATIENCE,
    ) -> CustomerAccounts:
        """As `refresh_customer_accounts`, for one login. `NotFound` with 38007 when it has no accounts.

        The trouble of the login is `Rejected` with its aggregation status code.
        """
        path = {"customer_id": customer_id, "institution_login_id": institution_login_id}
        return await self._upstream.write(
            REFRESH_CUSTOMER_ACCOUNTS_BY_INSTITUTION_LOGIN, _ACCOUNTS, operation, path=path, patience=patience
        )

    async def refresh_customer_accounts_by_institution_login_v2(
        self,
        customer_id: str,
        institution_login_id: str,
        operation: Operation,
        *,
        patience: float = REFRESH_PATIENCE,
    ) -> None:
        """The same for partners of the dynamic tiers, without an answer."""
        path = {"customer_id": customer_id, "institution_login_id": institution_login_id}
        endpoint = REFRESH_CUSTOMER_ACCOUNTS_BY_INSTITUTION_LOGIN_V2
        await self._upstream.command(endpoint, operation, path=path, patience=patience)

    async def delete_customer_account(self, customer_id: str, account_id: str, operation: Operation) -> None:
        """End the aggregation of one account. `NotFound` with 38003 when the customer lacks it."""
        path = {"customer_id": customer_id, "account_id": account_id}
        await self._upstream.command(DELETE_CUSTOMER_ACCOUNT, operation, path=path)

    async def delete_customer_accounts_by_institution_login(
        self, customer_id: str, institution_login_id: str, operation: Operation
    ) -> None:
        """End the aggregation of all accounts of a login. `NotFound` with 38007 when it has none."""
        path = {"customer_id": customer_id, "institution_login_id": institution_login_id}
        await self._upstream.command(DELETE_CUSTOMER_ACCOUNTS_BY_INSTITUTION_LOGIN, operation, path=path)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._upstream.aclose()


_BY_STATUS: dict[int, type[ProviderError]] = {
    400: Rejected,
    401: Unauthorized,
    403: Rejected,  # the caller's country is refused: another token would not help
    404: NotFound,
    408: TimedOut,
    429: RateLimited,
}
"""By status. Other refusals are `Rejected`, and what is 500 or more is `Broken`."""

_INVALID_CUSTOMER_ID = "14023"
_AGGREGATION: dict[str, str] = {
    "102": "The bank is down for maintenance.",
    "103": "The bank refused the customer's credentials.",
    "108": "The customer has to act at the bank.",
    "109": "The customer's credentials at the bank have expired.",
    "169": "The account is a duplicate.",
    "185": "The bank asks the customer for a security answer.",
    "187": "The bank refused the customer's security answer.",
    "325": "The account is being refreshed just now.",
    "331": "The bank's security session has expired.",
    "400": "The bank knows no such account.",
    "945": "The customer has to agree to the bank's new connection.",
    "946": "The bank knows no such account, or it is closed.",
    "947": "The bank's consent has expired.",
    "948": "The customer has to sign in to the bank's new connection.",
    "977": "The bank accepts no more calls for now.",
    "5006": "The account is being refreshed just now.",
    "44000": "The bank accepts no more calls for now.",
    "44002": "The bank accepts no more calls for now.",
}
"""Aggregation status codes, which arrive as HTTP 500, and as 408 where a session has ended. https://docs.finicity.com/aggregation-status-codes"""

_OF_THE_BANK = frozenset({408, 500})
"""Statuses with which a bank's refusal arrives."""


def explain(answer: Answer) -> Explanation | None:
    """Finicity's reading of an error answer, whose body may be JSON, plain text or empty."""
    code = _code(answer)
    if answer.status in _OF_THE_BANK and code in _AGGREGATION:
        return Explanation(Busy if code in BUSY else Rejected, code, _AGGREGATION[code])
    if code == _INVALID_CUSTOMER_ID:
        return Explanation(NotFound, code)
    if answer.status < 400:
        return None
    return Explanation(_BY_STATUS.get(answer.status) or (Broken if answer.status >= 500 else Rejected), code)


def _code(answer: Answer) -> str | None:
    if not answer.is_json:
        return None
    try:
        code = str(_ERROR.decode(answer.body).code)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return code if _CODE.fullmatch(code) and code != "None" else None
