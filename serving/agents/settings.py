"""Whether agents may come, and what they may change."""

import msgspec

from providers.config import ConfigurationError, Environment


class AgentSettings(msgspec.Struct, frozen=True):
    """`writes` are the names of the mutations that are tools, too."""

    writes: frozenset[str] = frozenset()

    @classmethod
    def read(cls, environment: Environment) -> "AgentSettings | None":
        """None when agents have no way in. Raises `ConfigurationError`."""
        is_on = environment.choice("MCP", ("on", "off"), "off") == "on"
        names = (environment.get("MCP_WRITES") or "").split(",")
        writes = frozenset(name.strip() for name in names if name.strip())
        if not is_on:
            return None
        if environment.get("PERSISTED_DOCUMENTS") is None:
            raise ConfigurationError("MCP needs PERSISTED_DOCUMENTS: its documents are the tools")
        return cls(writes)
