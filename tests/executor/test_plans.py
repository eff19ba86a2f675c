"""When plans are made and used, and what they share."""

import asyncio
import enum
from collections.abc import Iterator
from typing import Any

import pytest
import strawberry
from graphql import parse
from strawberry.extensions import SchemaExtension

from executor import CompiledExecutor, classes, hook
from executor.hook import plan_of


def built(query: type) -> Any:
    return strawberry.Schema(query, execution_context_class=CompiledExecutor)


@strawberry.type
class Child:
    name: str


@strawberry.type
class Query:
    name: str = "Ada"
    child: Child | None = None


SCHEMA = built(Query)._schema


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents are compiled when they are asked for the first time, too."""
    monkeypatch.setattr(hook, "SEEN_FIRST", False)


def test_a_document_is_compiled_once() -> None:
    document = parse("{ name }")
    plan = plan_of(SCHEMA, document, None)
    assert plan is not None
    assert plan_of(SCHEMA, document, None) is plan
    assert plan_of(SCHEMA, parse("{ name }"), None) is not plan


def test_old_plans_are_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hook, "MOST_PLANS", 3)
    documents = [parse("{ name }") for _ in range(20)]
    for document in documents:
        plan_of(SCHEMA, document, None)
    assert len(hook._plans) == 3


def test_plans_of_large_documents_are_let_go_sooner(monkeypatch: pytest.MonkeyPatch) -> None:
    documents = [parse("{ " + "name " * 98 + "}") for _ in range(20)]
    monkeypatch.setattr(hook, "MOST_TOKENS", documents[0].token_count * 5)
    for document in documents:
        plan_of(SCHEMA, document, None)
    kept = [document for _, document, _ in hook._plans.values()]
    assert kept == documents[-5:]
    assert all(one is other for one, other in zip(kept, documents[-5:], strict=True))


@pytest.mark.parametrize(
    "text",
    [
        "subscription { name }",
        "{ ... @defer { name } }",
        "{ name @stream }",
        "query @skip(if: true) { name }",
        "query A { name } query B { name }",
        "mutation { name }",
        "fragment F($a: Int) on Query { name } { ...F(a: 1) }",
    ],
)
def test_what_plans_do_not_support_is_left_to_graphql_core(text: str) -> None:
    document = parse(text, experimental_fragment_arguments=True)
    assert plan_of(SCHEMA, document, None) is None


def test_a_client_cannot_have_variants_compiled_without_end() -> None:
    names = [f"c{number}" for number in range(6)]
    fields = " ".join(f"{name}: name @include(if: ${name})" for name in names)
    head = ", ".join(f"${name}: Boolean!" for name in names)
    plan = plan_of(SCHEMA, parse(f"query ({head}) {{ {fields} }}"), None)
    assert plan is not None
    for number in range(64):
        chosen = {name: bool(number >> place & 1) for place, name in enumerate(names)}
        answer = plan.execute(root=Query(), context=None, variables=chosen)
        assert set(answer.data) == {name for name, is_wanted in chosen.items() if is_wanted}
    assert len(plan._variants) <= 16


def test_response_keys_are_never_code() -> None:
    """Keys are names by the grammar, and are written as literals even so."""
    document = parse("{ a: name }")
    field = document.definitions[0].selection_set.selections[0]  # type: ignore[attr-defined]
    hostile = "'}; raise SystemExit; {'"
    object.__setattr__(field.alias, "value", hostile) if hasattr(field.alias, "value") else None
    plan = plan_of(SCHEMA, document, None)
    assert plan is not None
    assert plan.execute(root=Query(), context=None, variables={}).data == {hostile: "Ada"}


@pytest.mark.usefixtures("at_once")
async def test_all_that_wait_for_one_future_are_served_by_it() -> None:
    future: asyncio.Future[Child] = asyncio.get_running_loop().create_future()

    @strawberry.type
    class Root:
        @strawberry.field
        def child(self) -> Child:
            return future  # type: ignore[return-value]

    asking = asyncio.create_task(built(Root).execute("{ a: child { name } b: child { name } }", root_value=Root()))
    await asyncio.sleep(0)
    future.set_result(Child(name="one"))
    answer = await asking
    assert answer.data == {"a": {"name": "one"}, "b": {"name": "one"}}


@pytest.mark.usefixtures("at_once")
async def test_a_cancelled_operation_cancels_its_own_tasks_and_no_shared_future() -> None:
    shared: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    begun, ended = asyncio.Event(), asyncio.Event()

    @strawberry.type
    class Root:
        @strawberry.field
        def shared(self) -> str:
            return shared  # type: ignore[return-value]

        @strawberry.field
        async def own(self) -> str:
            begun.set()
            try:
                await asyncio.Event().wait()
            finally:
                ended.set()
            return "never"

    asking = asyncio.create_task(built(Root).execute("{ shared own }", root_value=Root()))
    await begun.wait()
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    await asyncio.wait_for(ended.wait(), 5)
    assert not shared.cancelled()


@pytest.mark.usefixtures("at_once")
async def test_mutations_run_one_after_another() -> None:
    order: list[str] = []

    async def slowly() -> str:
        order.append("slow begins")
        await asyncio.sleep(0.01)
        order.append("slow ends")
        return "slow"

    @strawberry.type
    class Change:
        slow: str = strawberry.field(resolver=slowly)

        @strawberry.field
        def quick(self) -> str:
            order.append("quick")
            return "quick"

    schema = strawberry.Schema(Query, Change, execution_context_class=CompiledExecutor)
    answer = await schema.execute("mutation { a: slow quick b: slow }", root_value=Change())
    assert answer.data == {"a": "slow", "quick": "quick", "b": "slow"}
    assert order == ["slow begins", "slow ends", "quick", "slow begins", "slow ends"]


def test_the_class_of_an_enum_is_known_as_plain_after_its_first_value() -> None:
    class Colour(enum.StrEnum):
        RED = "red"

    assert not classes.must_wait(Colour.RED)
    assert Colour in classes.PLAIN


@pytest.mark.usefixtures("at_once")
async def test_an_enums_values_are_not_looked_up_for_every_object(monkeypatch: pytest.MonkeyPatch) -> None:
    @strawberry.enum
    class Colour(enum.StrEnum):
        RED = "red"
        BLUE = "blue"

    @strawberry.type
    class Thing:
        colour: Colour

    @strawberry.type
    class Things:
        @strawberry.field
        def things(self) -> list[Thing]:
            return [Thing(colour=Colour.BLUE), Thing(colour=Colour.RED)] * 50

    schema = built(Things)
    looked_up: list[Any] = []
    kind = type(schema._schema.type_map["Colour"])
    look_up = kind.coerce_output_value
    monkeypatch.setattr(
        kind, "coerce_output_value", lambda self, value: looked_up.append(value) or look_up(self, value)
    )
    answer = await schema.execute("{ things { colour } }")

    assert answer.errors is None
    assert answer.data == {"things": [{"colour": "BLUE"}, {"colour": "RED"}] * 50}
    assert sorted(looked_up) == ["blue", "red"]


async def test_a_plan_is_made_when_a_document_comes_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is asked once is executed by graphql-core: a flood of new documents is not compiled."""
    monkeypatch.setattr(hook, "SEEN_FIRST", True)

    class Cached(SchemaExtension):
        def on_parse(self) -> Iterator[None]:
            self.execution_context.graphql_document = document
            yield

    document = parse("{ name }")
    schema = strawberry.Schema(Query, execution_context_class=CompiledExecutor, extensions=[Cached])
    key = (id(schema._schema), id(document), None)
    for is_planned in (False, True, True):
        assert (await schema.execute("{ name }", root_value=Query())).data == {"name": "Ada"}
        assert (key in hook._plans) is is_planned


