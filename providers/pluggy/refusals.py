"""What Pluggy's error answers mean. Its `codeDescription` is carried on, its message never is."""

import re

import msgspec

from providers.answers import Answer, Explanation
from providers.errors import Broken, NotFound, ProviderError, RateLimited, Rejected, TimedOut, Unauthorized, Unsupported
from providers.pluggy.models import GlobalErrorResponse

KINDS: dict[str, type[ProviderError]] = {
    "CLIENT_KEYS_UNAUTHORIZED": Unauthorized,
    "CLIENT_DISABLED": Unauthorized,
    "SMART_ACCOUNT_NOT_FOUND": NotFound,
}
"""By `codeDescription`; every other one is judged by its status."""

DESCRIBED: dict[int, type[ProviderError]] = {
    401: Unauthorized,
    403: Rejected,
    404: NotFound,
    408: TimedOut,
    429: RateLimited,
}
"""By status, of an answer that has a `codeDescription`. Such a 403 is about permission, not about the API key."""

_CODE = re.compile(r"[A-Z][A-Z0-9_]{0,63}")
_BODY = msgspec.json.Decoder(GlobalErrorResponse)


def explain(answer: Answer) -> Explanation | None:
    """The meaning of an answer that is not 2xx; None leaves it to the status.

    Without a `codeDescription` a 403 (or 401) is a refused API key, and a 404 is a path that the vendor does not serve:
    smart accounts are not open to every application.
    """
    code = _code_description(answer)
    if code is not None:
        kind = KINDS.get(code) or DESCRIBED.get(answer.status) or (Broken if answer.status >= 500 else Rejected)
        return Explanation(kind, code)
    if answer.status == 404:
        return Explanation(Unsupported, message="The provider offers no smart accounts to this application.")
    return None


def _code_description(answer: Answer) -> str | None:
    """The vendor's code, when it looks like one."""
    try:
        code = _BODY.decode(answer.body).code_description
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return code if code and _CODE.fullmatch(code) else None
