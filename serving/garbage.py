"""When Python looks for garbage: seldom, and never through what lives as long as the server.

Nearly everything is freed by reference counts. What the collector finds are cycles, a few for each operation; what it
would look through again and again, for a tenth of a second at a time, is the schema and the libraries.
"""

import gc

YOUNGEST = 50_000
"""Objects made, less those that were freed, until the youngest are looked through."""
OLDER, OLDEST = 20, 50


def settle() -> None:
    """After the start: what is here stays."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNGEST, OLDER, OLDEST)
