"""`POST /auth` and the check of `X-API-KEY`: client keys in, an API key shaped as a JWT out, good for two hours."""

import base64
import hashlib
import hmac
from collections.abc import Awaitable, Callable

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from providers.pluggy.sandbox import errors, limits
from providers.pluggy.sandbox.seed import CREDENTIALS
from providers.pluggy.sandbox.state import SandboxState
from providers.pluggy.sandbox.wire import answer

API_KEY_SECONDS = 2 * 60 * 60

Handler = Callable[[Request], Awaitable[Response]]


class AuthRequest(msgspec.Struct, rename="camel"):
    """The body of `POST /auth`; fields of newer SDKs, such as `nonExpiring`, are ignored."""

    client_id: str
    client_secret: str


def auth_create(state: SandboxState) -> Handler:
    """The handler of `POST /auth`."""

    async def handle(request: Request) -> Response:
        refused = state.limits.refusal(limits.AUTH, request)
        if refused is not None:
            return refused
        try:
            body = msgspec.json.decode(await request.body(), type=AuthRequest)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return errors.invalid("clientId and clientSecret are required")
        if (body.client_id, body.client_secret) != tuple(CREDENTIALS.values()):
            return errors.client_keys_unauthorized()
        if not state.client_enabled:
            return errors.client_disabled()
        return answer({"apiKey": _issue(state)})

    return handle


def guarded(state: SandboxState, endpoint: str, handler: Handler) -> Handler:
    """A handler behind the rate limit of its endpoint and the check of the API key, in this order."""

    async def handle(request: Request) -> Response:
        refused = state.limits.refusal(endpoint, request)
        if refused is not None:
            return refused
        ends_at = state.api_keys.get(request.headers.get("x-api-key", ""))
        if ends_at is None or state.clock() >= ends_at:
            return errors.not_authenticated()
        return await handler(request)

    return handle


def _issue(state: SandboxState) -> str:
    now = state.clock()
    state.api_keys = {key: ends_at for key, ends_at in state.api_keys.items() if ends_at > now}
    state.keys_issued += 1
    ends_at = int(now) + API_KEY_SECONDS
    key = _signed(
        {"clientId": CREDENTIALS["PLUGGY_CLIENT_ID"], "iat": int(now), "exp": ends_at, "jti": state.keys_issued}
    )
    state.api_keys[key] = ends_at
    return key


def _signed(claims: dict[str, object]) -> str:
    """The claims as a JWT (HS256). The signature is real, but nobody has to check it: keys in force are remembered."""
    parts = [msgspec.json.encode(part) for part in ({"alg": "HS256", "typ": "JWT"}, claims)]
    payload = b".".join(_base64url(part) for part in parts)
    secret = CREDENTIALS["PLUGGY_CLIENT_SECRET"].encode()
    return (payload + b"." + _base64url(hmac.digest(secret, payload, hashlib.sha256))).decode()


def _base64url(raw: bytes) -> bytes:
    return base64.urlsafe_b64encode(raw).rstrip(b"=")
