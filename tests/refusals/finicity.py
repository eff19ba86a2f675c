"""How Finicity refuses the ten documented operations and the exchange of its token, and its aggregation status codes.

Codes are numbers in older answers and strings in newer ones, and some answers are no JSON.
"""

import json

from providers.domain import NodeType, Provider, Ref
from resolvers import ids
from tests.refusals.row import ABSENT, BROKEN, BUSY, LATE, NOT_LET_IN, NOT_SENT, REFUSED, TOO_OFTEN, Meaning, Row, Way
from tests.resolvers.asking import person

CUSTOMER, ACCOUNT, LOGIN, BANK = "5026900000", "5011600000", "6009800000", "4222"
TOKEN = "/aggregation/v2/partners/authentication"
_ACCOUNT_ID = ids.encode(Ref(NodeType.AGGREGATED_ACCOUNT, (CUSTOMER, ACCOUNT), Provider.FINICITY))
_V1 = f"/aggregation/v1/customers/{CUSTOMER}"
_ERRORS = "userErrors { code field vendorCode message }"
_PART = """query($id: ID!, $of: String) { it: customer(id: $id) { accounts(%s: $of) { nodes { id } } } }"""

WAYS = (
    Way(
        name="account",
        document="query($id: ID!) { it: account(id: $id) { id } }",
        variables={"id": _ACCOUNT_ID},
        method="GET",
        path=f"/aggregation/v2/customers/{CUSTOMER}/accounts/{ACCOUNT}",
    ),
    Way(
        name="accounts by bank",
        document=_PART % "institutionId",
        variables={"id": person(0), "of": BANK},
        method="GET",
        path=f"{_V1}/institutions/{BANK}/accounts",
    ),
    Way(
        name="accounts by login",
        document=_PART % "institutionLoginId",
        variables={"id": person(0), "of": LOGIN},
        method="GET",
        path=f"{_V1}/institutionLogins/{LOGIN}/accounts",
    ),
    Way(
        name="refresh",
        document=f"mutation($input: RefreshAccountsInput!) {{ it: refreshAccounts(input: $input) {{"
        f" refresh {{ id }} {_ERRORS} }} }}",
        variables={"input": {"customerId": person(0), "idempotencyKey": "refresh"}},
        method="POST",
        path=f"{_V1}/accounts",
        settles=200,
    ),
    Way(
        name="deletion",
        document=f"mutation($input: DeleteAccountInput!) {{ it: deleteAccount(input: $input) {{"
        f" deletedAccountId {_ERRORS} }} }}",
        variables={"input": {"accountId": _ACCOUNT_ID, "idempotencyKey": "deletion"}},
        method="DELETE",
        path=f"{_V1}/accounts/{ACCOUNT}",
        settles=30,
    ),
    Way(
        name="deletion of a login",
        document=f"mutation($input: DeleteInstitutionLoginInput!) {{ it: deleteInstitutionLogin(input: $input) {{"
        f" customer {{ id }} {_ERRORS} }} }}",
        variables={"input": {"customerId": person(0), "institutionLoginId": LOGIN, "idempotencyKey": "login"}},
        method="DELETE",
        path=f"{_V1}/institutionLogins/{LOGIN}",
        settles=30,
    ),
)


def _row(status: int, code: int | str, message: str, means: Meaning, *only: str, at: str = "") -> Row:
    """As Finicity words it, with the account that it is about."""
    body = {"code": code, "status": str(status), "message": message, "user_message": f"Sorry. {message}", "tags": ""}
    whole = json.dumps({**body, "assetId": "asset-7c1f", "accountId": "5011648377"})
    return Row(status=status, body=whole, means=means, vendor_code=str(code), only=frozenset(only), at=at)


