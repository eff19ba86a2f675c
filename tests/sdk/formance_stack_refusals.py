"""What every module refuses, as the vendor's own SDK tells it: by the module's exception and its code."""

from collections.abc import Callable, Mapping
from typing import Any

from formance_sdk_python.models import errors, shared

NOBODY = "00000000-0000-0000-0000-000000000000"

TYPED = (
    errors.Error,
    errors.ErrorResponse,
    errors.ReconciliationErrorResponse,
    errors.V2Error,
    errors.V2ErrorResponse,
    errors.WalletsErrorResponse,
    errors.WebhooksErrorResponse,
)
"""The exceptions that carry a code."""


def check_refusals(modules: Mapping[str, Any]) -> int:
    """How many were understood. Wallets and auth say with an empty body that something is not there."""
    calls: list[tuple[Callable[[], Any], str]] = [
        *_ledgers(modules["ledger.v1"], modules["ledger.v2"]),
        *_wallets(modules["wallets.v1"]),
        *_others(modules),
    ]
    for number, (call, expected) in enumerate(calls):
        told = _told(call)
        assert told == expected, f"refusal {number} is {told}, not {expected}"
    return len(calls)


def _told(call: Callable[[], Any]) -> str:
    """The code of a refusal, or its status where it has none."""
    try:
        call()
    except errors.SDKError as error:
        return str(error.status_code)
    except TYPED as error:
        return str(getattr(error.data.error_code, "value", error.data.error_code))
    return ""


def _post(amount: int) -> shared.V2PostTransaction:
    posting = shared.V2Posting(amount=amount, asset="COIN", destination="world", source="users:poor")
    return shared.V2PostTransaction(metadata={}, postings=[posting])


def _ledgers(old: Any, ledger: Any) -> list[tuple[Callable[[], Any], str]]:
    at, nowhere = {"ledger": "main"}, {"ledger": "nowhere"}
    poor = shared.Posting(amount=1, asset="COIN", destination="world", source="users:poor")
    wanted = shared.PostTransaction(postings=[poor], metadata={})
    broken = shared.V2PostTransaction(metadata={}, script=shared.V2PostTransactionScript(plain="send ["))
    empty = shared.V2PostTransaction(metadata={}, postings=[])
    return [
        (lambda: ledger.get_ledger(request=nowhere), "LEDGER_NOT_FOUND"),
        (lambda: ledger.get_account(request={**at, "address": "users:nobody"}), "NOT_FOUND"),
        (lambda: ledger.get_transaction(request={**at, "id": 10**9}), "NOT_FOUND"),
        (lambda: ledger.create_transaction(request={**at, "v2_post_transaction": _post(1)}), "INSUFFICIENT_FUND"),
        (lambda: ledger.create_transaction(request={**at, "v2_post_transaction": empty}), "NO_POSTINGS"),
        (lambda: ledger.create_transaction(request={**at, "v2_post_transaction": broken}), "COMPILATION_FAILED"),
        (lambda: ledger.create_ledger(request={**at, "v2_create_ledger_request": {}}), "VALIDATION"),
        (lambda: ledger.list_accounts(request={**at, "request_body": {"$match": {"x": 1}}}), "VALIDATION"),
        (lambda: old.create_transaction(request={**at, "post_transaction": wanted}), "INSUFFICIENT_FUND"),
        (lambda: old.get_transaction(request={**at, "txid": 10**9}), "NOT_FOUND"),
    ]


def _wallets(wallets: Any) -> list[tuple[Callable[[], Any], str]]:
    first = wallets.list_wallets(request={}).list_wallets_response.cursor.data[0].id
    order = shared.DebitWalletRequest(amount=shared.Monetary(amount=1, asset="NONE"), metadata={})
    reserved = shared.CreateBalanceRequest(name="main")
    return [
        (lambda: wallets.debit_wallet(request={"id": first, "debit_wallet_request": order}), "INSUFFICIENT_FUND"),
        (lambda: wallets.create_balance(request={"id": first, "create_balance_request": reserved}), "VALIDATION"),
        (lambda: wallets.get_wallet(request={"id": NOBODY}), "INTERNAL_ERROR"),
    ]


def _others(modules: Mapping[str, Any]) -> list[tuple[Callable[[], Any], str]]:
    reconciliation, webhooks, auth = (modules[f"{name}.v1"] for name in ("reconciliation", "webhooks", "auth"))
    config = shared.ConfigUser(endpoint="nowhere", event_types=["ledger.committed_transactions"])
    return [
        (lambda: modules["orchestration.v1"].get_instance(request={"instance_id": NOBODY}), "NOT_FOUND"),
        (lambda: modules["orchestration.v2"].get_instance(request={"instance_id": NOBODY}), "NOT_FOUND"),
        (lambda: modules["orchestration.v2"].read_trigger(request={"trigger_id": NOBODY}), "NOT_FOUND"),
        (lambda: reconciliation.get_policy(request={"policy_id": NOBODY}), "NOT_FOUND"),
        (lambda: reconciliation.get_policy(request={"policy_id": "none"}), "INVALID_ID"),
        (lambda: webhooks.insert_config(request=config), "VALIDATION"),
        (lambda: webhooks.activate_config(request={"id": NOBODY}), "NOT_FOUND"),
        (lambda: auth.read_client(request={"client_id": NOBODY}), "404"),
        (lambda: auth.read_user(request={"user_id": NOBODY}), "404"),
    ]
