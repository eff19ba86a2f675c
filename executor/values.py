"""From a resolver's value to the answer's: lists, abstract types, objects, leaves, and what must not be null.

Each function makes a completer for one field and type, once; completers run for every value.
"""

import asyncio
from collections.abc import AsyncIterable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from graphql import (
    GraphQLAbstractType,
    GraphQLError,
    GraphQLLeafType,
    GraphQLObjectType,
    GraphQLOutputType,
    Undefined,
    is_abstract_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    located_error,
)
from graphql.execution.executor import Executor, collect_iterator_awaitables, invalid_return_type_error
from graphql.pyutils import inspect, is_iterable
from graphql.pyutils.is_awaitable import is_async_iterable
from strawberry.execution.is_awaitable import optimized_is_awaitable

from executor.classes import PLAIN, must_wait
from executor.field import Field
from executor.info import LazyInfo
from executor.position import Position, keys
from executor.run import PENDING, Completer, Run
from executor.waiting import settle_in_background

if TYPE_CHECKING:
    from executor.variant import Variant


def completer(type_: GraphQLOutputType, field: Field, variant: "Variant") -> Completer:
    """For values of a type, as they come from a resolver or stand in a list: awaitables, exceptions and null too."""
    if is_non_null_type(type_):
        return _required(inner(type_.of_type, field, variant), field)
    return _optional(inner(type_, field, variant), field)


def inner(type_: GraphQLOutputType, field: Field, variant: "Variant") -> Completer:
    """For values that are there: neither awaitable nor null."""
    if is_list_type(type_):
        return _list(type_.of_type, field, variant)
    if is_leaf_type(type_):
        return leaf(type_)
    if is_abstract_type(type_):
        return _abstract(type_, field, variant)
    assert isinstance(type_, GraphQLObjectType)  # noqa: S101 - all kinds of output types are considered
    return _object(type_, field, variant)


def _optional(inner: Completer, field: Field) -> Completer:
    nodes = field.nodes

    def complete(value: Any, position: Position, run: Run) -> Any:
        if value is None:
            return None
        if value.__class__ not in PLAIN and must_wait(value):
            if is_there(value):
                return there(value.result(), position, run)
            run.wait_for(value, there, position, nodes)
            return PENDING
        return None if value is Undefined else inner(value, position, run)

    def there(value: Any, position: Position, run: Run) -> Any:
        if value is None or value is Undefined:
            return None
        return inner(_good(value), position, run)

    return complete


def _required(inner: Completer, field: Field) -> Completer:
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
        completed = inner(value, position, run)
        if completed is None:
            raise TypeError(message)
        return completed

    return complete


def _good(value: Any) -> Any:
    """What was awaited is not awaited again; but it may be an exception."""
    if isinstance(value, Exception):
        raise value
    return value


def is_there(value: Any) -> bool:
    """Whether an awaitable is a future that has its result already, so that nothing need wait for it."""
    return asyncio.isfuture(value) and value.done() and not value.cancelled() and value.exception() is None


def leaf(type_: GraphQLLeafType) -> Completer:
    """For scalars and enums."""
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


def _list(item_type: GraphQLOutputType, field: Field, variant: "Variant") -> Completer:
    complete_item = completer(item_type, field, variant)
    is_nullable = not is_non_null_type(item_type)
    nodes = field.nodes

    def complete_items(items: Any, position: Position, run: Run) -> list[Any]:
        completed: list[Any] = []
        append = completed.append
        iterator = iter(items)
        try:
            for index, item in enumerate(iterator):
                place = (position, index, completed, is_nullable, None)
                try:
                    value = complete_item(item, place, run)
                except Exception as error:  # noqa: BLE001 - a resolver's, told to the client
                    run.failed(error, place, nodes)
                    append(None)
                else:
                    append(None if value is PENDING else value)
        except Exception:
            settle_in_background(collect_iterator_awaitables(iterator, optimized_is_awaitable))
            raise
        return completed

    def complete(value: Any, position: Position, run: Run) -> Any:
        if value.__class__ is list or value.__class__ is tuple:
            return complete_items(value, position, run)
        if is_async_iterable(value):
            completing = _completed_one_by_one(value, complete_item, position, run, field, is_nullable=is_nullable)
            run.wait_for(completing, _as_it_is, position, nodes)
            return PENDING
        if not is_iterable(value):
            raise GraphQLError(f"Expected Iterable, but did not find one for field '{field}'.")
        return complete_items(value, position, run)

    return complete


