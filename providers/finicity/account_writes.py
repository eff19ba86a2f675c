"""What is done to accounts: refreshed at the bank, or forgotten. Orders in, one of the vendor's operations each."""

from collections.abc import Iterator
from contextlib import contextmanager

from providers.domain import Provider, Ref
from providers.errors import NotFound
from providers.finicity.client import (
    DELETE_CUSTOMER_ACCOUNT,
    DELETE_CUSTOMER_ACCOUNTS_BY_INSTITUTION_LOGIN,
    REFRESH_CUSTOMER_ACCOUNTS,
    Client,
)
from providers.finicity.ids import is_account, is_id
from providers.finicity.usernames import Usernames
from providers.http import Endpoint
from providers.operation import Operation
from providers.orders import RefreshOrder


class AccountWrites:
    """Implements `RefreshesAccounts`. What cannot be an id is `NotFound`, and nothing is sent."""

    def __init__(self, client: Client, usernames: Usernames) -> None:
        self._client, self._usernames = client, usernames

    async def refresh_accounts(self, order: RefreshOrder, operation: Operation) -> None:
        """While another refresh runs, `Rejected` with 325 or 5006.

        Any other aggregation status code is `Rejected` too: the bank was asked, and gave no new balances.
        """
        ids = (order.customer,) if order.login is None else (order.customer, order.login)
        with self._changing(order.customer, *ids, endpoint=REFRESH_CUSTOMER_ACCOUNTS):
            await self._refresh(order, operation)

    async def delete_account(self, account: Ref, operation: Operation) -> None:
        """One that is not there is `NotFound` with 38003, also when its customer is unknown."""
        if not is_account(account):
            raise NotFound(Provider.FINICITY, DELETE_CUSTOMER_ACCOUNT.operation)
        customer, account_id = account.keys
        with self._changing(customer, endpoint=DELETE_CUSTOMER_ACCOUNT):
            await self._client.delete_customer_account(customer, account_id, operation)

    async def delete_login(self, customer: str, login: str, operation: Operation) -> None:
        """One without accounts is `NotFound` with 38007, also when its customer is unknown."""
        with self._changing(customer, login, endpoint=DELETE_CUSTOMER_ACCOUNTS_BY_INSTITUTION_LOGIN):
            await self._client.delete_customer_accounts_by_institution_login(customer, login, operation)

    async def _refresh(self, order: RefreshOrder, operation: Operation) -> None:
        client, customer, login = self._client, order.customer, order.login
        if login is None and order.is_tiered:
            await client.refresh_customer_accounts_v2(customer, operation)
        elif login is None:
            await client.refresh_customer_accounts(customer, operation)
        elif order.is_tiered:
            await client.refresh_customer_accounts_by_institution_login_v2(customer, login, operation)
        else:
            await client.refresh_customer_accounts_by_institution_login(customer, login, operation)

    @contextmanager
    def _changing(self, customer: str, *ids: str, endpoint: Endpoint) -> Iterator[None]:
        """Around a write: whatever becomes of it, the customer is not taken from memory after it."""
        if not all(is_id(text) for text in (customer, *ids)):
            raise NotFound(Provider.FINICITY, endpoint.operation)
        try:
            yield
        finally:
            self._usernames.forget(customer)
