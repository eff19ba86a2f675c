"""graphql-core's own execution tests hold when plans execute what they ask for."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.executor.upstream import ROOT, NotFetched, unpacked

ORDER = "which of several errors at one null position is told, and in what order, depends on who is faster"
KNOWN = {
    "describe_nulls_a_complex_tree_of_nullable_fields_each::throws": ORDER,
    "nullable_and_non_nullable_root_fields_throw_nested_errors": ORDER,
    "slower_nullable_after_non_nullable_root_field": ORDER,
    "nullable_and_non_nullable_nested_fields_throw_nested_errors": ORDER,
    "slower_nullable_after_non_nullable_nested_field": ORDER,
}
"""Tests that fail, and why that is right."""


@pytest.fixture(scope="module")
def sources() -> Path:
    """graphql-core's source distribution; without it, the tests are skipped, but for CI, where they fail."""
    try:
        return unpacked()
    except NotFetched as error:
        if os.environ.get("CI") == "true":
            pytest.fail(str(error))
        pytest.skip(str(error))


def test_its_execution_tests_hold(sources: Path, tmp_path: Path) -> None:
    settings = tmp_path / "pytest.ini"
    settings.write_text("[pytest]\nasyncio_mode = auto\n", encoding="utf-8")
    ran = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-c", str(settings), "--rootdir", str(sources)),
            *("-p", "by_plans", "-p", "no:cacheprovider", "-W", "ignore", "--tb=no", "-rf"),
            str(sources / "tests" / "execution"),
        ],
        cwd=sources,
        env={
            **os.environ,
            "PYTEST_ADDOPTS": "",
            "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), str(ROOT)]),
        },
        capture_output=True,
        text=True,
        timeout=170,
        check=False,
    )
    failed = re.findall(r"^FAILED (\S+)", ran.stdout, re.MULTILINE)
    passed = re.search(r"(\d+) passed", ran.stdout)
    planned = re.search(r"by plans: (\d+)", ran.stdout)

    assert [name for name in failed if not name.endswith(tuple(KNOWN))] == []
    assert len(failed) == len(KNOWN)
    assert passed is not None
    assert int(passed[1]) > 700
    assert planned is not None
    assert int(planned[1]) > 100
