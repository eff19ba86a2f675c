"""What Formance's error bodies say. Many are empty or plain text: then the status alone decides."""

import re

import msgspec

from providers.answers import Answer, Explanation
from providers.errors import Broken, NotFound, ProviderError, Rejected, Unauthorized, Unsupported
from providers.formance.models import Refusal

KINDS: dict[str, type[ProviderError]] = {
    "INVALID_ID": Rejected,
    "MISSING_OR_INVALID_BODY": Rejected,
    "VALIDATION": Rejected,
    "CONFLICT": Rejected,
    "CONNECTOR_CAPABILITY_NOT_SUPPORTED": Rejected,
    "NOT_FOUND": NotFound,
    "LEDGER_NOT_FOUND": NotFound,
    "INSUFFICIENT_FUND": Rejected,
    "HOLD_CLOSED": Rejected,
    "INTERNAL": Broken,
    "INTERNAL_ERROR": Broken,
    "invalid_client": Unauthorized,
    "unauthorized_client": Unauthorized,
}
"""`errorCode` of the services, and `error` of the token endpoint, whatever status of refusal they come with."""

_REFUSALS = frozenset({400, 409, 412, 413, 415, 422})
"""Statuses that refuse a request for its own sake, whatever code comes with them."""

_OF_WALLETS, _NO_WALLET = "INTERNAL_ERROR", b"account not found"
"""How the wallets service fails for a wallet that is not there: it has done nothing then."""
_NO_ROWS = b"sql: no rows in result set"
"""What the orchestration service says of a missing object, which it takes for an error of its own."""

_REFUSAL = msgspec.json.Decoder(Refusal)
_CODE = re.compile(r"[A-Za-z_]{1,64}")


def explain(answer: Answer) -> Explanation | None:
    """The vendor's code, and the error that it stands for."""
    refusal = _refusal(answer.body)
    code = _code(refusal)
    if code is None:
        return Explanation(Unsupported) if _is_the_routers(answer) else None
    if code == _OF_WALLETS and _NO_WALLET in answer.body:
        return Explanation(NotFound, vendor_code=code)
    if answer.status >= 500:
        if _NO_ROWS in answer.body:
            return Explanation(NotFound, vendor_code=code)
        return Explanation(Broken, vendor_code=code)  # whatever it says, a write may have been carried out
    kind = KINDS.get(code) or (Rejected if answer.status in _REFUSALS else None)
    return Explanation(kind, vendor_code=code) if kind else None


def _is_the_routers(answer: Answer) -> bool:
    """True where no service was asked: this server has no such route. Services say that an object is missing by a code,
    and some by a 404 without a body."""
    return answer.status == 405 or (answer.status == 404 and answer.media_type == "text/plain")


def _refusal(body: bytes) -> Refusal:
    try:
        return _REFUSAL.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Refusal()


def _code(refusal: Refusal) -> str | None:
    """A code is one word: anything else in its place could be somebody's data."""
    code = refusal.error_code or refusal.error or ""
    return code if _CODE.fullmatch(code) else None
