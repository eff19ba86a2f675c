"""How Formance refuses operations of its modules and the exchange of a token, in the words of both generations.

The services answer with `errorCode`; what stands before them answers with plain text, or with nothing.
"""

import json

from providers.domain import NodeType, Provider, Ref
from resolvers import ids
from tests.refusals.row import ABSENT, BROKEN, NOT_LET_IN, NOT_SENT, NOT_SERVED, REFUSED, TOO_OFTEN, Meaning, Row, Way
from tests.resolvers.orders import nobody, rows_oauth, rows_webhooks
from tests.resolvers.orders.rows_ledgers import ledger, posting

TOKEN = "/api/auth/oauth/token"
POOL = "00000000-0000-4000-8000-000000000007"
_POOL_ID = ids.encode(Ref(NodeType.POOL, (POOL,), Provider.FORMANCE))
_ERRORS = "userErrors { code field vendorCode message }"

WAYS = (
    Way(
        name="pool",
        document="query($id: ID!) { it: pool(id: $id) { id } }",
        variables={"id": _POOL_ID},
        method="GET",
        path=f"/api/payments/pools/{POOL}",
    ),
    Way(
        name="creation",
        document="mutation($input: CreatePoolInput!) { it: createPool(input: $input) {"
        f" pool {{ id }} {_ERRORS} }} }}",
        variables={"input": {"name": "Reserve", "accountIds": [nobody.ACCOUNT]}},
        method="POST",
        path="/api/payments/pools",
        settles=30,
    ),
    Way(
        name="notes",
        document="mutation($input: UpdatePaymentMetadataInput!) { it: updatePaymentMetadata(input: $input) {"
        f" payment {{ id }} {_ERRORS} }} }}",
        variables={"input": {"paymentId": nobody.PAYMENT, "metadata": {"order": "7"}}},
        method="PATCH",
        path="/api/payments/payments/*/metadata",
        settles=30,
    ),
    Way(
        name="client",
        document="query($id: ID!) { it: oauthClient(id: $id) { id } }",
        variables={"id": rows_oauth.SEEDED},
        method="GET",
        path="/api/auth/clients/*",
    ),
    Way(
        name="receiver",
        document="mutation($input: WebhookConfigInput!) { it: activateWebhookConfig(input: $input) {"
        f" webhookConfig {{ id }} {_ERRORS} }} }}",
        variables={"input": {"webhookConfigId": rows_webhooks.SEEDED}},
        method="PUT",
        path="/api/webhooks/configs/*/activate",
        settles=30,
    ),
    Way(
        name="posting",
        document="mutation($input: CreateLedgerTransactionInput!) { it: createLedgerTransaction(input: $input) {"
        f" transaction {{ id }} {_ERRORS} }} }}",
        variables={"input": {"ledgerId": ledger(), "postings": [posting(5)]}},
        method="POST",
        path="/api/ledger/v2/main/transactions",
        settles=30,
    ),
)


def _row(status: int, code: str, message: str, means: Meaning, *only: str, at: str = "") -> Row:
    """As the services word it, with details."""
    body = json.dumps({"errorCode": code, "errorMessage": message, "details": "see FR7630006000011234567890189"})
    return Row(status=status, body=body, means=means, vendor_code=code, at=at, only=frozenset(only))


def _token(status: int, error: str, means: Meaning) -> Row:
    body = json.dumps({"error": error, "error_description": "client tributary-7 may not do this"})
    return Row(status=status, body=body, means=means, vendor_code=error, at=TOKEN)


