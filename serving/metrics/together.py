"""Counts of several workers: each has files of its own in one folder, which the library adds up when it is asked."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import multiprocess

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The variable that names the folder, as the library reads it when it is imported."""


@contextmanager
def counting_together() -> Iterator[None]:
    """Processes that are started within it count together."""
    with tempfile.TemporaryDirectory(prefix="tributary-metrics-") as folder:
        os.environ[FOLDER] = folder
        try:
            yield
        finally:
            del os.environ[FOLDER]


def is_together() -> bool:
    """Whether this process counts together with others."""
    return FOLDER in os.environ


def forget(pid: int) -> None:
    """A worker has ended: what it counted stays, what it was just then does not."""
    if is_together():
        multiprocess.mark_process_dead(pid)  # type: ignore[no-untyped-call]  # the library's has no annotation here
