"""Payments by what payment providers call them."""

from collections.abc import Mapping, Sequence

from providers.domain import Payment
from providers.errors import Outcome, ProviderError
from providers.formance import filters, paging
from providers.formance.client import PaymentsService
from providers.formance.client.calls import Listing
from providers.formance.client.payments import LIST_PAYMENTS
from providers.formance.models import Cursor
from providers.formance.models import Payment as Row
from providers.formance.payments import translated
from providers.operation import Operation


class PaymentReferences:
    """Finds payments by reference, on servers of both generations."""

    def __init__(self, service: PaymentsService) -> None:
        self._service = service

    async def payments_by_reference(
        self, references: Sequence[str], operation: Operation
    ) -> Mapping[str, Outcome[Sequence[Payment]]]:
        """One call for each 40 references. What is too long to be a reference is none."""
        terms = [filters.term(each, filters.match("reference", each)) for each in dict.fromkeys(references)]
        fitting = [term for term in terms if filters.fits(term.exact[0])]
        found: dict[str, Outcome[Sequence[Payment]]] = {}
        for question in filters.questions(fitting):
            answer = await self._found(filters.text(question.expression), operation)
            for reference in question.subjects:
                found[reference] = (
                    answer
                    if isinstance(answer, ProviderError)
                    else [payment for payment in answer if payment.reference == reference]
                )
        return found

    async def _found(self, query: str, operation: Operation) -> Outcome[Sequence[Payment]]:
        async def ask(cursor: str) -> Cursor[Row]:
            return await self._service.list_payments(Listing(cursor, query=query), operation)

        try:
            return translated(await paging.everything(ask, LIST_PAYMENTS.operation))
        except ProviderError as error:
            return error
