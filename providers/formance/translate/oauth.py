"""The auth module's words into ours, and orders into its requests."""

from collections.abc import Mapping
from typing import Any

import msgspec

from providers.domain import NodeType, OAuthClient, OAuthDiscovery, OAuthSecret, OAuthUser, Provider, Ref
from providers.formance.models import oauth as models
from providers.formance.models.payments import NULL
from providers.orders.oauth import OAuthClientOrder

_NOTHING = msgspec.Raw(b"{}")


def oauth_client_ref(client_id: str) -> Ref:
    """The identity of a client."""
    return Ref(NodeType.OAUTH_CLIENT, (client_id,), Provider.FORMANCE)


def oauth_user_ref(user_id: str) -> Ref:
    """The identity of a user."""
    return Ref(NodeType.OAUTH_USER, (user_id,), Provider.FORMANCE)


def oauth_client(raw: models.OAuthClient) -> OAuthClient:
    """A client. Its secrets are told by their last digits alone."""
    return OAuthClient(
        ref=oauth_client_ref(raw.id),
        provider_id=raw.id,
        name=raw.name,
        description=raw.description or None,
        is_public=raw.public,
        is_trusted=raw.trusted,
        redirect_uris=raw.redirect_uris or (),
        post_logout_redirect_uris=raw.post_logout_redirect_uris or (),
        metadata=_object(raw.metadata),
        scopes=raw.scopes or (),
        secrets=tuple(map(_secret, raw.secrets or ())),
        fetched_at=raw.read_at,
    )


def oauth_user(raw: models.OAuthUser) -> OAuthUser:
    """A user."""
    return OAuthUser(
        ref=oauth_user_ref(raw.id),
        provider_id=raw.id,
        subject=raw.subject or None,
        email=raw.email or None,
        fetched_at=raw.read_at,
    )


def oauth_discovery(raw: models.Discovery) -> OAuthDiscovery:
    """What the module says of itself."""
    return OAuthDiscovery(
        issuer=raw.issuer,
        authorization_endpoint=raw.authorization_endpoint,
        token_endpoint=raw.token_endpoint,
        introspection_endpoint=raw.introspection_endpoint,
        userinfo_endpoint=raw.userinfo_endpoint,
        revocation_endpoint=raw.revocation_endpoint,
        end_session_endpoint=raw.end_session_endpoint,
        jwks_uri=raw.jwks_uri,
        scopes=raw.scopes_supported or (),
        grant_types=raw.grant_types_supported or (),
        response_types=raw.response_types_supported or (),
    )


def oauth_client_request(order: OAuthClientOrder) -> models.OAuthClientRequest:
    """A client to be made, or to be as ordered from now on."""
    return models.OAuthClientRequest(
        name=order.name,
        public=order.is_public,
        description=order.description,
        trusted=order.is_trusted,
        redirect_uris=order.redirect_uris,
        post_logout_redirect_uris=order.post_logout_redirect_uris,
        metadata=order.metadata,
        scopes=order.scopes,
    )


def notes_of(metadata: msgspec.Raw) -> Mapping[str, Any]:
    """What is kept with a client or a secret; nothing when it is no object."""
    found = msgspec.json.decode(metadata)
    return found if isinstance(found, dict) else {}


def _secret(raw: models.OAuthSecret) -> OAuthSecret:
    return OAuthSecret(provider_id=raw.id, name=raw.name, last_digits=raw.last_digits, metadata=_object(raw.metadata))


def _object(raw: msgspec.Raw) -> msgspec.Raw:
    return _NOTHING if raw == NULL else raw
