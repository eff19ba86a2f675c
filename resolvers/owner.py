"""Whose an account is: by the directory's links first, by the provider's own records where they say so."""

from providers.domain import Account, Customer
from resolvers.context import RequestContext


async def customer_of(account: Account, context: RequestContext) -> Customer | None:
    """The customer of an account. Raises a `ProviderError` when the provider had to be asked and failed."""
    loaders = context.loaders
    loaders.accounts_by_ref[account.provider].prime(account.ref, account)
    customer_id = await loaders.owners_by_account.load(account.ref)
    return await loaders.customers_by_id.load(customer_id) if customer_id else None
