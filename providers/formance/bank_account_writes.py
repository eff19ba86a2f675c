"""What is done to bank accounts."""

from collections.abc import Mapping

from providers.domain import Ref
from providers.errors import NotFound, ProviderError, Rejected
from providers.formance import filters, ids, models, translate
from providers.formance.client import PaymentsService
from providers.formance.client.bank_accounts import (
    CREATE_BANK_ACCOUNT,
    FORWARD_BANK_ACCOUNT,
    LIST_BANK_ACCOUNTS,
    UPDATE_BANK_ACCOUNT_METADATA,
)
from providers.formance.generation import Generation
from providers.formance.narrowing import Narrowing
from providers.formance.part import Part, known, unknown
from providers.operation import Operation
from providers.orders import BankAccountOrder


class BankAccountWrites(Part):
    """Implements `WritesBankAccounts`."""

    def __init__(self, service: PaymentsService, generation: Generation) -> None:
        super().__init__(service, generation)
        self._bank_accounts_by_notes: Narrowing[models.BankAccount] = Narrowing(
            generation, operation=LIST_BANK_ACCOUNTS.operation, page=service.list_bank_accounts
        )

    async def create_bank_account(self, order: BankAccountOrder, operation: Operation) -> Ref:
        """v3 servers keep it before they look for the connector: a refusal then may leave it there.

        Where its notes find it after a refusal, the outcome is unknown; without notes nobody can tell.
        """
        if order.connector:
            known(order.connector, ids.connector, CREATE_BANK_ACCOUNT)
        try:
            made = await self._service.create_bank_account(translate.bank_account_request(order), operation)
        except (Rejected, NotFound) as error:
            if order.connector and await self._is_found(order, operation):
                raise unknown(error) from error
            raise
        return translate.bank_account_ref(made)

    async def find_bank_account(self, metadata: Mapping[str, str], operation: Operation) -> Ref | None:
        """One call; on v2 the list of all. No notes at all find nothing."""
        if not metadata:
            return None
        wanted = filters.both(*(filters.match(f"metadata[{key}]", value) for key, value in metadata.items()))
        rows = await self._bank_accounts_by_notes.found(wanted, operation)
        same = (row for row in rows if metadata.items() <= (row.metadata or {}).items())
        return next((translate.bank_account_ref(row.id) for row in same), None)

    async def forward_bank_account(self, bank_account: Ref, connector: Ref, operation: Operation) -> None:
        """One that the connector knows already: v2 refuses it with VALIDATION."""
        bank_account_id = known(bank_account, ids.is_uuid, FORWARD_BANK_ACCOUNT)
        connector_id = known(connector, ids.connector, FORWARD_BANK_ACCOUNT)
        await self._service.forward_bank_account(bank_account_id, connector_id, operation)

    async def update_bank_account_metadata(
        self, bank_account: Ref, metadata: Mapping[str, str], operation: Operation
    ) -> None:
        """No notes at all are refused with VALIDATION."""
        bank_account_id = known(bank_account, ids.is_uuid, UPDATE_BANK_ACCOUNT_METADATA)
        await self._service.update_bank_account_metadata(bank_account_id, metadata, operation)

    async def _is_found(self, order: BankAccountOrder, operation: Operation) -> bool:
        try:
            return await self.find_bank_account(order.metadata, operation) is not None
        except ProviderError:
            return True
