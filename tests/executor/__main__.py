"""`python -m tests.executor`: compares answers to many generated operations, and fails when two differ."""

import argparse
import sys

from tests.executor.compared import run


def main() -> int:
    """0 when all answers are equal."""
    parser = argparse.ArgumentParser(prog="python -m tests.executor")
    parser.add_argument("--operations", type=int, default=20_000)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    given = parser.parse_args()
    compared = run(range(given.first, given.first + given.operations))
    for difference in compared.differences[:5]:
        sys.stdout.write(difference + "\n\n")
    sys.stdout.write(
        f"{compared.operations} operations, {compared.with_errors} with errors, {compared.invalid} not valid, "
        f"{len(compared.differences)} differences\n"
    )
    return 1 if compared.differences else 0


if __name__ == "__main__":
    sys.exit(main())
