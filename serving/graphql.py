"""GraphQL over HTTP: Strawberry's view with this project's context, errors, trace and JSON."""

from collections.abc import Mapping
from contextlib import nullcontext
from typing import Any, cast

from cross_web import AsyncHTTPRequestAdapter, HTTPException
from starlette.applications import Starlette
from starlette.datastructures import Headers, QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.http import GraphQLRequestData
from strawberry.http.base import BaseRequestProtocol
from strawberry.types import ExecutionResult

from providers.operation import Operation
from providers.registry import Providers
from resolvers import paging
from resolvers.caller import Caller
from resolvers.context import RequestContext
from resolvers.health import Health
from resolvers.pace import Pace
from resolvers.screening import Refused
from schema import schema
from serving.admission import admitted
from serving.answers import Told, told
from serving.auth import Callers
from serving.explorer import Explorer
from serving.guard import SMALL, Turns
from serving.known import KnownOperations
from serving.negotiation import GRAPHQL_JSON, JSON, answered_as, is_json
from serving.parameters import Misshapen, decoded, from_url, request_data
from serving.persisted import Persisted
from serving.persisted.names import PARAMETERS
from serving.profile import Profile
from serving.refusals import UNCACHED, refusal_of, refused
from serving.screening import Screen


class GraphQLView(GraphQL[RequestContext, None]):
    """`/graphql`: POST and GET for programs, GraphiQL for browsers."""

    def __init__(
        self,
        *,
        operation_timeout: float,
        largest_page: int,
        pace: Pace,
        compiles: bool,
        explorer: Explorer,
        screen: Screen,
        profile: Profile,
        persisted: Persisted,
        callers: Callers,
        turns: Turns,
    ) -> None:
        super().__init__(schema, subscription_protocols=(), graphql_ide="graphiql" if profile.explorer else None)
        self._explorer = explorer
        self._operation_timeout = operation_timeout
        self._largest_page = largest_page
        self._pace = pace
        self._compiles = compiles
        self._persisted = persisted
        self._profile = profile
        self._screen = screen
        self._callers = callers
        self._known = KnownOperations(self.context, self._told, callers=callers, screen=screen, persisted=persisted)
        self._turns = turns

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request. What is no GraphQL request is refused in GraphQL's words, too."""
        if scope["method"] == "POST" and self._compiles:
            unanswered = await self._known.answer(scope, receive, send)
            if unanswered is None:
                return
            receive = unanswered
        request = Request(scope, receive)
        try:
            response = await self.run(request)
        except HTTPException as error:
            response = refused(request, refusal_of(error))
        except Refused as refusal:
            response = refused(request, refusal)
        finally:
            self._leave(request)
        await response(scope, receive, send)

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> RequestContext:
        """A context for one operation. Raises `Refused` without a valid token."""
        caller = await self._caller(request)
        context = self.context(request.app, request.headers, caller, request.state.request_id)
        request.state.context = context
        request.state.response = response
        return context

    def context(self, app: Starlette, headers: Mapping[str, str], caller: Caller, request_id: str) -> RequestContext:
        """A context for one operation, however it came: nothing in it outlives the answer."""
        paging.allow(self._largest_page)
        providers: Providers = app.state.providers
        health: Health = app.state.health
        context = RequestContext(
            providers=providers,
            operation=Operation(timeout=self._operation_timeout, request_id=request_id),
            health=health,
            background=app.state.background,
            pace=self._pace,
            screening=self._screen,
            suggests=self._profile.suggestions,
            compiles=self._compiles,
            feed=app.state.feed,
            caller=caller,
            is_costed=headers.get("x-query-cost") == "1",
        )
        context.meter = app.state.ended
        context.tells_scopes = self._profile.federation_scopes
        if app.state.tracer is not None:
            app.state.tracer.begin(context, headers)
        context.traced = headers.get("x-upstream-trace") == "1" and self._profile.may_trace(caller)
        return context

    async def parse_http_body(self, request: AsyncHTTPRequestAdapter) -> GraphQLRequestData:
        """The operation that is asked for, with the text that it holds or names. Raises `Refused`."""
        if answered_as(cast("Headers", request.headers)) is None:
            raise HTTPException(406, f"Answers are {GRAPHQL_JSON} or {JSON}.")
        try:
            parameters = await self._parameters(request)
            asked = request_data(parameters)
        except Misshapen as error:
            raise HTTPException(400, str(error)) from None
        asked.query = self._persisted.resolve(parameters)
        original: Request = request._request  # type: ignore[attr-defined]  # Starlette's, which the adapter hides
        await self._screen.read(asked.query, original.state.context, _address(original))
        return asked

    def should_render_graphql_ide(self, request: BaseRequestProtocol) -> bool:
        """Whether this is a browser that comes without a query, and there is a page for it."""
        is_bare = request.query_params.keys().isdisjoint({*PARAMETERS, "extensions"})
        return self.graphql_ide is not None and is_bare and super().should_render_graphql_ide(request)

    async def render_graphql_ide(self, request: Request) -> Response:  # noqa: ARG002
        """The page for a browser that comes without a query."""
        return self._explorer.page()

    async def process_result(self, request: Request, result: ExecutionResult) -> Any:  # noqa: ANN401
        """The answer, with its status and its media type."""
        return self._told(result, request.state.context, answered_as(request.headers) or JSON)

    def create_response(self, response_data: Any, sub_response: Response) -> Response:  # noqa: ARG002, ANN401
        """The response of an answer that `process_result` made."""
        given: Told = response_data
        return Response(
            given.body,
            status_code=given.status,
            headers={**UNCACHED, **given.headers},
            media_type=given.media,
        )

    def _told(self, result: ExecutionResult, context: RequestContext, media: str) -> Told:
        return told(result, context, media, most=self._screen.limits.errors)

    def _leave(self, request: Request) -> None:
        context: RequestContext | None = getattr(request.state, "context", None)
        if context is not None:
            context.leave()

    async def _caller(self, request: Request | WebSocket) -> Caller:
        """Who asks. The page itself is for everybody; a socket says later who it is."""
        if isinstance(request, WebSocket) or self.should_render_graphql_ide(self.request_adapter_class(request)):
            return self._callers.unidentified
        given = request.headers.getlist("authorization")
        authorization, rates = ", ".join(given) if given else None, request.app.state.rates
        return await admitted(authorization, _address(request), callers=self._callers, rates=rates)

    async def _parameters(self, request: AsyncHTTPRequestAdapter) -> dict[str, Any]:
        if request.method == "GET":
            return from_url(cast("QueryParams", request.query_params))
        if not is_json(request.content_type or ""):
            raise HTTPException(415, f"The body of a POST must be {JSON}, in UTF-8.")
        body = await request.get_body()
        with self._turns.charged() if len(body) > SMALL else nullcontext():
            return decoded(body)


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
