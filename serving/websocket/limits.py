"""How much of this server one socket, one caller, and all sockets may take."""

import msgspec

from providers.config import Environment


class SocketLimits(msgspec.Struct, frozen=True):
    """Times are in seconds."""

    message_bytes: int = 64 * 1024
    """Of one message, however many frames it comes in."""
    sockets: int = 500
    per_caller: int = 20
    operations: int = 32
    """At once on one socket."""
    initialisation: float = 5.0
    """From the opening of a socket until its caller has said who it is."""
    idle: float = 300.0
    """How long a socket without an operation is kept."""

    @classmethod
    def read(cls, environment: Environment) -> "SocketLimits":
        """From the environment. Raises `ConfigurationError`."""
        usual = cls()
        return cls(
            message_bytes=environment.number("MAX_WEBSOCKET_BYTES", usual.message_bytes, least=1024, most=2**24),
            sockets=environment.number("MAX_SOCKETS", usual.sockets, least=1, most=100_000),
            per_caller=environment.number("MAX_SOCKETS_PER_CALLER", usual.per_caller, least=1, most=100_000),
            operations=environment.number("MAX_OPERATIONS_PER_SOCKET", usual.operations, least=1, most=10_000),
            initialisation=environment.number("SOCKET_INIT_TIMEOUT", usual.initialisation, least=0.1, most=60.0),
            idle=environment.number("SOCKET_IDLE_TIMEOUT", usual.idle, least=0.1, most=86_400.0),
        )
