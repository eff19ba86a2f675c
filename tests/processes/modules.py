"""Mutations of receivers of events and of OAuth clients, as they are tried by several processes."""

from collections.abc import Callable
from typing import Any

from tests.conftest import Graph
from tests.operations import ground
from tests.operations.map import MAP
from tests.operations.row import Needs, Variables, change
from tests.processes.row import Input, Row

_DEACTIVATE = change("deactivateWebhookConfig", "WebhookConfigInput", "webhookConfig { isActive }")
_CONFIG = "webhookConfig { id isActive }"


def _needs(operation: str) -> Needs:
    return MAP[f"formance.{operation}"].needs


def _row(
    mutation: str, operation: str, shows: str, holds: Callable[[Input, Any], bool], takes: str = "", **more: Any
) -> Row:
    return Row(
        mutation=mutation,
        takes=takes or f"{mutation[0].upper()}{mutation[1:]}Input",
        shows=shows,
        operation=f"formance.{operation}",
        needs=more.pop("needs", _needs(operation)),
        holds=holds,
        **more,
    )


async def _new_config(_graph: Graph) -> Variables:
    """Like no other one, so that none is taken for it."""
    return ground.input_(
        endpoint=f"https://hooks.example/{ground.key()}", eventTypes=["ledger.committed_transactions"], name="several"
    )


async def _inactive_config(graph: Graph) -> Variables:
    """What is active already is not activated."""
    made = await _needs("webhooks.activate_config")(graph)
    config = made["input"]["webhookConfigId"]
    await ground.made(graph, _DEACTIVATE, webhookConfigId=config)
    return ground.input_(webhookConfigId=config)


def _is(*, active: bool) -> Callable[[Input, Any], bool]:
    return lambda given, payload: payload["webhookConfig"] == {"id": given["webhookConfigId"], "isActive": active}


WEBHOOKS = (
    _row(
        "createWebhookConfig",
        "webhooks.insert_config",
        "webhookConfig { id endpoint name isActive }",
        lambda given, payload: (
            [payload["webhookConfig"][name] for name in ("endpoint", "name", "isActive")]
            == [given["endpoint"], given["name"], True]
        ),
        needs=_new_config,
    ),
    _row(
        "deleteWebhookConfig",
        "webhooks.delete_config",
        "deletedWebhookConfigId",
        lambda given, payload: payload["deletedWebhookConfigId"] == given["webhookConfigId"],
        "WebhookConfigInput",
    ),
    _row(
        "activateWebhookConfig",
        "webhooks.activate_config",
        _CONFIG,
        _is(active=True),
        "WebhookConfigInput",
        needs=_inactive_config,
    ),
    _row("deactivateWebhookConfig", "webhooks.deactivate_config", _CONFIG, _is(active=False), "WebhookConfigInput"),
    _row("changeWebhookConfigSecret", "webhooks.change_config_secret", _CONFIG, _is(active=True)),
    _row("testWebhookConfig", "webhooks.test_config", _CONFIG, _is(active=True), "WebhookConfigInput", is_untold=True),
)

OAUTH = (
    _row(
        "createOAuthClient",
        "auth.create_client",
        "oauthClient { id name }",
        lambda given, payload: payload["oauthClient"]["name"] == given["name"],
    ),
    _row(
        "updateOAuthClient",
        "auth.update_client",
        "oauthClient { id name }",
        lambda given, payload: payload["oauthClient"] == {"id": given["oauthClientId"], "name": given["name"]},
    ),
    _row(
        "deleteOAuthClient",
        "auth.delete_client",
        "deletedOAuthClientId",
        lambda given, payload: payload["deletedOAuthClientId"] == given["oauthClientId"],
    ),
    _row(
        "createOAuthClientSecret",
        "auth.create_secret",
        "oauthClient { id secrets { providerId } } secret { providerId name }",
        lambda given, payload: (
            payload["secret"]["name"] == given["name"]
            and payload["oauthClient"]
            == {"id": given["oauthClientId"], "secrets": [{"providerId": payload["secret"]["providerId"]}]}
        ),
    ),
    _row(
        "deleteOAuthClientSecret",
        "auth.delete_secret",
        "oauthClient { id secrets { providerId } }",
        lambda given, payload: payload["oauthClient"] == {"id": given["oauthClientId"], "secrets": []},
    ),
)
