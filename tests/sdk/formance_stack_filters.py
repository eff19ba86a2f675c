"""Filters of lists as the vendor's own SDK writes them: in the address, in nested parameters, in bodies of reads."""

from datetime import UTC, datetime, timedelta
from typing import Any

from formance_sdk_python.models import operations

SEEDED = "main"
NEVER = datetime(2001, 1, 1, tzinfo=UTC)


def check_ledger_filters(ledger: Any) -> None:
    """The second API: bodies, also of a HEAD, and points in time."""
    request: dict[str, Any] = {"ledger": SEEDED, "page_size": 100}
    kind = {"request_body": {"$match": {"metadata[kind]": "treasury"}}}
    rows = ledger.list_transactions(request={**request, **kind}).v2_transactions_cursor_response.cursor.data
    counted = ledger.count_transactions(request={"ledger": SEEDED, **kind}).headers
    assert [str(len(rows))] in counted.values()
    assert {row.metadata["kind"] for row in rows} == {"treasury"}
    effective = {**request, **kind, "order": operations.Order.EFFECTIVE, "reverse": True}
    turned = ledger.list_transactions(request=effective).v2_transactions_cursor_response.cursor.data
    assert turned == rows[::-1]
    before = {**request, "pit": NEVER}
    assert not ledger.list_transactions(request=before).v2_transactions_cursor_response.cursor.data
    assert not ledger.list_accounts(request=before).v2_accounts_cursor_response.cursor.data
    assert not ledger.list_logs(request=before).v2_logs_cursor_response.cursor.data
    vault = {"request_body": {"$match": {"address": "treasury:vault"}}}
    sums = ledger.get_balances_aggregated(request={"ledger": SEEDED, **vault}).v2_aggregate_balances_response.data
    assert sums["ETH/18"] > 10**38
    span = {**request, **vault, "start_time": NEVER, "end_time": datetime.now(UTC) + timedelta(days=1)}
    (row,) = ledger.get_volumes_with_balances(request=span).v2_volumes_with_balance_cursor_response.cursor.data
    assert (row.account, row.balance) == ("treasury:vault", sums["ETH/18"])


def check_old_ledger_filters(ledger: Any) -> None:
    """The first API: parameters only, some of them nested."""
    request: dict[str, Any] = {"ledger": SEEDED, "page_size": 1000}
    named = {**request, "address": "customers::", "metadata": {"purpose": "savings"}}
    accounts = ledger.list_accounts(request=named).accounts_cursor_response.cursor.data
    assert {row.metadata["purpose"] for row in accounts} == {"savings"}
    kind = {**request, "metadata": {"kind": "treasury"}, "destination": "treasury:vault"}
    (row,) = ledger.list_transactions(request=kind).transactions_cursor_response.cursor.data
    assert row.reference == "treasury-funding"
    span = {**request, "start_time": NEVER, "end_time": row.timestamp + timedelta(seconds=1), "account": "world"}
    found = ledger.list_transactions(request=span).transactions_cursor_response.cursor.data
    assert row in found
    assert max(each.timestamp for each in found) == row.timestamp
    at = {**request, "address": "treasury:vault"}
    (held,) = ledger.get_balances(request=at).balances_cursor_response.cursor.data
    assert held["treasury:vault"]["ETH/18"] > 10**38
    logs = ledger.list_logs(request={**request, "end_time": NEVER}).logs_cursor_response.cursor.data
    assert not logs


def check_wallet_filters(wallets: Any) -> None:
    """Names, nested metadata, and what one wallet holds back."""
    gold = {"page_size": 100, "metadata": {"tier": "gold"}, "expand": "balances"}
    rows = wallets.list_wallets(request=gold).list_wallets_response.cursor.data
    assert {row.metadata["tier"] for row in rows} == {"gold"}
    first = rows[0]
    named = wallets.list_wallets(request={"name": first.name}).list_wallets_response.cursor.data
    assert {row.name for row in named} == {first.name}
    held = wallets.get_holds(request={"page_size": 100}).get_holds_response.cursor.data[0]
    own = wallets.get_holds(request={"wallet_id": held.wallet_id}).get_holds_response.cursor.data
    assert held in own
    assert {row.wallet_id for row in own} == {held.wallet_id}
