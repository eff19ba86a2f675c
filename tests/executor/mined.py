"""The objects behind `minerals.py`: of plain classes, the same for the same seed, and often wrong."""

import asyncio
import enum
import random
from collections.abc import Generator, Iterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import strawberry


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
