"""`/api/webhooks`: who is told of the stack's events."""

import base64
import binascii
import secrets
import uuid
from collections.abc import Mapping
from urllib.parse import urlsplit

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from providers.formance.sandbox.auth import Auth
from providers.formance.sandbox.errors import RefusedError, invalid
from providers.formance.sandbox.oauth.bodies import body
from providers.formance.sandbox.routing import answer, route
from providers.formance.sandbox.stack import Stack
from providers.formance.sandbox.webhooks.configs import Config

SECRET_BYTES = 24
_ROOT = "/api/webhooks/configs"
_FILTERS = frozenset({"id", "endpoint"})
_PAYLOAD = '{"data":"test"}'


class NewConfig(msgspec.Struct, rename="camel"):
    """A receiver to be told of events."""

    endpoint: str = ""
    event_types: list[str] = []
    name: str = ""
    secret: str = ""


class NewSecret(msgspec.Struct):
    """A secret to sign with from now on. The service makes one where none is given."""

    secret: str = ""


class Webhooks:
    """The endpoints of one stack. Every write answers with 200."""

    def __init__(self, stack: Stack) -> None:
        self._configs, self._moments = stack.webhooks, stack.moments

    def routes(self, auth: Auth) -> list[Route]:
        """All seven operations."""
        return [
            route("GET", _ROOT, auth.protect(self._list)),
            route("POST", _ROOT, auth.protect(self._insert)),
            route("DELETE", f"{_ROOT}/{{id}}", auth.protect(self._delete)),
            route("GET", f"{_ROOT}/{{id}}/test", auth.protect(self._test)),
            route("PUT", f"{_ROOT}/{{id}}/activate", auth.protect(self._activate)),
            route("PUT", f"{_ROOT}/{{id}}/deactivate", auth.protect(self._deactivate)),
            route("PUT", f"{_ROOT}/{{id}}/secret/change", auth.protect(self._change_secret)),
        ]

    async def _list(self, request: Request) -> Response:
        """Always everything that passes the filters, newest first."""
        asked = request.query_params
        foreign = sorted(set(asked) - _FILTERS)
        if foreign:
            raise invalid(f"unknown query parameter {foreign[0]}")
        found = [config for config in self._configs.values() if _passes(config, asked)]
        found.sort(key=lambda config: config.created_at, reverse=True)
        return answer({"cursor": {"hasMore": False, "data": [config.wire() for config in found]}})

    async def _insert(self, request: Request) -> Response:
        new = await body(request, NewConfig)
        if urlsplit(new.endpoint).scheme not in {"http", "https"} or not urlsplit(new.endpoint).netloc:
            raise invalid("endpoint should be a valid url")
        if not new.event_types or not all(new.event_types):
            raise invalid("eventTypes should be filled")
        now = self._moments.now()
        config = Config(
            id=str(uuid.uuid4()),
            endpoint=new.endpoint,
            secret=checked_secret(new.secret),
            event_types=[word.lower() for word in new.event_types],
            active=True,
            name=new.name,
            created_at=now,
            updated_at=now,
        )
        self._configs[config.id] = config
        return answer({"data": config.wire()})

    async def _delete(self, request: Request) -> Response:
        self._configs.pop(self._found(request).id)
        return Response(status_code=200)

    async def _activate(self, request: Request) -> Response:
        return self._changed(self._found(request), active=True)

    async def _deactivate(self, request: Request) -> Response:
        return self._changed(self._found(request), active=False)

    async def _change_secret(self, request: Request) -> Response:
        config = self._found(request)
        new = await body(request, NewSecret)
        return self._changed(config, secret=checked_secret(new.secret))

    async def _test(self, request: Request) -> Response:
        """Nothing leaves the sandbox: a receiver whose address has `fail` in it is taken to fail, any other to take
        what it is sent."""
        config, now = self._found(request), self._moments.now()
        fails = "fail" in config.endpoint
        attempt = {
            "id": str(uuid.uuid4()),
            "webhookID": str(uuid.uuid4()),
            "createdAt": now,
            "updatedAt": now,
            "config": config.wire(),
            "payload": _PAYLOAD,
            "statusCode": 500 if fails else 200,
            "retryAttempt": 0,
            "status": "failed" if fails else "success",
        }
        return answer({"data": attempt})

    def _changed(self, config: Config, **values: object) -> Response:
        for name, value in values.items():
            setattr(config, name, value)
        config.updated_at = self._moments.now()
        return answer({"data": config.wire()})

    def _found(self, request: Request) -> Config:
        config = self._configs.get(request.path_params["id"])
        if config is None:
            raise RefusedError(404, "NOT_FOUND", "config not found")
        return config


def checked_secret(given: str) -> str:
    """The secret itself, or a new one where none is given. Raises VALIDATION."""
    if not given:
        return base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
    try:
        size = len(base64.b64decode(given, validate=True))
    except (binascii.Error, ValueError) as error:
        raise invalid("secret should be base64 encoded") from error
    if size != SECRET_BYTES:
        raise invalid(f"decoded secret should be of size {SECRET_BYTES}")
    return given


def _passes(config: Config, asked: Mapping[str, str]) -> bool:
    return config.id == asked.get("id", config.id) and config.endpoint == asked.get("endpoint", config.endpoint)
