"""One operation by graphql-core and by a plan, and how the two answers differ."""

import asyncio
import gc
import random
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

import msgspec
from graphql import DocumentNode, ExecutionResult, GraphQLError, GraphQLSchema, parse, specified_rules
from strawberry.extensions import SchemaExtension
from strawberry.schema.schema import validate_document

from executor import CompiledExecutor, hook
from executor.hook import plan_of
from tests.executor.generator import Generator
from tests.executor.world import Thing, built


class Prepared(SchemaExtension):
    """Spares both executions to parse and validate anew, which takes most of the time."""

    document: ClassVar[DocumentNode]

    def on_parse(self) -> Iterator[None]:
        self.execution_context.graphql_document = self.document
        yield

    def on_validate(self) -> Iterator[None]:
        self.execution_context.pre_execution_errors = []
        yield


STOCK = built(extensions=[Prepared])
PLANNED = built(execution_context_class=CompiledExecutor, extensions=[Prepared])
DEPTH = 5


class Compared(msgspec.Struct):
    """Counts of a series."""

    operations: int = 0
    invalid: int = 0
    with_errors: int = 0
    differences: list[str] = []


async def compare(seeds: Sequence[int]) -> Compared:
    """Generated operations of these seeds, each over a world of its own."""
    compared = Compared()
    is_patient, hook.SEEN_FIRST = hook.SEEN_FIRST, False
    try:
        for seed in seeds:
            await _one(seed, compared)
    finally:
        hook.SEEN_FIRST = is_patient
    return compared


async def _one(seed: int, compared: Compared) -> None:
    schema: GraphQLSchema = PLANNED._schema
    made = Generator(schema, seed, mutation=seed % 5 == 0)
    document = parse(made.text)
    if validate_document(schema, document, tuple(specified_rules)):
        compared.invalid += 1
        return
    assert plan_of(schema, document, None) is not None, "it is to be executed by a plan"
    Prepared.document = document
    expected = await _executed(STOCK, made, seed)
    found = await _executed(PLANNED, made, seed)
    compared.operations += 1
    compared.with_errors += bool(expected.errors)
    difference = differences(expected, found)
    if difference:
        compared.differences.append(f"seed {seed}: {difference}\n{made.text}\n{made.variables}")


async def _executed(schema: Any, made: Generator, seed: int) -> Any:
    random.seed(seed)
    root = Thing(f"w{seed}", DEPTH)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # coroutines below a position that became null are given up
        return await schema.execute(made.text, variable_values=made.variables, root_value=root, context_value="context")


def differences(expected: ExecutionResult, found: ExecutionResult) -> str:
    """Data must be equal; so must be errors, as a set, but below positions that are null for another error."""
    if repr(expected.data) != repr(found.data):
        return f"data at {list(_first_difference(expected.data, found.data))}"
    ours, theirs = _told(found.errors), _told(expected.errors)
    extra, missing = ours - theirs, theirs - ours
    unexplained = [each for each in extra if not _is_below_null(each, found.data, theirs)]
    unexplained += [each for each in missing if not _is_below_null(each, found.data, ours)]
    return f"errors: {sorted(map(str, unexplained))}" if unexplained else ""


def _first_difference(expected: Any, found: Any) -> Iterator[Any]:
    """The way to it, and both values."""
    if type(expected) is type(found) and isinstance(expected, dict | list) and len(expected) == len(found):
        keys = list(expected) if isinstance(expected, dict) else range(len(expected))
        if list(keys) == (list(found) if isinstance(found, dict) else list(keys)):
            key = next(key for key in keys if repr(expected[key]) != repr(found[key]))
            yield key
            yield from _first_difference(expected[key], found[key])
            return
    yield f"{expected!r} is {found!r}"


_Told = tuple[str, tuple[Any, ...], tuple[Any, ...], str]


def _told(errors: Sequence[GraphQLError] | None) -> Counter[_Told]:
    return Counter(
        (error.message, tuple(error.path or ()), tuple(map(str, error.locations or ())), repr(error.extensions))
        for error in errors or ()
    )


def _is_below_null(error: _Told, data: Any, others: Counter[_Told]) -> bool:
    """Whether an error is one of several that made the same position null: which one is told depends on the order."""
    nulled = _nulled(error[1], data)
    return any(_nulled(other[1], data) == nulled for other in others)


def _nulled(path: tuple[Any, ...], data: Any) -> tuple[Any, ...]:
    """The position on the way to a path that is null."""
    for index, key in enumerate(path):
        if data is None:
            return path[:index]
        data = data[key]
    return path


def collect() -> None:
    """Let go of what was given up, so that its warnings do not reach others."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        gc.collect()


def run(seeds: Sequence[int]) -> Compared:
    """`compare`, from outside a loop."""
    try:
        return asyncio.run(compare(seeds))
    finally:
        collect()
