"""Objects, of one type or of one of an abstract type's: which it is, and what makes them."""

from typing import TYPE_CHECKING, Any

from graphql import GraphQLAbstractType, GraphQLObjectType
from graphql.execution.executor import Executor, invalid_return_type_error
from strawberry.execution.is_awaitable import optimized_is_awaitable

from executor.classes import PLAIN
from executor.field import Field
from executor.info import LazyInfo
from executor.position import Position
from executor.run import PENDING, Completer, Run
from executor.way import Way

if TYPE_CHECKING:
    from executor.variant import Variant


def object_way(type_: GraphQLObjectType, field: Field, variant: "Variant") -> Way:
    """For objects of one type."""

    def first(value: Any, position: Position, run: Run) -> Any:
        """A type that never turns up need not be compiled."""
        make = variant.object(type_, field.details)
        if way.present is first:
            way.present = make
        way.make = make
        return make(value, position, run)

    way = Way(first)
    if type_.is_type_of is not None:
        _check(way, type_, field)
    return way


def _check(way: Way, type_: GraphQLObjectType, field: Field) -> None:
    """Let only values pass that the type claims.

    An `is_type_of` with a true attribute `by_class` promises to look at nothing but the value's class, and is asked
    once for each class.
    """
    is_type_of: Any = type_.is_type_of
    is_by_class = getattr(is_type_of, "by_class", False)
    way.ready = claimed_classes = set[type]()

    def present(value: Any, position: Position, run: Run) -> Any:
        claimed = is_type_of(value, LazyInfo(run, field, position))
        if claimed is True:
            if is_by_class and value.__class__ in PLAIN:
                claimed_classes.add(value.__class__)
            return way.make(value, position, run)
        if optimized_is_awaitable(claimed):
            run.wait_for(claimed, lambda found, place, run: judged(found, value, place, run), position, field.nodes)
            return PENDING
        return judged(claimed, value, position, run)

    def judged(claimed: Any, value: Any, position: Position, run: Run) -> Any:
        if not claimed:
            raise invalid_return_type_error(type_, value, field.details)
        return way.make(value, position, run)

    way.present = present


def abstract_completer(type_: GraphQLAbstractType, field: Field, variant: "Variant") -> Completer:
    """For objects of one of the possible types of an interface or a union."""
    resolve_type = type_.resolve_type or variant.plan.type_resolver
    by_name: dict[str, Way] = {}

    def complete(value: Any, position: Position, run: Run) -> Any:
        info: Any = LazyInfo(run, field, position)
        name: Any = resolve_type(value, info, type_)
        if name.__class__ is str:
            way = by_name.get(name)
            if way is not None and value.__class__ in way.ready:
                return way.make(value, position, run)
        elif optimized_is_awaitable(name):
            run.wait_for(name, lambda found, place, run: resolved(found, value, place, run), position, field.nodes)
            return PENDING
        return resolved(name, value, position, run)

    def resolved(name: Any, value: Any, position: Position, run: Run) -> Any:
        way = by_name.get(name) if name.__class__ is str else None
        if way is None:
            way = by_name[name] = object_way(valid(name, value, position, run), field, variant)
        return way.present(value, position, run)

    def valid(name: Any, value: Any, position: Position, run: Run) -> GraphQLObjectType:
        """By graphql-core's own check, which of the executor uses the schema alone."""
        plan: Any = variant.plan
        info: Any = LazyInfo(run, field, position)
        return Executor.ensure_valid_runtime_type(plan, name, type_, field.details, info, value)

    return complete
