"""Memory: where it comes from, and when Python looks for garbage, which is seldom, and never through what lives as long
as the server.

Nearly everything is freed by reference counts. What the collector finds are cycles: a usual operation leaves none,
a document that is read for the first time some. What it would look through again and again, for a tenth of a second at
a time, is the schema and the libraries.
"""

import ctypes
import gc
import sys

YOUNGEST = 50_000
"""Objects made, less those that were freed, until the youngest are looked through."""
OLDER, OLDEST = 20, 50


M_ARENA_MAX = -8
"""As `malloc.h` numbers it."""


def share_one_heap() -> None:
    """Before the first thread: all take memory from one place.

    The C library's usual place of its own for each thread is meant for threads that run at once. Ours, which are the
    database driver's, do not, and what one has freed no other would use.
    """
    if sys.platform == "linux":
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # other C libraries than glibc have none
        if mallopt is not None:
            mallopt(M_ARENA_MAX, 1)


def settle() -> None:
    """After the start: what is here stays."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNGEST, OLDER, OLDEST)
