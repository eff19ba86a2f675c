"""Callers bound to different customers who ask the same at once, while vendors fail.

`python -m tests.access.together --seconds 60` does it for so long and prints what it has counted.
"""

import argparse
import asyncio
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.access.callers import Caller, bound
from tests.access.world import World, everything, of
from tests.conftest import Graph, running
from tests.tokens import SETTINGS

PEOPLE = (0, 1, 2, 4)
"""The first two have accounts in one pool; the vendors' records alone tell whose the third one's accounts are."""

EVERYTHING = """
{ customers { nodes { id name links { externalId } totals { money { amount } } } }
  accounts(first: 100) { nodes { id providerId customer { id name } balances { money { amount } } pools { id } } }
  payments(first: 30) { nodes { id source { id } destination { id } } }
  pools { nodes { id accounts { id } balances { money { amount } } } }
  transferInitiations { nodes { id source { id } destination { id } relatedPayments { payment { id } } } }
  wallets(first: 5) { nodes { id name customer { id } balances { id } } } }
"""
NODES = """
query($ids: [ID!]!) { nodes(ids: $ids) { id
  ... on Customer { name accounts { nodes { id payments(first: 5) { nodes { id source { id } } } } } }
  ... on Payment { source { id } destination { id } }
  ... on Wallet { title: name owner: customer { id } parts: balances { id } }
  ... on Pool { held: accounts { id customer { name } } } } }
"""
_PATHS = {
    "formance": (
        "/api/payments/*",
        "/api/payments/*accounts*",
        "/api/payments/*pools*",
        "/api/wallets/*",
        "/api/ledger/*",
    ),
    "finicity": ("*/accounts", "*/customers*"),
    "pluggy": ("/payments/smart-accounts*",),
}
_KINDS = ({"status": 500}, {"status": 503}, {"drop": "before"}, {"drop": "half"}, {"delay_ms": 60}, {"body": "{"})


async def together(graph: Graph, *, seconds: float = 0.0, rounds: int = 0, seed: int = 0) -> Counter[str]:
    """All callers ask the same documents, round after round. Counts answers, those with errors, and what leaked."""
    draw, counted = random.Random(seed), Counter[str]()
    seen = await everything(graph)
    callers = [(bound(graph, person), of(seen, person)) for person in PEOPLE]
    wanted = [id for _, world in callers for id in sorted(world.mine)[:: max(1, len(world.mine) // 20)]][:100]
    until = time.monotonic() + seconds
    while counted["rounds"] < rounds or time.monotonic() < until:
        vendor = draw.choice(sorted(_PATHS))
        await graph.heal()
        await graph.fault(vendor, draw.choice(_PATHS[vendor]), times=draw.randint(5, 60), **draw.choice(_KINDS))
        asked = [(caller, world, each) for caller, world in callers for each in (EVERYTHING, NODES)]
        draw.shuffle(asked)
        await asyncio.gather(*(_answered(*each, wanted, counted) for each in asked))
        counted["rounds"] += 1
    return counted


async def _answered(caller: Caller, world: World, document: str, wanted: list[str], counted: Counter[str]) -> None:
    response = await caller.post(document, **({"ids": wanted} if document is NODES else {}))
    assert response.status_code == 200, response.text
    counted["answers"] += 1
    assert response.json()["data"], response.text
    counted["with failures"] += '"UPSTREAM_' in response.text
    counted["with their own"] += any(_own(world, response.text))
    counted["leaks"] += len(world.shown(response.text))


def _own(world: World, text: str) -> Iterator[bool]:
    return (id in text for id in world.mine)


async def _main(seconds: float, seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with running(
            Path(folder) / "directory.sqlite3", **SETTINGS, RATE_LIMIT="off", MAX_CALLS_BOUND="2000"
        ) as graph:
            counted = await together(Caller(graph.client), seconds=seconds, seed=seed)
    print(dict(counted))  # noqa: T201
    assert counted["leaks"] == 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    asyncio.run(_main(given.seconds, given.seed))
