"""Every documented operation is reached by a document of the map, by its documented route."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest
from graphql import (
    FieldNode,
    GraphQLSchema,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    build_schema,
    get_named_type,
    parse,
    validate,
    visit,
)

from tests.known import know_at_once
from tests.operations import page
from tests.operations.documented import DOCUMENTED, Documented, operation_of
from tests.operations.map import MAP, ROWS
from tests.operations.row import Row
from tests.operations.run import shortcomings

SDL = Path(__file__).parents[2] / "schema" / "schema.graphql"

by_key = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.operation)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """What is wrong with each operation, after all documents have run."""
    with pytest.MonkeyPatch.context() as patched:
        know_at_once(patched)
        return asyncio.run(shortcomings(tmp_path_factory.mktemp("operations")))


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    """The graph as it is printed."""
    return build_schema(SDL.read_text(encoding="utf-8"))


@pytest.mark.parametrize("operation", DOCUMENTED, ids=lambda operation: operation.key)
def test_a_document_reaches_the_operation(operation: Documented, found: Mapping[str, str]) -> None:
    """By the documented method and path, with the vendor's consent or the refusal that is expected."""
    assert found.get(operation.key, "no field of the graph needs it") == ""


@by_key
def test_the_document_asks_for_the_field(row: Row, schema: GraphQLSchema) -> None:
    """The document is valid by the printed schema, and asks for every field on the way that the map names."""
    document = parse(row.document)
    types = TypeInfo(schema)
    asked: set[str] = set()

    class Fields(Visitor):
        def enter_field(self, node: FieldNode, *_: object) -> None:
            step = f"{types.get_parent_type()}.{node.name.value}"
            asked.update([step, *(f"{step}({argument.name.value})" for argument in node.arguments or ())])

    visit(document, TypeInfoVisitor(types, Fields()))

    assert [error.message for error in validate(schema, document)] == []
    assert _steps(row.field, schema) <= asked


def _steps(way: str, schema: GraphQLSchema) -> set[str]:
    """`Query.pool.balances(at)` as `Query.pool` and `Pool.balances(at)`. Fails when the graph has no such field."""
    parent, *parts = way.split(".")
    steps: set[str] = set()
    for part in parts:
        name, _, argument = part.rstrip(")").partition("(")
        fields = getattr(schema.type_map[parent], "fields", {})
        assert name in fields, f"{parent} has no field {name}"
        assert argument in {"", *fields[name].args}, f"{parent}.{name} has no argument {argument}"
        steps.add(f"{parent}.{part}")
        parent = get_named_type(fields[name].type).name
    return steps


def test_every_row_is_of_a_documented_operation() -> None:
    """And every operation has one row at most."""
    assert len(MAP) == len(ROWS)
    assert set(MAP) <= {operation.key for operation in DOCUMENTED}


def test_the_vendors_document_183_operations() -> None:
    """Ten, four, and the hundred and sixty-nine of the stack."""
    assert Counter(operation.vendor for operation in DOCUMENTED) == {"finicity": 10, "pluggy": 4, "formance": 169}
    assert len({operation.key for operation in DOCUMENTED}) == 183
    assert len({(operation.vendor, operation.method, operation.path) for operation in DOCUMENTED}) == 183


@pytest.mark.parametrize("operation", DOCUMENTED, ids=lambda operation: operation.key)
def test_a_call_is_told_by_its_route(operation: Documented) -> None:
    """No other operation takes it, and none takes it of another vendor."""
    path = operation.path.replace("{", "").replace("}", "")

    assert operation_of(operation.vendor, operation.method, path) == operation.key
    assert operation_of("nobody", operation.method, path) is None


def test_the_page_is_fresh() -> None:
    """`make operations` writes it."""
    assert page.PAGE.read_text(encoding="utf-8") == page.text()