_INVALID = (
    "Reference is a required field",
    "reference is required",
    "createdAt is empty or in the future",
    "cannot list payments: unknown key 'X' when building query: validation error",
    "invalid 'pageSize' query param",
    "invalid 'cursor' query param",
    "missing atTime",
    "cannot approve an already approved payment initiation",
    "only waiting for validation transfer initiation can be deleted",
    "reversed amount is greater than the transfer amount",
    "connector generic-bank is not installed",
    "connector not installed",
)
_TAKEN = ("cannot create pool Reserve: object already exists", "creating pool Reserve: duplicate key value")
_ABSENT = ("cannot get pool: not found", "getting pool: not found", "cannot get account: not found")
_OF_LEDGERS = {
    "INSUFFICIENT_FUND": "account customers:cus_0007:wallet had insufficient funds",
    "NO_POSTINGS": "you need to pass either a posting array or a numscript script",
    "COMPILATION_FAILED": "mismatched input 'pay' expecting 'send'",
    "METADATA_OVERRIDE": "cannot override metadata 'iban'",
    "ALREADY_REVERT": "transaction 4711 was already reverted",
    "REVERT_OCCURRING": "transaction 4711 is being reverted",
    "IMPORT": "ledger must be in initializing state",
    "LEDGER_ALREADY_EXISTS": "ledger payroll already exists",
    "INTERPRETER_RUNTIME": "account customers:cus_0007:wallet is not there",
}
_BROKEN = (
    "Internal error. Consult logs/traces to have more details.",
    'pq: relation "accounts"."pool" of 10.0.0.7 does not exist',
)

ROWS = (
    _token(401, "invalid_client", NOT_LET_IN),
    _token(400, "unauthorized_client", NOT_LET_IN),
    _token(400, "unsupported_grant_type", NOT_LET_IN),
    _token(400, "invalid_request", NOT_LET_IN),
    Row(status=401, means=NOT_LET_IN, at=TOKEN),
    _row(400, "VALIDATION", "client is invalid", NOT_LET_IN, at=TOKEN),
    Row(status=404, means=NOT_LET_IN, at=TOKEN),
    Row(status=429, means=TOO_OFTEN, at=TOKEN),
    _row(500, "INTERNAL", _BROKEN[1], NOT_SENT, at=TOKEN),
    *(_row(400, "VALIDATION", message, REFUSED) for message in _INVALID),
    *(_row(400, "CONFLICT", message, REFUSED) for message in _TAKEN),
    _row(409, "CONFLICT", _TAKEN[0], REFUSED),
    _row(400, "MISSING_OR_INVALID_BODY", "unexpected EOF", REFUSED),
    _row(400, "CONNECTOR_CAPABILITY_NOT_SUPPORTED", "connector stripe-eu: not supported", REFUSED),
    _row(400, "INVALID_ID", "unable to parse 00000000-0000-4000-8000-000000000007", ABSENT, "pool"),
    _row(
        400,
        "INVALID_ID",
        "unable to parse eyJQcm92aWRlciI6",
        REFUSED,
        *("creation", "notes", "client", "receiver", "posting"),
    ),
    *(_row(400, code, message, REFUSED, "posting") for code, message in _OF_LEDGERS.items()),
    _row(404, "LEDGER_NOT_FOUND", "ledger 'payroll' not found", ABSENT, "posting"),
    _row(413, "BULK_SIZE_EXCEEDED", "bulk size exceeded, max size is 100", REFUSED, "posting"),
    _row(400, "SCHEMA_NOT_FOUND", "a code that no document lists", REFUSED),
    Row(status=400, body="not supported", media_type="text/plain", means=REFUSED),
    Row(status=400, means=REFUSED),
    Row(status=401, means=NOT_LET_IN),
    Row(status=403, means=NOT_LET_IN),
    *(_row(404, "NOT_FOUND", message, ABSENT) for message in _ABSENT),
    Row(status=404, body="404 page not found\n", media_type="text/plain", means=NOT_SERVED),
    Row(status=404, means=ABSENT),
    Row(status=405, means=NOT_SERVED),
    Row(status=413, body="too large", media_type="text/plain", means=REFUSED),
    Row(status=429, means=TOO_OFTEN),
    Row(status=429, means=TOO_OFTEN, headers={"retry-after": "12"}, retry_after=12),
    *(_row(500, "INTERNAL", message, BROKEN) for message in _BROKEN),
    _row(500, "CONFLICT", "object already exists", BROKEN),
    Row(status=500, means=BROKEN),
    Row(status=503, body="<html>no healthy upstream</html>", media_type="text/html", means=BROKEN),
)
