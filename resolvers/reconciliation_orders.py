"""What mutations do to policies and by them.

Nothing at the provider is unique to one order, and it takes no idempotency key. So what is like an order already is
noted before it is sent, and only what is not among that counts when its outcome has to be looked up.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Protocol

import msgspec
import strawberry

from providers.domain import NodeType, Ref, WriteOutcome
from providers.orders.reconciliation import PolicyOrder, ReconciliationOrder, WritesReconciliation
from providers.protocols.reconciliation import ReadsReconciliation
from resolvers.annotating import about
from resolvers.attempt import Write
from resolvers.batching import value_of
from resolvers.context import Info
from resolvers.writing import INPUT, Changed, Checks, carried_out, changed, off, ordered, then

_NOTED = msgspec.json.Decoder(tuple[str, ...])


class CreateReconciliationPolicyInput(Protocol):
    """The shape of the schema's input of this name."""

    name: str
    ledger_name: str
    ledger_query: Any
    pool_id: strawberry.ID
    idempotency_key: str


class DeleteReconciliationPolicyInput(Protocol):
    """The shape of the schema's input of this name."""

    policy_id: strawberry.ID
    idempotency_key: str


class ReconcileInput(Protocol):
    """The shape of the schema's input of this name."""

    policy_id: strawberry.ID
    at_ledger: datetime
    at_payments: datetime
    idempotency_key: str


# The annotations name the schema's input types by lazy references, because this layer does not import the schema.
_SCHEMA = strawberry.lazy("schema.reconciliation_orders")
Create = Annotated[Annotated["CreateReconciliationPolicyInput", _SCHEMA], INPUT]
Delete = Annotated[Annotated["DeleteReconciliationPolicyInput", _SCHEMA], INPUT]
Compare = Annotated[Annotated["ReconcileInput", _SCHEMA], INPUT]


async def create_reconciliation_policy(info: Info, input: Create) -> Changed:
    """Make a policy."""
    checks = Checks(info)
    name, ledger = checks.text(input.name, "name"), checks.text(input.ledger_name, "ledgerName")
    pool = checks.ref(input.pool_id, "poolId", of=[NodeType.POOL])
    query = _filter(input.ledger_query, checks)
    to = ordered(info, WritesReconciliation)
    if to is None or pool is None or checks.failed:
        return checks.failed or off()
    order = PolicyOrder(name=name, ledger=Ref(NodeType.LEDGER, (ledger,), to.provider), ledger_query=query, pool=pool)

    async def there() -> bytes:
        return _noted(await to.vendor.find_policies(order, to.operation))

    async def find(notes: bytes) -> WriteOutcome | None:
        before = _before(notes)
        found = await to.vendor.find_policies(order, to.operation)
        return next((WriteOutcome(ref) for ref in found if ref.native_id not in before), None)

    write = Write(
        operation="createReconciliationPolicy",
        provider=to.provider,
        key=input.idempotency_key,
        input=order,
        prepare=there,
        send=lambda _notes: to.vendor.create_policy(order, to.operation),
        find=find,
    )
    return await changed(info, write, checks)


async def delete_reconciliation_policy(info: Info, input: Delete) -> Changed:
    """Delete a policy, with all that was compared by it."""
    checks = Checks(info)
    policy = checks.ref(input.policy_id, "policyId", of=[NodeType.RECONCILIATION_POLICY])
    to = ordered(info, WritesReconciliation)
    if to is None or policy is None:
        return checks.failed or off()

    async def is_gone() -> Ref | None:
        reader = info.context.providers.able(ReadsReconciliation)[to.provider]
        found = await reader.reconciliation_policies_by_ref([policy], to.operation)
        if policy not in found:
            return policy
        value_of(found[policy])
        return None

    return await carried_out(
        info,
        to,
        name="deleteReconciliationPolicy",
        key=input.idempotency_key,
        checks=checks,
        order=policy,
        send=lambda: then(to.vendor.delete_policy(policy, to.operation), policy),
        shows=is_gone,
    )


async def reconcile(info: Info, input: Compare) -> Changed:
    """Compare a pool with a ledger."""
    checks = Checks(info)
    policy = checks.ref(input.policy_id, "policyId", of=[NodeType.RECONCILIATION_POLICY])
    to = ordered(info, WritesReconciliation)
    if to is None or policy is None:
        return checks.failed or off()
    order = ReconciliationOrder(policy=policy, at_ledger=input.at_ledger, at_payments=input.at_payments)

    async def newest() -> bytes:
        found = await to.vendor.newest_reconciliation(policy, to.operation)
        return _noted([found] if found else [])

    async def find(notes: bytes) -> WriteOutcome | None:
        since = next(iter(_before(notes)), None)
        known = Ref(NodeType.RECONCILIATION, (since,), to.provider) if since else None
        found = await to.vendor.find_reconciliation(order, known, to.operation)
        return WriteOutcome(found) if found else None

    write = Write(
        operation="reconcile",
        provider=to.provider,
        key=input.idempotency_key,
        input=order,
        prepare=newest,
        send=lambda _notes: to.vendor.reconcile(order, to.operation),
        find=find,
        refusal=lambda error: about(error, "policyId"),
    )
    return await changed(info, write, checks)


def _filter(given: object, checks: Checks) -> msgspec.Raw:
    """A filter as JSON in one spelling."""
    if not isinstance(given, dict):
        checks.refuse('This must be an object, such as `{"$match": {"address": "pools:main"}}`.', "ledgerQuery")
    return msgspec.Raw(msgspec.json.encode(given, order="sorted"))


def _noted(refs: Sequence[Ref]) -> bytes:
    return msgspec.json.encode([ref.native_id for ref in refs])


def _before(notes: bytes) -> tuple[str, ...]:
    """What was noted; nothing where nobody has."""
    return _NOTED.decode(notes) if notes else ()
