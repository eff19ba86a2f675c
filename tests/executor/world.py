"""A Strawberry schema with whatever this project's own uses, over values that are often wrong, and always the same.

What a resolver gives depends on the seed, on its object and on its field alone, so that two executors see equal worlds.
"""

import asyncio
import enum
import random
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, Generic, NewType, TypeVar

import msgspec
import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import merge_types

from tests.executor.minerals import SCALARS as MINERAL_SCALARS
from tests.executor.minerals import TYPES, MineralMutation, MineralQuery

T = TypeVar("T")
Amount = NewType("Amount", Decimal)
SCALARS = {Amount: strawberry.scalar(name="Amount", serialize=str, parse_value=Decimal), **MINERAL_SCALARS}
ODD: tuple[Callable[[], Any], ...] = (
    lambda: None,
    lambda: 3.5,
    lambda: "text",
    list,
    dict,
    lambda: True,
    lambda: 2**40,
    lambda: float("nan"),
    lambda: Decimal("1.10"),
    lambda: LookupError("a value"),
)


class Boom(Exception):
    """What resolvers raise."""


@strawberry.enum
class Color(enum.StrEnum):
    RED = "r"
    BLUE = "b"


@strawberry.input
class Filter:
    least: int = 3
    names: list[str] | None = None
    color: Color | None = None


@strawberry.input(one_of=True)
class Choice:
    number: strawberry.Maybe[int]
    text: strawberry.Maybe[str]


class Thing:
    """The object behind every type; `kind` says which. Its attributes are made up when they are asked for."""

    def __init__(self, seed: str, depth: int) -> None:
        self.seed, self.depth = seed, depth
        self.kind = random.Random(f"{seed}kind").choice(("Cat", "Dog"))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name not in GOOD:
            raise AttributeError(name)
        return self.value(name, GOOD[name])

    def value(self, name: str, good: Callable[["Thing", str], Any]) -> Any:
        """A good value, or now and then what resolvers should not give."""
        dice = random.Random(f"{self.seed}.{name}")
        luck = dice.random()
        if luck < 0.02:
            raise Boom(f"{name} raised")
        if luck < 0.04:
            return dice.choice(ODD)()
        if luck < 0.045:
            return later(lambda: good(self, name))
        return good(self, name)

    def below(self, name: str) -> Any:
        """Another thing, or null where the world ends."""
        return Thing(f"{self.seed}.{name}", self.depth - 1) if self.depth else None

    def many(self, name: str) -> list[Any]:
        dice = random.Random(f"{self.seed}.{name}.many")
        made: list[Any] = []
        for index in range(dice.randrange(4) if self.depth else 0):
            luck = dice.random()
            thing = Thing(f"{self.seed}.{name}.{index}", self.depth - 1)
            if luck < 0.04:
                made.append(None)
            elif luck < 0.07:
                made.append(Boom("an item"))
            elif luck < 0.12:
                made.append(later(lambda thing=thing: thing))
            else:
                made.append(thing)
        return made


async def later(good: Callable[[], Any]) -> Any:
    """What is there after a turn of the loop."""
    await asyncio.sleep(0)
    return good()


def future(good: Callable[[], Any], *, wait: bool) -> "asyncio.Future[Any]":
    """A loader's future: there, or there soon."""
    made: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

    def settle() -> None:
        try:
            made.set_result(good())
        except Exception as error:  # noqa: BLE001 - the future's
            made.set_exception(error)

    if wait:
        asyncio.get_running_loop().call_soon(settle)
    else:
        settle()
        if made.exception():
            made.exception()
    return made


GOOD: dict[str, Callable[[Thing, str], Any]] = {
    "name": lambda thing, _: thing.seed,
    "nick": lambda thing, _: None if len(thing.seed) % 2 else "nick",
    "lives": lambda _thing, _: 9,
    "weight": lambda _thing, _: 1.5,
    "is_good": lambda _thing, _: True,
    "color": lambda _thing, _: Color.BLUE,
    "amount": lambda _thing, _: Decimal("12345678901234567890.12"),
    "born_at": lambda _thing, _: datetime(2026, 1, 2, tzinfo=UTC),
    "words": lambda _thing, _: ("a", "b"),
    "grid": lambda _thing, _: [[1, 2], [3]],
    "friend": lambda thing, name: thing.below(name),
    "friends": lambda thing, name: thing.many(name),
    "rest": lambda _thing, _: msgspec.Raw(b"{}"),
}

