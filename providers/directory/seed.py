"""Fills the directory with the sandboxes' people, so that the graph has customers before anybody stored one."""

from collections.abc import Mapping, Sequence

from providers.directory.store import SqlDirectory
from providers.domain import Customer, CustomerLink, LinkKind, Provider, customer_ref
from providers.seed import SeedCustomer, SeedLink


async def seed(
    directory: SqlDirectory, customers: Sequence[SeedCustomer], links: Mapping[Provider, Sequence[SeedLink]]
) -> None:
    """Add the people and links that are missing. Any number of processes may do this at once and again."""
    people = [Customer(customer_ref(person.id), person.name) for person in customers]
    found = [
        CustomerLink(provider, LinkKind(link.kind), link.external_id, link.customer_id)
        for provider, provider_links in links.items()
        for link in provider_links
    ]
    await directory.add(people, found)
