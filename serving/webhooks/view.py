"""The HTTP side: how large, how often and how many at once messages may be, and how their senders are answered."""

import asyncio

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from providers.domain import Provider
from resolvers.screening import Refused
from serving.guard import Bodies, Refusal, Turns, overloaded
from serving.negotiation import JSON, is_json
from serving.rates import RateLimits
from serving.refusals import UNCACHED, refused
from serving.webhooks.intake import Intake, NotAccepted, NotKept

SECONDS = 9.0
"""For all of one message. Vendors wait for 10, and send again what took longer."""
MOST_AT_ONCE = 64


class WebhookView:
    """`/webhooks/{vendor}`: POST for messages, GET for a vendor that asks before it sends any."""

    def __init__(self, *, most_bytes: int, turns: Turns) -> None:
        self._bodies = Bodies(most_bytes, turns)
        self._taken = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        request = Request(scope, receive)
        provider, intake = _provider(request), _intake(request)
        if provider is None or not intake.knows(provider):
            raise HTTPException(404)
        if request.method == "GET" and intake.asks(provider):
            response: Response | None = _confirmation(request, provider)
        elif request.method == "POST":
            try:
                response = await self._received(request, provider)
            except Refusal as refusal:
                await refusal.send(scope, send)
                return
        else:
            raise HTTPException(405, headers={"allow": "GET, POST" if intake.asks(provider) else "POST"})
        if response is not None:
            await response(scope, receive, send)

    async def _received(self, request: Request, provider: Provider) -> Response | None:
        """None when the sender has left."""
        if self._taken >= MOST_AT_ONCE:
            raise overloaded(closes=True)
        self._taken += 1
        try:
            async with asyncio.timeout(SECONDS):
                return await self._kept(request, provider)
        except TimeoutError:
            return refused(request, NotKept())
        except Refused as refusal:
            return refused(request, refusal)
        finally:
            self._taken -= 1

    async def _kept(self, request: Request, provider: Provider) -> Response | None:
        rates: RateLimits = request.app.state.rates
        address = request.client.host if request.client else ""
        await rates.message(address)
        if not is_json(request.headers.get("content-type", "")):
            raise Refused("UNSUPPORTED_MEDIA_TYPE", f"A message must be {JSON}.", status=415)
        body = await self._bodies.read(request.scope, request.receive)
        if body is None:
            return None
        try:
            token = request.query_params.get("token", "")
            await _intake(request).take(provider, dict(request.headers), body, token=token)
        except NotAccepted:
            await rates.failed(address)
            raise
        return Response(headers=UNCACHED)


def _provider(request: Request) -> Provider | None:
    try:
        return Provider(request.path_params["vendor"])
    except ValueError:
        return None


def _intake(request: Request) -> Intake:
    intake: Intake = request.app.state.intake
    return intake


def _confirmation(request: Request, provider: Provider) -> Response:
    try:
        text = _intake(request).confirmed(provider, request.query_params)
    except Refused as refusal:
        return refused(request, refusal)
    return PlainTextResponse(text, headers=UNCACHED)
