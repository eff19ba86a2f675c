"""Which of a provider's own customers a mutation is about, told from the links of a customer of the directory."""

from providers.domain import LinkKind, NodeType, Provider
from resolvers.context import Info
from resolvers.writing import Checks


async def provider_customer(
    checks: Checks, info: Info, provider: Provider, *, customer_id: str, chosen: str | None
) -> str | None:
    """The provider's id of the customer; None and a refusal that says what to give.

    Stored links count, or else those that the provider derives. Raises a `ProviderError` when it cannot be asked.
    """
    ref = checks.ref(customer_id, "customerId", of=[NodeType.CUSTOMER])
    if ref is None:
        return None
    ids = await _linked(info, provider, ref.native_id) if checks.sees(ref.native_id) else []
    if not ids:
        message = "There is no such customer, or none of theirs at a provider that can do this."
        checks.refuse(message, "customerId", code="NOT_FOUND")
    elif chosen is not None and chosen not in ids:
        message = "This is not the customer's; `links` of the customer has the ids."
        checks.refuse(message, "providerCustomerId", code="NOT_FOUND")
    elif chosen is None and len(ids) > 1:
        checks.refuse("The customer has several links. Give the `externalId` of one.", "providerCustomerId")
    else:
        return chosen or ids[0]
    return None


async def _linked(info: Info, provider: Provider, customer_id: str) -> list[str]:
    loaders = info.context.loaders
    if await loaders.customers_by_id.load(customer_id) is None:
        return []
    stored = [link for link in await loaders.links_by_customer.load(customer_id) if link.provider is provider]
    derived = loaders.derived_links_by_customer.get(provider)
    found = stored or (list(await derived.load(customer_id)) if derived else [])
    return list(dict.fromkeys(link.external_id for link in found if link.kind is LinkKind.CUSTOMER))
