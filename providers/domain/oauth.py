"""Who may ask a provider's stack for tokens."""

from datetime import datetime

import msgspec

from providers.domain.ref import Ref


class OAuthSecret(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One secret of a client, without what it is. `metadata` is an object of any values."""

    provider_id: str
    name: str
    last_digits: str
    metadata: msgspec.Raw


class OAuthClient(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A client of the stack."""

    ref: Ref
    provider_id: str
    name: str
    description: str | None
    is_public: bool
    is_trusted: bool
    redirect_uris: tuple[str, ...]
    post_logout_redirect_uris: tuple[str, ...]
    metadata: msgspec.Raw
    scopes: tuple[str, ...]
    secrets: tuple[OAuthSecret, ...]
    fetched_at: datetime


class OAuthUser(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """Somebody who has logged in to the stack."""

    ref: Ref
    provider_id: str
    subject: str | None
    email: str | None
    fetched_at: datetime


class OAuthDiscovery(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """Where the stack's tokens are to be had, and which."""

    issuer: str
    authorization_endpoint: str | None
    token_endpoint: str | None
    introspection_endpoint: str | None
    userinfo_endpoint: str | None
    revocation_endpoint: str | None
    end_session_endpoint: str | None
    jwks_uri: str | None
    scopes: tuple[str, ...]
    grant_types: tuple[str, ...]
    response_types: tuple[str, ...]
