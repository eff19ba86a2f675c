"""Opens a smart account by the vendor's own SDK, or reads one, and prints what the SDK sees.

Run by an interpreter that has `pluggy-sdk`: `pluggy_parity.py BASE_URL CLIENT_ID CLIENT_SECRET [ID]`.
"""

import json
import sys
from typing import Any

import pluggy_sdk
from pluggy_check import order


def main(base_url: str, client_id: str, client_secret: str, account_id: str = "") -> dict[str, Any]:
    """Facts of the account with this id, or of a new one."""
    configuration = pluggy_sdk.Configuration(host=base_url)
    with pluggy_sdk.ApiClient(configuration) as client:
        request = pluggy_sdk.AuthRequest(client_id=client_id, client_secret=client_secret)
        configuration.api_key["default"] = pluggy_sdk.AuthApi(client).auth_create(request).api_key
        api = pluggy_sdk.SmartAccountApi(client)
        made = account_id or api.smart_account_create(order(tax_number="12345678900")).id
        account, balance = api.smart_account_retrieve(made), api.smart_account_balance_retrieve(made)
    sums = (balance.balance, balance.blocked_balance, balance.scheduled_balance)
    return {
        "id": account.id,
        "ispb": account.ispb,
        "agency": account.agency,
        "number": account.number,
        "verifyingDigit": account.verifying_digit,
        "isSandbox": account.is_sandbox,
        "balances": [str(each) for each in sums],
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(*sys.argv[1:])) + "\n")
