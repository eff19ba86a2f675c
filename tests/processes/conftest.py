"""The processes, and what is seen of them: played once for each situation, looked at once for each mutation."""

import asyncio
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from uuid import uuid4

import pytest
from sqlalchemy import make_url

from tests import services
from tests.processes.cluster import Cluster, cluster
from tests.processes.situations import SITUATIONS, Seen, play

Played = Callable[[str, str], list[Seen]]


@pytest.fixture(scope="module")
def postgresql() -> Iterator[str]:
    """URL of a server; without any, the tests are skipped, but for CI, where they fail."""
    try:
        with services.postgresql() as url:
            yield url
    except services.NoService as error:
        if os.environ.get("CI") == "true":
            pytest.fail(str(error))
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def played(postgresql: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """What is seen of all rows in a situation, by a generation of servers."""
    clusters: dict[str, Cluster] = {}
    seen: dict[tuple[str, str], list[Seen]] = {}
    broken: dict[tuple[str, str], Exception] = {}
    with ExitStack() as stack:

        def look(generation: str, situation: str) -> list[Seen]:
            if generation not in clusters:
                name = f"tributary_{uuid4().hex}"
                asyncio.run(services.execute(postgresql, f"CREATE DATABASE {name} TEMPLATE template0"))
                drop = f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"
                stack.callback(lambda: asyncio.run(services.execute(postgresql, drop)))
                url = make_url(postgresql).set(database=name).render_as_string(hide_password=False)
                folder = tmp_path_factory.mktemp(generation)
                clusters[generation] = stack.enter_context(cluster(folder, url, generation))
            key = generation, situation
            if key in broken:
                raise broken[key]
            if key not in seen:
                try:
                    seen[key] = asyncio.run(play(clusters[generation], SITUATIONS[situation]))
                except Exception as error:
                    broken[key] = error  # not played once more for each row
                    raise
            return seen[key]

        yield look
