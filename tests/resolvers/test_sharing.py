"""Operations that run at once share their reads; those that follow one another do not. Leaving harms nobody."""

import asyncio

from tests.conftest import Answer, Graph, Start
from tests.resolvers.asking import TREE, person, received

BALANCES = '{{ customer(id: "{}") {{ name accounts {{ nodes {{ id balances {{ money {{ amount }} }} }} }} }} }}'


def coalesced(answer: Answer) -> set[bool]:
    """Whether the calls of an answer were shared with another operation that made them."""
    return {call["coalesced"] for call in answer.extensions["upstream"]["calls"]}


async def test_two_identical_operations_at_once_share_their_reads(start: Start) -> None:
    """Each tells the calls that its data took, and the sandboxes saw them once."""
    async with start(SANDBOX_DELAY_MS="100") as graph:
        await graph.ask(TREE, id=person(0))
        await graph.forget_calls()
        first, second = await asyncio.gather(graph.ask(TREE, id=person(0)), graph.ask(TREE, id=person(0)))
        seen = await received(graph)
    made = [call for answer in (first, second) for call in answer.calls]
    told = [call for answer in (first, second) for call in answer.extensions["upstream"]["calls"]]

    assert first.data == second.data
    assert first.errors == second.errors == []
    assert len(told) == 2 * 14
    assert len(made) == 14
    assert sum(seen.values()) == 14


async def test_a_shared_read_is_told_as_shared(warm: Graph) -> None:
    """`coalesced` is true for whoever came second, and their total is zero calls of their own."""
    query = "{ connectors { totalCount } }"
    first, second = await asyncio.gather(warm.ask(query), warm.ask(query))

    assert sorted([coalesced(first), coalesced(second)], key=str) == [{False}, {True}]
    assert sorted(len(answer.calls) for answer in (first, second)) == [0, 1]
    assert sorted(answer.extensions["upstream"]["totals"]["coalesced"] for answer in (first, second)) == [0, 1]
    assert sum((await received(warm)).values()) == 1


async def test_a_hundred_operations_at_once_cost_one(warm: Graph) -> None:
    """A crowd that asks for the same thing makes one call."""
    answers = await asyncio.gather(*(warm.ask("{ connectors { nodes { id name } } }") for _ in range(100)))

    assert all(answer.data == answers[0].data for answer in answers)
    assert sum((await received(warm)).values()) == 1


async def test_operations_for_different_customers_at_once_get_their_own_data(warm: Graph) -> None:
    """What is shared is the identical request, never the answer to another one."""
    alone = [await warm.data(BALANCES.format(person(index))) for index in range(8)]
    together = await asyncio.gather(*(warm.data(BALANCES.format(person(index))) for index in range(8)))

    assert together == alone
    assert len({customer["customer"]["name"] for customer in together}) == 8


async def test_operations_one_after_the_other_read_anew(warm: Graph) -> None:
    """Nothing that was read for one operation is kept for the next one."""
    first = await warm.ask(TREE, id=person(0))
    second = await warm.ask(TREE, id=person(0))

    assert coalesced(first) == coalesced(second) == {False}
    assert len(first.calls) == len(second.calls) == 14
    assert sum((await received(warm)).values()) == 28


async def test_a_failure_that_is_shared_is_told_to_each(warm: Graph) -> None:
    """Each operation has its own error entry with its own request id."""
    await warm.fault("formance", "*/connectors", status=400, body="{}", delay_ms=20)
    answers = await asyncio.gather(*(warm.ask("{ connectors { totalCount } }") for _ in range(3)))

    assert [answer.data for answer in answers] == [{"connectors": None}] * 3
    assert len({answer.errors[0]["extensions"]["requestId"] for answer in answers}) == 3
    assert sum((await received(warm)).values()) == 1


async def test_leaving_an_operation_harms_no_other_that_shares_its_reads(warm: Graph) -> None:
    """Whoever started the read may be the one who leaves; a late joiner still gets the answer."""
    await warm.fault("formance", "*/connectors", delay_ms=60)
    query = "{ connectors { totalCount } }"
    leaving, staying = asyncio.create_task(warm.ask(query)), asyncio.create_task(warm.ask(query))
    await asyncio.sleep(0.02)
    leaving.cancel()
    joining = asyncio.create_task(warm.ask(query))

    assert (await staying).data == (await joining).data == {"connectors": {"totalCount": 10}}
    assert leaving.cancelled()
    assert sum((await received(warm)).values()) == 1


async def test_an_operation_that_all_have_left_leaves_nothing_behind(warm: Graph) -> None:
    """The read is given up with its last waiter; the next operation asks anew."""
    await warm.fault("formance", "*/connectors", delay_ms=5_000)
    leaving = asyncio.create_task(warm.ask("{ connectors { totalCount } }"))
    await asyncio.sleep(0.02)
    leaving.cancel()
    await asyncio.wait([leaving])
    answer = await warm.ask("{ connectors { totalCount } }")

    assert answer.data == {"connectors": {"totalCount": 10}}
    assert coalesced(answer) == {False}


async def test_a_crowd_on_a_cold_start_fetches_one_token_from_each_vendor(graph: Graph) -> None:
    """Tokens are fetched once, however many wait for them."""
    answers = await asyncio.gather(*(graph.ask(BALANCES.format(person(index % 5))) for index in range(50)))
    counted = await received(graph)

    assert all(answer.errors == [] for answer in answers)
    assert counted["formance", "/api/auth/oauth/token"] == 1
    assert counted["pluggy", "/auth"] == 1
    assert counted["finicity", "/aggregation/v2/partners/authentication"] == 1
