"""Mutations: one root field after another, each with all that hangs on it."""

from typing import TYPE_CHECKING, Any

from graphql import ExecutionResult, GraphQLError

from executor.run import Run

if TYPE_CHECKING:
    from executor.variant import Variant


def executed_serially(variant: "Variant", run: Run) -> Any:
    """The answer; an awaitable of it from the first field on that has to be awaited."""
    data: dict[str, Any] = {}
    for index, make in enumerate(variant.root_fields):
        try:
            run.data = make(run.root, None, run)  # type: ignore[arg-type]  # the root has no position
        except GraphQLError as error:
            return _failed(run, error)
        if run.pending:
            return _resumed(variant, run, data, index)
        data.update(run.data)
    return ExecutionResult(data, run.errors or None)


async def _resumed(variant: "Variant", run: Run, data: dict[str, Any], index: int) -> ExecutionResult:
    """From the field on of which a part is waited for."""
    await run.drain()
    for make in variant.root_fields[index + 1 :]:
        if run.data is None:
            break
        data.update(run.data)
        try:
            run.data = make(run.root, None, run)  # type: ignore[arg-type]
        except GraphQLError as error:
            return _failed(run, error)
        await run.drain()
    if run.data is None:
        return ExecutionResult(None, run.errors)
    data.update(run.data)
    return ExecutionResult(data, run.errors or None)


def _failed(run: Run, error: GraphQLError) -> ExecutionResult:
    run.failed_whole(error)
    run.forsake()
    return ExecutionResult(None, run.errors)
