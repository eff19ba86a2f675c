"""The transfer initiations that workflows have ordered: they are named after the stage that ordered them."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

from providers.answers import translating
from providers.domain import Provider, TransferInitiation, WorkflowStageKey
from providers.errors import Outcome, ProviderError
from providers.formance import filters, translate
from providers.formance.client import PaymentsService
from providers.formance.client.calls import Listing
from providers.formance.client.transfers import LIST_TRANSFERS
from providers.formance.translate.orchestration import ordered_references
from providers.operation import Operation

MOST_STAGES = 2
"""Stages that one question is about: each may have ordered by any of twenty references."""


class OrderedTransfers:
    """Implements `FindsOrderedTransfers`."""

    def __init__(self, payments: PaymentsService) -> None:
        self._payments = payments

    async def transfers_by_workflow_stage(
        self, stages: Sequence[WorkflowStageKey], operation: Operation
    ) -> dict[WorkflowStageKey, Outcome[Sequence[TransferInitiation]]]:
        """One call for two stages: all payments servers filter by reference."""
        wanted = list(dict.fromkeys(stages))
        groups = [wanted[start : start + MOST_STAGES] for start in range(0, len(wanted), MOST_STAGES)]
        parts = await asyncio.gather(*(self._some(group, operation) for group in groups))
        return {stage: outcome for part in parts for stage, outcome in part.items()}

    async def _some(
        self, stages: Sequence[WorkflowStageKey], operation: Operation
    ) -> dict[WorkflowStageKey, Outcome[Sequence[TransferInitiation]]]:
        references = {reference: stage for stage in stages for reference in ordered_references(stage)}
        query = filters.text(filters.either([filters.match("reference", each) for each in references]))
        try:
            page = await self._payments.list_transfer_initiations(Listing(query=query), operation)
            with translating(Provider.FORMANCE, LIST_TRANSFERS.operation):
                rows = [translate.transfer(row, fetched_at=datetime.now(UTC)) for row in page.data]
        except ProviderError as error:
            return dict.fromkeys(stages, error)
        return {stage: [row for row in rows if references.get(row.reference) == stage] for stage in stages}
