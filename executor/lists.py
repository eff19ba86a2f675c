"""Lists, and asynchronous iterators, which the answer has as lists."""

from collections.abc import AsyncIterable
from contextlib import suppress
from typing import Any

from graphql import GraphQLError, located_error
from graphql.execution.executor import collect_iterator_awaitables
from graphql.pyutils import is_iterable
from graphql.pyutils.is_awaitable import is_async_iterable
from strawberry.execution.is_awaitable import optimized_is_awaitable

from executor.field import Field
from executor.position import Position, keys
from executor.run import PENDING, Completer, Run
from executor.waiting import settle_in_background
from executor.way import Way


def list_completer(way: Way, field: Field, *, is_nullable: bool) -> Completer:
    """For lists whose items go this way, and may be null or not."""
    nodes, ready = field.nodes, way.ready

    def complete_items(items: Any, position: Position, run: Run) -> list[Any]:
        completed: list[Any] = []
        append = completed.append
        iterator = iter(items)
        try:
            for index, item in enumerate(iterator):
                place = (position, index, completed, is_nullable, None)
                try:
                    complete_item = way.make if item.__class__ in ready else way.complete
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
            completing = _completed_one_by_one(value, way.complete, position, run, field, is_nullable=is_nullable)
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
