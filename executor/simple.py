"""Leaves that are made before their object is: their place is told later, in the rare case that one is needed."""

from typing import TYPE_CHECKING, Any

from graphql import Undefined

from executor.classes import PLAIN
from executor.field import Field
from executor.position import Position, Unmade
from executor.run import PENDING, Completer, Run
from executor.values import way

if TYPE_CHECKING:
    from executor.variant import Variant


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
