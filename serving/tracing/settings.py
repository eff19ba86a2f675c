"""Whether traces are sent: by OpenTelemetry's own variables, which its library reads for itself.

https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from providers.config import ConfigurationError, Environment
from resolvers.context import RequestContext

if TYPE_CHECKING:
    from collections.abc import Mapping

_PROTOCOL = "http/protobuf"


class Tracer(Protocol):
    """Follows operations."""

    def begin(self, context: RequestContext, headers: "Mapping[str, str]") -> None:
        """Give an operation its place in the trace that its headers name, or in a new one."""

    def end(self, context: RequestContext, outcome: str, codes: Sequence[str]) -> None:
        """Send the operation, with each of its vendor calls."""

    def close(self) -> None:
        """Send what waits, and end."""


def tracer(environment: Environment) -> Tracer | None:
    """None where no collector is named. Raises `ConfigurationError`."""
    exporter = environment.choice("OTEL_TRACES_EXPORTER", ("otlp", "none"), "otlp")
    is_disabled = environment.choice("OTEL_SDK_DISABLED", ("true", "false"), "false") == "true"
    is_told = environment.any("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
    if is_disabled or exporter == "none" or not is_told:
        return None
    for name in ("OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"):
        if environment.get(name) not in {None, _PROTOCOL}:
            raise ConfigurationError(f"{name} must be {_PROTOCOL}: nothing else is spoken here")
    from serving.tracing.spans import Spans  # noqa: PLC0415 - large, and needed here alone

    return Spans()
