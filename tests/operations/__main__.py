"""Writes docs/operations.md and counts the operations that are reached: `python -m tests.operations`."""

import asyncio
import logging
import sys
import tempfile
from pathlib import Path

from tests.operations import page
from tests.operations.documented import DOCUMENTED
from tests.operations.run import shortcomings


def main() -> int:
    """0 when every documented operation was reached."""
    logging.disable()
    page.PAGE.write_text(page.text(), encoding="utf-8")
    with tempfile.TemporaryDirectory() as directory:
        found = asyncio.run(shortcomings(Path(directory)))
    wrong = {each.key: found.get(each.key, "no field of the graph needs it") for each in DOCUMENTED}
    lines = [f"{key}: {what}" for key, what in wrong.items() if what]
    sys.stdout.write("\n".join([*lines, *page.figures(found)]) + "\n")
    return 1 if lines else 0


sys.exit(main())
