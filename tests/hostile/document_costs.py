"""What parsing and validating costs, for each hostile document: `python -m tests.hostile.document_costs`.

Milliseconds of processor time: the event loop serves nobody else meanwhile.
"""

import sys
import time
from collections.abc import Callable
from typing import Any

from graphql import GraphQLError, GraphQLSyntaxError, specified_rules

from resolvers.screening import Refused
from schema import schema
from serving.screening.documents import Documents
from serving.screening.limits import Limits
from tests.hostile.documents import TOO_LARGE, VALID, WRONG


def spent(work: Callable[[], Any]) -> tuple[float, Any]:
    """Milliseconds of processor time, the least of three, and what came of it."""
    least, came = float("inf"), None
    for _ in range(3):
        begun = time.thread_time()
        came = work()
        least = min(least, (time.thread_time() - begun) * 1000)
    return least, came


def outcome(documents: Documents, text: str, *, suggests: bool) -> tuple[float, float, str]:
    """Milliseconds to parse and to validate a text, and how it ended."""

    def parse() -> Any:
        try:
            return documents.parsed(text)
        except (Refused, GraphQLSyntaxError) as error:
            return error

    def validate() -> Any:
        try:
            return documents.mistakes(text, document, schema._schema, specified_rules, suggests=suggests)
        except Refused as error:
            return error

    parsing, document = spent(parse)
    if isinstance(document, Exception):
        return parsing, 0.0, _named(document)
    validating, mistakes = spent(validate)
    return parsing, validating, _named(mistakes)


def _named(came: "Exception | list[GraphQLError]") -> str:
    if isinstance(came, Refused):
        return f"refused: {came.details['limit']}"
    return f"{len(came)} mistakes" if isinstance(came, list) else "syntax error"


def show(line: str) -> None:
    """Write a line of the table."""
    sys.stdout.write(line + "\n")


def main() -> None:
    """Print the table: parsed, validated and told about, without the help of a cache."""
    documents = Documents(Limits(cache_bytes=0))
    texts = {**{name: text for name, (text, _) in TOO_LARGE.items()}, **WRONG, **VALID}
    show(f"{'document':<40}{'bytes':>8}{'parse ms':>10}{'validate ms':>13}  outcome")
    for name, text in texts.items():
        parsing, validating, ended = outcome(documents, text, suggests=True)
        show(f"{name:<40}{len(text):>8}{parsing:>10.1f}{validating:>13.1f}  {ended}")


if __name__ == "__main__":
    main()
