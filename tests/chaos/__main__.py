"""`python -m tests.chaos`: prints the verdict as JSON, and fails when anything is not as it must be."""

import argparse
import sys
import tempfile
from pathlib import Path

import msgspec

from tests.chaos.run import Plan, run


def main() -> int:
    """0 when every promise was kept."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--rate", type=float, default=50, help="requests a second")
    parser.add_argument("--kill-every", type=float, default=30, help="seconds that one of the two replicas lives")
    parser.add_argument("--faults", type=float, default=0.05, help="share of the vendor calls that fail")
    given = parser.parse_args()
    plan = Plan(given.minutes * 60, given.rate, given.kill_every, given.faults)
    with tempfile.TemporaryDirectory(prefix="chaos-") as folder:
        judged = run(Path(folder), plan)
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(judged)).decode() + "\n")
    return 1 if judged.faults else 0


if __name__ == "__main__":
    sys.exit(main())
