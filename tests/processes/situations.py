"""What may happen to a mutation when several processes are asked for it, and what is seen then.

All rows are played at once, each with an order of its own, so that leases and times to settle are waited for once.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import msgspec

from tests.conftest import Graph
from tests.processes.cluster import Cluster, asking
from tests.processes.row import UNKNOWN, Order, Row, Said
from tests.processes.rows import rows_of

PATIENCE = 15.0
"""Seconds after which an order without an outcome is lost."""
AT_A_TIME = 12
"""Orders that two processes are asked for before leases and times to settle run out."""
OPEN = {UNKNOWN, "IN_PROGRESS"}
"""Codes that say that it is not known, or not yet, whether something was done."""


class Seen(msgspec.Struct, frozen=True):
    """What became of one order."""

    order: Order
    said: Sequence[Said]
    """All answers that processes gave, in turn; the last one has the outcome."""
    effects: int
    """What the vendor did for all orders that the record cannot tell from this one."""
    orders: int
    """How many such orders there were."""

    too_early: int
    """What it had done when nothing was to be done yet."""


class Scene:
    """One situation while it is played: the vendors, two replicas, and an order for each row."""

    def __init__(self, cluster: Cluster, graphs: Sequence[Graph], orders: Sequence[Order]) -> None:
        self.cluster = cluster
        self.vendors, self.first, self.second = graphs
        self.orders = orders
        self.said: dict[Order, list[Said]] = {order: [] for order in orders}
        self.too_early: dict[Order, int] = {}

    @property
    def sent(self) -> list[Order]:
        """The orders that the vendors do not refuse by nature."""
        return [order for order in self.orders if self.cluster.generation not in order.row.refused]

    async def arm(self, effect: Callable[[Row], Mapping[str, Any]]) -> None:
        """The next call of each row's route ends like this. Routes that others may stand for come last."""
        rows = [order.row for order in self.sent]
        for row in sorted(rows, key=lambda each: each.route()[1].count("/"), reverse=True):
            method, path = row.route()
            await self.vendors.fault(row.vendor, path, method=method, **effect(row))

    async def all_ask(self, graph: Graph) -> None:
        """Every order, at once."""
        answers = await asyncio.gather(*(order.ask(graph) for order in self.orders))
        for order, answer in zip(self.orders, answers, strict=True):
            self.said[order].append(answer)

    async def a_few_at_a_time(self, do: Callable[[Order], Awaitable[None]]) -> None:
        """Whatever is done with each order, before that of the next ones."""
        turns = asyncio.Semaphore(AT_A_TIME)

        async def in_turn(order: Order) -> None:
            async with turns:
                await do(order)

        await asyncio.gather(*map(in_turn, self.orders))

    async def until_told(self, graph: Graph) -> None:
        """Every order with the same key, again and again until its outcome is known."""
        await asyncio.gather(*(self._until_told(order, graph) for order in self.orders))

    async def seen(self) -> list[Seen]:
        """What became of the orders by now."""
        effects = await self.effects()
        return [
            Seen(
                order,
                self.said[order],
                effects[order],
                sum(order.is_like(other) for other in self.orders),
                self.too_early.get(order, 0),
            )
            for order in self.orders
        ]

    async def effects(self) -> dict[Order, int]:
        """By order, what the vendors have done for it and those like it."""
        calls = [call for call in await self.vendors.calls() if 200 <= call["status"] < 300]
        return {order: sum(order.is_sent_by(call) for call in calls) for order in self.orders}

    async def _until_told(self, order: Order, graph: Graph) -> None:
        give_up = asyncio.get_running_loop().time() + PATIENCE
        while asyncio.get_running_loop().time() < give_up:
            self.said[order].append(await order.ask(graph))
            if self.said[order][-1].is_last_word(order.row):
                return
            await asyncio.sleep(0.3)


Situation = Callable[[Scene], Awaitable[None]]


