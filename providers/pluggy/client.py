"""Pluggy's operations by their own names: one call each, wire shapes out, `ProviderError` on failure."""

import msgspec

from providers.http import Endpoint, Upstream
from providers.operation import Operation
from providers.pluggy import models

SMART_ACCOUNTS_LIST = Endpoint("smart_accounts_list", "GET", "/payments/smart-accounts")
SMART_ACCOUNT_RETRIEVE = Endpoint("smart_account_retrieve", "GET", "/payments/smart-accounts/{id}")
SMART_ACCOUNT_CREATE = Endpoint("smart_account_create", "POST", "/payments/smart-accounts")
SMART_ACCOUNT_BALANCE_RETRIEVE = Endpoint(
    "smart_account_balance_retrieve", "GET", "/payments/smart-accounts/{id}/balance"
)

MAX_PAGE_SIZE = 500
"""Stated by the vendor for its other lists; whatever it cuts a page to, its `totalPages` says how many there are."""

_PAGE = msgspec.json.Decoder(models.SmartAccountPage)
_SMART_ACCOUNT = msgspec.json.Decoder(models.SmartAccount)
_BALANCE = msgspec.json.Decoder(models.SmartAccountBalance)


class Client:
    """The smart-account family. Identical reads in flight are one call."""

    def __init__(self, upstream: Upstream) -> None:
        self._upstream = upstream

    async def smart_accounts_list(
        self, operation: Operation, *, page: int = 1, page_size: int = MAX_PAGE_SIZE
    ) -> models.SmartAccountPage:
        """A page of all smart accounts of the application; there is no filter. Pages count from 1."""
        query = [("pageSize", str(page_size)), ("page", str(page))]
        return await self._upstream.read(SMART_ACCOUNTS_LIST, _PAGE, operation, query=query)

    async def smart_account_create(
        self, request: models.CreateSmartAccountRequest, operation: Operation
    ) -> models.SmartAccount:
        """Open a smart account. The vendor has no idempotency key and no look-up by owner: twice asked is two accounts.

        The account says nothing of its owner, so that what was lost is found by comparing lists alone.
        """
        return await self._upstream.write(
            SMART_ACCOUNT_CREATE, _SMART_ACCOUNT, operation, content=msgspec.json.encode(request)
        )

    async def smart_account_retrieve(self, smart_account_id: str, operation: Operation) -> models.SmartAccount:
        """One smart account."""
        path = {"id": smart_account_id}
        return await self._upstream.read(SMART_ACCOUNT_RETRIEVE, _SMART_ACCOUNT, operation, path=path)

    async def smart_account_balance_retrieve(
        self, smart_account_id: str, operation: Operation, *, max_age: int = 0
    ) -> models.SmartAccountBalance:
        """The money of one smart account, no older than `max_age` seconds; there is no bulk form."""
        path, within = {"id": smart_account_id}, self._upstream.settings.kept.balances_within(max_age)
        return await self._upstream.read(SMART_ACCOUNT_BALANCE_RETRIEVE, _BALANCE, operation, path=path, max_age=within)
