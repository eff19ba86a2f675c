"""What generated operations hardly meet: by a plan, it has graphql-core's answer, too."""

import asyncio
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator
from typing import Any

import pytest
import strawberry
from graphql import ExecutionResult, GraphQLError, parse
from graphql.execution.executor import SELECTIONS_NESTED_TOO_DEEPLY

from executor import CompiledExecutor, hook
from executor.hook import plan_of
from tests.executor.compared import collect, differences


class Slow(Awaitable[str]):
    """Can be awaited, and is no coroutine and no future."""

    def __await__(self) -> Generator[Any, None, str]:
        yield from asyncio.sleep(0).__await__()
        return "slow"


class Claimed:
    """What a type has to look at to know it."""

    def __init__(self, *, is_real: bool = True) -> None:
        self.is_real = is_real
        self.name = "claimed"


async def later(value: Any, turns: int = 1) -> Any:
    for _ in range(turns):
        await asyncio.sleep(0)
    if isinstance(value, Exception):
        raise value
    return value


async def claim(value: Any, _info: Any) -> bool:
    return bool(await later(value.is_real))


@strawberry.interface
class Named:
    name: str

    @classmethod
    async def resolve_type(cls, value: Any, _info: Any, _type: Any) -> str:
        return str(await later("Patient" if value.is_real else "Nothing"))


@strawberry.type
class Patient(Named):
    is_type_of = claim


def told(info: strawberry.Info) -> str:
    """Everything that a resolver may ask of its place."""
    raw: Any = info._raw_info
    return repr(
        (
            *(
                info.field_name,
                info.python_name,
                info.path.as_list(),
                info.operation.name and info.operation.name.value,
            ),
            *(str(raw.return_type), str(raw.parent_type), sorted(raw.fragments), raw.root_value, raw.variable_values),
            *([node.name.value for node in raw.field_nodes], raw.operation_extensions, raw.context, raw.abort_signal),
            *(raw.schema is not None, raw.is_awaitable(later), info.selected_fields[0].name),
        )
    )


async def gathered(info: strawberry.Info) -> str:
    raw: Any = info._raw_info
    return repr(await raw.async_helpers.gather([later(1), later(2)]))


async def broken_stream() -> AsyncIterator[str]:
    yield "one"
    raise LookupError("the stream broke")


async def stream_with_null() -> AsyncIterator[str | None]:
    yield "one"
    yield None
    yield "never"


async def stream_of_errors() -> AsyncIterator[Any]:
    yield "one"
    yield LookupError("an item")
    yield later("three")


def generated() -> Iterator[str]:
    yield "one"
    yield "two"


def broken_iterator() -> Iterator[Any]:
    yield later("one")
    yield None
    yield later("never")


def given(value: Callable[[], Any], type_: Any = str) -> Any:
    """A field whose resolver gives this, whatever its type."""

    def resolver() -> Any:
        found = value()
        if isinstance(found, Exception):
            raise found
        return found

    resolver.__annotations__["return"] = type_
    return strawberry.field(resolver=resolver)


def error() -> Exception:
    return LookupError("it failed")


@strawberry.type
class Child:
    must: str = given(error)
    must_later: str = given(lambda: later(error()))
    much_later: str = given(lambda: later("much later", turns=20))
    may: str | None = given(error, str | None)
    may_later: str | None = given(lambda: later(error()), str | None)
    name: str = "child"
    child: "Child" = given(lambda: Child(), "Child")  # noqa: PLW0108 - the class is not there yet
    child_later: "Child" = given(lambda: later(Child()), "Child")


@strawberry.type
class Query:
    told: str = strawberry.field(resolver=told)
    gathered: str = strawberry.field(resolver=gathered)
    slow: str = given(Slow)
    child: Child | None = given(Child, Child | None)
    children: list[Child | None] = given(lambda: [Child(), later(Child()), None], list[Child | None])
    must: str = given(error)
    must_later: str = given(lambda: later(error()))
    much_later: str = given(lambda: later("much later", turns=20))
    number: int | None = given(lambda: later("many"), int | None)
    ended: str | None = given(lambda: later(None), str | None)
    patient: Patient | None = given(Claimed, Patient | None)
    impatient: Patient | None = given(lambda: Claimed(is_real=False), Patient | None)
    named: Named | None = given(Claimed, Named | None)
    unnamed: Named | None = given(lambda: Claimed(is_real=False), Named | None)
    broken: list[str] | None = given(broken_stream, list[str] | None)
    with_null: list[str] | None = given(stream_with_null, list[str] | None)
    of_errors: list[str | None] | None = given(stream_of_errors, list[str | None] | None)
    generated: list[str] = given(generated, list[str])
    cut: list[str] | None = given(broken_iterator, list[str] | None)
    no_list: list[str] | None = given(lambda: 5, list[str] | None)
    text_as_list: list[str] | None = given(lambda: "text", list[str] | None)

    @strawberry.field
    def counted(self, most: int, words: list[str] | None = None) -> str | None:
        return repr((most, words))


