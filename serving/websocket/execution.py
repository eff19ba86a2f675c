"""One operation of a socket: the same schema, screening, errors and extensions as over HTTP."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing
from typing import Any

import msgspec
from graphql import GraphQLError
from starlette.applications import Starlette
from strawberry.exceptions import MissingQueryError
from strawberry.schema.exceptions import CannotGetOperationTypeError
from strawberry.types import ExecutionResult
from strawberry.types.execution import PreExecutionError

from resolvers.caller import Caller
from resolvers.context import RequestContext
from resolvers.screening import Refused
from schema import schema
from serving.answers import answer
from serving.guard.refusal import NO_ROOM, TOOK_TOO_LONG
from serving.parameters import request_data
from serving.rates import RateLimits

MakeContext = Callable[[Starlette, Mapping[str, str], Caller, str], RequestContext]
TextOf = Callable[[Mapping[str, Any]], str | None]
Deliver = Callable[[dict[str, Any]], Awaitable[None]]


class Asking(msgspec.Struct, frozen=True):
    """Who asks, and how. `headers` have lower-case names."""

    app: Starlette
    headers: Mapping[str, str]
    caller: Caller
    address: str


class Execution:
    """Makes a fresh context for each operation, which may take `seconds` until its first result.

    `text_of` finds the document that is meant, or raises `Refused`. At most `most` run at once on all sockets.
    An answer tells `errors` of its errors at most.
    """

    def __init__(self, make_context: MakeContext, text_of: TextOf, *, seconds: float, most: int, errors: int) -> None:
        self._make_context, self._text_of = make_context, text_of
        self._seconds, self._most, self._errors = seconds, most, errors
        self._under_way = 0

    async def carry_out(self, parameters: Mapping[str, Any], asking: Asking, request_id: str, deliver: Deliver) -> None:
        """Deliver each result. One without `data` tells why the operation was not run, and is the last."""
        context = self._make_context(asking.app, asking.headers, asking.caller, request_id)
        self._under_way += 1
        try:
            async with asyncio.timeout(self._seconds) as clock:
                if self._under_way > self._most:
                    raise _overloaded()
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
                )
                async with aclosing(results):
                    async for result in results:
                        clock.reschedule(None)
                        await deliver(answer(_explained(result), context, most=self._errors))
        except Exception as error:  # noqa: BLE001 - what parses and screens raises its own; the answer masks others
            is_late = isinstance(error, TimeoutError) and clock.expired()
            failure = _failed(_took_too_long() if is_late else error)
            await deliver(answer(failure, context, most=self._errors))
        finally:
            self._under_way -= 1
            context.leave()


def _explained(result: Any) -> ExecutionResult:  # noqa: ANN401 - the schema has no incremental delivery
    """The same result, with a name of no operation told as over HTTP."""
    assert isinstance(result, ExecutionResult)  # noqa: S101 - told to mypy
    cause = result.errors[0].original_error if result.errors else None
    if isinstance(cause, CannotGetOperationTypeError):
        return _failed(Refused("BAD_REQUEST", cause.as_http_error_reason()))
    if isinstance(cause, MissingQueryError):
        return _failed(Refused("BAD_REQUEST", "No GraphQL query found in the request"))
    return result


def _overloaded() -> Refused:
    return Refused("OVERLOADED", NO_ROOM, status=503, retryable=True, retryAfter=1)


def _took_too_long() -> Refused:
    return Refused("OPERATION_TIMEOUT", TOOK_TOO_LONG)


def _failed(error: Exception) -> ExecutionResult:
    told = error if isinstance(error, GraphQLError) else GraphQLError(str(error), original_error=error)
    return PreExecutionError(data=None, errors=[told])
