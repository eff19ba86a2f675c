"""Wallets and reconciliation by the vendor's own SDK: what is seeded, and writes that reads must see."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

from formance_sdk_python.models import errors, shared

HUGE = 10**39 + 7
"""An amount of forty digits."""


def check_wallets(wallets: Any) -> None:
    """All sixteen operations."""
    assert wallets.walletsget_server_info().server_info.version
    _check_seeded_wallets(wallets)
    suffix = f"{time.time_ns():x}"
    made = wallets.create_wallet(
        request={
            "create_wallet_request": shared.CreateWalletRequest(metadata={"by": "sdk"}, name=f"sdk-{suffix}"),
            "idempotency_key": suffix,
        }
    ).create_wallet_response.data
    at = {"id": made.id}
    wallets.update_wallet(request={**at, "request_body": {"metadata": {"note": suffix}}})
    _check_balances(wallets, at)
    _check_holds(wallets, at)
    moved = wallets.get_transactions(request={"wallet_id": made.id, "page_size": 100}).get_transactions_response.cursor
    assert max(posting.amount for row in moved.data for posting in row.postings) == HUGE


def _check_seeded_wallets(wallets: Any) -> None:
    listed = wallets.list_wallets(request={"page_size": 100}).list_wallets_response.cursor.data
    assert len(listed) > 10
    assets: dict[str, int] = {}
    for row in listed:
        whole = wallets.get_wallet(request={"id": row.id}).get_wallet_response.data
        assert (whole.id, whole.name, whole.metadata) == (row.id, row.name, row.metadata)
        assets |= whole.balances.main.assets
        assert wallets.get_wallet_summary(request={"id": row.id}).get_wallet_summary_response.balances
    assert assets["ETH/18"] > 10**39
    holds = wallets.get_holds(request={"page_size": 100}).get_holds_response.cursor.data
    for row in holds:
        whole = wallets.get_hold(request={"hold_id": row.id}).get_hold_response.data
        assert (whole.id, whole.wallet_id, whole.destination) == (row.id, row.wallet_id, row.destination)
    assert {row.destination.type for row in holds} == {"ACCOUNT", "WALLET"}


def _check_balances(wallets: Any, at: dict[str, str]) -> None:
    """A balance that expires, and money for it and for the main one."""
    expiry = datetime(2100, 1, 1, tzinfo=UTC)
    wanted = shared.CreateBalanceRequest(name="bonus", expires_at=expiry, priority=3)
    made = wallets.create_balance(request={**at, "create_balance_request": wanted}).create_balance_response.data
    assert (made.name, made.expires_at, made.priority) == ("bonus", expiry, 3)
    amounts = {"main": HUGE, "bonus": 700}
    for balance, amount in amounts.items():
        money = shared.Monetary(amount=amount, asset="COIN")
        credit = shared.CreditWalletRequest(amount=money, balance=balance, metadata={"by": "sdk"}, sources=[])
        wallets.credit_wallet(request={**at, "credit_wallet_request": credit})
        request = {**at, "balance_name": balance}
        assert wallets.get_balance(request=request).get_balance_response.data.assets == {"COIN": amount}
    listed = wallets.list_balances(request=at).list_balances_response.cursor.data
    assert {row.name for row in listed} == set(amounts)


def _check_holds(wallets: Any, at: dict[str, str]) -> None:
    """One that is taken in two parts, one that is given back, and a debit without a hold."""
    _debit(wallets, at, 100, pending=False)
    taken, voided = (_debit(wallets, at, amount, pending=True) for amount in (500, 600))
    part = shared.ConfirmHoldRequest(amount=200, final=False)
    wallets.confirm_hold(request={"hold_id": taken.id, "confirm_hold_request": part})
    read = wallets.get_hold(request={"hold_id": taken.id}).get_hold_response.data
    assert (read.original_amount, read.remaining) == (500, 300)
    wallets.confirm_hold(request={"hold_id": taken.id, "confirm_hold_request": shared.ConfirmHoldRequest(final=True)})
    wallets.void_hold(request={"hold_id": voided.id})
    code = None
    try:
        wallets.void_hold(request={"hold_id": voided.id})
    except errors.WalletsErrorResponse as error:
        code = error.data.error_code.value
    assert code == "HOLD_CLOSED"
    whole = wallets.get_wallet(request=at).get_wallet_response.data
    assert whole.balances.main.assets == {"COIN": HUGE - 600}


def _debit(wallets: Any, at: dict[str, str], amount: int, *, pending: bool) -> Any:
    """The hold, if one was asked for."""
    order = shared.DebitWalletRequest(
        amount=shared.Monetary(amount=amount, asset="COIN"),
        metadata={"by": "sdk"},
        balances=["main"],
        description="by the SDK",
        destination=shared.LedgerAccountSubject(identifier="merchants:sdk", type="ACCOUNT"),
        pending=pending,
    )
    answer = wallets.debit_wallet(request={**at, "debit_wallet_request": order})
    assert answer.status_code == (201 if pending else 204)
    return answer.debit_wallet_response.data if pending else None


def check_reconciliation(reconciliation: Any) -> None:
    """All eight operations."""
    assert reconciliation.reconciliationget_server_info().server_info.version
    policies = reconciliation.list_policies(request={"page_size": 100}).policies_cursor_response.cursor.data
    for row in policies:
        assert reconciliation.get_policy(request={"policy_id": row.id}).policy_response.data == row
    rows = reconciliation.list_reconciliations(request={"page_size": 100}).reconciliations_cursor_response.cursor.data
    for row in rows:
        request = {"reconciliation_id": row.id}
        assert reconciliation.get_reconciliation(request=request).reconciliation_response.data == row
    assert max(amount for row in rows for amount in row.payments_balances.values()) > 10**39
    first = next(row for row in policies if "treasury" in row.name)
    wanted = shared.PolicyRequest(
        ledger_name="main", ledger_query=first.ledger_query, name="by the SDK", payments_pool_id=first.payments_pool_id
    )
    made = reconciliation.create_policy(request=wanted).policy_response.data
    assert (made.ledger_query, made.payments_pool_id) == (first.ledger_query, first.payments_pool_id)
    at = datetime.now(UTC) - timedelta(hours=1)
    times = shared.ReconciliationRequest(reconciled_at_ledger=at, reconciled_at_payments=at)
    request = {"policy_id": made.id, "reconciliation_request": times}
    compared = reconciliation.reconcile(request=request).reconciliation_response.data
    assert compared.status in ("OK", "NOT_OK")
    reconciliation.delete_policy(request={"policy_id": made.id})
    left = reconciliation.list_policies(request={"page_size": 100}).policies_cursor_response.cursor.data
    assert left == policies
