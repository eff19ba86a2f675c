"""What every test here leaves behind: nothing."""

import asyncio
import gc
from collections.abc import AsyncIterator

import pytest

from tests.providers.vendor import until


@pytest.fixture(autouse=True)
async def _nothing_is_left_behind() -> AsyncIterator[None]:
    """After every test: no task but the test's own, and no exception that nobody took."""
    heard: list[str] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: heard.append(context["message"]))
    before = asyncio.all_tasks()
    yield
    await until(lambda: asyncio.all_tasks() <= before | {asyncio.current_task()})
    gc.collect()
    assert heard == []