@strawberry.type
class Mutation:
    quick: str = given(lambda: "quick")
    later: str = given(lambda: later("later"))
    must: str = given(error)
    must_later: str = given(lambda: later(error()))
    may: str | None = given(error, str | None)
    child: Child | None = given(Child, Child | None)
    child_later: Child | None = given(lambda: later(Child()), Child | None)
    must_child: Child = given(Child, Child)


class Quiet(strawberry.Schema):
    def process_errors(self, errors: list[GraphQLError], execution_context: Any = None) -> None:
        """They are what is compared."""


STOCK = Quiet(Query, Mutation, types=[Patient])
PLANNED = Quiet(Query, Mutation, types=[Patient], execution_context_class=CompiledExecutor)


@pytest.fixture(autouse=True)
def given_up() -> Iterator[None]:
    """What was given up below null positions ends before the next test."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        yield
        collect()


async def answers(text: str, **variables: Any) -> tuple[ExecutionResult, ExecutionResult]:
    assert hook.SEEN_FIRST is False
    found = [
        await schema.execute(
            text, variable_values=variables, context_value="context", root_value=None, operation_extensions={"x": 1}
        )
        for schema in (STOCK, PLANNED)
    ]
    return found[0], found[1]  # type: ignore[return-value]


@pytest.mark.parametrize(
    "text",
    [
        "query Q { a: told ...F } fragment F on Query { told }",
        "{ gathered slow }",
        "{ child { must } children { may } }",
        "{ child { child { child { must } } much_later: muchLater } }",
        "{ child { mustLater muchLater } muchLater }",
        "{ child { childLater { mustLater muchLater } may mayLater } }",
        "{ children { childLater { must } muchLater } muchLater }",
        "{ muchLater must }",
        "{ muchLater mustLater }",
        "{ child { muchLater must } muchLater }",
        "{ child { may mayLater a: mayLater muchLater } number ended }",
        "{ patient { name __typename } impatient { name } named { name __typename } unnamed { name } }",
        "{ broken withNull ofErrors generated cut noList textAsList }",
        "{ counted(most: 1) }",
        "mutation { quick later child { name } childLater { name } }",
        "mutation { quick must later }",
        "mutation { later must quick }",
        "mutation { later mustLater quick }",
        "mutation { mustLater later }",
        "mutation { may child { must } childLater { mustLater } quick }",
        "mutation { mustChild { muchLater must } quick }",
        "mutation { later mustChild { muchLater must } quick }",
        "mutation { later mustChild { mustLater } quick }",
        "mutation { __typename later }",
    ],
)
async def test_both_executors_answer_the_same(text: str) -> None:
    assert plan_of(PLANNED._schema, parse(text), None) is not None
    expected, found = await answers(text)

    assert differences(expected, found) == ""


@pytest.mark.parametrize("variables", [{}, {"most": "x"}, {"most": 2**40}, {"most": 1}, {"most": 1, "words": [None]}])
async def test_wrong_variables_are_told_alike(variables: dict[str, Any]) -> None:
    expected, found = await answers(
        "query($most: Int!, $words: [String!]) { counted(most: $most, words: $words) }", **variables
    )

    assert differences(expected, found) == ""


def test_without_a_loop_what_is_awaited_below_null_is_given_up() -> None:
    """As a schema is executed synchronously. Nothing warns of a coroutine that was never awaited."""
    plan = plan_of(PLANNED._schema, parse("{ muchLater must }"), None)
    assert plan is not None
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        answer = plan.execute(root=None, context=None, variables={})

    assert answer.data is None
    assert [each.message for each in answer.errors] == ["it failed"]


async def test_what_ends_the_program_is_no_error_of_a_field() -> None:
    """It is raised where the operation is awaited, and what else was begun is cancelled."""

    class End(BaseException):
        pass

    ended = asyncio.Event()

    @strawberry.type
    class Root:
        @strawberry.field
        async def ending(self) -> str:
            await asyncio.sleep(0)
            raise End

        @strawberry.field
        async def waiting(self) -> str:
            try:
                await asyncio.Event().wait()
            finally:
                ended.set()
            return "never"

    schema = strawberry.Schema(Root, execution_context_class=CompiledExecutor)
    plan = plan_of(schema._schema, parse("{ waiting ending }"), None)
    assert plan is not None
    with pytest.raises(End):
        await plan.execute(root=Root(), context=None, variables={})
    await asyncio.wait_for(ended.wait(), 5)


def test_selections_that_are_too_deep_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not compiled, and no reason to fall."""
    document = parse("{ " + "child { " * 40 + "name" + " }" * 41)
    plan = plan_of(PLANNED._schema, document, None)
    assert plan is not None

    def too_deep(*_: Any) -> None:
        raise RecursionError

    monkeypatch.setattr("executor.plan.Variant", too_deep)
    answer = plan.execute(root=Query(), context=None, variables={})

    assert answer.data is None
    assert [each.message for each in answer.errors] == [SELECTIONS_NESTED_TOO_DEEPLY]
