"""Partner authentication: App-Key, two-hour tokens, and the lock after five refused secrets."""

import hashlib
from collections.abc import Callable, Mapping

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from providers.finicity.sandbox import errors
from providers.finicity.sandbox.errors import Dialect

CREDENTIALS: dict[str, str] = {
    "FINICITY_APP_KEY": "sandbox-app-key",
    "FINICITY_PARTNER_ID": "2445583946651",
    "FINICITY_PARTNER_SECRET": "sandbox-partner-secret",
}
"""What a new sandbox accepts. Public by design."""

TOKEN_SECONDS = 2 * 60 * 60
FAILURES_UNTIL_LOCK = 5


class Partner:
    """The one partner whom a sandbox serves, with its secret, its tokens and its lock."""

    def __init__(self, *, clock: Callable[[], float], dialect: Dialect) -> None:
        self.secret = CREDENTIALS["FINICITY_PARTNER_SECRET"]
        self.failures = 0
        self.issued: dict[str, float] = {}
        self._clock, self._dialect = clock, dialect

    @property
    def is_locked(self) -> bool:
        """True after five refusals in a row; nothing but a new sandbox unlocks it."""
        return self.failures >= FAILURES_UNTIL_LOCK

    def check(self, headers: Mapping[str, str]) -> None:
        """Let a call pass that carries the App-Key and a token younger than two hours; else raise `RefusalError`."""
        self._check_app_key(headers)
        token = headers.get("Finicity-App-Token")
        if not token:
            raise errors.token_trouble("missing", dialect=self._dialect)
        if token not in self.issued:
            raise errors.token_trouble("invalid", dialect=self._dialect)
        if self._clock() - self.issued[token] >= TOKEN_SECONDS:
            raise errors.token_trouble("expired", dialect=self._dialect)

    async def create_token(self, request: Request) -> Response:
        """`POST`: a new token. Earlier tokens stay valid until they end."""
        await self._authenticated(request)
        token = hashlib.sha256(f"finicity-token-{len(self.issued)}".encode()).hexdigest()[:20]
        self.issued[token] = self._clock()
        return Response(msgspec.json.encode({"token": token}), media_type="application/json")

    async def modify_secret(self, request: Request) -> Response:
        """`PUT`: another secret, valid at once. Tokens already given stay valid."""
        fields = await self._authenticated(request, "newPartnerSecret")
        self.secret = fields["newPartnerSecret"]
        return Response(status_code=204)

    async def _authenticated(self, request: Request, *more: str) -> dict[str, str]:
        self._check_app_key(request.headers)
        fields = await self._fields(request, "partnerId", "partnerSecret", *more)
        wanted = CREDENTIALS["FINICITY_PARTNER_ID"], self.secret
        if self.is_locked or (fields["partnerId"], fields["partnerSecret"]) != wanted:
            self.failures += 1
            raise errors.wrong_secret()
        self.failures = 0
        return fields

    async def _fields(self, request: Request, *names: str) -> dict[str, str]:
        try:
            fields = msgspec.json.decode(await request.body(), type=dict[str, object])
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise errors.bad_request() from error
        for name in names:
            if not fields.get(name):
                raise errors.missing_field(name, dialect=self._dialect)
        return {name: str(value) for name, value in fields.items()}

    def _check_app_key(self, headers: Mapping[str, str]) -> None:
        key = headers.get("Finicity-App-Key")
        if not key:
            raise errors.missing_app_key()
        if key != CREDENTIALS["FINICITY_APP_KEY"]:
            raise errors.WrongAppKeyError
