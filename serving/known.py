"""The short way for operations that are known: their document was found valid before, and has a plan.

What a request needs is done here and no more: its caller, its rate, the rules for operations, the plan, the answer.
Whatever is unusual about a request is left to the view, as if nobody had looked at it.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec
from graphql import DocumentNode, GraphQLError, OperationDefinitionNode
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.types import Message, Receive, Scope, Send
from strawberry.http import GraphQLRequestData
from strawberry.types import ExecutionResult
from strawberry.types.execution import PreExecutionError

from executor import Plan, known_plan
from resolvers.caller import Caller
from resolvers.context import RequestContext
from resolvers.screening import Asked, Refused
from schema import schema
from serving.admission import admitted
from serving.answers import Told
from serving.auth import Callers
from serving.guard import SMALL
from serving.negotiation import is_json, preferred
from serving.parameters import Misshapen, decoded, request_data
from serving.persisted import Persisted
from serving.refusals import UNCACHED, refused
from serving.screening import Screen

MakeContext = Callable[[Starlette, Mapping[str, str], Caller, str], RequestContext]

_LISTS = frozenset({"accept", "authorization"})
"""Headers of which several are one, with commas between them. Of others, the first is what counts."""
_UNCACHED = [(name.encode(), value.encode()) for name, value in UNCACHED.items()]


class _Operation(msgspec.Struct, frozen=True):
    text: str
    asked: GraphQLRequestData
    plan: Plan
    media: str


class KnownOperations:
    """Answers what is known. `tell` makes the answer of a result."""

    def __init__(
        self,
        make_context: MakeContext,
        tell: Callable[[ExecutionResult, RequestContext, str], Told],
        *,
        callers: Callers,
        screen: Screen,
        persisted: Persisted,
    ) -> None:
        self._make_context, self._tell = make_context, tell
        self._callers, self._screen, self._persisted = callers, screen, persisted

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> Receive | None:
        """Answer a POST. When it is not answered, gives what its body is to be received by."""
        message = await receive()
        headers = _headers(scope)
        operation = self._found(message, headers)
        if operation is None:
            return _again(message, receive)
        address, rates = scope["client"][0] if scope["client"] else "", scope["app"].state.rates
        try:
            caller = await admitted(headers.get("authorization"), address, callers=self._callers, rates=rates)
        except Refused as refusal:
            await refused(Request(scope), refusal)(scope, receive, send)
            return None
        context = self._make_context(scope["app"], headers, caller, scope["state"]["request_id"])
        try:
            told = self._tell(await self._result(operation, context), context, operation.media)
        finally:
            context.leave()
        await _send(told, send)
        return None

    def _found(self, message: Message, headers: Mapping[str, str]) -> _Operation | None:
        """The operation of a request in which everything is usual."""
        body, media = message.get("body", b""), preferred(headers.get("accept", ""))
        if len(body) > SMALL or media is None or not is_json(headers.get("content-type", "")):
            return None
        try:
            parameters = decoded(body)
            asked, text = request_data(parameters), self._persisted.resolve(parameters)
        except (Misshapen, Refused):
            return None
        document = None if text is None else self._screen.known(text)
        if document is None or text is None:
            return None
        plan = known_plan(schema._schema, document, _name(asked, document))
        return None if plan is None else _Operation(text, asked, plan, media)

    async def _result(self, operation: _Operation, context: RequestContext) -> ExecutionResult:
        """As Strawberry gives it. What is raised becomes the only error."""
        asked, plan = operation.asked, operation.plan
        try:
            extensions = self._screened(operation, context)
            if extensions is not None:
                context.extensions.update(extensions)
                return ExecutionResult(data=None, errors=None)
            result = plan.execute(
                root=None,
                context=context,
                variables=asked.variables,
                extensions=asked.extensions,
                hide_suggestions=not context.suggests,
            )
            done = await result if isinstance(result, Awaitable) else result
            return ExecutionResult(data=done.data, errors=done.errors)
        except Exception as error:  # noqa: BLE001 - the rules raise their own; the answer masks others
            located = error if isinstance(error, GraphQLError) else GraphQLError(str(error), original_error=error)
            return PreExecutionError(data=None, errors=[located])

    def _screened(self, operation: _Operation, context: RequestContext) -> Mapping[str, Any] | None:
        """By the rules whose answer may differ from request to request."""
        screen, asked, document = self._screen, operation.asked, operation.plan.document
        screen.text(operation.text, context)
        screen.document(document, context)
        return screen.operation(
            Asked(
                document=document,
                operation_name=asked.operation_name,
                variables=asked.variables or {},
                extensions=asked.extensions or {},
                context=context,
            )
        )


def _name(asked: GraphQLRequestData, document: DocumentNode) -> str | None:
    """By which Strawberry has an operation executed, and its plan is found: the first one's when none is given."""
    if asked.operation_name is not None:
        return asked.operation_name
    first = next((each.name for each in document.definitions if isinstance(each, OperationDefinitionNode)), None)
    return None if first is None else first.value


def _headers(scope: Scope) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in scope["headers"]:
        key, text = name.decode("latin-1"), value.decode("latin-1")
        if key not in found:
            found[key] = text
        elif key in _LISTS:
            found[key] = f"{found[key]}, {text}"
    return found


def _again(message: Message, receive: Receive) -> Receive:
    """Gives the message once more, and then what comes."""
    waiting = [message]

    async def receive_again() -> Message:
        return waiting.pop() if waiting else await receive()

    return receive_again


async def _send(told: Told, send: Send) -> None:
    headers = [
        (b"content-length", b"%d" % len(told.body)),
        (b"content-type", told.media.encode()),
        *_UNCACHED,
        *((name.encode(), value.encode()) for name, value in told.headers.items()),
    ]
    await send({"type": "http.response.start", "status": told.status, "headers": headers})
    await send({"type": "http.response.body", "body": told.body})
