"""Accounts at payment providers, and what they hold."""

import msgspec

from providers.formance.client.calls import Calls, Listing, known_ids
from providers.formance.models import Account, AccountBalance, AccountRequest, Cursor, Data, Envelope
from providers.http import Endpoint, Query
from providers.operation import Operation

LIST_ACCOUNTS = Endpoint("paymentslist_accounts", "GET", "/api/payments/accounts")
GET_ACCOUNT = Endpoint("paymentsget_account", "GET", "/api/payments/accounts/{accountId}")
GET_ACCOUNT_BALANCES = Endpoint("get_account_balances", "GET", "/api/payments/accounts/{accountId}/balances")
CREATE_ACCOUNT = Endpoint("create_account", "POST", "/api/payments/accounts")

_ACCOUNTS = msgspec.json.Decoder(Envelope[Account])
_ACCOUNT = msgspec.json.Decoder(Data[Account])
_ACCOUNT_BALANCES = msgspec.json.Decoder(Envelope[AccountBalance])


class AccountCalls(Calls):
    """One method for each operation."""

    async def paymentslist_accounts(self, listing: Listing, operation: Operation) -> Cursor[Account]:
        """A page of accounts."""
        return await self._page(LIST_ACCOUNTS, _ACCOUNTS, listing, operation)

    async def paymentsget_account(self, account_id: str, operation: Operation) -> Account:
        """One account."""
        return await self._one(GET_ACCOUNT, _ACCOUNT, operation, path={"accountId": account_id})

    async def get_account_balances(
        self,
        account_id: str,
        listing: Listing,
        operation: Operation,
        *,
        narrowed: Query = (),
        max_age: float = 0.0,
    ) -> Cursor[AccountBalance]:
        """A page of an account's balances, newest first. `narrowed`: asset, from, to. Unknown accounts have none."""
        path = {"accountId": account_id}
        query = listing.parameters(*narrowed)
        with known_ids():
            read = self._upstream.read(
                GET_ACCOUNT_BALANCES, _ACCOUNT_BALANCES, operation, path=path, query=query, max_age=max_age
            )
            return (await read).cursor

    async def create_account(self, body: AccountRequest, operation: Operation) -> str:
        """Record an account, and give its id. One that is there stays (v3) or is changed (v2)."""
        return await self._create(CREATE_ACCOUNT, body, operation)
