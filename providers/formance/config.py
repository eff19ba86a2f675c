"""Formance's settings: where the stack is, the client's credentials, and which payments server it runs."""

import re

import msgspec

from providers.config import ConfigurationError, Environment, Secret
from providers.formance.ledger.generation import LEDGER_GENERATIONS
from providers.formance.paging import PAGE

REQUIRED = ("FORMANCE_CLIENT_ID", "FORMANCE_CLIENT_SECRET")
"""Formance is live when all of these are set."""

ENVIRONMENTS = ("sandbox", "eu-west-1", "us-east-1")
GENERATIONS = ("auto", "v2", "v3")
ORCHESTRATIONS = ("auto", "v1", "v2")
MOST_ROWS = 10_000

_ORGANIZATION = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?")


class Config(msgspec.Struct, frozen=True):
    """`payments` and `ledger` pin the generations of these servers; "auto" asks them.

    `largest_page` is how many rows of a list are asked for at once, at most.
    """

    base_url: str
    client_id: str
    client_secret: Secret
    payments: str = "auto"
    ledger: str = "auto"
    largest_page: int = PAGE
    orchestration: str = "auto"
    """Pins the API of the orchestration service; "auto" takes the newest that the server has."""

    @classmethod
    def read(cls, environment: Environment) -> "Config":
        """Raises `ConfigurationError`, which names the variable."""
        return cls(
            base_url=_base_url(environment),
            client_id=environment.need("FORMANCE_CLIENT_ID"),
            client_secret=environment.secret("FORMANCE_CLIENT_SECRET"),
            payments=environment.choice("FORMANCE_PAYMENTS", GENERATIONS, "auto"),
            ledger=environment.choice("FORMANCE_LEDGER", LEDGER_GENERATIONS, "auto"),
            largest_page=environment.number("FORMANCE_PAGE_SIZE", PAGE, least=1, most=MOST_ROWS),
            orchestration=environment.choice("FORMANCE_ORCHESTRATION", ORCHESTRATIONS, "auto"),
        )

    @classmethod
    def for_sandbox(cls) -> "Config":
        """The built-in sandbox, whose generation is asked for like anybody's."""
        # Only here: the sandboxes are a fifth of the code, and a live server needs none of it.
        from providers.formance.sandbox import CREDENTIALS  # noqa: PLC0415

        return cls(
            base_url="http://formance.sandbox",
            client_id=CREDENTIALS["FORMANCE_CLIENT_ID"],
            client_secret=Secret(CREDENTIALS["FORMANCE_CLIENT_SECRET"]),
        )


def _base_url(environment: Environment) -> str:
    """A self-hosted stack's own URL, else the cloud's URL for an organization: there is no host that serves all."""
    url = environment.get("FORMANCE_BASE_URL")
    if url is not None:
        if not url.startswith(("http://", "https://")):
            raise ConfigurationError("FORMANCE_BASE_URL must start with http:// or https://")
        return url.rstrip("/")
    organization = environment.get("FORMANCE_ORGANIZATION")
    if organization is None:
        raise ConfigurationError("FORMANCE_BASE_URL or FORMANCE_ORGANIZATION is not set")
    if not _ORGANIZATION.fullmatch(organization):
        raise ConfigurationError("FORMANCE_ORGANIZATION must be the organization's id and stack id: letters, digits, -")
    region = environment.choice("FORMANCE_ENVIRONMENT", ENVIRONMENTS, "sandbox")
    return f"https://{organization}.{region}.formance.cloud"
