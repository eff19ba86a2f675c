"""The people whom the sandboxes know: one deterministic list that every sandbox and the directory are seeded from.

Customer `n` is the same person with any list length, so a longer list only adds people.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

NOW = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
"""When the sandboxes' data was last refreshed. Seeded dates count back from here, so data never changes by itself."""

_NAMES = (
    "Ada Lovelace",
    "Bruno Carvalho",
    "Chidi Okafor",
    "Dolores Reyes",
    "Emi Tanaka",
    "Farid Haddad",
    "Greta Lindqvist",
    "Hugo Almeida",
    "Ines Fontaine",
    "Joao Pereira",
    "Kemal Aydin",
    "Lucia Marques",
    "Mina Sorensen",
    "Nadia Petrova",
    "Otavio Ramos",
    "Priya Raman",
    "Quentin Dubois",
    "Rosa Jimenez",
    "Sven Eriksson",
    "Tainara Lopes",
    "Uma Krishnan",
    "Viktor Horvat",
    "Wanjiru Kamau",
    "Ximena Duarte",
    "Yusuf Demir",
)


class SeedCustomer(msgspec.Struct, frozen=True):
    """One person: which vendors know them, and by which kind of link the directory finds them there."""

    index: int
    id: str
    name: str
    finicity: bool
    pluggy: bool
    formance: bool
    stored_links: bool
    """False: the directory stores no Finicity and Formance link, so that those are derived (username, metadata)."""


class SeedLink(msgspec.Struct, frozen=True):
    """A row of the directory: an object at a vendor that belongs to a customer."""

    customer_id: str
    kind: str
    external_id: str


def customers(count: int = 25) -> Sequence[SeedCustomer]:
    """The first `count` people. The first one is at all three vendors, with stored links."""
    return [_customer(index) for index in range(count)]


def _customer(index: int) -> SeedCustomer:
    name = _NAMES[index % len(_NAMES)]
    generation = index // len(_NAMES)
    return SeedCustomer(
        index=index,
        id=f"cus_{index + 1:04d}",
        name=name if generation == 0 else f"{name} {generation + 1}",
        finicity=index % 5 != 3,
        pluggy=index % 3 != 2,
        formance=index % 7 != 6,
        stored_links=index % 4 != 2,
    )
