"""The part of the world whose objects are of plain classes: what they hold is made with them, and is often wrong.

These objects take the executor's short ways. Whatever this project's schema does that `world.py` does not is done here.
"""

import asyncio
import enum
import random
from collections.abc import Awaitable, Callable, Generator, Iterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from functools import wraps
from typing import Any, Generic, NewType, TypeVar

import msgspec
import strawberry
from strawberry.extensions import FieldExtension
from strawberry.types.info import Info

T = TypeVar("T")
Grams = NewType("Grams", int)
Notes = NewType("Notes", object)


def _time_text(value: datetime) -> str | None:
    if value.microsecond == 13:
        return None  # a scalar must not
    return value.astimezone(UTC).isoformat()


SCALARS: dict[object, Any] = {
    Grams: strawberry.scalar(name="Grams", serialize=str, parse_value=int),
    Notes: strawberry.scalar(name="Notes", serialize=msgspec.json.encode, parse_value=lambda value: value),
    datetime: strawberry.scalar(name="Time", serialize=_time_text, parse_value=datetime.fromisoformat),
}


class Flaw(Exception):
    """What is raised here."""


@strawberry.enum
class Cut(enum.StrEnum):
    ROUND = "round"
    SQUARE = "square"


@strawberry.enum
class Grade(enum.Enum):
    LOW = 1
    HIGH = strawberry.enum_value(2, name="TOP")


class Plain:
    def __repr__(self) -> str:
        """Without its address: what a scalar makes of it must be the same in both worlds."""
        return type(self).__name__


