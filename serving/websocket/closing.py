"""Why a socket is closed. The codes are those of `graphql-transport-ws`, and of RFC 6455 below 4000."""


class Closing(Exception):
    """The end of a socket, at its server's will. The reason is sent as it is: 123 bytes at most."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


def bad_message(reason: str) -> Closing:
    """A message that the protocol does not know, or not in this form."""
    return Closing(4400, reason)


def unauthorized() -> Closing:
    """An operation before the caller has said who it is."""
    return Closing(4401, "Unauthorized")


def forbidden() -> Closing:
    """A token that is not valid, or no longer. A client may try again with another one."""
    return Closing(4403, "Forbidden")


def not_acceptable() -> Closing:
    """No subprotocol that is spoken here."""
    return Closing(4406, "Subprotocol not acceptable")


def not_initialised() -> Closing:
    """Nobody has said who it is, for too long."""
    return Closing(4408, "Connection initialisation timeout")


def already_exists() -> Closing:
    """An id of an operation that is under way."""
    return Closing(4409, "An operation with this id is under way")


def too_many_initialisations(reason: str = "Too many initialisation requests") -> Closing:
    """A second initialisation of one socket, or too many sockets of one caller."""
    return Closing(4429, reason)


def idle() -> Closing:
    """Nothing was asked for a long time."""
    return Closing(1000, "Idle")


def too_slow() -> Closing:
    """What was sent was not taken."""
    return Closing(1008, "Results are not taken")


def try_again_later(reason: str) -> Closing:
    """Nothing that the client can mend."""
    return Closing(1013, reason)
