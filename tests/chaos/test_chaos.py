"""The short form of `python -m tests.chaos`."""

import os
from pathlib import Path

import pytest

from tests.chaos.run import Plan, run
from tests.services import NoService

SHORT = Plan(seconds=8, rate=12, every=3, share=0.1, deaths=2)


def test_no_write_is_lost_or_doubled_while_a_replica_dies_and_vendors_fail(tmp_path: Path) -> None:
    """And no amount is wrong, and no error shows what it should not."""
    try:
        judged = run(tmp_path, SHORT)
    except NoService as error:
        if os.environ.get("CI") == "true":
            pytest.fail(str(error))
        pytest.skip(str(error))

    assert judged.faults == {}
    assert judged.deaths >= 1
    assert judged.writes >= 10
    assert sum(judged.codes.values()) > 0, "no fault was felt"
