"""Mutations that have a provider forget accounts at banks."""

from typing import Annotated, Protocol

import strawberry

from providers.domain import AggregatedAccount, NodeType, Ref
from providers.orders import RefreshesAccounts
from providers.protocols import ReadsAccounts
from resolvers import ids
from resolvers.bank_loading import accounts_at_provider
from resolvers.batching import value_of
from resolvers.context import Info
from resolvers.provider_customer import provider_customer
from resolvers.writing import INPUT, Changed, Checks, carried_out, off, ordered, then


class DeleteAccountInput(Protocol):
    """The shape of the schema's input of this name."""

    account_id: strawberry.ID
    idempotency_key: str


class DeleteInstitutionLoginInput(Protocol):
    """The shape of the schema's input of this name."""

    customer_id: strawberry.ID
    institution_login_id: str
    provider_customer_id: str | None
    idempotency_key: str


Delete = Annotated[Annotated["DeleteAccountInput", strawberry.lazy("schema.aggregation_orders")], INPUT]
DeleteLogin = Annotated[Annotated["DeleteInstitutionLoginInput", strawberry.lazy("schema.aggregation_orders")], INPUT]


async def delete_account(info: Info, input: Delete) -> Changed:
    """Have the provider forget one account."""
    checks = Checks(info)
    account = checks.ref(input.account_id, "accountId", of=[NodeType.AGGREGATED_ACCOUNT])
    to = ordered(info, RefreshesAccounts)
    if to is None or account is None:
        return checks.failed or off()

    async def is_gone() -> Ref | None:
        found = await info.context.providers.able(ReadsAccounts)[to.provider].accounts_by_ref([account], to.operation)
        if account not in found:
            return account
        value_of(found[account])
        return None

    return await carried_out(
        info,
        to,
        name="deleteAccount",
        key=input.idempotency_key,
        checks=checks,
        order=account,
        send=lambda: then(to.vendor.delete_account(account, to.operation), account),
        shows=is_gone,
    )


async def delete_institution_login(info: Info, input: DeleteLogin) -> Changed:
    """Have the provider forget a bank login and all accounts behind it."""
    checks = Checks(info)
    to = ordered(info, RefreshesAccounts)
    if to is None:
        return off()
    login = checks.text(input.institution_login_id, "institutionLoginId")
    owner = await provider_customer(
        checks, info, to.provider, customer_id=input.customer_id, chosen=input.provider_customer_id
    )
    if owner is None or checks.failed:
        return checks.failed or off()
    customer = ids.decode(input.customer_id, NodeType.CUSTOMER)

    async def is_gone() -> Ref | None:
        vendor = info.context.providers.able(ReadsAccounts)[to.provider]
        found = value_of((await accounts_at_provider(vendor, to.provider, [owner], to.operation))[owner])
        left = [each for each in found if isinstance(each, AggregatedAccount) and each.institution_login_id == login]
        return None if left else customer

    return await carried_out(
        info,
        to,
        name="deleteInstitutionLogin",
        key=input.idempotency_key,
        checks=checks,
        order=[customer, login, input.provider_customer_id],
        send=lambda: then(to.vendor.delete_login(owner, login, to.operation), customer),
        shows=is_gone,
    )