@pytest.mark.parametrize(("is_by_class", "asked"), [(True, 2), (False, 5)])
async def test_a_type_that_goes_by_the_class_is_asked_once_for_a_class(*, is_by_class: bool, asked: int) -> None:
    """What it refuses is refused every time."""
    questions: list[Any] = []

    def claim(value: Any, _info: Any) -> bool:
        questions.append(value)
        return not isinstance(value, Child)

    claim.by_class = is_by_class  # type: ignore[attr-defined]

    class One:
        name = "one"

    class Other(One):
        name = "other"

    @strawberry.type
    class Thing:
        name: str
        is_type_of = claim

    @strawberry.type
    class Root:
        things: list[Thing | None]

    plan = plan_of(built(Root)._schema, parse("{ things { name } }"), None)
    assert plan is not None
    root = Root(things=[One(), Other(), One(), Other(), One()])  # type: ignore[list-item]
    answer = plan.execute(root=root, context=None, variables=None)
    assert [each["name"] for each in answer.data["things"]] == ["one", "other", "one", "other", "one"]
    assert len(questions) == asked

    for _ in range(2):
        answer = plan.execute(root=Root(things=[Child(name="no")]), context=None, variables=None)  # type: ignore[list-item]
        assert answer.data == {"things": [None]}
        assert "Expected value of type 'Thing'" in answer.errors[0].message


async def test_an_object_that_many_wait_for_is_made_once_where_its_fields_are_plain(at_once: None) -> None:
    """Fields that are told their place are resolved for each place, and what fails is told for each."""
    made: list[str] = []

    @strawberry.type
    class Far:
        name: str

        @strawberry.field
        def plain(self) -> str:
            made.append("plain")
            return self.name

        @strawberry.field
        def place(self, info: strawberry.Info) -> str:
            return ".".join(map(str, info.path.as_list()))

        @strawberry.field
        def broken(self) -> str | None:
            raise LookupError(self.name)

    @strawberry.type
    class Near:
        @strawberry.field
        def far(self, info: strawberry.Info) -> Far:
            return info.context["far"]

    @strawberry.type
    class Root:
        @strawberry.field
        def near(self, info: strawberry.Info) -> list[Near]:
            return [Near() for _ in range(3)]

    schema = built(Root)

    async def asked(text: str) -> Any:
        far: asyncio.Future[Far] = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().call_later(0.01, far.set_result, Far(name="Eve"))
        return await schema.execute(text, context_value={"far": far})

    plain = await asked("{ near { far { name plain } other: far { plain } } }")
    placed = await asked("{ near { far { name place } } }")
    broken = await asked("{ near { far { name broken } } }")

    assert plain.data == {"near": [{"far": {"name": "Eve", "plain": "Eve"}, "other": {"plain": "Eve"}}] * 3}
    assert made == ["plain"] * 2
    assert [each["far"]["place"] for each in placed.data["near"]] == [f"near.{n}.far.place" for n in range(3)]
    assert broken.data == {"near": [{"far": {"name": "Eve", "broken": None}}] * 3}
    assert sorted(error.path for error in broken.errors) == [["near", n, "far", "broken"] for n in range(3)]


async def test_arguments_that_can_be_changed_are_made_anew_for_each_execution(at_once: None) -> None:
    @strawberry.input
    class Wish:
        names: list[str]

    @strawberry.type
    class Root:
        @strawberry.field
        def size(self, wish: Wish, more: list[int], first: int = 1) -> int:
            wish.names.append("late")
            more.append(0)
            return len(wish.names) + len(more) + first

    schema, document = built(Root), '{ size(wish: {names: ["a"]}, more: [1, 2], first: 10) }'

    assert [(await schema.execute(document)).data["size"] for _ in range(3)] == [15, 15, 15]
