"""What became of everything: told by the vendors' own books when all is quiet again."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import msgspec

from tests.chaos.clients import Tally
from tests.chaos.minutes import Minute
from tests.chaos.world import World
from tests.chaos.writes import KINDS
from tests.conftest import Graph


class Verdict(msgspec.Struct, frozen=True):
    """Lists name orders. All of the first six are to be empty."""

    lost: list[str]
    """Told as done, and not in the books."""
    doubled: list[str]
    untold: list[str]
    """Without an outcome after all patience."""
    refused: list[str]
    """Told as refused; nothing that is asked here is to be refused."""
    wrong: list[str]
    unmasked: list[str]
    requests: int
    writes: int
    deaths: int
    connections_lost: Mapping[str, int]
    """More than those that a death explains tell of a machine that cannot carry this rate."""
    codes: Mapping[str, int]
    footprints: list[tuple[float, int, int]]
    """Megabytes, open files and sockets of the replica that lived on, from start to end.

    The last is without clients.
    """
    minutes: list[Minute]

    @property
    def faults(self) -> dict[str, list[str]]:
        """What is not as it must be."""
        names = ("lost", "doubled", "untold", "refused", "wrong", "unmasked")
        return {name: found for name in names if (found := getattr(self, name))}


async def verdict(tally: Tally, world: World, books: Graph) -> Verdict:
    """Compare what clients were told with what the vendors' books have."""
    effects: Counter[str] = Counter()
    for kind in KINDS:
        effects.update(await _names(books, kind.listed, kind.named))
    orders = {**tally.done, **tally.refused, **tally.untold}
    return Verdict(
        lost=[name for name in tally.done if not effects[name]],
        doubled=[name for name in orders if effects[name] > 1],
        untold=[f"{order.kind.mutation} {name}: {tally.last.get(name)}" for name, order in tally.untold.items()],
        refused=[f"{order.kind.mutation} {name}" for name, order in tally.refused.items()],
        wrong=tally.wrong,
        unmasked=tally.unmasked,
        requests=tally.requests,
        writes=len(orders),
        deaths=world.deaths,
        connections_lost=dict(tally.lost),
        codes=dict(tally.codes.most_common()),
        footprints=[(each.rss_mb, each.files, each.sockets) for each in world.footprints],
        minutes=tally.minutes.told(),
    )


async def _names(graph: Graph, listed: str, named: str) -> list[str]:
    """By what name each object of a list goes, page after page."""
    names: list[str] = []
    after: Any = None
    while True:
        query = (
            f"query ($after: String) {{ list: {listed}(first: 100, after: $after) "
            f"{{ nodes {{ {named} }} pageInfo {{ hasNextPage endCursor }} }} }}"
        )
        page = (await graph.data(query, after=after))["list"]
        names += [node[named] for node in page["nodes"]]
        if not page["pageInfo"]["hasNextPage"]:
            return names
        after = page["pageInfo"]["endCursor"]
