"""The vendor's rate limit: so many calls a minute, counted per endpoint and per caller's address."""

from collections.abc import Callable, Mapping

from starlette.requests import Request
from starlette.responses import Response

from providers.pluggy.sandbox import errors

AUTH = "POST /auth"
LIST = "GET /payments/smart-accounts"
CREATE = "POST /payments/smart-accounts"
RETRIEVE = "GET /payments/smart-accounts/{id}"
BALANCE = "GET /payments/smart-accounts/{id}/balance"

PER_MINUTE: Mapping[str, int] = {AUTH: 360}
"""The limits that the vendor states; it states none for `/payments/*`."""

_WINDOW_SECONDS = 60


class RateLimits:
    """Counts calls in windows of a minute. Endpoints without a limit are not counted."""

    def __init__(self, per_minute: Mapping[str, int], *, clock: Callable[[], float]) -> None:
        self._per_minute = dict(per_minute)
        self._clock = clock
        self._windows: dict[tuple[str, str], tuple[float, int]] = {}

    def refusal(self, endpoint: str, request: Request) -> Response | None:
        """Count this call; a 429 when it is one too many, else None."""
        limit = self._per_minute.get(endpoint)
        if limit is None:
            return None
        key = (endpoint, request.client.host if request.client else "")
        now = self._clock()
        opened, count = self._windows.get(key, (now, 0))
        if now - opened >= _WINDOW_SECONDS:
            opened, count = now, 0
        self._windows[key] = (opened, count + 1)
        if count < limit:
            return None
        return errors.too_many_requests(limit=limit, reset_seconds=max(1, round(opened + _WINDOW_SECONDS - now)))
