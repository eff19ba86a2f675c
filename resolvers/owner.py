"""Whose an account is: by the directory's links first, by the provider's own records where they say so."""

from providers.domain import Account, Customer
from resolvers.context import RequestContext
from resolvers.loaders import link_key


async def customer_of(account: Account, context: RequestContext) -> Customer | None:
    """The customer of an account. Raises a `ProviderError` when the provider had to be asked and failed."""
    loaders = context.loaders
    customer_id = await loaders.customer_ids_by_link.load(link_key(account)) or account.customer_id
    by_provider = loaders.customer_ids_by_account.get(account.provider)
    if customer_id is None and by_provider is not None:
        customer_id = await by_provider.load(account)
    return await loaders.customers_by_id.load(customer_id) if customer_id else None