class Waiting(Plain):
    """Awaitable, and neither a future nor a coroutine."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __await__(self) -> Generator[Any, Any, Any]:
        yield from asyncio.sleep(0).__await__()
        return self.value


class Dice:
    """The same for the same seed."""

    def __init__(self, seed: str) -> None:
        self.seed, self._random = seed, random.Random(seed)

    def lucky(self, chance: float) -> bool:
        return self._random.random() < chance

    def value(self, good: Any) -> Any:
        """Good for the most part. What is awaited may be awaited twice: an attribute may be asked for twice."""
        luck = self._random.random()
        if luck < 0.960:
            return good
        if luck < 0.970:
            return None
        if luck < 0.975:
            return Flaw(f"{self.seed} holds it")
        if luck < 0.980:
            return Waiting(good)
        if luck < 0.985:
            return self._future(good, wait=self.lucky(0.5))
        odd = (2**40, 1.5, "text", True, [], {}, Decimal("1E+3"), Cut.ROUND, Grade.HIGH, Weight(Dice("odd")), object)
        return self._random.choice(odd)

    def one(self, *values: Any) -> Any:
        return self._random.choice(values)

    def _future(self, good: Any, *, wait: bool) -> "asyncio.Future[Any]":
        made: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        settle = made.set_result
        if self.lucky(0.2):
            made.set_exception(Flaw("a future"))
            made.exception()
        elif wait:
            asyncio.get_running_loop().call_soon(settle, good)
        else:
            settle(good)
        return made


class Weight(Plain):
    def __init__(self, dice: Dice) -> None:
        self.amount = dice.value(dice.one(Decimal("1.50"), Decimal("1E-9"), Decimal(0)))
        self.unit = dice.value("g")
        self.grams = dice.value(10**20)
        self.share = dice.value(0.5)


class Mined(Plain):
    """A stone. `kind` is the name of its type, for the most part."""

    def __init__(self, seed: str, depth: int) -> None:
        dice = Dice(seed)
        self.seed, self._dice = seed, dice
        self.kind = dice.one("Stone", "Stone", "Gem") if dice.lucky(0.1) else type(self).__name__.removeprefix("Mined")
        if dice.lucky(0.02):
            self.kind = dice.one(None, "Weight", "Nothing", 5)
        self.name = dice.value(seed)
        self.count = dice.value(dice.one(3, 2**31))
        self.is_rare = dice.value(good=True)
        self.cut = dice.value(dice.one(*Cut, "round"))
        self.grade = dice.value(dice.one(*Grade))
        self.grades = dice.value([dice.value(each) for each in Grade])
        self.marks = dice.value({"a"} if dice.lucky(0.5) else ("a", dice.value("b")))
        zone = dice.one(UTC, timezone(timedelta(hours=2)))
        self.found_at = dice.value(datetime(2026, 1, 2, 3, 4, 5, dice.one(0, 13, 1_000), tzinfo=zone))
        self.notes = dice.value({"a": [1, None]})
        self.weight = dice.value(Weight(dice))
        self.spare = dice.value(Weight(dice) if dice.lucky(0.5) else None)
        self.weights = dice.value([dice.value(Weight(dice)) for _ in range(dice.one(0, 1, 3))])
        self.layers = dice.value([[dice.value(1)], dice.value([2, dice.value(3)])])
        self.twin = dice.value(mined(f"{seed}.twin", depth - 1) if depth else None)
        self.parts = dice.value([dice.value(mined(f"{seed}.{index}", depth - 1)) for index in range(depth)])

    @property
    def worth(self) -> Any:
        if len(self.seed) % 5 == 0:
            raise Flaw("no worth")
        return Decimal("9.90")

    @property
    def turned(self) -> Iterator[Any]:
        yield from (1, 2)
        if len(self.seed) % 3 == 0:
            raise Flaw("it turned no more")


class MinedStone(Mined):
    pass


class MinedGem(Mined):
    pass


class MinedRuby(MinedGem):
    pass


def mined(seed: str, depth: int) -> Mined:
    return Dice(f"{seed}class").one(MinedStone, MinedGem, MinedRuby)(seed, depth)


class Page(Plain):
    """A window on stones."""

    def __init__(self, seed: str, depth: int) -> None:
        dice = Dice(seed)
        self.nodes = dice.value([dice.value(mined(f"{seed}.{index}", depth)) for index in range(4)])
        self.edges = dice.value([Link(dice, f"{seed}.{index}", depth) for index in range(3)])
        self.page_info = dice.value(Place(dice))
        self.total_count = dice.value(dice.one(None, 7))


class Link(Plain):
    def __init__(self, dice: Dice, seed: str, depth: int) -> None:
        self.cursor, self.node = dice.value(seed), dice.value(mined(seed, depth))


class Place(Plain):
    def __init__(self, dice: Dice) -> None:
        self.has_next_page, self.end_cursor = dice.value(good=False), dice.value(dice.one(None, "end"))


def of(*classes: type) -> Callable[[Any, Any], bool]:
    """By the class alone, and telling so."""

    def is_type_of(value: Any, _info: Any) -> bool:
        return isinstance(value, classes)

    is_type_of.by_class = True  # type: ignore[attr-defined]
    return is_type_of


def guarded(resolver: Callable[..., Any]) -> Callable[..., Any]:
    """A function around a resolver, which may refuse."""

    @wraps(resolver)
    def allowed(*given: Any, **named: Any) -> Any:
        root = named["root"]
        if len(root.seed) % 11 == 0:
            raise Flaw(f"not for {named['info'].context}")
        return resolver(*given, **named)

    return allowed


class Loud(FieldExtension):
    def resolve(self, next_: Callable[..., Any], source: Any, info: Info, **kwargs: Any) -> Any:
        return str(next_(source, info, **kwargs)).upper()


class Late(FieldExtension):
    async def resolve_async(self, next_: Callable[..., Awaitable[Any]], source: Any, info: Info, **kwargs: Any) -> Any:
        return await next_(source, info, **kwargs)


def global_id(root: "strawberry.Parent[Mined]") -> str:
    return Dice(f"{root.seed}id").value(f"id:{root.seed}")


def get_owner(root: strawberry.Parent[Mined], info: Info) -> Any:
    made = Dice(f"{root.seed}owner")
    return made.value(mined(f"{root.seed}o", 0) if made.lucky(0.8) else None)


async def get_found(root: strawberry.Parent[Mined], info: Info, least: int = 1, after: datetime | None = None) -> Any:
    if len(root.seed) % 7 == 0:
        raise Flaw(f"{least} {after} {info.path.as_list()}")
    return Page(f"{root.seed}f", 0)


@strawberry.input
class Range:
    low: int
    high: int | None = 5


@strawberry.input
class Wanted:
    id: strawberry.ID
    ranges: list[Range] = strawberry.field(default_factory=lambda: [Range(low=1)])
    range: Range | None = None
    cut: Cut = Cut.ROUND
    grade: Grade | None = strawberry.UNSET
    since: datetime | None = None
    notes: Notes | None = None


@strawberry.input(one_of=True)
class Tool:
    pick: Range | None = strawberry.field(default=strawberry.UNSET)
    drill: list[int] | None = strawberry.field(default=strawberry.UNSET)


def get_told(
    wanted: Wanted | None = None, tools: list[Tool | None] | None = None, cuts: list[Cut] | None = None
) -> str | None:
    return repr((wanted, tools, cuts))


@strawberry.type(name="Weight")
class WeightType:
    amount: Decimal
    unit: str
    grams: Grams | None
    share: float


@strawberry.type
class PageInfo:
    has_next_page: bool
    end_cursor: str | None


@strawberry.type(name="MineralEdge")
class MineralEdge(Generic[T]):
    cursor: str
    node: T


@strawberry.type
class Connection(Generic[T]):
    nodes: list[T]
    edges: list[MineralEdge[T]]
    page_info: PageInfo
    total_count: int | None


@strawberry.interface
class Identified:
    id: strawberry.ID = strawberry.field(resolver=global_id)

    @classmethod
    def resolve_type(cls, value: Any, *_: object) -> Any:
        return value.kind


@strawberry.interface
class Mineral(Identified):
    name: str
    count: int | None
    is_rare: bool
    weight: WeightType
    parts: "list[Mineral]"
    twin: "Identified | None"

    @classmethod
    def resolve_type(cls, value: Any, *_: object) -> Any:
        return value.kind


@strawberry.type
class Stone(Mineral):
    cut: Cut
    grade: Grade | None
    found_at: datetime | None
    worth: Decimal
    spare: WeightType | None
    weights: list[WeightType]
    owner: "Stone | None" = strawberry.field(resolver=guarded(get_owner))
    told: str | None = strawberry.field(resolver=get_told)
    loud: str = strawberry.field(resolver=global_id, extensions=[Loud()])

    is_type_of = of(MinedStone)


@strawberry.type
class Gem(Mineral):
    cut: Cut | None
    grades: list[Grade]
    marks: list[strawberry.ID]
    layers: list[list[int | None]] | None
    turned: list[int] | None
    notes: Notes
    found_at: datetime
    weights: list[WeightType | None] | None
    twin: Mineral | None
    must: Mineral = strawberry.field(resolver=guarded(get_owner))
    found: Connection[Mineral] | None = strawberry.field(resolver=get_found)
    late: Connection[Stone] | None = strawberry.field(resolver=get_found, extensions=[Late()])

    is_type_of = of(MinedGem)

    @strawberry.field
    def described(self, info: Info, by: str = "me") -> str:
        return f"{self.seed} {by} {info.field_name}"  # type: ignore[attr-defined]

    @strawberry.field
    def length(self) -> int:
        return len(self.seed) if len(self.seed) % 4 else None  # type: ignore[attr-defined, return-value]


@strawberry.interface
class Shape:
    label: str | None


@strawberry.type
class Circle(Shape):
    radius: float


@strawberry.type
class Square(Shape):
    side: int


def get_shapes(root: strawberry.Parent[Any]) -> Any:
    """Objects of Strawberry's own classes, whose types Strawberry tells."""
    dice = Dice(f"{root.seed}shapes")
    made = [Circle(label=dice.value("c"), radius=dice.value(1.5)), Square(label=None, side=dice.value(2))]
    return (dice.value(each) for each in made * 2)


@strawberry.type
class MineralQuery:
    minerals: list[Mineral | None] = strawberry.field(resolver=lambda root: Page(f"{root.seed}m", 2).nodes)
    stones: Connection[Stone] | None = strawberry.field(resolver=lambda root: Page(f"{root.seed}s", 1))
    gem: Gem | None = strawberry.field(resolver=lambda root: MinedRuby(f"{root.seed}g", 2))
    identified: Identified | None = strawberry.field(resolver=lambda root: mined(f"{root.seed}i", 1))
    told: str | None = strawberry.field(resolver=get_told)
    shapes: list[Shape | None] = strawberry.field(resolver=get_shapes)


@strawberry.type
class MineralMutation:
    dig: Mineral | None = strawberry.field(resolver=lambda root: mined(f"{root.seed}d", 1))
    cut: Gem | None = strawberry.field(resolver=lambda root: MinedGem(f"{root.seed}c", 1))


TYPES: list[Any] = [Stone, Gem, Circle, Square]
