"""Where queries of the stack's own things begin: who is told of events, who may have tokens, and its search."""

import strawberry

import resolvers.oauth
import resolvers.search
import resolvers.webhook
from resolvers.caller import Scope
from schema.connection import Connection
from schema.costs import Cost, listed, load
from schema.fields import resolved_by
from schema.oauth import OAuthClient, OAuthDiscovery, OAuthUser
from schema.search import SearchHit
from schema.webhook import WebhookConfig


@strawberry.type
class ModuleQueries:
    """A part of the root `Query`. All of it is the organisation's."""

    webhook_config: WebhookConfig | None = resolved_by(
        resolvers.webhook.webhook_config,
        "A receiver of events by its global id. Null when there is none.",
        needs=Scope.WEBHOOKS_READ,
        cost=Cost(weight=1, by_id="id"),
    )
    webhook_configs: Connection[WebhookConfig] | None = resolved_by(
        resolvers.webhook.webhook_configs,
        "The receivers that the stack tells of its events.",
        needs=Scope.WEBHOOKS_READ,
        is_organisations=True,
        cost=listed("list_webhook_configs"),
    )
    oauth_client: OAuthClient | None = resolved_by(
        resolvers.oauth.oauth_client,
        "A client of the stack by its global id. Null when there is none.",
        needs=Scope.OAUTH_READ,
        cost=Cost(weight=1, by_id="id"),
    )
    oauth_clients: Connection[OAuthClient] | None = resolved_by(
        resolvers.oauth.oauth_clients,
        "The clients that may ask the stack for tokens.",
        needs=Scope.OAUTH_READ,
        is_organisations=True,
        cost=listed("list_oauth_clients"),
    )
    oauth_user: OAuthUser | None = resolved_by(
        resolvers.oauth.oauth_user,
        "A user of the stack by its global id. Null when there is none.",
        needs=Scope.OAUTH_READ,
        cost=Cost(weight=1, by_id="id"),
    )
    oauth_users: Connection[OAuthUser] | None = resolved_by(
        resolvers.oauth.oauth_users,
        "The users who have logged in to the stack.",
        needs=Scope.OAUTH_READ,
        is_organisations=True,
        cost=listed("list_oauth_users"),
    )
    oauth_discovery: OAuthDiscovery | None = resolved_by(
        resolvers.oauth.oauth_discovery,
        "Where the stack's tokens are to be had, and which. Null when no such provider is set up.",
        needs=Scope.OAUTH_READ,
        is_organisations=True,
        cost=Cost(weight=1, loads=load("oauth_discovery")),
    )
    search: Connection[SearchHit] | None = resolved_by(
        resolvers.search.search,
        "What the stack's search finds. Stacks of the third generation have none: then it is `UNSUPPORTED`.",
        deprecation_reason="The vendor has removed its search. Use the lists of what is looked for, and their filters.",
        needs=Scope.SEARCH_READ,
        is_organisations=True,
        cost=listed("search"),
    )
