"""Mutations of clients and their secrets."""

from typing import Any

from providers.domain import NodeType, Provider, Ref
from providers.formance.sandbox.oauth.seed import seeded
from resolvers import ids
from tests.resolvers.orders.row import Row, World

CLIENT = "{ node(id: $id) { ... on OAuthClient { id name description scopes isPublic metadata secrets { name } } } }"
SHOWN = "oauthClient { id name description scopes isPublic metadata secrets { name } }"
PATH = "/api/auth/clients"
NATIVE = next(iter(seeded().clients.values()))


def client_id(native: str) -> str:
    return ids.encode(Ref(NodeType.OAUTH_CLIENT, (native,), Provider.FORMANCE))


SEEDED = client_id(NATIVE.id)
NOBODY = client_id("nobody")


def the_client(_world: World, payload: Any) -> Any:
    return {"node": payload["oauthClient"]}


def _is_new(client: Any) -> bool:
    return (client["name"], client["scopes"], client["metadata"]["team"]) == ("reports", ["ledger:read"], "a")


CREATE = Row(
    mutation="createOAuthClient",
    payload=SHOWN,
    input=lambda _world: {"name": "reports", "scopes": ["ledger:read"], "metadata": {"team": "a"}},
    other=lambda _world: {"name": "another"},
    calls=("POST", PATH),
    holds=lambda _world, payload: _is_new(payload["oauthClient"]),
    then=(CLIENT, the_client),
)
UPDATE = Row(
    mutation="updateOAuthClient",
    payload=SHOWN,
    input=lambda _world: {"oauthClientId": SEEDED, "name": "other", "isPublic": True, "description": "New."},
    other=lambda _world: {"name": "another"},
    calls=("PUT", f"{PATH}/*"),
    holds=lambda _world, payload: (
        payload["oauthClient"]
        == {
            "id": SEEDED,
            "name": "other",
            "description": "New.",
            "scopes": [],
            "isPublic": True,
            "metadata": {},
            "secrets": [{"name": "first"}],
        }
    ),
    then=(CLIENT, the_client),
)
DELETE = Row(
    mutation="deleteOAuthClient",
    payload="deletedOAuthClientId",
    input=lambda _world: {"oauthClientId": SEEDED},
    other=lambda _world: {"oauthClientId": NOBODY},
    calls=("DELETE", f"{PATH}/*"),
    holds=lambda _world, payload: payload["deletedOAuthClientId"] == SEEDED,
    then=(CLIENT, lambda _world, _payload: {"node": None}),
    has_body=False,
)
CREATE_SECRET = Row(
    mutation="createOAuthClientSecret",
    payload=SHOWN,
    input=lambda _world: {"oauthClientId": SEEDED, "name": "second"},
    other=lambda _world: {"name": "third"},
    calls=("POST", f"{PATH}/*/secrets"),
    holds=lambda _world, payload: payload["oauthClient"]["secrets"] == [{"name": "first"}, {"name": "second"}],
    then=(CLIENT, the_client),
)
DELETE_SECRET = Row(
    mutation="deleteOAuthClientSecret",
    payload=SHOWN,
    input=lambda _world: {"oauthClientId": SEEDED, "secretId": NATIVE.secrets[0].id},
    other=lambda _world: {"secretId": "other"},
    calls=("DELETE", f"{PATH}/*/secrets/*"),
    holds=lambda _world, payload: payload["oauthClient"]["secrets"] == [],
    then=(CLIENT, the_client),
    has_body=False,
)

ROWS = (CREATE, UPDATE, DELETE, CREATE_SECRET, DELETE_SECRET)