async def _completed_one_by_one(
    values: AsyncIterable[Any], complete: Completer, position: Position, run: Run, field: Field, *, is_nullable: bool
) -> list[Any]:
    """The items of an asynchronous iterator. An error of its own is the list's, and so is that of a required item."""
    completed: list[Any] = []
    iterator = values.__aiter__()
    try:
        while True:
            try:
                item = await anext(iterator)
            except StopAsyncIteration:
                return completed
            except Exception as error:
                raise located_error(error, field.nodes, keys(position)) from error
            place = (position, len(completed), completed, is_nullable, None)
            completed.append(None)
            try:
                value = complete(item, place, run)
            except Exception as error:  # noqa: BLE001 - a resolver's, told to the client
                run.failed(error, place, field.nodes)
            else:
                completed[place[1]] = None if value is PENDING else value
    except Exception:
        close = getattr(iterator, "aclose", None)
        if close is not None:
            with suppress(Exception):
                await close()
        raise


def _as_it_is(value: Any, _position: Position, _run: Run) -> Any:
    return value


def _object(type_: GraphQLObjectType, field: Field, variant: "Variant") -> Completer:
    make: Completer | None = None

    def complete(value: Any, position: Position, run: Run) -> Any:
        nonlocal make
        if make is None:  # a type that never turns up need not be compiled
            make = variant.object(type_, field.details)
        return make(value, position, run)

    if type_.is_type_of is None:
        return complete
    return _checked(complete, type_.is_type_of, type_, field)


def _checked(complete: Completer, is_type_of: Callable[..., Any], type_: GraphQLObjectType, field: Field) -> Completer:
    """Only values that the type claims."""

    def complete_checked(value: Any, position: Position, run: Run) -> Any:
        claimed = is_type_of(value, LazyInfo(run, field, position))
        if claimed is True:
            return complete(value, position, run)
        if optimized_is_awaitable(claimed):
            run.wait_for(claimed, lambda found, place, run: judged(found, value, place, run), position, field.nodes)
            return PENDING
        return judged(claimed, value, position, run)

    def judged(claimed: Any, value: Any, position: Position, run: Run) -> Any:
        if not claimed:
            raise invalid_return_type_error(type_, value, field.details)
        return complete(value, position, run)

    return complete_checked


def _abstract(type_: GraphQLAbstractType, field: Field, variant: "Variant") -> Completer:
    resolve_type = type_.resolve_type or variant.plan.type_resolver
    by_name: dict[str, Completer] = {}

    def complete(value: Any, position: Position, run: Run) -> Any:
        info: Any = LazyInfo(run, field, position)
        name = resolve_type(value, info, type_)
        if name.__class__ is not str and optimized_is_awaitable(name):
            run.wait_for(name, lambda found, place, run: resolved(found, value, place, run), position, field.nodes)
            return PENDING
        return resolved(name, value, position, run)

    def resolved(name: Any, value: Any, position: Position, run: Run) -> Any:
        complete_object = by_name.get(name) if name.__class__ is str else None
        if complete_object is None:
            complete_object = by_name[name] = _object(valid(name, value, position, run), field, variant)
        return complete_object(value, position, run)

    def valid(name: Any, value: Any, position: Position, run: Run) -> GraphQLObjectType:
        """By graphql-core's own check, which of the executor uses the schema alone."""
        plan: Any = variant.plan
        info: Any = LazyInfo(run, field, position)
        return Executor.ensure_valid_runtime_type(plan, name, type_, field.details, info, value)

    return complete
