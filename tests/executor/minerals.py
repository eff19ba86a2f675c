"""The part of the world whose objects are of plain classes: what they hold is made with them, and is often wrong.

These objects take the executor's short ways. Whatever this project's schema does that `world.py` does not is done here.
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from decimal import Decimal
from functools import wraps
from typing import Any, Generic, NewType, TypeVar

import msgspec
import strawberry
from strawberry.extensions import FieldExtension
from strawberry.types.info import Info

from tests.executor.mined import Cut, Dice, Flaw, Grade, Mined, MinedGem, MinedRuby, MinedStone, Page, mined

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

    @classmethod
    def is_type_of(cls, value: Any, _info: Any) -> bool:
        """By the object, not by its class."""
        return getattr(value, "unit", None) == "g"


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
