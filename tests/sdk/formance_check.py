"""Reads a Formance stack with the vendor's own Python SDK, and prints how many objects of each kind it understood.

Run by an interpreter that has `formance-sdk-python`: `formance_check.py BASE_URL CLIENT_ID CLIENT_SECRET [--write]`.
With `--write` it then makes, changes and deletes objects of every kind, so only a sandbox should be named.
Leaves with 0 and one line of JSON, or with the SDK's exception. Needs nothing of this project but the files beside it.
"""

import json
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from formance_mends import Mending
from formance_sdk_python import SDK
from formance_sdk_python.models import shared
from formance_writes import check_writes


def check(sdk: SDK) -> dict[str, int]:
    """Read everything that payments v1 offers to readers; counts by kind."""
    payments = sdk.payments.v1
    counts = {
        "versions": len(sdk.get_versions().get_versions_response.versions),
        "major": int(payments.paymentsget_server_info().server_info.version.removeprefix("v").partition(".")[0]),
    }
    accounts = list(_all(payments.paymentslist_accounts, "accounts_cursor"))
    counts["accounts"] = len(accounts)
    counts["payments"] = _check_payments(payments)
    counts["pools"], counts["pool_balances"] = _check_pools(payments)
    connectors = payments.list_all_connectors().connectors_response.data
    counts["connectors"] = len(connectors)
    assert {account.connector_id for account in accounts} <= {connector.connector_id for connector in connectors}
    counts["balances"] = _check_accounts(payments, accounts[:20])
    counts["bank_accounts"] = _check_bank_accounts(payments)
    counts["transfer_initiations"] = _check_initiations(payments)
    counts["configs"], counts["tasks"] = _check_connectors(payments, connectors)
    return counts


def _all(list_page: Callable[..., Any], envelope: str, **parameters: object) -> Iterator[Any]:
    """Every object of a list, page by page."""
    request: dict[str, object] = {"page_size": 100, **parameters}
    while True:
        cursor = getattr(list_page(request=request), envelope).cursor
        yield from cursor.data
        if not cursor.has_more:
            return
        request = {"cursor": cursor.next}


def _check_payments(payments: Any) -> int:
    listed = list(_all(payments.list_payments, "payments_cursor"))
    for payment in listed[:10]:
        assert payments.get_payment(request={"payment_id": payment.id}).payment_response.data == payment
    filtered = json.dumps({"$match": {"status": "FAILED"}})
    failed = list(_all(payments.list_payments, "payments_cursor", query=filtered))
    assert [payment.id for payment in failed] == [row.id for row in listed if row.status == shared.PaymentStatus.FAILED]
    assert len({payment.id for payment in listed}) == len(listed)
    return len(listed)


def _check_pools(payments: Any) -> tuple[int, int]:
    """Pools, and their balances a day and a week before the newest balance of any account that they hold."""
    listed = list(_all(payments.list_pools, "pools_cursor"))
    balances = 0
    for pool in listed:
        assert payments.get_pool(request={"pool_id": pool.id}).pool_response.data == pool
        at = _last_poll(payments, pool.accounts)
        for days in (1, 7):
            request = {"pool_id": pool.id, "at": at - timedelta(days=days)}
            balances += len(payments.get_pool_balances(request=request).pool_balances_response.data.balances)
    return len(listed), balances


def _last_poll(payments: Any, accounts: list[str]) -> datetime:
    rows = [
        row
        for account in accounts
        for row in _all(payments.get_account_balances, "balances_cursor", account_id=account)
    ]
    return max((row.last_updated_at for row in rows), default=datetime.now(UTC))


def _check_accounts(payments: Any, accounts: list[Any]) -> int:
    balances = 0
    for account in accounts:
        request = {"account_id": account.id}
        assert payments.paymentsget_account(request=request).payments_account_response.data == account
        balances += len(list(_all(payments.get_account_balances, "balances_cursor", **request)))
    return balances


def _check_bank_accounts(payments: Any) -> int:
    listed = list(_all(payments.list_bank_accounts, "bank_accounts_cursor"))
    for row in listed:
        assert payments.get_bank_account(request={"bank_account_id": row.id}).bank_account_response.data == row
    return len(listed)


def _check_initiations(payments: Any) -> int:
    listed = list(_all(payments.list_transfer_initiations, "transfer_initiations_cursor"))
    for row in listed:
        request = {"transfer_id": row.id}
        whole = payments.get_transfer_initiation(request=request).transfer_initiation_response.data
        assert whole.related_adjustments[0].status == whole.status == row.status
    return len(listed)


def _check_connectors(payments: Any, connectors: list[Any]) -> tuple[int, int]:
    """Configs and tasks. v3 lists all connectors' tasks whichever is asked for, so they are told apart by their ids."""
    assert payments.list_configs_available_connectors().connectors_configs_response.data.connector.key.required
    tasks = {}
    for row in connectors:
        request = {"connector": row.provider, "connector_id": row.connector_id}
        config = payments.read_connector_config_v1(request=request).connector_config_response.data
        assert config.name == row.name
        for task in _all(payments.list_connector_tasks_v1, "tasks_cursor", **request):
            tasks[task.id] = task
        mine = next(task for task in tasks.values() if task.connector_id == row.connector_id)
        request = {**request, "task_id": mine.id}
        assert payments.get_connector_task_v1(request=request).task_response.data == mine
    return len(connectors), len(tasks)


def main() -> None:
    """Command line: base URL, client id, client secret, and whether to write."""
    base_url, client_id, client_secret = sys.argv[1:4]
    # the SDK would ask a relative token URL of the host's root, even when the stack lies below a path
    security = shared.Security(
        client_id=client_id, client_secret=client_secret, token_url=f"{base_url}/api/auth/oauth/token"
    )
    transport = Mending()
    client = httpx.Client(transport=transport, follow_redirects=True)
    with SDK(server_url=base_url, security=security, timeout_ms=20_000, client=client) as sdk:
        counts = check(sdk)
        if "--write" in sys.argv:
            check_writes(sdk.payments.v1, major=counts["major"])
            counts["writes"] = transport.written
        sys.stdout.write(json.dumps({**counts, "mended": transport.mended}) + "\n")


if __name__ == "__main__":
    main()
