"""Which other sites' pages may talk to this server from a browser."""

from starlette.datastructures import Headers
from strawberry.http.websocket_origin import is_same_origin, normalize_allowed_origins, normalize_origin

from providers.config import ConfigurationError, Environment


class Origins:
    """A page of this server's own host is always let in, and so is whoever is no browser."""

    def __init__(self, allowed: frozenset[str] = frozenset()) -> None:
        self.allowed = allowed

    @classmethod
    def read(cls, environment: Environment) -> "Origins":
        """From the environment. Raises `ConfigurationError`."""
        named = (environment.get("ALLOWED_ORIGINS") or "").replace(",", " ").split()
        try:
            return cls(normalize_allowed_origins(named))
        except ValueError:
            raise ConfigurationError(
                "ALLOWED_ORIGINS must be * or origins such as https://app.example.com, with commas between them"
            ) from None

    def admit(self, headers: Headers) -> bool:
        """Whether a WebSocket may be opened. Browsers let every page try, and say which one it is."""
        named = headers.getlist("origin")
        return not named or (len(named) == 1 and self._admits(named[0], headers.get("host")))

    def _admits(self, origin: str, host: str | None) -> bool:
        known = "*" in self.allowed or normalize_origin(origin) in self.allowed
        return known or is_same_origin(origin, host)
