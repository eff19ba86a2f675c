"""Where replicas meet: `REDIS_URL`."""

import re
from typing import Self
from urllib.parse import urlsplit

import msgspec

from providers.config import ConfigurationError, Environment, Secret

_SCHEMES = {"redis": "redis", "rediss": "rediss", "unix": "unix", "valkey": "redis", "valkeys": "rediss"}


class Config(msgspec.Struct, frozen=True):
    """`prefix` begins every key. `timeout` is seconds for one question, connecting included."""

    url: Secret
    prefix: str = "tributary"
    timeout: float = 0.2

    @classmethod
    def read(cls, environment: Environment) -> Self | None:
        """None when replicas share nothing. Raises `ConfigurationError`."""
        url = environment.get("REDIS_URL")
        if url is None:
            return None
        prefix = environment.get("REDIS_PREFIX") or "tributary"
        if not re.fullmatch(r"[A-Za-z0-9_.:-]{1,64}", prefix):
            raise ConfigurationError("REDIS_PREFIX must be letters, digits, and any of _ . : -")
        return cls(Secret(_driver_url(url)), prefix)


def _driver_url(url: str) -> str:
    scheme, _, rest = url.partition("://")
    try:
        urlsplit(url).port  # noqa: B018 - raises for a port that is none
    except ValueError:
        raise ConfigurationError("REDIS_URL is not a URL") from None
    if scheme not in _SCHEMES or not rest:
        raise ConfigurationError("REDIS_URL must begin with redis://, rediss://, valkey://, valkeys:// or unix://")
    return f"{_SCHEMES[scheme]}://{rest}"
