"""Who may ask a provider's stack for tokens."""

from datetime import datetime

import strawberry

from providers import domain
from schema.fields import backed_by, described
from schema.node import Node
from schema.scalars import JSON


@strawberry.type(description="One secret of a client, without what it is.")
class OAuthSecret:
    """GraphQL `OAuthSecret`, backed by `providers.domain.OAuthSecret`."""

    provider_id: str = described("The stack's own id of the secret.")
    name: str = described("What it is called.")
    last_digits: str = described("Its last characters, by which people can tell it from others.")
    metadata: JSON = described("Notes kept with it: an object.")


@strawberry.type(description="A client of a provider's stack, which may ask it for tokens (Formance).")
class OAuthClient(Node):
    """GraphQL `OAuthClient`, backed by `providers.domain.OAuthClient`."""

    provider_id: str = described("The stack's own id of the client, which it names itself by.")
    name: str = described("What it is called.")
    description: str | None = described("What it is for. Null when nobody has said.")
    is_public: bool = described("True when it keeps no secret, such as an app in a browser.")
    is_trusted: bool = described("True when it gets every scope that it asks for.")
    redirect_uris: list[str] = described("Where people may be sent after they have logged in.")
    post_logout_redirect_uris: list[str] = described("Where people may be sent after they have logged out.")
    metadata: JSON = described("Notes kept with it: an object.")
    scopes: list[str] = described("The stack's scopes that it may have, such as `ledger:read`.")
    secrets: list[OAuthSecret] = described("Its secrets, told by their last characters.")
    fetched_at: datetime = described("When this was read from the provider.")

    is_type_of = backed_by(domain.OAuthClient)


@strawberry.type(description="Somebody who has logged in to a provider's stack (Formance).")
class OAuthUser(Node):
    """GraphQL `OAuthUser`, backed by `providers.domain.OAuthUser`."""

    provider_id: str = described("The stack's own id of the user.")
    subject: str | None = described("Who they are by whoever vouches for them. Null when the provider does not say.")
    email: str | None = described("Their address. Null when the provider does not say.")
    fetched_at: datetime = described("When this was read from the provider.")

    is_type_of = backed_by(domain.OAuthUser)


@strawberry.type(description="Where a stack's tokens are to be had, and which, by OpenID Connect Discovery 1.0.")
class OAuthDiscovery:
    """GraphQL `OAuthDiscovery`, backed by `providers.domain.OAuthDiscovery`."""

    issuer: str = described("Who vouches for the tokens.")
    authorization_endpoint: str | None = described("Where people log in. Null when unsaid.")
    token_endpoint: str | None = described("Where tokens are asked for. Null when unsaid.")
    introspection_endpoint: str | None = described("Where a token is looked into. Null when unsaid.")
    userinfo_endpoint: str | None = described("Where is told whose a token is. Null when unsaid.")
    revocation_endpoint: str | None = described("Where a token is taken back. Null when unsaid.")
    end_session_endpoint: str | None = described("Where people log out. Null when unsaid.")
    jwks_uri: str | None = described("Where the keys are that tokens are signed with. Null when unsaid.")
    scopes: list[str] = described("The scopes that there are. Empty when unsaid.")
    grant_types: list[str] = described("The ways to a token, such as `client_credentials`. Empty when unsaid.")
    response_types: list[str] = described("What a login can be answered with. Empty when unsaid.")
