"""GraphQL over HTTP: Strawberry's view with this project's context, errors, trace and JSON."""

import logging
import time
from typing import Any

import msgspec
import orjson
from cross_web import AsyncHTTPRequestAdapter, HTTPException
from graphql import GraphQLError
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.http import GraphQLHTTPResponse, GraphQLRequestData
from strawberry.http.base import BaseRequestProtocol
from strawberry.types import ExecutionResult
from strawberry.types.execution import PreExecutionError

from providers.operation import Operation
from providers.registry import Providers
from resolvers.caller import Caller
from resolvers.context import RequestContext
from resolvers.health import Health
from resolvers.pace import Pace
from resolvers.problems import formatted, formatted_partial
from resolvers.screening import Refused
from schema import schema
from serving.auth import Callers
from serving.explorer import Explorer
from serving.profile import Profile
from serving.screening import Screen
from serving.trace import upstream

log = logging.getLogger("tributary.operation")

JSON = "application/json"
GRAPHQL_JSON = "application/graphql-response+json"
"""The media type whose answers say by their status, too, that a request could not be executed."""


class GraphQLView(GraphQL[RequestContext, None]):
    """`/graphql`: POST and GET for programs, GraphiQL for browsers."""

    def __init__(
        self,
        *,
        operation_timeout: float,
        pace: Pace,
        explorer: Explorer,
        screen: Screen,
        profile: Profile,
        callers: Callers,
    ) -> None:
        super().__init__(schema, subscription_protocols=(), graphql_ide="graphiql" if profile.explorer else None)
        self._explorer = explorer
        self._operation_timeout = operation_timeout
        self._pace = pace
        self._profile = profile
        self._screen = screen
        self._callers = callers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request. What is no GraphQL request is refused in GraphQL's words, too."""
        request = Request(scope, receive)
        try:
            response = await self.run(request)
        except HTTPException as refusal:
            response = self._refused(request, Refused("BAD_REQUEST", refusal.reason, status=refusal.status_code))
        except Refused as refusal:
            response = self._refused(request, refusal)
        await response(scope, receive, send)

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> RequestContext:
        """A context for one operation: nothing in it outlives the answer. Raises `Refused` without a valid token."""
        caller = await self._caller(request)
        providers: Providers = request.app.state.providers
        health: Health = request.app.state.health
        context = RequestContext(
            providers=providers,
            operation=Operation(timeout=self._operation_timeout, request_id=request.state.request_id),
            health=health,
            background=request.app.state.background,
            pace=self._pace,
            screening=self._screen,
            suggests=self._profile.suggestions,
            caller=caller,
        )
        context.traced = request.headers.get("x-upstream-trace") == "1" and self._profile.may_trace(caller)
        request.state.context = context
        request.state.response = response
        return context

    async def parse_http_body(self, request: AsyncHTTPRequestAdapter) -> GraphQLRequestData | list[GraphQLRequestData]:
        """The operation that is asked for."""
        if request.method == "POST" and (request.content_type or "").partition(";")[0].strip() != JSON:
            raise HTTPException(415, f"The body of a POST must be {JSON}.")
        return await super().parse_http_body(request)

    def parse_json(self, data: str | bytes) -> dict[str, Any]:
        """A request's JSON, strictly: UTF-8, no `NaN`, an object."""
        try:
            value = msgspec.json.decode(data)
        except (ValueError, RecursionError):
            raise HTTPException(400, "The request is not valid JSON.") from None
        if not isinstance(value, dict):
            raise HTTPException(400, "The request must be a JSON object; batches are not supported.")
        return value

    def should_render_graphql_ide(self, request: BaseRequestProtocol) -> bool:
        """Whether this is a browser that comes without a query, and there is a page for it."""
        return self.graphql_ide is not None and super().should_render_graphql_ide(request)

    async def render_graphql_ide(self, request: Request) -> Response:  # noqa: ARG002
        """The page for a browser that comes without a query."""
        return self._explorer.page()

    async def process_result(self, request: Request, result: ExecutionResult) -> GraphQLHTTPResponse:
        """The answer: data, typed errors, and the trace when it was asked for."""
        context: RequestContext = request.state.context
        request_id = context.operation.request_id
        answer: dict[str, Any] = {} if _never_ran(result) else {"data": result.data}
        errors = [_formatted(error, request_id, result) for error in result.errors or ()]
        errors += [formatted_partial(partial, request_id) for partial in context.partials]
        if errors:
            answer["errors"] = errors
        extensions = dict(result.extensions or {})
        if context.traced:
            extensions["upstream"] = upstream(context.operation)
        if extensions:
            answer["extensions"] = extensions
        refusal = next((each.original_error for each in result.errors or () if _is_refusal(each)), None)
        if isinstance(refusal, Refused):
            request.state.response.status_code = refusal.status
        if GRAPHQL_JSON in request.headers.get("accept", ""):
            request.state.response.headers["content-type"] = GRAPHQL_JSON
            if refusal is None:
                request.state.response.status_code = 200 if "data" in answer else 400
        _log(context.operation, errors)
        return answer  # type: ignore[return-value]  # the same shape, told without its optional keys

    def encode_json(self, data: object) -> bytes:
        """JSON bytes. Vendors' own JSON is copied into them unread."""
        return orjson.dumps(data)

    def create_response(
        self, response_data: GraphQLHTTPResponse | list[GraphQLHTTPResponse], sub_response: Response
    ) -> Response:
        """The answer with the status and the media type that `process_result` has chosen."""
        return Response(
            self.encode_json(response_data),
            status_code=sub_response.status_code or 200,
            media_type=sub_response.headers.get("content-type", JSON),
        )

    async def _caller(self, request: Request | WebSocket) -> Caller:
        """Who asks. The page itself is for everybody; a socket says later who it is."""
        if isinstance(request, WebSocket) or self.should_render_graphql_ide(self.request_adapter_class(request)):
            return self._callers.unidentified
        given = request.headers.getlist("authorization")
        return await self._callers.identify(", ".join(given) if given else None)

    def _refused(self, request: Request, refusal: Refused) -> Response:
        extensions = {"code": refusal.code, **refusal.details, "requestId": request.state.request_id}
        body = {"errors": [{"message": refusal.message, "extensions": extensions}]}
        headers = dict(refusal.headers)
        return Response(self.encode_json(body), status_code=refusal.status, headers=headers, media_type=JSON)


def _never_ran(result: ExecutionResult) -> bool:
    """True when the document or the variables were wrong: such an answer has no `data`, not even null."""
    return result.data is None and any(error.path is None for error in result.errors or ())


def _is_refusal(error: GraphQLError) -> bool:
    return isinstance(error.original_error, Refused)


def _formatted(error: GraphQLError, request_id: str, result: ExecutionResult) -> dict[str, Any]:
    """An entry of `errors`. Of a document that is valid in itself only the variables can be wrong before it runs."""
    entry = formatted(error, request_id)
    if entry["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED" and not isinstance(result, PreExecutionError):
        entry["extensions"]["code"] = "BAD_USER_INPUT"
    return entry


def _log(operation: Operation, errors: list[dict[str, Any]]) -> None:
    log.info(
        "operation",
        extra={
            "requestId": operation.request_id,
            "ms": round((time.monotonic() - operation.started) * 1000, 1),
            "calls": len(operation.calls),
            "waves": operation.waves,
            "errors": sorted({error["extensions"]["code"] for error in errors}),
        },
    )
