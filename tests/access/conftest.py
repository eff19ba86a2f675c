"""The app, with a key for tokens, asked by callers of every kind."""

from collections.abc import AsyncIterator

import pytest

from tests.access.callers import Caller
from tests.conftest import Graph, Start
from tests.known import know_at_once
from tests.tokens import SETTINGS


@pytest.fixture(autouse=True)
def _known(monkeypatch: pytest.MonkeyPatch) -> None:
    """All documents are, so that they go the short way; under the other executor they go the long one."""
    know_at_once(monkeypatch)


@pytest.fixture
async def graph(start: Start) -> AsyncIterator[Graph]:
    """Three sandboxes, asked by a caller who may do everything."""
    async with start(**SETTINGS, RATE_LIMIT="off", MAX_CALLS_BOUND="2000") as graph:
        yield Caller(graph.client)
