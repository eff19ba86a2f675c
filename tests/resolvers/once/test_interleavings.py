"""A thousand random worlds: no double effect, no lost outcome, no false failure."""

from collections import Counter

from tests.resolvers.once.simulation import database, played

WORLDS = 1000


def test_a_thousand_random_interleavings_keep_the_promise() -> None:
    """Each by its seed, so that a failure can be played again: `played(seed, database())`."""
    connection, seen = database(), Counter[str]()
    for seed in range(WORLDS):
        try:
            seen += played(seed, connection).seen
        except (AssertionError, TimeoutError) as error:
            raise AssertionError(f"world {seed}: {error}") from error
    connection.close()

    # The worlds are worth their name only if all this took place in them.
    assert min(seen[event] for event in ("death", "killed", "late", "after", "absent", "found")) > 50, seen
    assert min(seen[event] for event in ("UnknownOutcome", "Unreachable", "InProgress", "DirectoryUnavailable")) > 50
    assert seen["sent"] > WORLDS + 50, "hardly anything was sent again"
