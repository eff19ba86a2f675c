"""Sums over whatever accounts a filter of the ledger's own finds."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

from providers.answers import translating
from providers.domain import Balance, BalanceKind, BalanceSource, LedgerQueryKey, Provider
from providers.errors import NotFound, Outcome, ProviderError, Unsupported
from providers.formance.client.ledger import V2_GET_BALANCES_AGGREGATED, LedgerService, Search
from providers.formance.ledger.generation import V1, LedgerGeneration
from providers.formance.ledger.search import is_ledger, pit
from providers.formance.translate.ledger import ledger_sums
from providers.operation import Operation

_OPERATION = V2_GET_BALANCES_AGGREGATED.operation


class LedgerQueries:
    """Implements `SumsLedgerAccounts`. The first API has no filters to sum by."""

    def __init__(self, service: LedgerService, generation: LedgerGeneration) -> None:
        self._service, self._generation = service, generation

    async def ledger_sums_by_query(
        self, keys: Sequence[LedgerQueryKey], operation: Operation
    ) -> dict[LedgerQueryKey, Outcome[Sequence[Balance]]]:
        """One call for each key, at once."""
        asked = list(dict.fromkeys(keys))
        return dict(zip(asked, await asyncio.gather(*(self._outcome(key, operation) for key in asked)), strict=True))

    async def _outcome(self, key: LedgerQueryKey, operation: Operation) -> Outcome[Sequence[Balance]]:
        try:
            return await self._sums(key, operation)
        except ProviderError as error:
            return error

    async def _sums(self, key: LedgerQueryKey, operation: Operation) -> Sequence[Balance]:
        if not is_ledger(key.ledger.native_id):
            raise NotFound(Provider.FORMANCE, _OPERATION)
        if await self._generation.current(operation) == V1:
            raise Unsupported(Provider.FORMANCE, _OPERATION)
        search = Search(filter=key.query, more=pit(key.at))
        read = await self._service.v2_get_balances_aggregated(key.ledger.native_id, search, operation)
        now = datetime.now(UTC)
        with translating(Provider.FORMANCE, _OPERATION):
            return [
                Balance(BalanceKind.TOTAL, money, key.at or now, now, BalanceSource.LEDGER)
                for money in ledger_sums(read)
            ]
