"""Leaves that are made before their object is: their place is told later, in the rare case that one is needed."""

from typing import TYPE_CHECKING, Any

from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLFloat,
    GraphQLID,
    GraphQLInt,
    GraphQLOutputType,
    GraphQLString,
    Undefined,
)

from executor.classes import PLAIN
from executor.field import Field
from executor.position import Position, Unmade
from executor.run import PENDING, Completer, Run
from executor.values import way

if TYPE_CHECKING:
    from executor.variant import Variant

READY: dict[GraphQLOutputType, str] = {
    GraphQLString: "{v}.__class__ is str",
    GraphQLID: "{v}.__class__ is str",
    GraphQLBoolean: "{v}.__class__ is bool",
    GraphQLInt: "{v}.__class__ is int and -2147483648 <= {v} <= 2147483647",
    GraphQLFloat: "{v}.__class__ is float and {v} - {v} == 0.0",
}
"""What holds for a value of a built-in scalar that is already what the answer has."""


def written(field: Field, number: int) -> tuple[str, dict[str, Any]]:
    """The expression of what the answer has for `{v}`, or of None, and the globals that it needs."""
    type_: Any = field.nullable_type
    write = type_.coerce_output_value
    class_: Any = getattr(type_, "wrapped_cls", None)
    if isinstance(type_, GraphQLEnumType) and class_ is not None and class_.__hash__:
        # Strawberry looks members up anew for every value, at eight times the cost.
        names = {member: write(member) for member in class_}
        return (
            f"written{number}.get({{v}}) if {{v}}.__class__ is class{number} else None",
            {f"written{number}": names, f"class{number}": class_},
        )
    return f"write{number}({{v}}) if {{v}}.__class__ in PLAIN else None", {f"write{number}": write, "PLAIN": PLAIN}


def simple_leaf(field: Field, variant: "Variant") -> Completer:
    """For values of a field that needs nothing but its object. `position` is the object's; errors are told at once."""
    coerce = field.nullable_type.coerce_output_value  # type: ignore[union-attr]
    complete = way(field.type, field, variant).complete
    parent = field.parent.name

    def slow(value: Any, position: Position, run: Run) -> Any:
        unmade = Unmade()
        place = (position, field.key, unmade, field.is_nullable, parent)
        try:
            completed = complete(value, place, run)
        except Exception as error:  # noqa: BLE001 - a resolver's, told to the client
            run.failed(error, place, field.nodes)
            return None
        if completed is PENDING:
            run.unmade.append(unmade)
            return None
        return completed

    def leaf(value: Any, position: Position, run: Run) -> Any:
        if value.__class__ in PLAIN:
            try:
                coerced = coerce(value)
            except Exception:  # noqa: BLE001 - `slow` meets it again, and tells it
                return slow(value, position, run)
            if coerced is not None and coerced is not Undefined:
                return coerced
        return slow(value, position, run)

    return leaf
