"""When garbage is looked for, and what an operation leaves behind: nothing that only the collector would find."""

import gc
from collections.abc import Iterator

import pytest

from serving import garbage
from tests.conftest import Graph, Start

QUERY = """{ customers(first: 5) { nodes {
  accounts(first: 10) { nodes { name balances { kind money { amount } } } }
  pools { name balances { money { amount } } }
} } }"""
OURS = ("executor", "resolvers", "providers", "serving")


async def asked(graph: Graph) -> None:
    answer = await graph.client.post("/graphql", json={"query": QUERY})
    assert answer.json()["data"]["customers"]["nodes"]


async def test_an_operation_is_gone_when_it_is_answered(start: Start) -> None:
    """Its loaders refer to each other, and to all that they have loaded."""
    async with start() as graph:
        for _ in range(3):
            await asked(graph)
        gc.collect()
        gc.disable()
        gc.set_debug(gc.DEBUG_SAVEALL)
        try:
            await asked(graph)
            gc.collect()
            left = {f"{type(each).__module__}.{type(each).__qualname__}" for each in gc.garbage}
        finally:
            gc.set_debug(0)
            gc.garbage.clear()
            gc.enable()

    assert [name for name in left if name.startswith(OURS)] == []


@pytest.fixture
def restored() -> Iterator[None]:
    """Other tests keep their settings, and what was made here is not kept for ever."""
    thresholds = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*thresholds)
    gc.freeze()


@pytest.mark.usefixtures("restored")
def test_what_is_here_after_the_start_is_not_looked_through() -> None:
    kept = [[] for _ in range(1_000)]  # type: list[list[object]]
    before = gc.get_freeze_count()
    garbage.settle()

    assert gc.get_freeze_count() - before >= len(kept)
    assert gc.get_threshold() == (garbage.YOUNGEST, garbage.OLDER, garbage.OLDEST)
