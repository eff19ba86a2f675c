"""Accounts and payments that are recorded by hand.

An id that is there already is no conflict: v2 servers change the record, v3 servers keep it, and both
answer as if it were new.
"""

from collections.abc import Mapping

from providers.domain import Ref
from providers.formance import filters, ids, models, translate
from providers.formance.client import PaymentsService
from providers.formance.client.accounts import CREATE_ACCOUNT, LIST_ACCOUNTS
from providers.formance.client.payments import CREATE_PAYMENT, LIST_PAYMENTS, UPDATE_METADATA
from providers.formance.generation import Generation
from providers.formance.narrowing import Narrowing
from providers.formance.part import Part, known, sendable
from providers.operation import Operation
from providers.orders import AccountOrder, PaymentOrder


class PaymentWrites(Part):
    """Implements `RecordsPayments`."""

    def __init__(self, service: PaymentsService, generation: Generation) -> None:
        super().__init__(service, generation)
        self._accounts_by_reference: Narrowing[models.Account] = Narrowing(
            generation, operation=LIST_ACCOUNTS.operation, page=service.paymentslist_accounts
        )
        self._payments_by_reference: Narrowing[models.Payment] = Narrowing(
            generation, operation=LIST_PAYMENTS.operation, page=service.list_payments
        )

    async def create_account(self, order: AccountOrder, operation: Operation) -> Ref:
        """v3 servers refuse it at connectors that tell their accounts themselves."""
        known(order.connector, ids.connector, CREATE_ACCOUNT)
        with sendable(CREATE_ACCOUNT):
            body = translate.account_request(order)
        return translate.account_ref(await self._service.create_account(body, operation))

    async def create_payment(self, order: PaymentOrder, operation: Operation) -> Ref:
        """v3 servers refuse it at connectors that tell their payments themselves."""
        known(order.connector, ids.connector, CREATE_PAYMENT)
        for account in (order.source, order.destination):
            if account:
                known(account, ids.account, CREATE_PAYMENT)
        with sendable(CREATE_PAYMENT):
            body = translate.payment_request(order)
        return translate.payment_ref(await self._service.create_payment(body, operation))

    async def find_account(self, order: AccountOrder, operation: Operation) -> Ref | None:
        """One call: both generations filter by reference, which need not be unique."""
        rows = await self._accounts_by_reference.everything(filters.by_reference(order.reference), operation)
        same = (row for row in rows if _is_same(row, order))
        return next((translate.account_ref(row.id) for row in same), None)

    async def find_payment(self, order: PaymentOrder, operation: Operation) -> Ref | None:
        """One call: both generations filter by reference, which need not be unique."""
        kind = translate.payment_kind(order.type)
        rows = await self._payments_by_reference.everything(filters.by_reference(order.reference), operation)
        same = (row for row in rows if _is_same(row, order) and row.type == kind)
        return next((translate.payment_ref(row.id) for row in same), None)

    async def update_payment_metadata(self, payment: Ref, metadata: Mapping[str, str], operation: Operation) -> None:
        """No notes at all are refused with VALIDATION."""
        payment_id = known(payment, ids.payment, UPDATE_METADATA)
        await self._service.update_metadata(payment_id, metadata, operation)


def _is_same(row: models.Account | models.Payment, order: AccountOrder | PaymentOrder) -> bool:
    return (row.connector_id, row.reference) == (order.connector.native_id, order.reference)
