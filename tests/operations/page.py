"""Writes docs/operations.md, and says how many operations are reached."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path

from tests.operations.documented import DOCUMENTED, Documented
from tests.operations.map import MAP
from tests.operations.row import Row

PAGE = Path(__file__).parents[2] / "docs" / "operations.md"

_HEAD = """\
# Operations

Every operation that the vendors document, and the field of the graph that needs it. `make operations` writes this page,
runs each operation's document against the sandboxes, and counts those that arrived by their documented route.
`tests/operations` holds the documents; the test of each operation is
`tests/operations/test_operations.py::test_a_document_reaches_the_operation[<test>]`.
"""
_COLUMNS = "| operation | route | field | server | test |\n|---|---|---|---|---|\n"


def text() -> str:
    """The whole page."""
    return _HEAD + "".join(_section(*each) for each in _modules())


def figures(shortcomings: Mapping[str, str]) -> Iterator[str]:
    """A line for each module of each vendor, then one for all."""
    reached = {operation for operation, shortcoming in shortcomings.items() if not shortcoming}
    for (vendor, module), operations in _modules():
        title = f"{vendor} {module}"
        yield f"{title}: {_of(operations, reached)}"
    yield f"all: {_of(DOCUMENTED, reached)}"


def _modules() -> Iterator[tuple[tuple[str, str], tuple[Documented, ...]]]:
    for key, operations in groupby(DOCUMENTED, key=lambda each: (each.vendor, each.module)):
        yield key, tuple(operations)


def _of(operations: tuple[Documented, ...], reached: set[str]) -> str:
    count = sum(each.key in reached for each in operations)
    return f"{count} of {len(operations)} operations reached"


def _section(key: tuple[str, str], operations: tuple[Documented, ...]) -> str:
    vendor, module = key
    rows = "".join(_line(each) for each in sorted(operations, key=lambda each: each.name.lower()))
    return f"\n## {vendor.title()}: {module}\n\n{_COLUMNS}{rows}"


def _line(operation: Documented) -> str:
    row = MAP.get(operation.key)
    field, server = ("none", "") if row is None else (f"`{row.field}`", _server(row))
    route = f"`{operation.method} {operation.path}`"
    return f"| `{operation.name}` | {route} | {field} | {server} | `{operation.key}` |\n"


def _server(row: Row) -> str:
    """Only Formance has generations of servers."""
    if row.refusal is not None:
        return f"refused by all: `{row.refusal}`"
    return row.generation if row.operation.startswith("formance.") else ""
