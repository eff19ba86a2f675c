"""How the operations of the stack's small modules are reached. Each document that changes something has its own."""

from tests.conftest import Graph
from tests.operations import ground
from tests.operations.row import Needs, Row, Variables, change

_ONE = "query ($id: ID!) {{ {}(id: $id) {{ id }} }}"
_LISTED = "{ nodes { id } }"
_SECRET = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"
_TYPES = ["ledger.committed_transactions"]

_CREATE_CONFIG = change("createWebhookConfig", "CreateWebhookConfigInput", "webhookConfig { id }")
_CREATE_CLIENT = change("createOAuthClient", "CreateOAuthClientInput", "oauthClient { id }")
_CREATE_SECRET = change(
    "createOAuthClientSecret", "CreateOAuthClientSecretInput", "oauthClient { id } secret { providerId }"
)


async def _new_config(_graph: Graph) -> Variables:
    return ground.input_(endpoint="https://hooks.example", eventTypes=_TYPES)


async def _new_client(_graph: Graph) -> Variables:
    return ground.input_(name=ground.key())


def _config(**fields: str) -> Needs:
    """A new receiver."""

    async def needs(graph: Graph) -> Variables:
        made = await ground.made(graph, _CREATE_CONFIG, endpoint="https://hooks.example", eventTypes=_TYPES)
        return ground.input_(webhookConfigId=made["webhookConfig"]["id"], **fields)

    return needs


def _client(**fields: str) -> Needs:
    """A new client."""

    async def needs(graph: Graph) -> Variables:
        made = await ground.made(graph, _CREATE_CLIENT, name=ground.key())
        return ground.input_(oauthClientId=made["oauthClient"]["id"], **fields)

    return needs


async def _secret(graph: Graph) -> Variables:
    client = await ground.made(graph, _CREATE_CLIENT, name=ground.key())
    made = await ground.made(graph, _CREATE_SECRET, oauthClientId=client["oauthClient"]["id"], name="one")
    return ground.input_(oauthClientId=made["oauthClient"]["id"], secretId=made["secret"]["providerId"])


def _of_config(operation: str, mutation: str, shown: str, **fields: str) -> Row:
    takes = "ChangeWebhookConfigSecretInput" if fields else "WebhookConfigInput"
    document = change(mutation, takes, shown)
    return Row(f"formance.webhooks.{operation}", f"Mutation.{mutation}", document, _config(**fields))


def _of_client(operation: str, mutation: str, shown: str, needs: Needs) -> Row:
    document = change(mutation, f"{mutation[0].upper()}{mutation[1:]}Input", shown)
    return Row(f"formance.auth.{operation}", f"Mutation.{mutation}", document, needs)


def _info(operation: str, api: int, *, generation: str = "v3") -> Row:
    return Row(
        f"formance.{operation}",
        "Query.providers.modules.reportedVersion(api)",
        f"{{ providers {{ modules {{ reportedVersion(api: {api}) }} }} }}",
        generation=generation,
    )


_WEBHOOKS = (
    Row("formance.webhooks.get_many_configs", "Query.webhookConfigs", f"{{ webhookConfigs {_LISTED} }}"),
    Row("formance.webhooks.insert_config", "Mutation.createWebhookConfig", _CREATE_CONFIG, _new_config),
    _of_config("activate_config", "activateWebhookConfig", "webhookConfig { isActive }"),
    _of_config("deactivate_config", "deactivateWebhookConfig", "webhookConfig { isActive }"),
    _of_config("change_config_secret", "changeWebhookConfigSecret", "webhookConfig { id }", secret=_SECRET),
    _of_config("test_config", "testWebhookConfig", "attempt { status }"),
    _of_config("delete_config", "deleteWebhookConfig", "deletedWebhookConfigId"),
)
_AUTH = (
    Row("formance.auth.list_clients", "Query.oauthClients", f"{{ oauthClients {_LISTED} }}"),
    Row("formance.auth.read_client", "Query.oauthClient", _ONE.format("oauthClient"), ground.one_of("oauthClients")),
    Row("formance.auth.list_users", "Query.oauthUsers", f"{{ oauthUsers {_LISTED} }}"),
    Row("formance.auth.read_user", "Query.oauthUser", _ONE.format("oauthUser"), ground.one_of("oauthUsers")),
    Row("formance.auth.get_oidc_well_knowns", "Query.oauthDiscovery", "{ oauthDiscovery { issuer } }"),
    Row("formance.auth.create_client", "Mutation.createOAuthClient", _CREATE_CLIENT, _new_client),
    _of_client("update_client", "updateOAuthClient", "oauthClient { name }", _client(name="another")),
    _of_client("create_secret", "createOAuthClientSecret", "oauthClient { id } clearSecret", _client(name="one")),
    _of_client("delete_secret", "deleteOAuthClientSecret", "oauthClient { id }", _secret),
    _of_client("delete_client", "deleteOAuthClient", "deletedOAuthClientId", _client()),
)

MODULES = (
    # The gateway is asked for its modules by the first document that needs to know them, and not again for a while.
    Row("formance.gateway.get_versions", "Query.providers.modules.name", "{ providers { modules { name } } }"),
    _info("auth.get_server_info", 1),
    _info("orchestration.v1.orchestrationget_server_info", 1),
    _info("orchestration.v2.get_server_info", 2),
    _info("reconciliation.reconciliationget_server_info", 1),
    _info("wallets.walletsget_server_info", 1),
    _info("search.searchget_server_info", 1, generation="v2"),
    Row(
        "formance.search.search",
        "Query.search(terms)",
        '{ search(target: PAYMENT, terms: ["stripe"]) { nodes { raw } } }',
        generation="v2",
    ),
    *_WEBHOOKS,
    *_AUTH,
)
