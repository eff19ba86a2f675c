"""What a failed call tells the breakers of its vendor. None: nothing."""

from providers.errors import Broken, ProviderError, TimedOut, Unreachable


def is_lost(error: BaseException) -> bool | None:
    """What an error tells about the host: a time-out may be the operation's fault alone."""
    if not isinstance(error, ProviderError) or isinstance(error, TimedOut):
        return None
    return isinstance(error, Unreachable)


def is_failure(error: BaseException) -> bool | None:
    """What an error tells about the operation: a lost connection tells nothing."""
    if not isinstance(error, ProviderError) or isinstance(error, Unreachable):
        return None
    return isinstance(error, Broken | TimedOut)
