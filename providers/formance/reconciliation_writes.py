"""What is done to policies and by them."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import msgspec

from providers.domain import Ref
from providers.formance import filters, ids, paging
from providers.formance.client.calls import Listing
from providers.formance.client.reconciliation import (
    CREATE_POLICY,
    DELETE_POLICY,
    LIST_POLICIES,
    LIST_RECONCILIATIONS,
    RECONCILE,
    ReconciliationService,
)
from providers.formance.models import Cursor
from providers.formance.models import reconciliation as models
from providers.formance.part import known
from providers.formance.translate import reconciliation as translate
from providers.operation import Operation
from providers.orders.reconciliation import PolicyOrder, ReconciliationOrder

_Test = Callable[[models.Reconciliation], bool]


class ReconciliationWrites:
    """Implements `WritesReconciliation`."""

    def __init__(self, service: ReconciliationService) -> None:
        self._service = service

    async def create_policy(self, order: PolicyOrder, operation: Operation) -> Ref:
        """A pool or a ledger that is not there is taken without a word."""
        known(order.pool, ids.is_uuid, CREATE_POLICY)
        return translate.policy_ref(await self._service.create_policy(translate.policy_request(order), operation))

    async def find_policies(self, order: PolicyOrder, operation: Operation) -> Sequence[Ref]:
        """The policies over one pool: one call, if they fit a page."""
        query = filters.text(filters.match("paymentsPoolID", order.pool.native_id))

        async def ask(cursor: str) -> Cursor[models.Policy]:
            return await self._service.list_policies(Listing(cursor, query=query), operation)

        rows = await paging.everything(ask, LIST_POLICIES.operation)
        return [translate.policy_ref(row.id) for row in rows if _is_so(row, order)]

    async def delete_policy(self, policy: Ref, operation: Operation) -> None:
        """A policy that is not there is deleted without a word."""
        await self._service.delete_policy(known(policy, ids.is_uuid, DELETE_POLICY), operation)

    async def reconcile(self, order: ReconciliationOrder, operation: Operation) -> Ref:
        """What payments or the ledger refuse, such as a filter, is a failure of the service without a reason."""
        policy_id = known(order.policy, ids.is_uuid, RECONCILE)
        made = await self._service.reconcile(policy_id, translate.reconciliation_request(order), operation)
        return translate.reconciliation_ref(made)

    async def newest_reconciliation(self, policy: Ref, operation: Operation) -> Ref | None:
        """One call; servers that do not listen to filters may take more."""
        rows = await self._until(policy, lambda _: True, operation)
        return translate.reconciliation_ref(rows[0].id) if rows else None

    async def find_reconciliation(
        self, order: ReconciliationOrder, since: Ref | None, operation: Operation
    ) -> Ref | None:
        """One call, if what was made since then fits a page."""
        wanted = _moment(order.at_ledger), _moment(order.at_payments)
        last = since.native_id if since else ""
        for row in await self._until(order.policy, lambda row: row.id == last, operation):
            if row.id == last:
                break
            if (_moment(row.reconciled_at_ledger), _moment(row.reconciled_at_payments)) == wanted:
                return translate.reconciliation_ref(row.id)
        return None

    async def _until(self, policy: Ref, is_last: _Test, operation: Operation) -> list[models.Reconciliation]:
        """A policy's reconciliations, newest first, at least to the one that is the last wanted."""
        query = filters.text(filters.match("policyID", policy.native_id))

        async def ask(cursor: str) -> Cursor[models.Reconciliation]:
            return await self._service.list_reconciliations(Listing(cursor, query=query), operation)

        read = await paging.stretch(
            ask,
            pages=paging.LONGEST_LIST,
            is_enough=lambda rows: any(is_last(row) for row in rows if row.policy_id == policy.native_id),
        )
        found = [row for row in read.rows if row.policy_id == policy.native_id]
        if read.next is not None and not any(is_last(row) for row in found):
            raise paging.endless(LIST_RECONCILIATIONS.operation)
        return found


def _is_so(row: models.Policy, order: PolicyOrder) -> bool:
    """Whether a policy is like an order, whatever the spelling of its filter."""
    if (row.name, row.ledger_name) != (order.name, order.ledger.native_id):
        return False
    if row.payments_pool_id != order.pool.native_id:
        return False
    found, wanted = (msgspec.json.decode(each) for each in (row.ledger_query, order.ledger_query))
    return bool((found or {}) == (wanted or {}))


def _moment(time: datetime | None) -> datetime | None:
    """Servers write a time in whatever zone they are in."""
    return None if time is None else time.astimezone(UTC)
