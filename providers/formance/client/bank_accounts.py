"""Bank accounts that the stack's user keeps."""

import msgspec

from providers.formance.client.calls import PATIENCE, Calls, Listing
from providers.formance.models import (
    BankAccount,
    BankAccountRequest,
    Cursor,
    Data,
    Envelope,
    ForwardBankAccountRequest,
    Metadata,
    UpdateBankAccountMetadataRequest,
)
from providers.http import Endpoint
from providers.operation import Operation

LIST_BANK_ACCOUNTS = Endpoint("list_bank_accounts", "GET", "/api/payments/bank-accounts")
GET_BANK_ACCOUNT = Endpoint("get_bank_account", "GET", "/api/payments/bank-accounts/{bankAccountId}")
CREATE_BANK_ACCOUNT = Endpoint("create_bank_account", "POST", "/api/payments/bank-accounts")
FORWARD_BANK_ACCOUNT = Endpoint("forward_bank_account", "POST", "/api/payments/bank-accounts/{bankAccountId}/forward")
UPDATE_BANK_ACCOUNT_METADATA = Endpoint(
    "update_bank_account_metadata", "PATCH", "/api/payments/bank-accounts/{bankAccountId}/metadata"
)

_BANK_ACCOUNTS = msgspec.json.Decoder(Envelope[BankAccount])
_BANK_ACCOUNT = msgspec.json.Decoder(Data[BankAccount])


class BankAccountCalls(Calls):
    """One method for each operation."""

    async def list_bank_accounts(self, listing: Listing, operation: Operation) -> Cursor[BankAccount]:
        """A page of bank accounts. v2 servers ignore filters here."""
        return await self._page(LIST_BANK_ACCOUNTS, _BANK_ACCOUNTS, listing, operation)

    async def get_bank_account(self, bank_account_id: str, operation: Operation) -> BankAccount:
        """One bank account."""
        return await self._one(GET_BANK_ACCOUNT, _BANK_ACCOUNT, operation, path={"bankAccountId": bank_account_id})

    async def create_bank_account(self, body: BankAccountRequest, operation: Operation) -> str:
        """Keep a bank account, and give its id. v3 keeps it even when it then cannot be forwarded."""
        patience = PATIENCE if body.connector_id else None
        return await self._create(CREATE_BANK_ACCOUNT, body, operation, patience=patience)

    async def forward_bank_account(self, bank_account_id: str, connector_id: str, operation: Operation) -> None:
        """Make a bank account known at a connector."""
        path, body = {"bankAccountId": bank_account_id}, ForwardBankAccountRequest(connector_id)
        await self._order(FORWARD_BANK_ACCOUNT, operation, path=path, body=body, patience=PATIENCE)

    async def update_bank_account_metadata(self, bank_account_id: str, body: Metadata, operation: Operation) -> None:
        """Add to a bank account's metadata."""
        path, wrapped = {"bankAccountId": bank_account_id}, UpdateBankAccountMetadataRequest(body)
        await self._order(UPDATE_BANK_ACCOUNT_METADATA, operation, path=path, body=wrapped)
