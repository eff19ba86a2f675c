"""Loaders of the stack's own things: receivers of events, clients and users, modules."""

from collections.abc import Mapping
from functools import cached_property

from providers.domain import ModuleKey, OAuthClient, OAuthUser, Provider, Ref, WebhookConfig
from providers.protocols.oauth import ReadsOAuth
from providers.protocols.search import ReportsVersions
from providers.protocols.webhook import ReadsWebhooks
from resolvers.batching import Loader
from resolvers.loading.making import LoaderBase, is_named_so


class ModuleLoaders(LoaderBase):
    """A part of `Loaders`."""

    @cached_property
    def webhook_configs_by_ref(self) -> Mapping[Provider, Loader[Ref, WebhookConfig | None]]:
        """Receivers of events by identity."""
        return self._each(ReadsWebhooks, lambda vendor: vendor.webhook_configs_by_ref, accept=is_named_so)

    @cached_property
    def oauth_clients_by_ref(self) -> Mapping[Provider, Loader[Ref, OAuthClient | None]]:
        """Clients by identity."""
        return self._each(ReadsOAuth, lambda vendor: vendor.oauth_clients_by_ref, accept=is_named_so)

    @cached_property
    def oauth_users_by_ref(self) -> Mapping[Provider, Loader[Ref, OAuthUser | None]]:
        """Users by identity."""
        return self._each(ReadsOAuth, lambda vendor: vendor.oauth_users_by_ref, accept=is_named_so)

    @cached_property
    def reported_versions_by_module(self) -> Mapping[Provider, Loader[ModuleKey, str | None]]:
        """What modules say of their own versions."""
        return self._each(ReportsVersions, lambda vendor: vendor.reported_versions)
