"""Finicity's settings, read once at start-up."""

import msgspec

from providers.config import ConfigurationError, Environment, Secret

REQUIRED = ("FINICITY_APP_KEY", "FINICITY_PARTNER_ID", "FINICITY_PARTNER_SECRET")
"""The variables that make Finicity live when all are set."""

BASE_URL = "https://api.finicity.com"


class Config(msgspec.Struct, frozen=True):
    """Where Finicity is and who we are there. The App-Key is fixed; the partner's id and secret buy tokens."""

    base_url: str
    app_key: Secret
    partner_id: str
    partner_secret: Secret

    @classmethod
    def read(cls, environment: Environment) -> "Config":
        """From the environment. Raises `ConfigurationError` that names the variable."""
        base_url = environment.get("FINICITY_BASE_URL") or BASE_URL
        if not base_url.startswith(("https://", "http://")):
            raise ConfigurationError("FINICITY_BASE_URL must begin with https:// or http://")
        return cls(
            base_url=base_url,
            app_key=environment.secret("FINICITY_APP_KEY"),
            partner_id=environment.need("FINICITY_PARTNER_ID"),
            partner_secret=environment.secret("FINICITY_PARTNER_SECRET"),
        )

    @classmethod
    def for_sandbox(cls) -> "Config":
        """The built-in sandbox's own credentials."""
        # Only here: the sandboxes are a fifth of the code, and a live server needs none of it.
        from providers.finicity.sandbox import CREDENTIALS  # noqa: PLC0415

        return cls(
            base_url="http://finicity.sandbox",
            app_key=Secret(CREDENTIALS["FINICITY_APP_KEY"]),
            partner_id=CREDENTIALS["FINICITY_PARTNER_ID"],
            partner_secret=Secret(CREDENTIALS["FINICITY_PARTNER_SECRET"]),
        )
