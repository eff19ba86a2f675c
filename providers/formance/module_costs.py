"""What asking the stack's small modules costs: webhooks, auth, search, and each module's word on itself."""

from providers.costs import ALL, Costs, PageRate, Rate, orders
from providers.formance.client import information, oauth, search, webhooks
from providers.http import Endpoint


def _one(endpoint: Endpoint) -> tuple[Rate]:
    return (Rate(operation=endpoint.operation, each=1, is_shared=False),)


def _by_id(endpoint: Endpoint, single: Endpoint | None = None) -> tuple[Rate]:
    """The list of all; one alone by its id."""
    one = single.operation if single else ""
    return (Rate(operation=endpoint.operation, batch=ALL, alone=1, single=one),)


MODULES: Costs = {
    "webhook_configs_by_ref": _by_id(webhooks.GET_MANY_CONFIGS),
    "list_webhook_configs": _one(webhooks.GET_MANY_CONFIGS),
    "oauth_clients_by_ref": _by_id(oauth.LIST_CLIENTS, oauth.READ_CLIENT),
    "oauth_users_by_ref": _by_id(oauth.LIST_USERS, oauth.READ_USER),
    "list_oauth_clients": _one(oauth.LIST_CLIENTS),
    "list_oauth_users": _one(oauth.LIST_USERS),
    "oauth_discovery": _one(oauth.GET_DISCOVERY),
    "search": (PageRate(operation=search.SEARCH.operation),),
    "reported_versions_by_module": (Rate(operation=information.INFO["auth", 1].operation, each=1),),
    **orders(
        {
            "create_webhook_config": webhooks.INSERT_CONFIG.operation,
            "delete_webhook_config": webhooks.DELETE_CONFIG.operation,
            "activate_webhook_config": webhooks.ACTIVATE_CONFIG.operation,
            "deactivate_webhook_config": webhooks.DEACTIVATE_CONFIG.operation,
            "change_webhook_config_secret": webhooks.CHANGE_CONFIG_SECRET.operation,
            "test_webhook_config": webhooks.TEST_CONFIG.operation,
            "create_oauth_client": oauth.CREATE_CLIENT.operation,
            "update_oauth_client": oauth.UPDATE_CLIENT.operation,
            "delete_oauth_client": oauth.DELETE_CLIENT.operation,
            "create_oauth_client_secret": oauth.CREATE_SECRET.operation,
            "delete_oauth_client_secret": oauth.DELETE_SECRET.operation,
        }
    ),
}
