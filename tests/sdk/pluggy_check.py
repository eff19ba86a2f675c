"""Asks a Pluggy sandbox through the vendor's own SDK: `python pluggy_check.py BASE_URL CLIENT_ID CLIENT_SECRET`.

Runs by an interpreter of its own that has `pluggy-sdk`, so it imports nothing of this project. Exits with 0 and prints
one line of JSON with counts when the SDK could read every answer.
"""

import json
import sys
from collections.abc import Callable
from typing import Any

import pluggy_sdk
from pluggy_sdk.exceptions import (
    ApiException,
    BadRequestException,
    ForbiddenException,
    NotFoundException,
    UnauthorizedException,
)

PAGE_SIZE = 7
UNKNOWN_ID = "00000000-0000-4000-8000-000000000000"


def main(base_url: str, client_id: str, client_secret: str) -> dict[str, int]:
    """Every operation that the sandbox serves; gives how many answers of each sort the SDK has read."""
    configuration = pluggy_sdk.Configuration(host=base_url)
    with pluggy_sdk.ApiClient(configuration) as client:
        refusals = check_door(client, client_id)
        request = pluggy_sdk.AuthRequest(client_id=client_id, client_secret=client_secret)
        configuration.api_key["default"] = pluggy_sdk.AuthApi(client).auth_create(request).api_key
        smart_accounts = pluggy_sdk.SmartAccountApi(client)
        return refusals | check_smart_accounts(smart_accounts) | check_creation(smart_accounts)


def check_door(client: pluggy_sdk.ApiClient, client_id: str) -> dict[str, int]:
    """Wrong client keys and a missing API key must be told apart by the SDK."""
    wrong = pluggy_sdk.AuthRequest(client_id=client_id, client_secret="wrong")
    unauthorized = refusal(UnauthorizedException, lambda: pluggy_sdk.AuthApi(client).auth_create(wrong))
    assert unauthorized["codeDescription"] == "CLIENT_KEYS_UNAUTHORIZED"
    forbidden = refusal(ForbiddenException, pluggy_sdk.SmartAccountApi(client).smart_accounts_list)
    assert forbidden["code"] == 403
    return {"refusals": 2}


def check_smart_accounts(smart_accounts: pluggy_sdk.SmartAccountApi) -> dict[str, int]:
    """Walks all pages, then reads each account and its balance alone."""
    listed = list_all(smart_accounts)
    for account in listed:
        assert smart_accounts.smart_account_retrieve(account.id) == account
    balances = [smart_accounts.smart_account_balance_retrieve(account.id) for account in listed]
    assert all(balance.last_updated_at.tzinfo is not None for balance in balances)
    unknown = refusal(NotFoundException, lambda: smart_accounts.smart_account_retrieve(UNKNOWN_ID))
    assert unknown["codeDescription"] == "SMART_ACCOUNT_NOT_FOUND"
    return {"smart_accounts": len(listed), "balances": len(balances)}


def check_creation(smart_accounts: pluggy_sdk.SmartAccountApi) -> dict[str, int]:
    """A new account is as the others, has no money, and is the only new one; a refused one is none."""
    before = {account.id for account in list_all(smart_accounts)}
    made = smart_accounts.smart_account_create(order(tax_number="12345678900"))
    assert made.is_sandbox
    assert smart_accounts.smart_account_retrieve(made.id) == made
    balance = smart_accounts.smart_account_balance_retrieve(made.id)
    assert (balance.balance, balance.blocked_balance, balance.scheduled_balance) == (0, 0, 0)
    refused = refusal(BadRequestException, lambda: smart_accounts.smart_account_create(order(tax_number="")))
    assert refused == {"code": 400, "message": "taxNumber is required"}
    assert {account.id for account in list_all(smart_accounts)} - before == {made.id}
    return {"created": 1}


def order(*, tax_number: str) -> pluggy_sdk.CreateSmartAccountRequest:
    """The body that opens a smart account, as this SDK knows it."""
    return pluggy_sdk.CreateSmartAccountRequest(
        name="Ana Souza",
        tax_number=tax_number,
        email="ana@example.com",
        phone_number="+5521999999999",
        is_sandbox=True,
        address=pluggy_sdk.SmartAccountAddress(city="Rio de Janeiro", state="RJ"),
    )


def list_all(smart_accounts: pluggy_sdk.SmartAccountApi) -> list[pluggy_sdk.SmartAccount]:
    """Every smart account, checked against the total that each page states."""
    found: list[pluggy_sdk.SmartAccount] = []
    page, pages = 0, 1
    while page < pages:
        page += 1
        answer = smart_accounts.smart_accounts_list(page_size=PAGE_SIZE, page=page)
        found += answer.results
        pages = answer.total_pages
    assert len({account.id for account in found}) == len(found) == answer.total
    return found


def refusal(kind: type[ApiException], call: Callable[[], object]) -> dict[str, Any]:
    """The body of the refusal that the call must meet, and that the SDK must raise as this kind of exception."""
    try:
        call()
    except kind as error:
        body: dict[str, Any] = json.loads(error.body)
        return body
    raise AssertionError(f"{kind.__name__} was expected")


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(*sys.argv[1:])) + "\n")