async def at_once(scene: Scene) -> None:
    """Two processes are asked at the same moment, for a few orders at a time: leases are not to run out meanwhile."""

    async def of_both(order: Order) -> None:
        scene.said[order] += await asyncio.gather(order.ask(scene.first), order.ask(scene.second))

    await scene.a_few_at_a_time(of_both)


async def failed_after(scene: Scene) -> None:
    """The vendor fails after it has acted."""
    await scene.arm(lambda _row: {"status": 500, "body": "", "acts": True})
    await scene.until_told(scene.first)


async def failed_before(scene: Scene) -> None:
    """The vendor fails before it acts: nobody who asks too early sends it again."""
    await scene.arm(lambda _row: {"status": 500, "body": ""})

    async def of_one_after_the_other(order: Order) -> None:
        scene.said[order] += [await order.ask(scene.first), await order.ask(scene.second)]

    await scene.a_few_at_a_time(of_one_after_the_other)
    scene.too_early = await scene.effects()
    await scene.cluster.time_passes()
    await scene.until_told(scene.first)


async def unanswered(scene: Scene) -> None:
    """The vendor acts and does not answer: a time-out, or a cut connection where that would take minutes."""
    await scene.arm(lambda row: {"drop": "after"} if row.is_patient else {"after_ms": 60_000})
    await scene.until_told(scene.first)


async def killed_after(scene: Scene) -> None:
    """`kill -9` of the process that has sent the order, when the vendor has acted and before it answers."""
    await scene.arm(lambda _row: {"after_ms": 60_000})
    await _killed(scene, "killed-after", lambda call: call["status"] != 0)


async def killed_before(scene: Scene) -> None:
    """`kill -9` of the process that has sent the order, before the vendor acts: that is after its lease.

    What cannot be looked up takes longer, so that its answer never comes before the slowest order has left.
    """
    await scene.arm(lambda row: {"delay_ms": 8_000 if row.is_untold else 2_500})
    await _killed(scene, "killed-before", lambda _call: True)
    await _arrived(scene, lambda call: call["status"] != 0)


SITUATIONS: Mapping[str, Situation] = {
    "asked of two at once": at_once,
    "failed after": failed_after,
    "failed before": failed_before,
    "unanswered": unanswered,
    "killed after": killed_after,
    "killed before": killed_before,
}


async def play(cluster: Cluster, situation: Situation) -> list[Seen]:
    """Everything that is seen of all rows in a situation; in the end the other process is asked once more."""
    async with asking(cluster.vendors, cluster.first, cluster.second) as graphs:
        rows = rows_of(cluster.generation)
        made = await asyncio.gather(*(row.needs(graphs[1]) for row in rows))
        await graphs[0].forget_calls()
        scene = Scene(cluster, graphs, [Order(row, each["input"]) for row, each in zip(rows, made, strict=True)])
        await situation(scene)
        await scene.all_ask(scene.second)
        await graphs[0].heal()
        return await scene.seen()


async def _killed(scene: Scene, name: str, has_arrived: Callable[[Mapping[str, Any]], bool]) -> None:
    with scene.cluster.replica(name) as process:
        async with asking(process) as (victim,):
            asked = [asyncio.create_task(order.ask(victim)) for order in scene.orders]
            await _arrived(scene, has_arrived)
            process.process.kill()
            await asyncio.gather(*asked, return_exceptions=True)
    await scene.until_told(scene.first)


async def _arrived(scene: Scene, has_arrived: Callable[[Mapping[str, Any]], bool]) -> None:
    """Until every order that the vendors do not refuse is with them."""
    give_up = asyncio.get_running_loop().time() + PATIENCE
    while asyncio.get_running_loop().time() < give_up:
        calls = [call for call in await scene.vendors.calls() if has_arrived(call)]
        missing = [str(order.row) for order in scene.sent if not any(map(order.is_sent_by, calls))]
        if not missing:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"not all orders arrive: {missing}")
