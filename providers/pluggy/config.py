"""How Pluggy is reached: read once from the environment, or made for the built-in sandbox."""

import msgspec

from providers.config import Environment, Secret

REQUIRED = ("PLUGGY_CLIENT_ID", "PLUGGY_CLIENT_SECRET")
"""With all of these set, Pluggy runs live."""

BASE_URL = "https://api.pluggy.ai"
"""The vendor's only host; its own sandbox accounts live there too, marked `isSandbox`."""


class Config(msgspec.Struct, frozen=True):
    """The host and the client keys of one application at Pluggy."""

    base_url: str
    client_id: str
    client_secret: Secret

    @classmethod
    def read(cls, environment: Environment) -> "Config":
        """From the variables `PLUGGY_*`. Raises `ConfigurationError` naming the one that is missing."""
        return cls(
            base_url=environment.get("PLUGGY_BASE_URL") or BASE_URL,
            client_id=environment.need("PLUGGY_CLIENT_ID"),
            client_secret=environment.secret("PLUGGY_CLIENT_SECRET"),
        )

    @classmethod
    def for_sandbox(cls) -> "Config":
        """With the keys that every sandbox knows."""
        # Only here: the sandboxes are a fifth of the code, and a live server needs none of it.
        from providers.pluggy.sandbox import CREDENTIALS  # noqa: PLC0415

        return cls(
            base_url="http://pluggy.sandbox",
            client_id=CREDENTIALS["PLUGGY_CLIENT_ID"],
            client_secret=Secret(CREDENTIALS["PLUGGY_CLIENT_SECRET"]),
        )
