"""What the sandboxes of either generation hold at first: the same in every test, so it is read once."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.conftest import Graph, Start, running
from tests.resolvers.orders.row import World, world


@pytest.fixture(scope="session")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, World]:
    """By generation."""

    async def look(generation: str, folder: Path) -> World:
        async with running(folder / "directory.sqlite3", SANDBOX_PAYMENTS=generation) as graph:
            return await world(graph)

    return {each: asyncio.run(look(each, tmp_path_factory.mktemp(each))) for each in ("v3", "v2")}


@pytest.fixture
def generation() -> str:
    """Of the payments server; tests that try both give it themselves."""
    return "v3"


@pytest.fixture
def here(worlds: dict[str, World], generation: str) -> World:
    """What a fresh sandbox of this generation holds."""
    return worlds[generation]


@pytest.fixture
async def graph(start: Start, generation: str) -> AsyncIterator[Graph]:
    """A fresh world of a generation, by a server that waits for no vendor for long."""
    async with start(SANDBOX_PAYMENTS=generation, UPSTREAM_TIMEOUT="1") as graph:
        yield graph