Lazy = Annotated["Cat", strawberry.lazy("tests.executor.world")]
Root = strawberry.Parent[Thing]


async def owner(root: Root, info: strawberry.Info) -> Thing | None:
    await asyncio.sleep(0)
    assert info.path.key == info.field_nodes[0].alias.value if info.field_nodes[0].alias else True
    return root.value("owner", lambda thing, name: thing.below(name))


def mate(root: Root, *, wait: bool = True) -> Any:
    return future(lambda: root.value("mate", lambda thing, name: thing.below(name)), wait=wait)


def greeting(root: Root, info: strawberry.Info, to: str = "you", times: int | None = None) -> str:
    return root.value("greeting", lambda _thing, _: f"{info.context}: {to} {times} {info.path.as_list()}")


def counted(where: Filter | None = None, choice: Choice | None = None) -> str:
    return repr((where, choice))


def kittens(root: Root, first: int = 3) -> Any:
    return root.many("kittens")[:first]


async def stream(root: Root) -> AsyncIterator[Any]:
    for each in root.many("stream"):
        yield each
    if len(root.seed) % 7 == 0:
        raise Boom("the stream broke")


@strawberry.interface
class Named:
    name: str
    nick: str | None
    friend: "Named | None"
    mate: "Named | None" = strawberry.field(resolver=mate)

    @classmethod
    def resolve_type(cls, value: Any, _info: Any, _type: Any) -> str | None:
        return getattr(value, "kind", None)


def of(kind: str) -> Callable[[Any, Any], bool]:
    return lambda value, _info: getattr(value, "kind", None) == kind


@strawberry.type
class Edge(Generic[T]):
    cursor: str
    node: T


@strawberry.type
class Cat(Named):
    lives: int
    color: Color
    amount: Amount
    born_at: datetime | None
    words: list[str]
    grid: list[list[int | None]] | None
    friends: list[Named]
    owner: "Dog | None" = strawberry.field(resolver=owner)
    greeting: str = strawberry.field(resolver=greeting)
    counted: str = strawberry.field(resolver=counted)

    is_type_of = of("Cat")


@strawberry.type
class Dog(Named):
    weight: float
    is_good: bool
    friends: list[Named | None] | None
    pet: Lazy | None = strawberry.field(resolver=owner)
    kittens: list[Cat | None] = strawberry.field(resolver=kittens)
    stream: list[Named | None] | None = strawberry.field(resolver=stream)
    greeting: str | None = strawberry.field(resolver=greeting)

    is_type_of = of("Dog")


Animal = Annotated[Cat | Dog, strawberry.union("Animal")]


def animal(root: Root) -> Any:
    return root.value("animal", lambda thing, name: thing.below(name))


def edges(root: Root) -> Any:
    """An attribute may be asked for twice, so what is awaited there is a future."""
    made = (asyncio.ensure_future(each) if asyncio.iscoroutine(each) else each for each in root.many("edges"))
    return [Edge(cursor=str(index), node=each) for index, each in enumerate(made)]


async def failing(code: str = "x") -> str:
    raise GraphQLError("It failed.", extensions={"code": code})


@strawberry.type
class AnimalQuery:
    named: Named | None = strawberry.field(resolver=animal)
    animal: Animal | None = strawberry.field(resolver=animal)
    animals: list[Animal | None] = strawberry.field(resolver=lambda root: root.many("animals"), graphql_type=None)
    edges: list[Edge[Named | None]] = strawberry.field(resolver=edges)
    failing: str | None = strawberry.field(resolver=failing)
    counted: str | None = strawberry.field(resolver=counted)
    name: str | None


@strawberry.type
class AnimalMutation:
    change: Named | None = strawberry.field(resolver=animal)
    must: Named = strawberry.field(resolver=animal)
    wait: Cat | None = strawberry.field(resolver=owner)
    failing: str | None = strawberry.field(resolver=failing)


Query = merge_types("Query", (AnimalQuery, MineralQuery))
Mutation = merge_types("Mutation", (AnimalMutation, MineralMutation))


class _Quiet(strawberry.Schema):
    def process_errors(self, errors: list[GraphQLError], execution_context: Any = None) -> None:
        """They are what is compared."""


def built(**options: Any) -> strawberry.Schema:
    """The schema, with an executor of choice."""
    return _Quiet(Query, Mutation, types=[Cat, Dog, *TYPES], config=StrawberryConfig(scalar_map=SCALARS), **options)
