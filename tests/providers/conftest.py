"""What the tests of the core share."""

import asyncio
import gc
from collections.abc import AsyncIterator

import pytest

from tests.providers.vendor import until


@pytest.fixture
async def tidy() -> AsyncIterator[None]:
    """After the test: no task but the test's own, and no exception that nobody took."""
    heard: list[str] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: heard.append(context["message"]))
    before = asyncio.all_tasks()
    yield
    await until(lambda: asyncio.all_tasks() <= before | {asyncio.current_task()})  # type: ignore[operator]
    gc.collect(1)  # the young are enough, and a full search takes long
    assert heard == []
