"""From a resolver's value to the answer's: what has to be awaited, null checks; leaves, lists and objects elsewhere.

Each function makes a completer for one field and type, once; completers run for every value.
"""

import asyncio
from typing import TYPE_CHECKING, Any

from graphql import (
    GraphQLObjectType,
    GraphQLOutputType,
    Undefined,
    is_abstract_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)

from executor.classes import PLAIN, must_wait
from executor.field import Field
from executor.leaves import leaf_way
from executor.lists import list_completer
from executor.position import Position
from executor.run import PENDING, Completer, Run
from executor.typed import abstract_completer, object_way
from executor.way import Way

if TYPE_CHECKING:
    from executor.variant import Variant


def way(type_: GraphQLOutputType, field: Field, variant: "Variant") -> Way:
    """For values of a type, as they come from a resolver or stand in a list."""
    if is_non_null_type(type_):
        found = _nullable(type_.of_type, field, variant)
        found.complete = _required(found, field)
    else:
        found = _nullable(type_, field, variant)
        found.complete = _optional(found, field)
    return found


def _nullable(type_: GraphQLOutputType, field: Field, variant: "Variant") -> Way:
    if is_list_type(type_):
        of_items = way(type_.of_type, field, variant)
        return Way(list_completer(of_items, field, is_nullable=not is_non_null_type(type_.of_type)))
    if is_leaf_type(type_):
        return leaf_way(type_)
    if is_abstract_type(type_):
        return Way(abstract_completer(type_, field, variant))
    assert isinstance(type_, GraphQLObjectType)  # noqa: S101 - all kinds of output types are considered
    return object_way(type_, field, variant)


def _optional(way: Way, field: Field) -> Completer:
    nodes = field.nodes

    def complete(value: Any, position: Position, run: Run) -> Any:
        if value is None:
            return None
        if value.__class__ not in PLAIN and must_wait(value):
            if is_there(value):
                return there(value.result(), position, run)
            run.wait_for(value, there, position, nodes)
            return PENDING
        return None if value is Undefined else way.present(value, position, run)

    def there(value: Any, position: Position, run: Run) -> Any:
        if value is None or value is Undefined:
            return None
        return way.present(_good(value), position, run)

    return complete


def _required(way: Way, field: Field) -> Completer:
    nodes = field.nodes
    message = f"Cannot return null for non-nullable field {field}."

    def complete(value: Any, position: Position, run: Run) -> Any:
        if value.__class__ not in PLAIN and must_wait(value):
            if is_there(value):
                return there(value.result(), position, run)
            run.wait_for(value, there, position, nodes)
            return PENDING
        return present(value, position, run)

    def there(value: Any, position: Position, run: Run) -> Any:
        return present(_good(value), position, run)

    def present(value: Any, position: Position, run: Run) -> Any:
        if value is None or value is Undefined:
            raise TypeError(message)
        return way.present(value, position, run)

    return complete


def _good(value: Any) -> Any:
    """What was awaited is not awaited again; but it may be an exception."""
    if isinstance(value, Exception):
        raise value
    return value


def is_there(value: Any) -> bool:
    """Whether an awaitable is a future that has its result already, so that nothing need wait for it."""
    is_future = value.__class__ is asyncio.Future or asyncio.isfuture(value)
    return is_future and value.done() and not value.cancelled() and value.exception() is None
