"""Policies and reconciliations: by id, by pool and by policy, and the whole lists.

Older servers do not listen to filters: whatever comes of other pools and policies is dropped.
"""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

from providers.answers import translating
from providers.domain import Page, PageRequest, Provider, Reconciliation, ReconciliationPolicy, Ref
from providers.errors import NotFound, Outcome, ProviderError
from providers.formance import filters, ids, paging
from providers.formance.client.calls import Listing
from providers.formance.client.reconciliation import (
    GET_RECONCILIATION,
    LIST_POLICIES,
    LIST_RECONCILIATIONS,
    ReconciliationService,
)
from providers.formance.filters import Question
from providers.formance.models import Cursor
from providers.formance.models import reconciliation as models
from providers.formance.translate import reconciliation as translate
from providers.operation import Operation

_Policies = tuple[ReconciliationPolicy, ...]


class ReconciliationReads:
    """Implements `ReadsReconciliation`."""

    def __init__(self, service: ReconciliationService) -> None:
        self._service = service

    async def reconciliation_policies_by_ref(
        self, refs: Sequence[Ref], operation: Operation
    ) -> dict[Ref, Outcome[ReconciliationPolicy]]:
        """One alone by its id; several are found in the list of all, which has no filter for ids."""
        known = [ref for ref in dict.fromkeys(refs) if ids.is_uuid(ref.native_id)]
        if not known:
            return {}
        try:
            found = await (self._policy(known[0], operation) if len(known) == 1 else self._policies("", operation))
        except ProviderError as error:
            return dict.fromkeys(known, error)
        return {policy.ref: policy for policy in found if policy.ref in known}

    async def policies_by_pool(
        self, pools: Sequence[Ref], operation: Operation
    ) -> dict[Ref, Outcome[Sequence[ReconciliationPolicy]]]:
        """One call for each 40 pools, if the answer fits a page."""
        found: dict[Ref, Outcome[Sequence[ReconciliationPolicy]]] = dict.fromkeys(pools, ())
        known = [pool for pool in found if ids.is_uuid(pool.native_id)]
        questions = filters.questions([filters.term(pool, _of_pool(pool)) for pool in known])
        parts = await asyncio.gather(*(self._over(question, operation) for question in questions))
        return found | {pool: outcome for part in parts for pool, outcome in part.items()}

    async def list_reconciliation_policies(self, page: PageRequest, operation: Operation) -> Page[ReconciliationPolicy]:
        """One call."""
        listing = Listing(page.token, min(page.size, self._service.largest_page))
        read = await self._service.list_policies(listing, operation)
        return Page(items=_policies(read.data), token=page.token, next=paging.following(read), has_more=read.has_more)

    async def reconciliations_by_ref(
        self, refs: Sequence[Ref], operation: Operation
    ) -> dict[Ref, Outcome[Reconciliation]]:
        """One call each, at once: the list has no filter for ids, and no end."""
        known = [ref for ref in dict.fromkeys(refs) if ids.is_uuid(ref.native_id)]
        outcomes = await asyncio.gather(*(self._reconciliation(ref, operation) for ref in known))
        return {ref: outcome for ref, outcome in zip(known, outcomes, strict=True) if outcome is not None}

    async def reconciliations_by_policy(
        self, policies: Sequence[Ref], size: int, operation: Operation
    ) -> dict[Ref, Outcome[Page[Reconciliation]]]:
        """One call for 40 policies, and one for each of them that others crowd out."""
        found: dict[Ref, Outcome[Page[Reconciliation]]] = {policy: Page(items=()) for policy in policies}
        known = [policy for policy in found if ids.is_uuid(policy.native_id)]
        questions = filters.questions([filters.term(policy, _by_policy(policy)) for policy in known])
        parts = await asyncio.gather(*(self._together(question, size, operation) for question in questions))
        return found | {policy: outcome for part in parts for policy, outcome in part.items()}

    async def list_reconciliations(
        self, policy: Ref | None, page: PageRequest, operation: Operation
    ) -> Page[Reconciliation]:
        """One call. A cursor tells the policy too, so what it brings of another is dropped."""
        if policy is not None and not ids.is_uuid(policy.native_id):
            return Page(items=())
        query = filters.text(_by_policy(policy)) if policy else ""
        listing = Listing(page.token, min(page.size, self._service.largest_page), query)
        read = await self._service.list_reconciliations(listing, operation)
        rows = [row for row in read.data if policy is None or row.policy_id == policy.native_id]
        return Page(items=_reconciliations(rows), token=page.token, next=paging.following(read), has_more=read.has_more)

    async def _policy(self, ref: Ref, operation: Operation) -> _Policies:
        try:
            return _policies([await self._service.get_policy(ref.native_id, operation)])
        except NotFound:
            return ()

    async def _policies(self, query: str, operation: Operation) -> _Policies:
        async def ask(cursor: str) -> Cursor[models.Policy]:
            return await self._service.list_policies(Listing(cursor, query=query), operation)

        return _policies(await paging.everything(ask, LIST_POLICIES.operation))

    async def _over(
        self, question: Question[Ref], operation: Operation
    ) -> dict[Ref, Outcome[Sequence[ReconciliationPolicy]]]:
        try:
            found = await self._policies(filters.text(question.expression), operation)
        except ProviderError as error:
            return dict.fromkeys(question.subjects, error)
        return {pool: [policy for policy in found if policy.pool_ref == pool] for pool in question.subjects}

    async def _reconciliation(self, ref: Ref, operation: Operation) -> Outcome[Reconciliation] | None:
        try:
            row = await self._service.get_reconciliation(ref.native_id, operation)
            return _reconciliations([row], GET_RECONCILIATION.operation)[0]
        except NotFound:
            return None
        except ProviderError as error:
            return error

    async def _together(
        self, question: Question[Ref], size: int, operation: Operation
    ) -> dict[Ref, Outcome[Page[Reconciliation]]]:
        """One page for several policies. Those that others leave too few rows for get a page of their own."""
        if len(question.subjects) == 1:
            return {policy: await self._own(policy, size, operation) for policy in question.subjects}
        listing = Listing(size=self._service.largest_page, query=filters.text(question.expression))
        try:
            read = await self._service.list_reconciliations(listing, operation)
        except ProviderError as error:
            return dict.fromkeys(question.subjects, error)
        rows = {each: [row for row in read.data if row.policy_id == each.native_id] for each in question.subjects}
        starved = [policy for policy, found in rows.items() if len(found) < size and read.has_more]
        own = await asyncio.gather(*(self._own(policy, size, operation) for policy in starved))
        shared = {policy: _first(found, size, has_more=read.has_more) for policy, found in rows.items()}
        return {**shared, **dict(zip(starved, own, strict=True))}

    async def _own(self, policy: Ref, size: int, operation: Operation) -> Outcome[Page[Reconciliation]]:
        try:
            return await self.list_reconciliations(policy, PageRequest("", size), operation)
        except ProviderError as error:
            return error


def _of_pool(pool: Ref) -> filters.Expression:
    return filters.match("paymentsPoolID", pool.native_id)


def _by_policy(policy: Ref) -> filters.Expression:
    return filters.match("policyID", policy.native_id)


def _first(rows: Sequence[models.Reconciliation], size: int, *, has_more: bool) -> Outcome[Page[Reconciliation]]:
    """A policy's part of a page that it shares, from which nobody can read on."""
    try:
        return Page(items=_reconciliations(rows[:size]), has_more=has_more or len(rows) > size)
    except ProviderError as error:
        return error


def _policies(rows: Sequence[models.Policy]) -> _Policies:
    fetched_at = datetime.now(UTC)
    return tuple(translate.policy(row, fetched_at=fetched_at) for row in rows)


def _reconciliations(
    rows: Sequence[models.Reconciliation], operation: str = LIST_RECONCILIATIONS.operation
) -> tuple[Reconciliation, ...]:
    fetched_at = datetime.now(UTC)
    with translating(Provider.FORMANCE, operation):
        return tuple(translate.reconciliation(row, fetched_at=fetched_at) for row in rows)
