"""Scalars and enums: what the answer has for their values."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLFloat,
    GraphQLID,
    GraphQLInt,
    GraphQLLeafType,
    GraphQLString,
    Undefined,
)
from graphql.pyutils import inspect

from executor.classes import PLAIN
from executor.position import Position
from executor.run import Completer, Run
from executor.way import Way

READY: dict[Any, str] = {
    GraphQLString: "{v}.__class__ is str",
    GraphQLID: "{v}.__class__ is str",
    GraphQLBoolean: "{v}.__class__ is bool",
    GraphQLInt: "{v}.__class__ is int and -2147483648 <= {v} <= 2147483647",
    GraphQLFloat: "{v}.__class__ is float and {v} - {v} == 0.0",
}
"""What holds for a value of a built-in scalar that is already what the answer has."""
_UNCHANGED: dict[Any, type] = {GraphQLString: str, GraphQLID: str, GraphQLBoolean: bool}
"""Classes of which the answer has all instances as they are."""


def writing(type_: Any, number: int) -> tuple[str, dict[str, Any]]:
    """The expression of what the answer has for `{v}`, or of None, and the globals that it needs."""
    names, class_ = _members(type_)
    if class_ is not None:
        return (
            f"written{number}.get({{v}}) if {{v}}.__class__ is class{number} else None",
            {f"written{number}": names, f"class{number}": class_},
        )
    needed = {f"write{number}": type_.coerce_output_value, "PLAIN": PLAIN}
    return f"write{number}({{v}}) if {{v}}.__class__ in PLAIN else None", needed


def leaf_way(type_: GraphQLLeafType) -> Way:
    """For values that come later than their object, or stand in a list."""
    way = Way(_leaf(type_))
    names, class_ = _members(type_)
    if class_ is not None:
        way.ready = {class_}
        way.make = lambda value, position, run: names.get(value) or way.present(value, position, run)
    elif type_ in _UNCHANGED:
        way.ready = {_UNCHANGED[type_]}
        way.make = lambda value, _position, _run: value
    return way


@lru_cache(maxsize=1_000)
def _members(type_: Any) -> tuple[Mapping[Any, str], type | None]:
    """What an enum's members become, and its class; no class for what is no enum of Strawberry's.

    Strawberry looks members up anew for every value, at eight times the cost.
    """
    class_: Any = getattr(type_, "wrapped_cls", None)
    if not isinstance(type_, GraphQLEnumType) or class_ is None or not class_.__hash__:
        return {}, None
    return {member: type_.coerce_output_value(member) for member in class_}, class_


def _leaf(type_: GraphQLLeafType) -> Completer:
    """The careful way."""
    coerce = type_.coerce_output_value

    def complete(value: Any, _position: Position, _run: Run) -> Any:
        coerced = coerce(value)
        if coerced is None or coerced is Undefined:
            raise TypeError(
                f"Expected `{inspect(type_)}.coerce_output_value({inspect(value)})` to return non-nullable value,"
                f" returned: {inspect(coerced)}"
            )
        return coerced

    return complete
