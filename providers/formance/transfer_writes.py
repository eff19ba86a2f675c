"""Money that is moved. On v3 servers most of this ends only when the payment provider has answered."""

from providers.domain import Ref
from providers.errors import ProviderError, Rejected
from providers.formance import filters, ids, models, translate
from providers.formance.client import PaymentsService
from providers.formance.client.transfers import (
    CONNECTORS_TRANSFER,
    CREATE_TRANSFER,
    DELETE_TRANSFER,
    LIST_TRANSFERS,
    RETRY_TRANSFER,
    REVERSE_TRANSFER,
    UPDATE_STATUS,
)
from providers.formance.generation import Generation
from providers.formance.narrowing import Narrowing
from providers.formance.part import Part, known, sendable, unknown
from providers.operation import Operation
from providers.orders import BetweenOrder, ReversalOrder, TransferOrder


class TransferWrites(Part):
    """Implements `MovesMoney`."""

    def __init__(self, service: PaymentsService, generation: Generation) -> None:
        super().__init__(service, generation)
        self._transfers_by_reference: Narrowing[models.TransferInitiation] = Narrowing(
            generation, operation=LIST_TRANSFERS.operation, page=service.list_transfer_initiations
        )

    async def create_transfer(self, order: TransferOrder, operation: Operation) -> Ref:
        """A reference that is taken is refused with CONFLICT.

        v3 servers keep a validated one, as failed, when the payment provider refuses it, and answer with a refusal:
        where it is found after that, the outcome is unknown.
        """
        known(order.connector, ids.connector, CREATE_TRANSFER)
        for account in (order.source, order.destination):
            if account:
                known(account, ids.account, CREATE_TRANSFER)
        with sendable(CREATE_TRANSFER):
            body = translate.transfer_request(order)
        try:
            return translate.transfer_ref(await self._service.create_transfer_initiation(body, operation))
        except Rejected as error:
            if order.is_validated and error.vendor_code == "VALIDATION" and await self._is_kept(body, operation):
                raise unknown(error) from error
            raise

    async def find_transfer(self, connector: Ref, reference: str, operation: Operation) -> Ref | None:
        """One call: both generations filter by reference, which is unique for each connector."""
        row = await self._row(connector.native_id, reference, operation)
        return translate.transfer_ref(row.id) if row else None

    async def validate_transfer(self, transfer: Ref, operation: Operation) -> None:
        """One that no longer waits is refused with VALIDATION.

        So is one that the payment provider refuses (v3): it has failed by then, and can be retried.
        """
        transfer_id = known(transfer, ids.transfer, UPDATE_STATUS)
        await self._service.udpate_transfer_initiation_status(transfer_id, "VALIDATED", operation)

    async def reject_transfer(self, transfer: Ref, operation: Operation) -> None:
        """One that no longer waits is refused with VALIDATION."""
        transfer_id = known(transfer, ids.transfer, UPDATE_STATUS)
        await self._service.udpate_transfer_initiation_status(transfer_id, "REJECTED", operation)

    async def retry_transfer(self, transfer: Ref, operation: Operation) -> None:
        """One that has not failed is refused with VALIDATION, as is one that fails again (v3)."""
        await self._service.retry_transfer_initiation(known(transfer, ids.transfer, RETRY_TRANSFER), operation)

    async def reverse_transfer(self, order: ReversalOrder, operation: Operation) -> None:
        """A reference that is taken is refused with CONFLICT."""
        transfer_id = known(order.transfer, ids.transfer, REVERSE_TRANSFER)
        with sendable(REVERSE_TRANSFER):
            body = translate.reversal_request(order)
        await self._service.reverse_transfer_initiation(transfer_id, body, operation)

    async def delete_transfer(self, transfer: Ref, operation: Operation) -> None:
        """One that no longer waits is refused with VALIDATION."""
        await self._service.delete_transfer_initiation(known(transfer, ids.transfer, DELETE_TRANSFER), operation)

    async def transfer_between(self, order: BetweenOrder, operation: Operation) -> Ref | None:
        """The id that the documentation promises is not said to be of what: here it is read as what it can be."""
        with sendable(CONNECTORS_TRANSFER):
            body = translate.between_request(order)
        made = await self._service.connectors_transfer(translate.kind_word(order.provider_name), body, operation)
        if made and ids.payment(made):
            return translate.payment_ref(made)
        return translate.transfer_ref(made) if made and ids.transfer(made) else None

    async def _row(self, connector_id: str, reference: str, operation: Operation) -> models.TransferInitiation | None:
        rows = await self._transfers_by_reference.everything(filters.by_reference(reference), operation)
        key = (connector_id, reference)
        return next((row for row in rows if (row.connector_id, row.reference) == key), None)

    async def _is_kept(self, body: models.TransferInitiationRequest, operation: Operation) -> bool:
        """What was there before, and asks for the same, would have been a conflict."""
        try:
            row = await self._row(body.connector_id, body.reference, operation)
        except ProviderError:
            return True
        wanted = (body.amount, body.asset, body.destination_account_id)
        return row is not None and (row.amount, row.asset, row.destination_account_id) == wanted
