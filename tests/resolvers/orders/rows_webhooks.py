"""Mutations of receivers of events."""

import base64
from typing import Any

from providers.domain import NodeType, Provider, Ref
from providers.formance.sandbox.webhooks.seed import seeded
from resolvers import ids
from tests.resolvers.orders.row import Row, World

SECRET = base64.b64encode(bytes(range(24))).decode()
OTHER = base64.b64encode(bytes(24)).decode()
CONFIG = "{ node(id: $id) { ... on WebhookConfig { id endpoint name eventTypes isActive } } }"
SHOWN = "webhookConfig { id endpoint name eventTypes isActive }"
PATH = "/api/webhooks/configs"


def config_id(native: str) -> str:
    return ids.encode(Ref(NodeType.WEBHOOK_CONFIG, (native,), Provider.FORMANCE))


SEEDED = config_id(next(iter(seeded())))
NOBODY = config_id("00000000-0000-4000-8000-000000000007")


def the_config(_world: World, payload: Any) -> Any:
    return {"node": payload["webhookConfig"]}


def _one(_world: World) -> dict[str, Any]:
    return {"webhookConfigId": SEEDED}


def _another(_world: World) -> dict[str, Any]:
    return {"webhookConfigId": NOBODY}


CREATE = Row(
    mutation="createWebhookConfig",
    payload=SHOWN,
    input=lambda _world: {"endpoint": "https://shop.example/hooks", "eventTypes": ["Ledger.X"], "name": "shop"},
    other=lambda _world: {"name": "another"},
    calls=("POST", PATH),
    holds=lambda _world, payload: (
        {**payload["webhookConfig"], "id": ""}
        == {
            "id": "",
            "endpoint": "https://shop.example/hooks",
            "name": "shop",
            "eventTypes": ["ledger.x"],
            "isActive": True,
        }
    ),
    then=(CONFIG, the_config),
)
DELETE = Row(
    mutation="deleteWebhookConfig",
    payload="deletedWebhookConfigId",
    input=_one,
    other=_another,
    calls=("DELETE", f"{PATH}/*"),
    holds=lambda _world, payload: payload["deletedWebhookConfigId"] == SEEDED,
    then=(CONFIG, lambda _world, _payload: {"node": None}),
    has_body=False,
)
ACTIVATE = Row(
    mutation="activateWebhookConfig",
    payload=SHOWN,
    input=_one,
    other=_another,
    calls=("PUT", f"{PATH}/*/activate"),
    holds=lambda _world, payload: payload["webhookConfig"]["isActive"] is True,
    then=(CONFIG, the_config),
)
CHANGE = Row(
    mutation="changeWebhookConfigSecret",
    payload=SHOWN,
    input=lambda _world: {"webhookConfigId": SEEDED, "secret": SECRET},
    other=lambda _world: {"secret": OTHER},
    calls=("PUT", f"{PATH}/*/secret/change"),
    holds=lambda _world, payload: payload["webhookConfig"]["id"] == SEEDED,
    then=(CONFIG, the_config),
)

ROWS = (CREATE, DELETE, ACTIVATE, CHANGE)
