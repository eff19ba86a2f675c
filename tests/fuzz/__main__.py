"""`python -m tests.fuzz`: prints what happened as JSON, and fails when anything was wrong."""

import argparse
import sys
import tempfile
from itertools import cycle, islice
from pathlib import Path

import msgspec
from schemathesis import GenerationMode

from tests.fuzz.documents import operations
from tests.fuzz.ground import OPEN, survey
from tests.fuzz.run import Fuzz
from tests.hostile.wire import bound_memory
from tests.process import serving
from tests.tokens import SETTINGS

MODES = (GenerationMode.POSITIVE, GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
EXAMPLES = 10
"""Of one field in one round. The first ones that Hypothesis makes are the simplest, so there must be more."""


def main() -> int:
    """0 when nothing was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--examples", type=int, default=2000, help="documents, each sent by every caller")
    parser.add_argument("--usual", action="store_true", help="with the limits as they come")
    parser.add_argument("--payments", default="v3", help="generation of the payments server: v2 or v3")
    parser.add_argument("--database", help="URL of an empty database, instead of a file")
    given = parser.parse_args()
    rounds = -(-given.examples // (EXAMPLES * sum(1 for _ in operations())))
    settings = {**(SETTINGS if given.usual else OPEN), "SANDBOX_PAYMENTS": given.payments}
    if given.database:
        settings["DATABASE_URL"] = given.database
    with (
        tempfile.TemporaryDirectory(prefix="fuzz-") as folder,
        serving(Path(folder), **{**OPEN, "SANDBOX_PAYMENTS": given.payments}) as open_server,
    ):
        ground = survey(open_server)  # the sandboxes hold the same each time
    with (
        tempfile.TemporaryDirectory(prefix="fuzz-") as folder,
        serving(Path(folder), **settings) as server,
    ):
        bound_memory(server)
        report = Fuzz(server).run(ground, modes=[*islice(cycle(MODES), rounds)], examples=EXAMPLES)
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(report)).decode() + "\n")
    return 1 if report.failures else 0


if __name__ == "__main__":
    sys.exit(main())
