"""How a caller is turned away: without a valid token, or while no token can be checked."""

from resolvers.screening import Refused

_REALM = 'Bearer realm="tributary"'


class Unauthenticated(Refused):
    """401. Every token that is not valid gets the same words; `reason` is for this server's own log.

    (RFC 6750, 3.1: who sent no token at all is not told of an error.)
    """

    def __init__(self, reason: str, *, is_absent: bool = False) -> None:
        message = "This needs a bearer token." if is_absent else "The bearer token is not valid."
        super().__init__("UNAUTHENTICATED", message, status=401)
        self.reason = reason
        self.headers = {"www-authenticate": _REALM if is_absent else f'{_REALM}, error="invalid_token"'}


class AuthUnavailable(Refused):
    """503: the keys that tokens are checked with cannot be had at present. `retry_after` is in seconds."""

    def __init__(self, *, retry_after: int) -> None:
        message = "Tokens cannot be checked at present."
        super().__init__("AUTH_UNAVAILABLE", message, status=503, retryable=True, retryAfter=retry_after)
        self.headers = {"retry-after": str(retry_after)}
