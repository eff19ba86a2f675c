"""`Authorization` → `Caller`, for HTTP requests and for sockets alike."""

import hashlib
import logging
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext

import jwt

from resolvers.caller import ANYBODY, NOBODY, Caller
from serving.auth.bearer import header_of, token_of
from serving.auth.claims import caller_of
from serving.auth.keys import Keyring, Keys
from serving.auth.refusals import Unauthenticated
from serving.auth.remembered import Remembered
from serving.auth.settings import AuthSettings

log = logging.getLogger("tributary.auth")

LEEWAY = 30.0
"""Seconds that the issuer's clock may differ from this one."""

_OPTIONS: jwt.types.Options = {"require": ["iss", "aud", "sub", "exp"], "enforce_minimum_key_length": True}


class Callers:
    """Tells who sent an operation. Without settings nobody has to say who they are, and everybody is `ANYBODY`."""

    def __init__(
        self, settings: AuthSettings | None, keys: Keys | None = None, *, now: Callable[[], float] = time.time
    ) -> None:
        self._settings = settings
        self._keys = keys or (settings.keys() if settings else None)
        self._now = now
        self._remembered = Remembered()

    @property
    def unidentified(self) -> Caller:
        """Whoever has not sent a token yet, or will not: a browser that loads the page, a socket that was opened."""
        return ANYBODY if self._settings is None else NOBODY

    @property
    def is_ready(self) -> bool | None:
        """True when tokens can be checked; None when there is nothing to check."""
        return None if self._keys is None else self._keys.is_ready

    def running(self) -> AbstractAsyncContextManager[None]:
        """Keeps the keys up to date inside the block."""
        return nullcontext() if self._keys is None else self._keys.running()

    async def identify(self, authorization: str | None) -> Caller:
        """The caller whose token stands in the value of `Authorization`.

        Raises `Unauthenticated`, or `AuthUnavailable` when no token can be checked at present.
        """
        if self._settings is None or self._keys is None:
            return ANYBODY
        try:
            return await self._identified(token_of(authorization), self._settings, self._keys)
        except Unauthenticated as refusal:
            log.debug("a caller was not let in", extra={"reason": refusal.reason})
            raise

    async def _identified(self, token: str, settings: AuthSettings, keys: Keys) -> Caller:
        digest = hashlib.sha256(token.encode("ascii")).digest()
        caller = self._remembered.get(digest, keys.current())
        if caller is None:
            caller, ring = await self._verified(token, settings, keys)
            self._remembered.put(digest, caller, ring)
        if caller.expires_at is not None and caller.expires_at + LEEWAY <= self._now():
            raise Unauthenticated("the token has expired")
        return caller

    async def _verified(self, token: str, settings: AuthSettings, keys: Keys) -> tuple[Caller, Keyring]:
        header = header_of(token)
        if header.algorithm not in settings.algorithms:
            raise Unauthenticated("the algorithm is not allowed")
        key, ring = await keys.find(header.key_id, header.algorithm)
        if key is None:
            raise Unauthenticated("no key fits the token")
        try:
            claims = jwt.decode(
                token,
                key.public,
                algorithms=[header.algorithm],
                audience=settings.audience,
                issuer=settings.issuer,
                leeway=LEEWAY,
                options=_OPTIONS,
            )
        except (jwt.PyJWTError, TypeError, ValueError) as error:
            raise Unauthenticated(type(error).__name__) from None
        return caller_of(claims), ring
