"""Loaders alone: keys are gathered into batches, asked for once, and cannot harm one another."""

import asyncio
import gc
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from providers.domain import NodeType, Page, Payment, Provider, Ref
from providers.errors import Broken, ProviderError
from resolvers.batching import Loader, loader
from resolvers.loaders import shortened
from tests.conftest import Graph
from tests.resolvers.asking import person


class Vendor:
    """A batch method that notes what it was asked, and answers when it is let to."""

    def __init__(self, *, known: Callable[[str], Any] = str.upper) -> None:
        self.batches: list[list[str]] = []
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self._known = known

    async def fetch(self, keys: Sequence[str]) -> Mapping[str, Any]:
        self.batches.append(list(keys))
        await self.may_answer.wait()
        return {key: self._known(key) for key in keys if key != "unknown"}

    def loader(self, **options: Any) -> Loader[str, Any]:
        return loader(self.fetch, **options)


def failing_b(key: str) -> str | ProviderError:
    return Broken(Provider.PLUGGY, "op") if key == "b" else key.upper()


async def test_keys_of_one_moment_are_one_batch() -> None:
    """Each key once, whoever asks for it how often."""
    vendor = Vendor()
    by_key = vendor.loader()

    assert await asyncio.gather(*map(by_key.load, "abcab")) == ["A", "B", "C", "A", "B"]
    assert vendor.batches == [["a", "b", "c"]]
    assert await by_key.load("a") == "A"
    assert len(vendor.batches) == 1


async def test_a_key_that_is_a_little_late_joins_the_batch() -> None:
    """A branch of the query that takes a few more turns of the loop; one that takes many makes a batch of its own."""
    vendor = Vendor()
    by_key = vendor.loader()

    async def after(turns: int, key: str) -> str:
        for _ in range(turns):
            await asyncio.sleep(0)
        value: str = await by_key.load(key)
        return value

    assert [*await asyncio.gather(after(0, "a"), after(5, "b"), after(40, "c"))] == ["A", "B", "C"]
    assert vendor.batches == [["a", "b"], ["c"]]


async def test_one_keys_failure_is_its_own() -> None:
    """The others have their values, and the failure is told to whoever asks again."""
    by_key = Vendor(known=failing_b).loader()
    outcomes = await asyncio.gather(*map(by_key.load, "abc"), return_exceptions=True)

    assert outcomes[::2] == ["A", "C"]
    assert isinstance(outcomes[1], Broken)
    with pytest.raises(Broken):
        await by_key.load("b")


async def test_a_key_that_the_vendor_leaves_out_is_missing() -> None:
    """As null, or as whatever stands for nothing."""
    assert await Vendor().loader().load("unknown") is None
    assert await Vendor().loader(missing=()).load("unknown") == ()


async def test_a_batch_that_breaks_fails_each_of_its_keys() -> None:
    """And only once: nothing is left unobserved."""

    def broken(_key: str) -> str:
        raise ZeroDivisionError

    outcomes = await asyncio.gather(*map(Vendor(known=broken).loader().load, "ab"), return_exceptions=True)

    assert [type(outcome) for outcome in outcomes] == [ZeroDivisionError] * 2


async def test_a_waiter_that_is_cancelled_does_not_poison_its_key() -> None:
    """Before the batch is sent, while it is under way, and after it: the others and the later ones have the value."""
    vendor = Vendor()
    by_key = vendor.loader()
    vendor.may_answer.clear()
    early = asyncio.ensure_future(by_key.load("a"))
    early.cancel()
    staying = asyncio.ensure_future(by_key.load("a"))
    leaving = asyncio.create_task(asyncio.wait_for(by_key.load("a"), timeout=10))
    await asyncio.sleep(0.005)
    leaving.cancel()
    await asyncio.sleep(0)
    joining = asyncio.ensure_future(by_key.load("a"))
    vendor.may_answer.set()

    assert await staying == await joining == await by_key.load("a") == "A"
    assert early.cancelled()
    assert leaving.cancelled()
    assert vendor.batches == [["a"]]


async def test_a_failure_that_nobody_waits_for_any_more_is_not_reported_as_lost() -> None:
    """An operation that was given up leaves no complaint behind."""
    complaints: list[Mapping[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: complaints.append(context))
    vendor = Vendor(known=failing_b)
    vendor.may_answer.clear()
    waiting = asyncio.ensure_future(vendor.loader().load("b"))
    await asyncio.sleep(0.005)
    waiting.cancel()
    vendor.may_answer.set()
    await asyncio.sleep(0.005)
    gc.collect()
    await asyncio.sleep(0)

    assert complaints == []


async def test_keys_that_cannot_be_hashed_are_told_apart_by_identity() -> None:
    """The batch method then answers by identity."""
    asked: list[Any] = []

    async def fetch(keys: Sequence[dict[str, int]]) -> Mapping[int, int]:
        asked.extend(keys)
        return {key["id"]: key["id"] * 10 for key in keys}

    by_key: Loader[dict[str, int], int] = loader(fetch, identity=lambda key: key["id"])

    found = await asyncio.gather(by_key.load({"id": 1}), by_key.load({"id": 2}), by_key.load({"id": 1}))

    assert [*found] == [10, 20, 10]
    assert len(asked) == 2


def payment(index: int) -> Payment:
    """A payment of which only the identity matters."""
    ref = Ref(NodeType.PAYMENT, (str(index),), Provider.FORMANCE)
    values = dict.fromkeys(Payment.__struct_fields__, None)
    return Payment(**{**values, "ref": ref, "fetched_at": datetime.now(UTC)})  # type: ignore[arg-type]


def test_a_page_for_a_larger_wish_is_cut_for_a_smaller_one() -> None:
    """Then it has no next page, because that would skip what was cut off."""
    page = Page(items=tuple(map(payment, range(5))), token="t", next="n", has_more=True, total=9)
    error = Broken(Provider.FORMANCE, "op")

    assert shortened(page, 5) == page
    assert shortened(page, 3) == Page(items=page.items[:3], token="t", has_more=True, total=9)
    assert shortened(None, 3) == Page(items=())
    assert shortened(error, 3) is error


async def test_wishes_of_different_sizes_are_one_batch(warm: Graph) -> None:
    """Three, one and none of an account's payments, and its customer's: read once, and each gets its own window."""
    answer = await warm.ask(
        f'{{ customer(id: "{person(0)}") {{ accounts(provider: FORMANCE, first: 1) {{ nodes {{'
        "  none: payments(first: 0) { nodes { id } pageInfo { hasNextPage endCursor } }"
        "  one: payments(first: 1) { nodes { id } }  three: payments(first: 3) { nodes { id } }"
        "} } } }"
    )
    [account] = answer.data["customer"]["accounts"]["nodes"]

    assert answer.errors == []
    assert account["none"]["nodes"] == []
    assert account["none"]["pageInfo"]["hasNextPage"] is True
    assert account["none"]["pageInfo"]["endCursor"]
    assert account["one"]["nodes"] == account["three"]["nodes"][:1]
    assert len(account["three"]["nodes"]) == 3
    assert answer.by_operation()["list_payments"] == 1
