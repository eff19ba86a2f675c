"""One execution of a plan: what it was given, its errors, and what it waits for.

A field that fails makes its nearest nullable position null. What hangs below a position that is null already is neither
told nor waited for.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from graphql import FieldNode, GraphQLError, located_error
from graphql.execution.values import VariableValues

from executor.position import CONTAINER, IS_NULLABLE, KEY, PARENT, Position, Unmade, is_below, keys, nearest_nullable
from executor.waiting import POSITION, Awaited, Complete, dispose, future_of, settle_in_background

if TYPE_CHECKING:
    from executor.plan import Plan

PENDING: Final = object()
"""What a completer gives for a value that has to be awaited: it fills the place itself, later."""


class Run:
    """Lives as long as the execution."""

    __slots__ = (
        "_done",
        "_nulled",
        "_tasks",
        "_waiting",
        "context",
        "converted",
        "data",
        "errors",
        "extensions",
        "hide_suggestions",
        "is_shareable",
        "pending",
        "plan",
        "root",
        "unmade",
        "variables",
    )

    def __init__(
        self,
        plan: "Plan",
        *,
        root: object,
        context: object,
        variables: VariableValues,
        extensions: dict[str, Any] | None,
        hide_suggestions: bool,
    ) -> None:
        self.plan, self.root, self.context, self.variables = plan, root, context, variables
        self.extensions, self.hide_suggestions = extensions, hide_suggestions
        self.data: dict[str, Any] | None = None
        self.errors: list[GraphQLError] = []
        self.pending: list[Awaited] = []
        """Found since the last look, and not begun yet."""
        self.unmade: list[Unmade] = []
        """Of the object that is being made: places that are waited for before it is there."""
        self.converted: dict[Any, dict[str, Any]] = {}
        """Arguments as resolvers take them, by field: the same for every object that has the field."""
        self.is_shareable = True
        """False once a field was resolved that may look at its place in the answer."""
        self._nulled: dict[int | None, Position | None] = {}
        self._waiting: dict[asyncio.Future[Any], list[Awaited]] = {}
        self._tasks: set[asyncio.Future[Any]] = set()
        self._done: asyncio.Future[None] | None = None

    def wait_for(self, value: Any, complete: Complete, position: Position, nodes: Sequence[FieldNode]) -> None:
        """Complete a value later, when it is there."""
        self.pending.append((value, complete, position, nodes))

    def make(self, result: dict[str, Any]) -> None:
        """The object is made that places are waiting for."""
        for unmade in self.unmade:
            unmade.made = result
        self.unmade = []

    def failed(self, error: Exception, position: Position, nodes: Sequence[FieldNode]) -> None:
        """A field or an item failed while its object was made: it is null. Raises when that cannot be."""
        located = located_error(error, nodes, keys(position))
        if not position[IS_NULLABLE]:
            raise located
        self._record(located, position)
        if self.pending and located is error:  # it comes from below, where others may be waited for
            settle_in_background(self._taken_out(position))

    def failed_whole(self, error: GraphQLError) -> None:
        """The answer as a whole becomes null."""
        self.data = None
        self._record(error, None)

    def forsake(self) -> None:
        """Wait for nothing that was found so far."""
        settle_in_background(self._taken_out(None))

    async def drain(self) -> None:
        """Until nothing is waited for any more. A cancellation cancels what was begun here."""
        if not self.pending:
            return
        self._done = asyncio.get_running_loop().create_future()
        while self.pending:
            self._begin()
        if not self._waiting:
            return
        try:
            await self._done
        except BaseException:
            for task in self._tasks:
                task.cancel()
            raise

    def _begin(self) -> None:
        """Loaders' futures are waited for as they are, once for all who share them; coroutines become tasks."""
        pending, self.pending = self.pending, []
        for each in pending:
            value = each[0]
            future = future_of(value)
            group = self._waiting.get(future)
            if group is not None:
                group.append(each)
                continue
            if future is not value:
                self._tasks.add(future)
            self._waiting[future] = [each]
            future.add_done_callback(self._settled)

    def _settled(self, future: "asyncio.Future[Any]") -> None:
        self._tasks.discard(future)
        group = self._waiting.pop(future, ())
        error = asyncio.CancelledError() if future.cancelled() else future.exception()
        if error is None:
            self._completed_all(future.result(), group)
        elif isinstance(error, Exception):
            for _, _, position, nodes in group:
                self._failed_later(error, position, nodes)
        elif group and self._done and not self._done.done():
            self._done.set_exception(error)
        while self.pending:
            self._begin()
        if not self._waiting and self._done and not self._done.done():
            self._done.set_result(None)

    def _completed_all(self, value: Any, group: Sequence[Awaited]) -> None:
        """Where several wait for one value with the same selection of plain fields, it is completed once for all."""
        shared: dict[Complete, Any] = {}
        for _, complete, position, nodes in group:
            if complete in shared:
                position[CONTAINER][position[KEY]] = shared[complete]
                continue
            self.is_shareable, before = True, (len(self.pending), len(self.errors))
            try:
                completed = complete(value, position, self)
            except Exception as error:  # noqa: BLE001 - a resolver's, told to the client
                self._failed_later(error, position, nodes)
                continue
            if completed is PENDING:
                continue
            position[CONTAINER][position[KEY]] = completed
            if self.is_shareable and before == (len(self.pending), len(self.errors)):
                shared[complete] = completed

    def _failed_later(self, error: Exception, position: Position, nodes: Sequence[FieldNode]) -> None:
        """A field or an item failed when its object had long been made."""
        located = located_error(error, nodes, keys(position))
        top = nearest_nullable(position)
        if self._is_nulled(top):
            return
        if top is None:
            self.data = None
        else:
            top[CONTAINER][top[KEY]] = None
        self._record(located, top)
        if top is not position:
            self._abandon(top)

    def _abandon(self, top: Position | None) -> None:
        """Wait no more for what hangs below. Tasks end; loaders' futures are others' as well and stay."""
        for future, group in list(self._waiting.items()):
            group[:] = [each for each in group if top is not None and not is_below(each[POSITION], top)]
            if not group:
                del self._waiting[future]
                if future in self._tasks:
                    future.cancel()
        dispose(self._taken_out(top))

    def _taken_out(self, top: Position | None) -> list[Any]:
        """The awaitables that are pending below a position, or all: they are pending no more."""
        taken: list[Any] = []
        kept: list[Awaited] = []
        for each in self.pending:
            value, _, position, _ = each
            if top is None or is_below(position, top):
                taken.append(value)
            else:
                kept.append(each)
        self.pending = kept
        return taken

    def _record(self, error: GraphQLError, position: Position | None) -> None:
        if not self._is_nulled(position):
            self._nulled[None if position is None else id(position)] = position  # which keeps its id from being reused
            self.errors.append(error)

    def _is_nulled(self, position: Position | None) -> bool:
        if not self._nulled:
            return False
        while position is not None:
            if id(position) in self._nulled:
                return True
            position = position[PARENT]
        return None in self._nulled


Completer = Callable[[Any, Position, Run], Any]
"""From a value to what stands for it in the answer; `PENDING` when it has to be awaited. Raises what went wrong."""
