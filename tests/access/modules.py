"""The stack's own things, which are the organisation's: closed to callers that are bound to customers."""

from typing import Any

_CONFIG = {"webhookConfigId": "x"}
_CLIENT = {"oauthClientId": "x"}

MODULES: dict[str, dict[str, Any]] = {
    "createWebhookConfig": {"endpoint": "https://a.example", "eventTypes": ["x"]},
    "deleteWebhookConfig": _CONFIG,
    "activateWebhookConfig": _CONFIG,
    "deactivateWebhookConfig": _CONFIG,
    "changeWebhookConfigSecret": {**_CONFIG, "secret": "x"},
    "testWebhookConfig": _CONFIG,
    "createOAuthClient": {"name": "x"},
    "updateOAuthClient": {**_CLIENT, "name": "x"},
    "deleteOAuthClient": _CLIENT,
    "createOAuthClientSecret": {**_CLIENT, "name": "x"},
    "deleteOAuthClientSecret": {**_CLIENT, "secretId": "x"},
}
"""Its mutations, each with an input."""

LISTS = ("webhookConfigs", "oauthClients", "oauthUsers")
_TYPES = ("WebhookConfig", "OAuthClient", "OAuthUser")

FIELDS = {
    *(f"{type_}Connection__{field}" for type_ in _TYPES for field in ("edges", "nodes")),
    *(f"{type_}Edge__node" for type_ in _TYPES),
    *(f"Query__{root}" for root in LISTS),
}
"""Its fields that give nodes, which no way leads such a caller to."""
