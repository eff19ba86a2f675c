"""How much of the transport one client, and all of them, may take."""

import re

import msgspec

from providers.config import ConfigurationError, Environment

_HOST = re.compile(r"(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*|\[[0-9a-f:.]+\]")


class Limits(msgspec.Struct, frozen=True):
    """Sizes are in bytes, times in seconds."""

    request_bytes: int = 1024 * 1024
    """Of a body, as it arrives, whatever the headers say."""
    header_bytes: int = 32 * 1024
    """Of the request line with all headers."""
    arrival: float = 10.0
    """From the first byte of a request to its last one; also how long a client may take nothing of its answer."""
    keep_alive: int = 75
    """How long a connection is kept after an answer: longer than proxies keep theirs."""
    connections: int = 800
    operations: int = 256
    """At once; one more is refused."""
    hosts: frozenset[str] = frozenset()
    """Names in `Host` that are answered; `*.` in front stands for any one or more labels. Empty: all."""

    @classmethod
    def read(cls, environment: Environment) -> "Limits":
        """From the environment. Raises `ConfigurationError`."""
        usual = cls()
        return cls(
            request_bytes=environment.number("MAX_REQUEST_BYTES", usual.request_bytes, least=1024, most=2**26),
            header_bytes=environment.number("MAX_HEADER_BYTES", usual.header_bytes, least=1024, most=2**20),
            arrival=environment.number("REQUEST_TIMEOUT", usual.arrival, least=0.1, most=600.0),
            keep_alive=environment.number("KEEP_ALIVE_TIMEOUT", usual.keep_alive, least=1, most=3600),
            connections=environment.number("MAX_CONNECTIONS", usual.connections, least=1, most=100_000),
            operations=environment.number("MAX_CONCURRENCY", usual.operations, least=1, most=100_000),
            hosts=_hosts(environment.get("ALLOWED_HOSTS") or ""),
        )


def _hosts(text: str) -> frozenset[str]:
    hosts = frozenset(part.strip().lower() for part in text.split(",") if part.strip())
    if any(not _HOST.fullmatch(host) for host in hosts):
        raise ConfigurationError("ALLOWED_HOSTS must be names with commas between them, without ports")
    return hosts
