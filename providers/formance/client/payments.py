"""Payments."""

import msgspec

from providers.formance.client.calls import Calls, Listing
from providers.formance.models import Cursor, Data, Envelope, Metadata, Payment, PaymentRequest
from providers.http import Endpoint
from providers.operation import Operation

LIST_PAYMENTS = Endpoint("list_payments", "GET", "/api/payments/payments")
GET_PAYMENT = Endpoint("get_payment", "GET", "/api/payments/payments/{paymentId}")
CREATE_PAYMENT = Endpoint("create_payment", "POST", "/api/payments/payments")
UPDATE_METADATA = Endpoint("update_metadata", "PATCH", "/api/payments/payments/{paymentId}/metadata")

_PAYMENTS = msgspec.json.Decoder(Envelope[Payment])
_PAYMENT = msgspec.json.Decoder(Data[Payment])


class PaymentCalls(Calls):
    """One method for each operation."""

    async def list_payments(self, listing: Listing, operation: Operation) -> Cursor[Payment]:
        """A page of payments."""
        return await self._page(LIST_PAYMENTS, _PAYMENTS, listing, operation)

    async def get_payment(self, payment_id: str, operation: Operation) -> Payment:
        """One payment."""
        return await self._one(GET_PAYMENT, _PAYMENT, operation, path={"paymentId": payment_id})

    async def create_payment(self, body: PaymentRequest, operation: Operation) -> str:
        """Record a payment, and give its id. One that is there stays (v3) or is changed (v2)."""
        return await self._create(CREATE_PAYMENT, body, operation)

    async def update_metadata(self, payment_id: str, body: Metadata, operation: Operation) -> None:
        """Add to a payment's metadata."""
        await self._order(UPDATE_METADATA, operation, path={"paymentId": payment_id}, body=body)
