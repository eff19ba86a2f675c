"""What mutations do to accounts at payment providers: they record those that nobody tells by himself."""

from datetime import datetime
from typing import Annotated, Protocol

import strawberry

from providers.domain import AccountKind, NodeType, PaymentAccount, Ref
from providers.orders import AccountOrder, RecordsPayments
from providers.protocols import ReadsAccounts
from resolvers.batching import value_of
from resolvers.context import Info
from resolvers.recording import Recording, past
from resolvers.writing import INPUT, Changed, Checks, Ordered, changed, off, ordered


class CreatePaymentAccountInput(Protocol):
    """The shape of the schema's input of this name."""

    connector_id: strawberry.ID
    reference: str
    name: str
    kind: AccountKind
    created_at: datetime
    default_asset: str | None
    metadata: object
    idempotency_key: str


# The annotation names the schema's input type by a lazy reference, because this layer does not import the schema.
Create = Annotated[Annotated["CreatePaymentAccountInput", strawberry.lazy("schema.account_orders")], INPUT]

_KINDS = (AccountKind.INTERNAL, AccountKind.EXTERNAL)


async def create_payment_account(info: Info, input: Create) -> Changed:
    """Record an account."""
    checks = Checks(info)
    order = _order(input, checks)
    to = ordered(info, RecordsPayments)
    if to is None or order is None or checks.failed:
        return checks.failed or off()
    recording = Recording(
        provider=to.provider,
        name="createPaymentAccount",
        noun="account",
        record=lambda: to.vendor.create_account(order, to.operation),
        found=lambda: to.vendor.find_account(order, to.operation),
        is_same=lambda ref: _is_same(info, to, ref, order),
    )
    return await changed(info, recording.write(input.idempotency_key, order), checks)


def _order(input: CreatePaymentAccountInput, checks: Checks) -> AccountOrder | None:
    connector = checks.ref(input.connector_id, "connectorId", of=[NodeType.CONNECTOR])
    if input.kind not in _KINDS:
        checks.refuse("An account at a payment provider is INTERNAL or EXTERNAL.", "kind")
    reference, name = checks.text(input.reference, "reference"), checks.text(input.name, "name")
    created_at = past(checks, input.created_at, "createdAt")
    default_asset = checks.text(input.default_asset, "defaultAsset") if input.default_asset is not None else None
    notes = checks.notes(input.metadata, "metadata")
    if connector is None:
        return None
    return AccountOrder(
        connector=connector,
        reference=reference,
        name=name,
        kind=input.kind,
        created_at=created_at,
        default_asset=default_asset,
        metadata=notes,
    )


async def _is_same(info: Info, to: Ordered[RecordsPayments], ref: Ref, order: AccountOrder) -> bool:
    """Whether the account holds what was ordered. Its notes may have been changed since."""
    found = await info.context.providers.able(ReadsAccounts)[to.provider].accounts_by_ref([ref], to.operation)
    account = value_of(found[ref]) if ref in found else None
    return (
        isinstance(account, PaymentAccount)
        and (account.name, account.kind, account.created_at) == (order.name, order.kind, order.created_at)
        and (order.default_asset is None or account.default_asset == order.default_asset)
    )
