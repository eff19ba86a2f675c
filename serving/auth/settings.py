"""How tokens are checked, as the operator set it. What is incomplete or contradicts itself names its variable."""

from functools import partial
from urllib.parse import urlsplit

import msgspec

from providers.config import ConfigurationError, Environment
from providers.document import fetched
from providers.loopback import is_loopback
from serving.auth.keys import ALGORITHMS, Keys, PublicKey, StaticKey, from_pem
from serving.auth.published import FetchPace, PublishedKeys

FETCH_TIMEOUT = 5.0
"""Seconds of one fetch of the keys."""

LARGEST_KEYS = 256 * 1024
"""Bytes of the document with the keys."""


class Publication(msgspec.Struct, frozen=True):
    """Where an issuer publishes its keys, and when they are fetched."""

    url: str
    pace: FetchPace


class AuthSettings(msgspec.Struct, frozen=True):
    """Where the keys are, and what a token must say of itself."""

    issuer: str
    audience: str
    algorithms: frozenset[str]
    source: PublicKey | Publication

    @classmethod
    def read(cls, environment: Environment) -> "AuthSettings | None":
        """From the environment; None when nobody has to say who they are. Raises `ConfigurationError`."""
        word = environment.choice("AUTH", ("none", "jwt", "unset"), "unset")
        is_set = environment.any("AUTH_JWKS_URL", "AUTH_PUBLIC_KEY", "AUTH_ISSUER", "AUTH_AUDIENCE", "AUTH_ALGORITHMS")
        if word == "none" and is_set:
            raise ConfigurationError("AUTH=none contradicts the other AUTH settings: unset it, or them")
        if word == "none" or (word == "unset" and not is_set):
            return None
        return cls(
            source=_source(environment),
            issuer=environment.need("AUTH_ISSUER"),
            audience=environment.need("AUTH_AUDIENCE"),
            algorithms=_algorithms(environment),
        )

    def keys(self) -> Keys:
        """The keys, not fetched yet."""
        if not isinstance(self.source, Publication):
            return StaticKey(self.source)
        fetch = partial(fetched, self.source.url, timeout=FETCH_TIMEOUT, max_bytes=LARGEST_KEYS)
        return PublishedKeys(fetch, self.source.pace)


def _source(environment: Environment) -> PublicKey | Publication:
    has_url, has_key = environment.has("AUTH_JWKS_URL"), environment.has("AUTH_PUBLIC_KEY")
    if has_url and has_key:
        raise ConfigurationError("AUTH_JWKS_URL and AUTH_PUBLIC_KEY are both set: keys come from one of them")
    if not has_url and not has_key:
        raise ConfigurationError("AUTH_JWKS_URL is not set, nor is AUTH_PUBLIC_KEY: tokens need one of them")
    return _publication(environment) if has_url else _key(environment)


def _publication(environment: Environment) -> Publication:
    url = environment.need("AUTH_JWKS_URL")
    if not _is_safe(url):
        raise ConfigurationError(
            "AUTH_JWKS_URL must be an https address without a password; http is for loopback addresses only"
        )
    refresh = environment.number("AUTH_JWKS_REFRESH", 300.0, least=1.0, most=86400.0)
    keep = environment.number("AUTH_JWKS_KEEP", 3600.0, least=1.0, most=604800.0)
    if keep < refresh:
        raise ConfigurationError("AUTH_JWKS_KEEP must be at least AUTH_JWKS_REFRESH")
    return Publication(url, FetchPace(refresh=refresh, keep=keep))


def _is_safe(url: str) -> bool:
    """Keys that someone on the way could exchange would let anybody in."""
    try:
        parts = urlsplit(url)
        host, has_port = parts.hostname, parts.port != 0
    except ValueError:
        return False
    is_plain = url.isascii() and url.isprintable() and " " not in url and not parts.fragment
    if not (host and has_port and is_plain) or parts.username is not None:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))


def _key(environment: Environment) -> PublicKey:
    """Line ends may be written `\\n`, for where a variable can only be one line."""
    text = environment.need("AUTH_PUBLIC_KEY").replace("\\n", "\n")
    try:
        return from_pem(text)
    except ValueError:
        raise ConfigurationError(
            "AUTH_PUBLIC_KEY must be a public key in PEM: RSA of 2048 to 8192 bits, P-256, P-384, P-521 or Ed25519"
        ) from None


def _algorithms(environment: Environment) -> frozenset[str]:
    words = (environment.get("AUTH_ALGORITHMS") or ",".join(ALGORITHMS)).replace(",", " ").split()
    if not words or not set(words) <= set(ALGORITHMS):
        raise ConfigurationError(f"AUTH_ALGORITHMS must be some of {', '.join(ALGORITHMS)}")
    return frozenset(words)
