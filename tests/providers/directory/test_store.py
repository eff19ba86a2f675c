"""Reading and adding customers and links."""

import asyncio

import pytest

from providers.directory import SqlDirectory, seed
from providers.directory.keys import CHUNK, chunks
from providers.domain import Customer, CustomerLink, LinkKind, PageRequest, Provider, customer_ref
from providers.seed import SeedLink, customers
from tests.providers.directory.conftest import Open

PEOPLE = customers(25)
LINKS = {
    Provider.FINICITY: [
        SeedLink(customer_id=person.id, kind="customer", external_id=f"f{person.index}") for person in PEOPLE
    ],
    Provider.PLUGGY: [SeedLink(customer_id=PEOPLE[0].id, kind="smart_account", external_id=f"p{n}") for n in (2, 1)],
}
UNSTORABLE = ("nul\0", "lone \ud800")


async def everybody(directory: SqlDirectory, *, size: int) -> list[str]:
    """Ids of all pages, in order."""
    page = await directory.list_customers(PageRequest(size=size))
    found = [item.customer_id for item in page.items]
    while page.has_more:
        assert page.next is not None
        page = await directory.list_customers(PageRequest(token=page.next, size=size))
        found += [item.customer_id for item in page.items]
    assert page.next is None
    return found


async def test_a_fresh_store_is_empty(directory: SqlDirectory) -> None:
    await directory.ping()

    assert await everybody(directory, size=5) == []
    assert await directory.customers_by_id(["cus_0001"]) == {}
    assert await directory.customers_by_id([]) == {}


async def test_seeded_customers_and_links_are_found(directory: SqlDirectory) -> None:
    await seed(directory, PEOPLE, LINKS)
    first, second = PEOPLE[0].id, PEOPLE[1].id

    assert await directory.customers_by_id([second, first, first]) == {
        person.id: Customer(customer_ref(person.id), person.name) for person in PEOPLE[:2]
    }
    assert await directory.links_by_customer([first, second]) == {
        first: [
            CustomerLink(Provider.FINICITY, LinkKind.CUSTOMER, "f0", first),
            CustomerLink(Provider.PLUGGY, LinkKind.SMART_ACCOUNT, "p1", first),
            CustomerLink(Provider.PLUGGY, LinkKind.SMART_ACCOUNT, "p2", first),
        ],
        second: [CustomerLink(Provider.FINICITY, LinkKind.CUSTOMER, "f1", second)],
    }


async def test_seeding_again_changes_nothing(directory: SqlDirectory) -> None:
    await seed(directory, PEOPLE, LINKS)
    before = await directory.links_by_customer([person.id for person in PEOPLE])

    await seed(directory, PEOPLE, LINKS)

    assert await directory.links_by_customer([person.id for person in PEOPLE]) == before
    assert await everybody(directory, size=100) == [person.id for person in PEOPLE]


async def test_a_longer_list_only_adds_people(directory: SqlDirectory) -> None:
    await seed(directory, PEOPLE[:3], {})
    await seed(directory, PEOPLE, {})

    assert await everybody(directory, size=100) == [person.id for person in PEOPLE]


async def test_replicas_may_seed_at_once(open_directory: Open) -> None:
    """Neither fails, deadlocks, or doubles a row, whatever order each has its lists in."""
    stores = [await open_directory() for _ in range(3)]
    backwards = {provider: links[::-1] for provider, links in LINKS.items()}

    await asyncio.gather(
        seed(stores[0], PEOPLE, LINKS), seed(stores[1], PEOPLE[::-1], backwards), seed(stores[2], PEOPLE, LINKS)
    )

    assert await everybody(stores[0], size=7) == [person.id for person in PEOPLE]
    found = await stores[1].links_by_customer([person.id for person in PEOPLE])
    assert sum(map(len, found.values())) == sum(map(len, LINKS.values()))


async def test_an_object_keeps_its_first_owner(directory: SqlDirectory) -> None:
    await seed(directory, PEOPLE, LINKS)
    await directory.add([], [CustomerLink(Provider.FINICITY, LinkKind.CUSTOMER, "f0", PEOPLE[5].id)])

    key = (Provider.FINICITY, "customer", "f0")
    assert await directory.customers_by_link([key]) == {key: PEOPLE[0].id}


