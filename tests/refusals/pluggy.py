"""How Pluggy refuses the exchange of client keys and the smart accounts' four operations.

Its code is the `codeDescription`, which many refusals lack; `code` repeats the HTTP status.
"""

import json
from typing import Any

from providers.domain import NodeType, Provider, Ref
from resolvers import ids
from tests.refusals.row import (
    ABSENT,
    BROKEN,
    LATE,
    NOT_LET_IN,
    NOT_SENT,
    NOT_SERVED,
    REFUSED,
    TOO_OFTEN,
    Meaning,
    Row,
    Way,
)

SMART_ACCOUNT = "09630840-cec8-5188-9758-ab90902d7dee"
AUTH = "/auth"
_ID = ids.encode(Ref(NodeType.SMART_ACCOUNT, (SMART_ACCOUNT,), Provider.PLUGGY))
_OWNER = {
    "email": "ana@example.com",
    "phoneNumber": "+5521999999999",
    "address": {"city": "Recife", "state": "PE"},
    "name": "Ana Souza",
    "taxNumber": "12345678909",
    "isSandbox": True,
}

WAYS = (
    Way(
        name="account",
        document="query($id: ID!) { it: account(id: $id) { id } }",
        variables={"id": _ID},
        method="GET",
        path=f"/payments/smart-accounts/{SMART_ACCOUNT}",
    ),
    Way(
        name="balance",
        document="query($id: ID!) { it: account(id: $id) { balances { kind } } }",
        variables={"id": _ID},
        method="GET",
        path=f"/payments/smart-accounts/{SMART_ACCOUNT}/balance",
    ),
    Way(
        name="list",
        document="{ it: accounts(provider: PLUGGY) { nodes { id } } }",
        variables={},
        method="GET",
        path="/payments/smart-accounts",
    ),
    Way(
        name="opening",
        document="mutation($input: CreateSmartAccountInput!) { it: createSmartAccount(input: $input) {"
        " account { id } userErrors { code field vendorCode message } } }",
        variables={"input": _OWNER},
        method="POST",
        path="/payments/smart-accounts",
        settles=30,
    ),
)


def _row(status: int, code: str | None, message: str, means: Meaning, *, at: str = "", **more: Any) -> Row:
    """As Pluggy words it."""
    described = {"codeDescription": code} if code else {}
    body = json.dumps({"code": status, **described, "message": message, **more})
    # a list is never an object that is not there
    only = frozenset({"account", "balance", "opening"} if means == ABSENT else ())
    return Row(status=status, body=body, means=means, vendor_code=code, at=at, only=only)


_TOO_MANY = "Too many requests. Please try again later (see Retry-After header in seconds)"
_PAUSE = {"ratelimit-limit": "360", "ratelimit-remaining": "0", "ratelimit-reset": "41", "retry-after": "60"}
_DETAILS = [{"code": "001", "parameter": "user", "message": "user 12345678909 must be 11 digits"}]

ROWS = (
    _row(401, "CLIENT_KEYS_UNAUTHORIZED", "Client keys are invalid", NOT_LET_IN, at=AUTH),
    _row(401, "CLIENT_DISABLED", "Client is disabled", NOT_LET_IN, at=AUTH),
    _row(403, "CLIENT_DISABLED", "Client is disabled", NOT_LET_IN, at=AUTH),
    _row(400, None, "clientId must be a UUID", NOT_LET_IN, at=AUTH),
    Row(status=401, means=NOT_LET_IN, at=AUTH),
    Row(status=404, means=NOT_LET_IN, at=AUTH),
    _row(429, None, _TOO_MANY, TOO_OFTEN, at=AUTH),
    _row(500, "INTERNAL_SERVER_ERROR", "Failed for 12345678909", NOT_SENT, at=AUTH),
    _row(400, None, "taxNumber is required", REFUSED),
    _row(400, None, "id should not be null or undefined,id must be a UUID", REFUSED),
    _row(400, "CONNECTOR_VALIDATION_ERROR", "user is invalid", REFUSED, details=_DETAILS),
    _row(400, "MFA_PARAMERTER_WAS_ALREADY_USED_ERROR", "The parameter was used", REFUSED),
    _row(400, "BALANCE_INVALID_REQUEST", "Account 12345678909 is invalid", REFUSED),
    _row(400, "SMART_ACCOUNT_INSUFFICIENT_BALANCE", "The balance is 12.34", REFUSED),
    Row(status=400, means=REFUSED),
    _row(401, None, "Missing or invalid authorization token", NOT_LET_IN),
    _row(403, None, "Missing or invalid authorization token", NOT_LET_IN),
    Row(status=403, means=NOT_LET_IN),
    _row(403, "BALANCE_CONSENT_ERROR", "Ana Souza has taken her consent back", REFUSED),
    _row(404, "SMART_ACCOUNT_NOT_FOUND", "Smart account not found", ABSENT),
    _row(404, "ITEM_NOT_FOUND", "Item not found", ABSENT),
    _row(404, "ACCOUNT_NOT_FOUND", "Account not found", ABSENT),
    _row(404, "IDENTITY_NOT_FOUND", "Identity not found", ABSENT),
    _row(404, "BALANCE_NOT_FOUND", "Balance not found", ABSENT),
    _row(404, None, "Cannot GET /payments/smart-accounts", NOT_SERVED),
    Row(status=404, body="<html>nginx 404</html>", media_type="text/html", means=NOT_SERVED),
    Row(status=404, means=NOT_SERVED),
    Row(status=408, means=LATE),
    _row(409, "ITEM_CREATION_LIMIT_EXCEEDED", "Too many items", REFUSED, data={"itemsLimit": 100}),
    _row(409, "CLIENT_IS_UPDATING_BEFORE_ALLOWED_FREQUENCY", "Too early", REFUSED),
    Row(
        status=429,
        body=json.dumps({"message": _TOO_MANY, "code": 429}),
        means=TOO_OFTEN,
        headers=_PAUSE,
        retry_after=60,
    ),
    Row(status=429, means=TOO_OFTEN),
    _row(429, "BALANCE_OPEN_FINANCE_RATE_LIMIT", "420 calls for 12345678909", TOO_OFTEN),
    _row(500, "INTERNAL_SERVER_ERROR", "Failed for 12345678909", BROKEN),
    _row(500, "BALANCE_FETCH_ERROR", "Failed for 12345678909", BROKEN),
    _row(502, "BALANCE_CONNECTOR_UNAVAILABLE", "The bank is away", BROKEN),
    Row(status=500, means=BROKEN),
    Row(status=502, body="<html>Bad Gateway</html>", media_type="text/html", means=BROKEN),
)
