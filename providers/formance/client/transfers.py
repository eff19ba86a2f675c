"""Transfer initiations."""

import msgspec

from providers.formance.client.calls import PATIENCE, Calls, Listing, routed
from providers.formance.models import (
    Cursor,
    Data,
    Envelope,
    ReverseTransferInitiationRequest,
    TransferInitiation,
    TransferInitiationRequest,
    TransferRequest,
    TransferResponse,
    UpdateTransferInitiationStatusRequest,
)
from providers.http import Endpoint
from providers.operation import Operation

_ROOT = "/api/payments/transfer-initiations"

LIST_TRANSFERS = Endpoint("list_transfer_initiations", "GET", _ROOT)
GET_TRANSFER = Endpoint("get_transfer_initiation", "GET", f"{_ROOT}/{{transferId}}")
CREATE_TRANSFER = Endpoint("create_transfer_initiation", "POST", _ROOT)
DELETE_TRANSFER = Endpoint("delete_transfer_initiation", "DELETE", f"{_ROOT}/{{transferId}}")
UPDATE_STATUS = Endpoint("udpate_transfer_initiation_status", "POST", f"{_ROOT}/{{transferId}}/status")
RETRY_TRANSFER = Endpoint("retry_transfer_initiation", "POST", f"{_ROOT}/{{transferId}}/retry")
REVERSE_TRANSFER = Endpoint("reverse_transfer_initiation", "POST", f"{_ROOT}/{{transferId}}/reverse")
CONNECTORS_TRANSFER = Endpoint("connectors_transfer", "POST", "/api/payments/connectors/{connector}/transfers")

_TRANSFERS = msgspec.json.Decoder(Envelope[TransferInitiation])
_TRANSFER = msgspec.json.Decoder(Data[TransferInitiation])
_TRANSFERRED = msgspec.json.Decoder(TransferResponse)


class TransferCalls(Calls):
    """One method for each operation."""

    async def list_transfer_initiations(self, listing: Listing, operation: Operation) -> Cursor[TransferInitiation]:
        """A page of transfer initiations, without their adjustments and payments."""
        return await self._page(LIST_TRANSFERS, _TRANSFERS, listing, operation)

    async def get_transfer_initiation(self, transfer_id: str, operation: Operation) -> TransferInitiation:
        """One transfer initiation with its adjustments and payments."""
        return await self._one(GET_TRANSFER, _TRANSFER, operation, path={"transferId": transfer_id})

    async def create_transfer_initiation(self, body: TransferInitiationRequest, operation: Operation) -> str:
        """Order money to be moved, and give the id. v3 keeps a validated one even when the provider refuses it."""
        patience = PATIENCE if body.validated else None
        return await self._create(CREATE_TRANSFER, body, operation, patience=patience)

    async def delete_transfer_initiation(self, transfer_id: str, operation: Operation) -> None:
        """Delete one that waits for its validation."""
        await self._order(DELETE_TRANSFER, operation, path={"transferId": transfer_id})

    async def udpate_transfer_initiation_status(self, transfer_id: str, status: str, operation: Operation) -> None:
        """Make one that waits VALIDATED or REJECTED. The name is spelt as the vendor spells it."""
        path, body = {"transferId": transfer_id}, UpdateTransferInitiationStatusRequest(status)
        await self._order(UPDATE_STATUS, operation, path=path, body=body, patience=PATIENCE)

    async def retry_transfer_initiation(self, transfer_id: str, operation: Operation) -> None:
        """Send one that failed once more."""
        await self._order(RETRY_TRANSFER, operation, path={"transferId": transfer_id}, patience=PATIENCE)

    async def reverse_transfer_initiation(
        self, transfer_id: str, body: ReverseTransferInitiationRequest, operation: Operation
    ) -> None:
        """Send money back."""
        path = {"transferId": transfer_id}
        await self._order(REVERSE_TRANSFER, operation, path=path, body=body, patience=PATIENCE)

    async def connectors_transfer(self, connector: str, body: TransferRequest, operation: Operation) -> str | None:
        """Move money between two accounts of a kind of connector. Documented; no server has this route today."""
        path, content = {"connector": connector}, msgspec.json.encode(body)
        async with routed():
            write = self._upstream.write(
                CONNECTORS_TRANSFER, _TRANSFERRED, operation, path=path, content=content, patience=PATIENCE
            )
            return (await write).id
