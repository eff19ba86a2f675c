"""The directory's memory: asked once for a while, fresh after what was added here, and never of failures."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from providers.directory import CachedDirectory
from providers.directory.cached import LinkKey
from providers.domain import Customer, CustomerLink, LinkKind, PageRequest, Provider, customer_ref
from providers.errors import DirectoryUnavailable
from tests.providers.directory.conftest import Open
from tests.providers.kept.test_shelf import Clock

SECONDS = 5.0
ADA = Customer(customer_ref("ada"), "Ada")
BOB = Customer(customer_ref("bob"), "Bob")
LINK = CustomerLink(Provider.FINICITY, LinkKind.CUSTOMER, "f1", "ada")
KEY = (Provider.FINICITY, "customer", "f1")


class Counting:
    """A store in memory that counts what it is asked, and may be slow or fail."""

    def __init__(self) -> None:
        self.asked: list[Sequence[Any]] = []
        self.people: dict[str, Customer] = {}
        self.links: list[CustomerLink] = []
        self.pause: asyncio.Event | None = None
        self.failure: Exception | None = None
        self.writes = object()
        self.events = object()

    async def customers_by_id(self, customer_ids: Sequence[str]) -> Mapping[str, Customer]:
        found = {each: self.people[each] for each in customer_ids if each in self.people}
        return await self._answered(customer_ids, found)

    async def links_by_customer(self, customer_ids: Sequence[str]) -> Mapping[str, Sequence[CustomerLink]]:
        found = {each: [link for link in self.links if link.customer_id == each] for each in customer_ids}
        return await self._answered(customer_ids, found)

    async def customers_by_link(self, links: Sequence[LinkKey]) -> Mapping[LinkKey, str]:
        owners = {(link.provider, link.kind.value, link.external_id): link.customer_id for link in self.links}
        return await self._answered(links, {key: owners[key] for key in links if key in owners})

    async def add(self, customers: Sequence[Customer], links: Sequence[CustomerLink]) -> None:
        self.people |= {customer.customer_id: customer for customer in customers}
        self.links += links
        if self.failure is not None:
            raise self.failure

    async def _answered(self, keys: Sequence[Any], answer: Any) -> Any:
        """What was true when it was asked, some time later."""
        self.asked.append(list(keys))
        if self.failure is not None:
            raise self.failure
        if self.pause is not None:
            await self.pause.wait()
        return answer


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store() -> Counting:
    store = Counting()
    store.people, store.links = {"ada": ADA}, [LINK]
    return store


@pytest.fixture
def cached(store: Counting, clock: Clock) -> CachedDirectory:
    return CachedDirectory(store, seconds=SECONDS, clock=clock)  # type: ignore[arg-type]


async def everything(cached: CachedDirectory) -> tuple[Any, Any, Any]:
    """What is known of Ada, of Bob, and of two links."""
    return (
        await cached.customers_by_id(["ada", "bob"]),
        await cached.links_by_customer(["ada", "bob"]),
        await cached.customers_by_link([KEY, (Provider.PLUGGY, "customer", "f1")]),
    )


async def test_each_question_is_asked_once_also_what_is_not_there(cached: CachedDirectory, store: Counting) -> None:
    first = await everything(cached)
    second = await everything(cached)

    assert first == second == ({"ada": ADA}, {"ada": (LINK,), "bob": ()}, {KEY: "ada"})
    assert len(store.asked) == 3


async def test_only_what_is_not_kept_is_asked(cached: CachedDirectory, store: Counting) -> None:
    await cached.customers_by_id(["ada"])
    found = await cached.customers_by_id(["bob", "ada", "bob"])

    assert found == {"ada": ADA}
    assert store.asked == [["ada"], ["bob"]]


async def test_it_is_asked_again_when_the_seconds_are_over(
    cached: CachedDirectory, store: Counting, clock: Clock
) -> None:
    """They count from before the question was asked."""
    store.pause = asyncio.Event()
    reading = asyncio.ensure_future(cached.customers_by_id(["bob"]))
    await asyncio.sleep(0)
    clock.now = SECONDS - 1
    store.pause.set()
    await reading
    store.people["bob"] = BOB

    assert await cached.customers_by_id(["bob"]) == {}
    clock.now = SECONDS
    assert await cached.customers_by_id(["bob"]) == {"bob": BOB}


async def test_what_is_added_here_shows_at_once(cached: CachedDirectory) -> None:
    await everything(cached)
    link = CustomerLink(Provider.PLUGGY, LinkKind.CUSTOMER, "f1", "bob")
    await cached.add([BOB], [link])

    found = await everything(cached)

    assert found[0] == {"ada": ADA, "bob": BOB}
    assert found[1] == {"ada": (LINK,), "bob": (link,)}
    assert found[2] == {KEY: "ada", (Provider.PLUGGY, "customer", "f1"): "bob"}


async def test_what_is_added_leaves_what_it_does_not_touch(cached: CachedDirectory, store: Counting) -> None:
    await cached.customers_by_id(["ada"])
    await cached.add([BOB], [])
    await cached.customers_by_id(["ada"])

    assert store.asked == [["ada"]]


async def test_an_addition_that_failed_may_have_happened(cached: CachedDirectory, store: Counting) -> None:
    await everything(cached)
    store.failure = DirectoryUnavailable()
    with pytest.raises(DirectoryUnavailable):
        await cached.add([BOB], [])
    store.failure = None

    assert (await cached.customers_by_id(["bob"])) == {"bob": BOB}


async def test_a_reading_begun_before_an_addition_is_not_kept(cached: CachedDirectory, store: Counting) -> None:
    store.pause = asyncio.Event()
    reading = asyncio.ensure_future(cached.customers_by_id(["bob"]))
    await asyncio.sleep(0)
    await cached.add([BOB], [])
    store.pause.set()

    assert await reading == {}
    assert await cached.customers_by_id(["bob"]) == {"bob": BOB}


async def test_a_failure_is_not_kept(cached: CachedDirectory, store: Counting) -> None:
    store.failure = DirectoryUnavailable()
    with pytest.raises(DirectoryUnavailable):
        await cached.customers_by_id(["ada"])
    store.failure = None

    assert await cached.customers_by_id(["ada"]) == {"ada": ADA}


async def test_strangers_ids_take_no_more_memory_than_there_is(store: Counting, clock: Clock) -> None:
    cached = CachedDirectory(store, seconds=SECONDS, size=100_000, clock=clock)  # type: ignore[arg-type]
    await cached.customers_by_id(["ada"])
    await cached.customers_by_id([f"{number:01000}" for number in range(30)])
    await cached.customers_by_id(["ada"])

    assert [len(asked) for asked in store.asked] == [1, 30, 1]


async def test_a_hit_never_waits(cached: CachedDirectory) -> None:
    """It ends in the turn of the event loop in which it began."""
    await everything(cached)
    coroutine = everything(cached)

    with pytest.raises(StopIteration):
        coroutine.send(None)


async def test_over_a_real_store_it_answers_as_the_store_does(open_directory: Open) -> None:
    store = await open_directory()
    cached = CachedDirectory(store, seconds=60)
    await cached.add([ADA, BOB], [LINK])
    page = PageRequest(size=5)

    for _ in "ab":
        assert await cached.customers_by_id(["ada", "x"]) == await store.customers_by_id(["ada", "x"])
        assert await cached.links_by_customer(["ada"]) == {"ada": (LINK,)}
        assert await cached.customers_by_link([KEY]) == await store.customers_by_link([KEY])
    assert await cached.list_customers(page) == await store.list_customers(page)
    assert cached.writes is store.writes
    assert cached.events is store.events
    await cached.ping()
