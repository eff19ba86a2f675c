"""Where the directory is stored: `DATABASE_URL` in its usual spellings, turned into the URL of an async driver."""

from typing import Self

import msgspec
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from providers.config import ConfigurationError, Environment, Secret

DEFAULT_URL = "sqlite:///var/tributary.sqlite3"
DRIVERS = {
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
    "postgresql+asyncpg": "postgresql+asyncpg",
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
}
PARAMETERS = {"host": "host", "port": "port", "ssl": "ssl", "sslmode": "ssl"}
"""URL parameter of PostgreSQL -> the driver's name for it."""


class Config(msgspec.Struct, frozen=True):
    """One database. `timeout` is in seconds, for one call of the store; migrations may take longer."""

    url: Secret
    timeout: float = 5.0
    events_kept_hours: int = 72
    """What providers have told of can be read again for at least as long."""

    @classmethod
    def read(cls, environment: Environment) -> Self:
        """From `DATABASE_URL`; a SQLite file in `var/` when it is not set."""
        url = Secret(_driver_url(environment.get("DATABASE_URL") or DEFAULT_URL))
        return cls(url, events_kept_hours=_events_kept_hours(environment))

    @classmethod
    def in_memory(cls, environment: Environment | None = None) -> Self:
        """A database that lives as long as the store that opens it."""
        hours = _events_kept_hours(environment or Environment({}))
        return cls(Secret("sqlite+aiosqlite://"), events_kept_hours=hours)

    @property
    def is_in_memory(self) -> bool:
        """Whether nobody else sees what is in it."""
        url = make_url(self.url.reveal())
        return url.get_backend_name() == "sqlite" and url.database in {None, "", ":memory:"}


def _events_kept_hours(environment: Environment) -> int:
    return environment.number("EVENTS_KEPT_HOURS", 72, least=1, most=24 * 365)


def _driver_url(given: str) -> str:
    url = _parsed(given)
    driver = DRIVERS.get(url.drivername)
    if driver is None:
        raise ConfigurationError("DATABASE_URL must begin with postgresql:// or sqlite://")
    return url.set(drivername=driver, query=_query(url)).render_as_string(hide_password=False)


def _parsed(given: str) -> URL:
    try:
        return make_url(given)
    except (ArgumentError, ValueError):
        # The parser's own message holds the URL, and so the password.
        raise ConfigurationError("DATABASE_URL is not a database URL") from None


def _query(url: URL) -> dict[str, str | tuple[str, ...]]:
    known = PARAMETERS if url.get_backend_name().startswith("postgres") else {}
    if not known.keys() >= url.query.keys():
        raise ConfigurationError(f"DATABASE_URL may have no parameters but: {', '.join(known) or 'none for SQLite'}")
    return {known[name]: value for name, value in url.query.items()}