_MISSING = (
    (10005, "Missing parameter (partnerId)"),
    ("10010", '"partnerId" is required'),
    ("10010", "Customer ID does not exist or does not belong to this partner"),
    (14020, "Bad request."),
    ("14020", "Bad request. (Account type not supported)."),
    (14016, "Invalid customer type."),
    (18017, "status parameter value must be 'active' or 'pending"),
    (41003, "Start index cannot be less than one."),
    (41004, "Limit cannot be less than one."),
)
_NOT_LET_IN = (
    (10024, "Missing parameter (Finicity-App-Token)"),
    ("10022", "Invalid (Finicity-App-Token)"),
    ("10022", "Invalid authorization credentials"),
    (10023, "Expired (Finicity-App-Token)"),
    (10026, "Missing parameter (Finicity-App-Key)"),
    (24302, "Bad credentials"),
)
_AT_THE_BANK = (
    *(102, 103, 108, 109, 169, 185, 187, 331, 400, 945, 946, 947, 948, 977),
    *(44000, 44002),
)
_IS_BUSY = "The account is currently being aggregated: 5011648377"

ROWS = (
    *(_row(400, code, message, REFUSED) for code, message in _MISSING),
    _row(400, 14023, "Invalid customer id. customerId = (5026900000)", ABSENT),
    Row(status=400, body="<error>5011648377</error>", media_type="application/xml", means=REFUSED),
    Row(status=400, means=REFUSED),
    *(_row(401, code, message, NOT_LET_IN) for code, message in _NOT_LET_IN),
    Row(status=401, body="Invalid (Finicity-App-Key)", media_type="text/plain", means=NOT_LET_IN),
    Row(status=401, means=NOT_LET_IN),
    _row(401, 10001, "Invalid credentials", NOT_LET_IN, at=TOKEN),
    _row(401, "10026", "Missing parameter (Finicity-App-Key)", NOT_LET_IN, at=TOKEN),
    Row(status=401, body="Invalid (Finicity-App-Key)", media_type="text/plain", means=NOT_LET_IN, at=TOKEN),
    _row(400, 10005, "Missing parameter (partnerId)", NOT_LET_IN, at=TOKEN),
    _row(400, "10010", '"partnerSecret" is required', NOT_LET_IN, at=TOKEN),
    Row(status=403, means=NOT_LET_IN, at=TOKEN),
    Row(status=429, means=TOO_OFTEN, at=TOKEN),
    _row(500, 14020, "Something failed", NOT_SENT, at=TOKEN),
    Row(status=403, body="<html>Forbidden for 203.0.113.7</html>", media_type="text/html", means=REFUSED),
    _row(404, "14001", "Customer not found.", ABSENT),
    _row(404, 14001, "Resource not found.", ABSENT),
    _row(404, 38003, "customer does not have given account (customerId = 1234, accountId = [1234])", ABSENT),
    _row(404, 38006, "Customer does not have any accounts associated with institutionId = (1234567)", ABSENT),
    _row(404, 38007, "Customer does not have any accounts associated with institutionLoginId = (1234)", ABSENT),
    Row(status=404, means=ABSENT),
    _row(408, 331, "The session of 5011648377 has expired", REFUSED),
    Row(status=408, means=LATE),
    _row(409, 110002, "Username is not available.", REFUSED),
    _row(409, 11000, "A consumer already exists for customer 5026900000", REFUSED),
    Row(status=429, means=TOO_OFTEN),
    Row(status=429, means=TOO_OFTEN, headers={"retry-after": "7"}, retry_after=7),
    *(_row(500, code, f"The bank said {code} of 5011648377", REFUSED) for code in _AT_THE_BANK),
    *(_row(500, code, _IS_BUSY, BUSY, "account", "accounts by login", "refresh") for code in (325, "5006")),
    *(_row(500, code, _IS_BUSY, REFUSED, "deletion", "deletion of a login") for code in (325, "5006")),
    _row(500, 931, "A code that no table explains, for 5011648377", BROKEN),
    Row(status=500, means=BROKEN),
    Row(status=500, body="<html>oops 5011648377</html>", media_type="text/html", means=BROKEN),
    _row(503, 14020, "Down", BROKEN),
)
