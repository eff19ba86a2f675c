"""Where the fields of policies and reconciliations come from."""

from collections.abc import Awaitable, Sequence
from typing import Annotated

import strawberry

from providers.domain import (
    Ledger,
    NodeType,
    Page,
    PageRequest,
    Pool,
    Provider,
    Reconciliation,
    ReconciliationPolicy,
    Ref,
)
from providers.protocols.reconciliation import ReadsReconciliation
from resolvers import ids
from resolvers.context import Info, RequestContext
from resolvers.node import by_ref, handed_on
from resolvers.paging import After, Connection, Fetch, First, checked, first_page, held, identity, window

_LIST = "reconciliations"


async def reconciliation_policy(
    info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="A policy's global id.")]
) -> ReconciliationPolicy | None:
    """The policy with this id."""
    found: ReconciliationPolicy | None = await by_ref(ids.decode(id, NodeType.RECONCILIATION_POLICY), info.context)
    return found


async def reconciliation_policies(
    info: Info, first: First = 20, after: After = None
) -> Connection[ReconciliationPolicy]:
    """All policies."""
    able = info.context.providers.able(ReadsReconciliation)
    sources = {name.value: _policies(name, vendor, info.context) for name, vendor in able.items()}
    return await window(sources, of=identity("reconciliationPolicies"), first=first, after=after)


async def reconciliation(
    info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="A reconciliation's global id.")]
) -> Reconciliation | None:
    """The reconciliation with this id."""
    found: Reconciliation | None = await by_ref(ids.decode(id, NodeType.RECONCILIATION), info.context)
    return found


async def reconciliations(
    info: Info,
    policy_id: Annotated[
        strawberry.ID | None, strawberry.argument(description="Only those by the policy with this global id.")
    ] = None,
    first: First = 20,
    after: After = None,
) -> Connection[Reconciliation]:
    """Reconciliations by one policy or all."""
    policy = ids.decode(policy_id, NodeType.RECONCILIATION_POLICY) if policy_id else None
    able = info.context.providers.able(ReadsReconciliation)
    sources = {
        name.value: _reconciliations(vendor, policy, info.context)
        for name, vendor in able.items()
        if policy is None or policy.provider is name
    }
    if not sources:
        return held([], of=identity(_LIST, policy), first=first, after=after)
    return await window(sources, of=identity(_LIST, policy), first=first, after=after)


async def reconciliations_of(
    root: strawberry.Parent[ReconciliationPolicy], info: Info, first: First = 20, after: After = None
) -> Connection[Reconciliation] | None:
    """Reconciliations by the policy. The first page of several policies is read at once."""
    provider = root.ref.provider
    loader = info.context.loaders.reconciliations_by_policy.get(provider) if provider else None
    if loader is None or provider is None:
        return None
    of = identity(_LIST, root.ref)
    if after is None:
        page = await loader.load((root.ref, max(1, checked(first))))
        return first_page(page, of=of, first=first, source=provider.value)
    vendor = info.context.providers.able(ReadsReconciliation)[provider]
    fetch = _reconciliations(vendor, root.ref, info.context)
    return await window({provider.value: fetch}, of=of, first=first, after=after)


def ledger(root: strawberry.Parent[ReconciliationPolicy], info: Info) -> Awaitable[Ledger | None] | None:
    """The ledger whose accounts are compared."""
    return handed_on(root.ledger_ref, info.context)


def pool(root: strawberry.Parent[ReconciliationPolicy], info: Info) -> Awaitable[Pool | None] | None:
    """The pool that the policy is about."""
    return None if root.pool_ref is None else handed_on(root.pool_ref, info.context)


def policy(root: strawberry.Parent[Reconciliation], info: Info) -> Awaitable[ReconciliationPolicy | None] | None:
    """The policy by which it was made."""
    return handed_on(root.policy_ref, info.context)


def policies_of_pool(root: strawberry.Parent[Pool], info: Info) -> Awaitable[Sequence[ReconciliationPolicy]] | None:
    """The policies over a pool."""
    loaders = info.context.loaders.policies_by_pool
    loader = loaders.get(root.ref.provider) if root.ref.provider else None
    return loader.lend(root.ref) if loader else None


def _policies(name: Provider, vendor: ReadsReconciliation, context: RequestContext) -> Fetch[ReconciliationPolicy]:
    """Policies that come with the list need not be asked for one by one."""
    known = context.loaders.reconciliation_policies_by_ref

    async def fetch(page: PageRequest) -> Page[ReconciliationPolicy]:
        read = await vendor.list_reconciliation_policies(page, context.operation)
        for policy in read.items:
            known[name].prime(policy.ref, policy)
        return read

    return fetch


def _reconciliations(vendor: ReadsReconciliation, policy: Ref | None, context: RequestContext) -> Fetch[Reconciliation]:
    async def fetch(page: PageRequest) -> Page[Reconciliation]:
        return await vendor.list_reconciliations(policy, page, context.operation)

    return fetch
