"""What this server tells about itself, and to whom: its schema, its vendor calls, and a page to explore both.

With sandboxes everything is open. As soon as one vendor is live, the defaults are those of a server on the internet.
"""

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from providers.config import Environment
from providers.domain import Provider, ProviderMode
from resolvers.caller import Caller, Scope


class Audience(StrEnum):
    """Who is told something."""

    OPEN = "open"
    SCOPE = "scope"
    """Callers whose token has the scope for it."""
    OFF = "off"

    def admits(self, caller: Caller, scope: Scope) -> bool:
        """Whether a caller belongs to it."""
        return self is Audience.OPEN or (self is Audience.SCOPE and caller.may(scope))


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """Where it says SCOPE, `introspection` needs `schema:read`, `traces` `traces:read` and `metrics` `metrics:read`."""

    introspection: Audience
    traces: Audience
    metrics: Audience
    explorer: bool
    borrows: bool
    """Whether an explorer that was not built is taken from a CDN."""
    federation_scopes: bool
    """Whether the subgraph's SDL says which scope each field needs, so that a router can refuse before it asks."""
    suggestions: bool
    """Whether a refusal of a document says which names were perhaps meant."""

    @classmethod
    def read(cls, environment: Environment, modes: Mapping[Provider, ProviderMode]) -> "Profile":
        """From the environment. Raises `ConfigurationError`."""
        is_live = ProviderMode.LIVE in modes.values()
        audience = Audience.SCOPE if is_live else Audience.OPEN
        switch = "off" if is_live else "on"
        explorer = environment.choice("EXPLORER", ("on", "local", "off"), switch)
        return cls(
            introspection=Audience(environment.choice("INTROSPECTION", tuple(Audience), audience)),
            traces=Audience(environment.choice("TRACES", tuple(Audience), audience)),
            metrics=Audience(environment.choice("METRICS", tuple(Audience), audience)),
            explorer=explorer != "off",
            borrows=explorer == "on",
            federation_scopes=environment.choice("FEDERATION_SCOPES", ("on", "off"), "off") == "on",
            suggestions=environment.choice("SUGGESTIONS", ("on", "off"), switch) == "on",
        )

    def may_introspect(self, caller: Caller) -> bool:
        """Whether a caller may ask for the schema."""
        return self.introspection.admits(caller, Scope.SCHEMA_READ)

    def may_trace(self, caller: Caller) -> bool:
        """Whether a caller may see the vendor calls of its operations.

        They tell what is there from what is not, so that callers who are bound to customers see them only where
        everybody does.
        """
        is_bound = caller.is_bound and self.traces is not Audience.OPEN
        return self.traces.admits(caller, Scope.TRACES_READ) and not is_bound

    def may_measure(self, caller: Caller) -> bool:
        """Whether a caller may see what is counted of everybody's operations."""
        return self.metrics.admits(caller, Scope.METRICS_READ)

    def told(self) -> dict[str, str]:
        """Each setting in its own words, for the log."""
        switches = {"explorer": self.explorer, "suggestions": self.suggestions}
        return {
            "introspection": self.introspection.value,
            "traces": self.traces.value,
            "metrics": self.metrics.value,
            **{name: "on" if is_on else "off" for name, is_on in switches.items()},
        }
