"""Servers of which the tests of one file share one."""

from collections.abc import Iterator

import pytest

from tests.inside import Inside, inside


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Inside]:
    """A server as a new user gets it, that waits long for initialisations: machines may be slow."""
    with inside(tmp_path_factory.mktemp("server"), SOCKET_INIT_TIMEOUT="60") as running:
        yield running
