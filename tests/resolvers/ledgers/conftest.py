"""Servers of every generation, whose versions are known."""

from collections.abc import AsyncIterator

import pytest

from tests.conftest import Graph, Start
from tests.resolvers.ledgers.asking import GENERATIONS, SECOND


@pytest.fixture(params=GENERATIONS)
async def any_graph(start: Start, request: pytest.FixtureRequest) -> AsyncIterator[Graph]:
    """Over each generation of ledger servers, whose version is known."""
    async with start(SANDBOX_LEDGER=request.param) as graph:
        await graph.data("{ ledgerServer { api } }")
        yield graph


@pytest.fixture(params=SECOND)
async def second(start: Start, request: pytest.FixtureRequest) -> AsyncIterator[Graph]:
    """Over servers of the second API, with a hundred accounts and more."""
    async with start(SANDBOX_LEDGER=request.param, SANDBOX_CUSTOMERS="70") as graph:
        await graph.data("{ ledgerServer { api } }")
        yield graph


@pytest.fixture
async def newest(start: Start) -> AsyncIterator[Graph]:
    """Over the newest server."""
    async with start(SANDBOX_CUSTOMERS="70") as graph:
        await graph.data("{ ledgerServer { api } }")
        yield graph


@pytest.fixture
async def old(start: Start) -> AsyncIterator[Graph]:
    """Over a server of the first generation."""
    async with start(SANDBOX_LEDGER="v1") as graph:
        await graph.data("{ ledgerServer { api } }")
        yield graph
