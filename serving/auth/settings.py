"""How tokens are checked, as the operator set it. What is incomplete or contradicts itself names its variable."""

import msgspec

from providers.config import ConfigurationError, Environment
from serving.auth.keys import ALGORITHMS, Keys, PublicKey, StaticKey, from_pem


class AuthSettings(msgspec.Struct, frozen=True):
    """Where the keys are, and what a token must say of itself."""

    issuer: str
    audience: str
    algorithms: frozenset[str]
    key: PublicKey

    @classmethod
    def read(cls, environment: Environment) -> "AuthSettings | None":
        """From the environment; None when nobody has to say who they are. Raises `ConfigurationError`."""
        word = environment.choice("AUTH", ("none", "jwt", "unset"), "unset")
        is_set = environment.any("AUTH_PUBLIC_KEY", "AUTH_ISSUER", "AUTH_AUDIENCE", "AUTH_ALGORITHMS")
        if word == "none" and is_set:
            raise ConfigurationError("AUTH=none contradicts the other AUTH settings: unset it, or them")
        if word == "none" or (word == "unset" and not is_set):
            return None
        return cls(
            key=_key(environment),
            issuer=environment.need("AUTH_ISSUER"),
            audience=environment.need("AUTH_AUDIENCE"),
            algorithms=_algorithms(environment),
        )

    def keys(self) -> Keys:
        """The keys, not fetched yet."""
        return StaticKey(self.key)


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
