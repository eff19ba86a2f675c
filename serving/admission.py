"""Who may ask at all, over HTTP: callers with a valid token, no more often than their limit."""

from resolvers.caller import Caller
from serving.auth import Callers, Unauthenticated
from serving.rates import RateLimits


async def admitted(authorization: str | None, address: str, *, callers: Callers, rates: RateLimits) -> Caller:
    """The caller of one operation, which is counted. Raises `Refused`."""
    try:
        caller = await callers.identify(authorization)
    except Unauthenticated:
        await rates.failed(address)
        raise
    await rates.take(caller, address)
    return caller
