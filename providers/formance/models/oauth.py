"""What the auth module answers and takes, its tokens aside."""

from collections.abc import Mapping
from typing import Annotated

import msgspec

from providers.formance.models.payments import NULL
from providers.kept import Dated

Text = Annotated[str, msgspec.Meta(min_length=1)]
"""What a record is nothing without."""


class OAuthSecret(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """One secret of a client, without what it is."""

    id: str
    name: str = ""
    last_digits: str = ""
    metadata: msgspec.Raw = NULL


class OAuthClient(Dated, frozen=True, rename="camel"):
    """Who may ask for tokens."""

    id: Text
    name: str = ""
    public: bool = False
    description: str | None = None
    trusted: bool = False
    redirect_uris: tuple[str, ...] | None = None
    post_logout_redirect_uris: tuple[str, ...] | None = None
    metadata: msgspec.Raw = NULL
    scopes: tuple[str, ...] | None = None
    secrets: tuple[OAuthSecret, ...] | None = None


class OAuthUser(Dated, frozen=True):
    """Somebody who has logged in."""

    id: Text
    subject: str | None = None
    email: str | None = None


class NewOAuthSecret(msgspec.Struct, frozen=True, gc=False):
    """A secret that was just made: told this once."""

    id: Text
    clear: Text


class OAuthClientRequest(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """All of a client that can be chosen: a change replaces all of it."""

    name: str
    public: bool
    description: str
    trusted: bool
    redirect_uris: tuple[str, ...]
    post_logout_redirect_uris: tuple[str, ...]
    metadata: Mapping[str, str]
    scopes: tuple[str, ...]


class OAuthSecretRequest(msgspec.Struct, frozen=True, gc=False):
    """A secret to be made."""

    name: str
    metadata: Mapping[str, str]


class Discovery(msgspec.Struct, frozen=True, gc=False):
    """What the auth module says of itself, by OpenID Connect Discovery 1.0."""

    issuer: str
    authorization_endpoint: str | None = None
    token_endpoint: str | None = None
    introspection_endpoint: str | None = None
    userinfo_endpoint: str | None = None
    revocation_endpoint: str | None = None
    end_session_endpoint: str | None = None
    jwks_uri: str | None = None
    scopes_supported: tuple[str, ...] | None = None
    grant_types_supported: tuple[str, ...] | None = None
    response_types_supported: tuple[str, ...] | None = None
