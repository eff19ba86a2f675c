"""A real Redis, with keys of one test's own."""

import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from uuid import uuid4

import pytest

from providers.config import Environment, Secret
from providers.shared import Config, Shared
from tests import services

Connect = Callable[[], Shared]


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """Without any, tests that need one are skipped, but for CI, where they fail."""
    with required(services.redis()) as url:
        yield url


@contextmanager
def required(service: AbstractContextManager[str]) -> Iterator[str]:
    """A service that a test cannot do without."""
    with ExitStack() as stack:
        try:
            url = stack.enter_context(service)
        except services.NoService as error:
            if os.environ.get("CI") == "true":
                pytest.fail(str(error))
            pytest.skip(str(error))
        yield url


@pytest.fixture
def redis(redis_url: str) -> dict[str, str]:
    """The settings of replicas that share it."""
    return {"REDIS_URL": redis_url, "REDIS_PREFIX": f"test-{uuid4().hex}"}


@pytest.fixture
async def connect(redis: dict[str, str]) -> AsyncIterator[Connect]:
    """Connects one more replica. The time-out is one that a slow machine keeps."""
    config = Config.read(Environment(redis))
    assert config
    opened: list[Shared] = []

    def connect() -> Shared:
        opened.append(Shared(Config(Secret(config.url.reveal()), config.prefix, timeout=5)))
        return opened[-1]

    yield connect
    for shared in opened:
        await shared.aclose()
