"""The judge can tell: a write that is lost, one that is doubled, and an amount that is not in the books."""

from types import SimpleNamespace
from typing import Any, cast

from tests.chaos.clients import Tally
from tests.chaos.minutes import Minutes
from tests.chaos.reads import Books, told
from tests.chaos.verdict import verdict
from tests.chaos.world import World
from tests.chaos.writes import KINDS, Ground, Order, order
from tests.conftest import Graph

QUIET = cast("World", SimpleNamespace(deaths=0, footprints=[]))
[BANK_ACCOUNT] = [kind for kind in KINDS if kind.mutation == "createBankAccount"]


async def carried_out(graph: Graph, order: Order, *, key: str) -> None:
    await graph.data(order.kind.document, input={**order.input, "idempotencyKey": key})


async def test_writes_that_are_lost_or_doubled_are_found(graph: Graph) -> None:
    """Bank accounts may share a name, so a second one can be made by a second key."""
    ground = await Ground.read(graph)
    once, twice, never = (order(BANK_ACCOUNT, ground) for _ in range(3))
    for key, each in (("a", once), ("b", twice), ("c", twice)):
        await carried_out(graph, each, key=key)
    tally = Tally()
    tally.done = {each.name: each for each in (once, twice, never)}

    judged = await verdict(tally, QUIET, graph)

    assert judged.faults == {"lost": [never.name], "doubled": [twice.name]}


async def test_a_write_that_was_never_told_is_found(graph: Graph) -> None:
    tally = Tally()
    each = order(BANK_ACCOUNT, await Ground.read(graph))
    tally.untold = {each.name: each}
    tally.last = {each.name: "IN_PROGRESS"}

    assert (await verdict(tally, QUIET, graph)).untold == [f"createBankAccount {each.name}: IN_PROGRESS"]


async def test_an_amount_that_is_not_in_the_books_is_found(graph: Graph) -> None:
    """To the last digit."""
    books = await Books.read(graph)
    document, id_ = books.questions[-1]
    data: Any = await graph.data(document, id=id_)

    assert list(told(data))
    assert books.wrong(data) == []
    data["payment"]["money"]["amount"] += "1"
    assert len(books.wrong(data)) == 1


def test_answers_count_in_the_minute_in_which_they_came() -> None:
    minutes = Minutes()
    minutes.asked(59.0)
    minutes.late(1.5)
    minutes.answered(61.0, 2.0, ["A"])
    minutes.asked(185.0)
    minutes.answered(185.5, 0.5)
    told = minutes.told()

    assert [(each.asked, each.answered, each.slowest, each.behind) for each in told] == [
        (1, 0, 0.0, 1.5),
        (0, 1, 2.0, 0.0),
        (0, 0, 0.0, 0.0),
        (1, 1, 0.5, 0.0),
    ]
    assert [each.codes for each in told] == [{}, {"A": 1}, {}, {}]
