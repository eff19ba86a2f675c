"""The bodies of the vendor's refusals: `code` repeats the HTTP status, `codeDescription` is there only on some."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from providers.pluggy.sandbox.wire import answer

RETRY_AFTER_SECONDS = 60
"""What the vendor sends with every 429, whatever is left of the minute."""


def client_keys_unauthorized() -> Response:
    """401 of `POST /auth` for an unknown client or a wrong secret."""
    return _refusal(401, "Client keys are invalid", description="CLIENT_KEYS_UNAUTHORIZED")


def client_disabled() -> Response:
    """401 of `POST /auth` for a client that the vendor switched off."""
    return _refusal(401, "Client is disabled", description="CLIENT_DISABLED")


def not_authenticated() -> Response:
    """403, not 401, for a missing, wrong or expired API key. A real permission error has a `codeDescription`."""
    return _refusal(403, "Missing or invalid authorization token")


def invalid(message: str) -> Response:
    """400 of a request that does not validate."""
    return _refusal(400, message)


def smart_account_not_found() -> Response:
    """404 for an id that is well formed and unknown."""
    return _refusal(404, "Smart account not found", description="SMART_ACCOUNT_NOT_FOUND")


def too_many_requests(*, limit: int, reset_seconds: int) -> Response:
    """429 with the vendor's three rate-limit headers and `Retry-After`."""
    headers = {
        "RateLimit-Limit": str(limit),
        "RateLimit-Remaining": "0",
        "RateLimit-Reset": str(reset_seconds),
        "Retry-After": str(RETRY_AFTER_SECONDS),
    }
    message = "Too many requests. Please try again later (see Retry-After header in seconds)"
    return answer({"message": message, "code": 429}, status=429, headers=headers)


async def no_such_route(_request: Request, error: Exception) -> Response:
    """404 and 405 of paths that the vendor does not serve; a whole family that is switched off answers so too."""
    status = error.status_code if isinstance(error, HTTPException) else 404
    return _refusal(status, "Not Found" if status == 404 else "Method Not Allowed")


def _refusal(status: int, message: str, *, description: str | None = None) -> Response:
    body: dict[str, object] = {"code": status, "message": message}
    if description is not None:
        body["codeDescription"] = description
    return answer(body, status=status)