@pytest.mark.parametrize("size", [1, 4, 5, 24, 25, 26])
async def test_pages_lose_and_repeat_nobody(directory: SqlDirectory, size: int) -> None:
    await seed(directory, PEOPLE, {})

    assert await everybody(directory, size=size) == [person.id for person in PEOPLE]


async def test_customers_are_listed_in_byte_order(directory: SqlDirectory) -> None:
    """The same on every database, whatever its language."""
    ids = ["B", "a", "_", "Z", "é", "a-b", "aa", "10", "9"]
    await directory.add([Customer(customer_ref(customer_id), None) for customer_id in ids], [])

    assert await everybody(directory, size=2) == sorted(ids)


async def test_a_customer_added_while_paging_shifts_no_page(directory: SqlDirectory) -> None:
    await seed(directory, PEOPLE, {})
    first = await directory.list_customers(PageRequest(size=10))
    await directory.add([Customer(customer_ref("cus_0000"), None)], [])
    second = await directory.list_customers(PageRequest(token=first.next or "", size=10))

    assert second.items[0].customer_id == PEOPLE[10].id
    assert (second.token, second.total) == (first.next, None)


async def test_an_odd_token_gives_a_page_and_no_error(directory: SqlDirectory) -> None:
    await seed(directory, PEOPLE, {})

    for token in (*UNSTORABLE, "zzz", "'; DROP TABLE customers; --zzz"):
        page = await directory.list_customers(PageRequest(token=token, size=5))
        assert page.has_more is (token[0] == "'")
    assert (await directory.list_customers(PageRequest(size=0))).has_more


async def test_unknown_keys_are_left_out(directory: SqlDirectory) -> None:
    await seed(directory, PEOPLE, LINKS)
    unknown = ["nobody", "", "CUS_0001", "cus_0001 ", *UNSTORABLE]
    key = (Provider.FINICITY, "customer", "f3")

    assert await directory.customers_by_id(unknown) == {}
    assert await directory.links_by_customer(unknown) == {customer_id: [] for customer_id in unknown}
    assert await directory.customers_by_link(
        [
            key,
            (Provider.PLUGGY, "customer", "f3"),
            (Provider.FINICITY, "account", "f3"),
            *((Provider.FINICITY, "customer", external_id) for external_id in unknown),
        ]
    ) == {key: PEOPLE[3].id}


async def test_1200_keys_in_one_call_are_all_answered(directory: SqlDirectory) -> None:
    people = customers(1200)
    ids = [person.id for person in people]
    links = [SeedLink(customer_id=customer_id, kind="account", external_id=f"x{customer_id}") for customer_id in ids]
    await seed(directory, people, {Provider.FORMANCE: links})
    keys = [(Provider.FORMANCE, "account", f"x{customer_id}") for customer_id in ids]

    assert list(await directory.customers_by_id(ids)) == ids
    found = await directory.links_by_customer(ids)
    assert [[link.external_id for link in found[customer_id]] for customer_id in ids] == [[f"x{one}"] for one in ids]
    assert await directory.customers_by_link(keys) == dict(zip(keys, ids, strict=True))


@pytest.mark.parametrize(("count", "lengths"), [(0, []), (1, [1]), (3, [4]), (300, [500]), (1200, [500, 500, 256])])
def test_key_lists_have_few_lengths(count: int, lengths: list[int]) -> None:
    made = list(chunks(range(count)))

    assert [len(chunk) for chunk in made] == lengths
    assert {key for chunk in made for key in chunk} == set(range(count))
    assert max(lengths, default=0) <= CHUNK


async def test_many_readers_share_one_pool(directory: SqlDirectory) -> None:
    await seed(directory, PEOPLE, {})
    answers = await asyncio.gather(*(directory.customers_by_id([person.id]) for person in PEOPLE * 4))

    assert [next(iter(answer)) for answer in answers] == [person.id for person in PEOPLE * 4]
