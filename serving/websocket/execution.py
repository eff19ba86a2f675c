"""One operation whose results are streamed: the same schema, screening, errors and extensions as over HTTP."""

from collections.abc import Callable, Mapping
from contextlib import aclosing
from typing import Any

import msgspec
from graphql import GraphQLError
from starlette.applications import Starlette
from strawberry.exceptions import MissingQueryError
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types import ExecutionResult
from strawberry.types.execution import PreExecutionError
from strawberry.types.graphql import OperationType

from resolvers.caller import Caller
from resolvers.context import RequestContext
from resolvers.screening import Refused
from schema import schema
from serving.answers import answer, refusal_in
from serving.guard.refusal import NO_ROOM
from serving.parameters import request_data
from serving.rates import RateLimits
from serving.websocket.outlet import Outlet
from serving.websocket.pacing import Pacing

MakeContext = Callable[[Starlette, Mapping[str, str], Caller, str], RequestContext]
TextOf = Callable[[Mapping[str, Any]], str | None]

EVERY_KIND = frozenset(OperationType)


class Asking(msgspec.Struct, frozen=True):
    """Who asks, and how. `headers` have lower-case names. `last_seen` is the cursor of the last event they have."""

    app: Starlette
    headers: Mapping[str, str]
    caller: Caller
    address: str
    kinds: frozenset[OperationType] = EVERY_KIND
    last_seen: str | None = None


class Execution:
    """Makes a fresh context for each operation, which may take `seconds` for each result.

    `text_of` finds the document that is meant, or raises `Refused`. At most `most` run at once in all, without those
    that wait for events. An answer tells `errors` of its errors at most.
    """

    def __init__(self, make_context: MakeContext, text_of: TextOf, *, seconds: float, most: int, errors: int) -> None:
        self._make_context, self._text_of = make_context, text_of
        self._seconds, self._most, self._errors = seconds, most, errors
        self._under_way = 0

    async def carry_out(self, parameters: Mapping[str, Any], asking: Asking, request_id: str, outlet: Outlet) -> None:
        """Deliver each result. One without `data` tells why the operation was not run, or ended, and is the last."""
        context = self._make_context(asking.app, asking.headers, asking.caller, request_id)
        pacing = Pacing(
            outlet, seconds=self._seconds, caller=asking.caller, last_seen=asking.last_seen, leave=self._leave
        )
        context.stream = pacing
        self._under_way += 1
        try:
            async with pacing.clock:
                if self._under_way > self._most:
                    raise _overloaded()
                await self._run(parameters, asking, context, pacing)
        except Exception as error:  # noqa: BLE001 - what parses and screens raises its own; the answer masks others
            if pacing.is_too_slow(error):
                await outlet.give_up()
                return
            result = _failed(pacing.explained(error))
            await self._deliver(result, context, outlet)
        finally:
            pacing.leave()
            context.leave()

    async def _run(
        self, parameters: Mapping[str, Any], asking: Asking, context: RequestContext, pacing: Pacing
    ) -> None:
        rates: RateLimits = asking.app.state.rates
        await rates.take(asking.caller, asking.address)
        data, text = request_data(parameters), self._text_of(parameters)
        await context.screening.read(text, context, asking.address)
        results = await schema.stream(
            text,
            variable_values=data.variables,
            context_value=context,
            operation_name=data.operation_name,
            operation_extensions=data.extensions,
            allowed_operation_types=asking.kinds,
        )
        is_told = False
        async with aclosing(results):
            async for result in results:
                pacing.deliver()
                await self._deliver(_explained(result), context, pacing.outlet, cursor=pacing.cursor)
                is_told = True
        if context.is_explained and not is_told:
            await self._deliver(ExecutionResult(data=None, errors=None), context, pacing.outlet)

    async def _deliver(
        self, result: ExecutionResult, context: RequestContext, outlet: Outlet, *, cursor: str | None = None
    ) -> None:
        body = answer(result, context, most=self._errors)
        await outlet.deliver(body, cursor=cursor, refusal=refusal_in(result))

    def _leave(self) -> None:
        self._under_way -= 1


def _explained(result: Any) -> ExecutionResult:  # noqa: ANN401 - the schema has no incremental delivery
    """The same result, with a name of no operation told as over HTTP."""
    assert isinstance(result, ExecutionResult)  # noqa: S101 - told to mypy
    cause = result.errors[0].original_error if result.errors else None
    if isinstance(cause, CannotGetOperationTypeError):
        return _failed(Refused("BAD_REQUEST", cause.as_http_error_reason()))
    if isinstance(cause, InvalidOperationTypeError):
        return _failed(Refused("METHOD_NOT_ALLOWED", cause.as_http_error_reason("GET"), status=405))
    if isinstance(cause, MissingQueryError):
        return _failed(Refused("BAD_REQUEST", "No GraphQL query found in the request"))
    return result


def _overloaded() -> Refused:
    return Refused("OVERLOADED", NO_ROOM, status=503, retryable=True, retryAfter=1)


def _failed(error: Exception) -> ExecutionResult:
    told = error if isinstance(error, GraphQLError) else GraphQLError(str(error), original_error=error)
    return PreExecutionError(data=None, errors=[told])
