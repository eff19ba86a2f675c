"""The ledger by the vendor's own SDK, on both of its APIs: each write is followed by a read that must see it."""

import time
from typing import Any

from formance_sdk_python.models import errors, shared

HUGE = 10**39 + 7
"""An amount of forty digits."""

SEEDED = "main"
"""A ledger that is there at first."""


def check_ledger(ledger: Any) -> None:
    """The second API: what is seeded, then a ledger of the check's own, and a copy of it by its log."""
    assert ledger.get_info().v2_config_info_response.server == "ledger"
    _check_reads(ledger)
    name = f"sdk-{time.time_ns():x}"
    _check_ledgers(ledger, name)
    _check_transactions(ledger, name)
    _check_bulk(ledger, name)
    _check_logs(ledger, name)


def _check_reads(ledger: Any) -> None:
    request = {"ledger": SEEDED}
    names = {row.name for row in ledger.list_ledgers(request={"page_size": 100}).v2_ledger_list_response.cursor.data}
    assert SEEDED in names
    stats = ledger.read_stats(request=request).v2_stats_response.data
    assert _count(ledger.count_accounts(request=request)) == stats.accounts
    assert _count(ledger.count_transactions(request=request)) == stats.transactions
    owned = {**request, "page_size": 100, "request_body": {"$match": {"address": "customers::wallet"}}}
    listed = ledger.list_accounts(request=owned).v2_accounts_cursor_response.cursor.data
    assert {row.metadata["purpose"] for row in listed} == {"wallet"}
    assert len(_accounts(ledger)) == stats.accounts
    moved = list(_transactions(ledger))
    assert len(moved) == stats.transactions
    assert max(posting.amount for row in moved for posting in row.postings) > 10**39
    assert any(row.reverted for row in moved)
    volumes = ledger.get_volumes_with_balances(
        request={**request, "page_size": 100, "group_by": 1}
    ).v2_volumes_with_balance_cursor_response.cursor.data
    sums = ledger.get_balances_aggregated(request=request).v2_aggregate_balances_response.data
    assert set(sums.values()) == {0}
    assert sum(row.balance for row in volumes) == 0
    logs = ledger.list_logs(request={**request, "page_size": 100}).v2_logs_cursor_response.cursor
    assert logs.has_more
    assert ledger.get_ledger_info(request=request).v2_ledger_info_response.data.storage.migrations


def _accounts(ledger: Any) -> list[Any]:
    """All of the seeded ledger, each the same alone as in the list."""
    found: list[Any] = []
    request: dict[str, object] = {"ledger": SEEDED, "page_size": 100, "expand": "volumes"}
    while True:
        cursor = ledger.list_accounts(request=request).v2_accounts_cursor_response.cursor
        found += cursor.data
        if not cursor.has_more:
            break
        request = {"ledger": SEEDED, "cursor": cursor.next}
    for row in found[:10]:
        request = {"ledger": SEEDED, "address": row.address, "expand": "volumes"}
        assert ledger.get_account(request=request).v2_account_response.data == row
    return found


def _transactions(ledger: Any) -> list[Any]:
    found: list[Any] = []
    request: dict[str, object] = {"ledger": SEEDED, "page_size": 100}
    while True:
        cursor = ledger.list_transactions(request=request).v2_transactions_cursor_response.cursor
        found += cursor.data
        if not cursor.has_more:
            break
        request = {"ledger": SEEDED, "cursor": cursor.next}
    for row in found[:10]:
        request = {"ledger": SEEDED, "id": row.id}
        assert ledger.get_transaction(request=request).v2_get_transaction_response.data == row
    return found


def _count(answer: Any) -> int:
    return next(int(values[0]) for name, values in answer.headers.items() if name.lower() == "count")


def _check_ledgers(ledger: Any, name: str) -> None:
    wanted = shared.V2CreateLedgerRequest(bucket=name, metadata={"by": "sdk"})
    ledger.create_ledger(request={"ledger": name, "v2_create_ledger_request": wanted})
    ledger.update_ledger_metadata(request={"ledger": name, "request_body": {"note": "kept", "draft": "yes"}})
    ledger.delete_ledger_metadata(request={"ledger": name, "key": "draft"})
    read = ledger.get_ledger(request={"ledger": name}).v2_get_ledger_response.data
    assert (read.name, read.bucket, read.metadata) == (name, name, {"by": "sdk", "note": "kept"})


def _post(amount: int, reference: str | None = None) -> shared.V2PostTransaction:
    posting = shared.V2Posting(amount=amount, asset="COIN", destination="users:001", source="world")
    return shared.V2PostTransaction(metadata={"by": "sdk"}, postings=[posting], reference=reference)


def _check_transactions(ledger: Any, name: str) -> None:
    request = {"ledger": name, "idempotency_key": name, "v2_post_transaction": _post(HUGE, "huge")}
    made = ledger.create_transaction(request=request).v2_create_transaction_response.data
    assert (made.postings[0].amount, made.reference) == (HUGE, "huge")
    assert ledger.create_transaction(request=request).v2_create_transaction_response.data.id == made.id
    _refused(lambda: ledger.create_transaction(request={"ledger": name, "v2_post_transaction": _post(1, "huge")}))
    of = {"ledger": name, "id": made.id}
    ledger.add_metadata_on_transaction(request={**of, "request_body": {"note": "kept", "draft": "yes"}})
    ledger.delete_transaction_metadata(request={**of, "key": "draft"})
    read = ledger.get_transaction(request=of).v2_get_transaction_response.data
    assert (read.postings, read.metadata) == (made.postings, {"by": "sdk", "note": "kept"})
    at = {"ledger": name, "address": "users:001"}
    ledger.add_metadata_to_account(request={**at, "request_body": {"note": "kept", "draft": "yes"}})
    ledger.delete_account_metadata(request={**at, "key": "draft"})
    account = ledger.get_account(request={**at, "expand": "volumes"}).v2_account_response.data
    assert (account.metadata, account.volumes["COIN"].balance) == ({"note": "kept"}, HUGE)
    back = ledger.revert_transaction(request=of).v2_revert_transaction_response.data
    assert (back.postings[0].source, back.postings[0].amount) == ("users:001", HUGE)
    assert ledger.get_transaction(request=of).v2_get_transaction_response.data.reverted


def _refused(write: Any) -> None:
    """A reference that is taken: the code of 2.1 and of 2.4 is the same, their status is not."""
    code = None
    try:
        write()
    except errors.V2ErrorResponse as error:
        code = error.data.error_code
    assert code == shared.V2ErrorsEnum.CONFLICT


def _check_bulk(ledger: Any, name: str) -> None:
    """One of each kind, and one that is refused: a whole answer with status 400."""
    account = shared.V2TargetType.ACCOUNT
    noted = shared.V2BulkElementAddMetadataData(metadata={"bulk": "yes"}, target_id="users:002", target_type=account)
    gone = shared.V2BulkElementDeleteMetadataData(key="bulk", target_id="users:002", target_type=account)
    made = ledger.create_bulk(
        request={
            "ledger": name,
            "request_body": [
                shared.V2BulkElementCreateTransaction(action="CREATE_TRANSACTION", data=_post(HUGE, "bulk")),
                shared.V2BulkElementAddMetadata(action="ADD_METADATA", data=noted),
                shared.V2BulkElementDeleteMetadata(action="DELETE_METADATA", data=gone),
            ],
        }
    ).v2_bulk_response.data
    assert [row.response_type for row in made] == ["CREATE_TRANSACTION", "ADD_METADATA", "DELETE_METADATA"]
    assert made[0].data.postings[0].amount == HUGE
    undone = shared.V2BulkElementRevertTransactionData(id=made[0].data.id)
    then = ledger.create_bulk(
        request={
            "ledger": name,
            "request_body": [
                shared.V2BulkElementRevertTransaction(action="REVERT_TRANSACTION", data=undone),
                shared.V2BulkElementRevertTransaction(action="REVERT_TRANSACTION", data=undone),
            ],
        }
    )
    assert then.status_code == 400
    assert [row.response_type for row in then.v2_bulk_response.data] == ["REVERT_TRANSACTION", "ERROR"]


def _check_logs(ledger: Any, name: str) -> None:
    """What was done, out of one ledger and into another."""
    logs = ledger.list_logs(request={"ledger": name, "page_size": 100}).v2_logs_cursor_response.cursor.data
    assert {row.type for row in logs} >= {shared.V2LogType.NEW_TRANSACTION, shared.V2LogType.REVERTED_TRANSACTION}
    exported = ledger.export_logs(request={"ledger": name}).raw_response
    exported.read()
    copy = f"{name}-copy"
    ledger.create_ledger(request={"ledger": copy, "v2_create_ledger_request": {}})
    ledger.import_logs(request={"ledger": copy, "request_body": exported.text})
    assert len(logs) == len(exported.text.splitlines())
    stats = [ledger.read_stats(request={"ledger": each}).v2_stats_response.data for each in (name, copy)]
    assert stats[0] == stats[1]


def check_old_ledger(ledger: Any) -> None:
    """The first API: what is seeded, and a ledger that is there as soon as it is asked for."""
    info = ledger.get_info().config_info_response.data
    assert SEEDED in info.config.storage.ledgers
    _check_old_reads(ledger)
    name = f"sdk-old-{time.time_ns():x}"
    posting = shared.Posting(amount=HUGE, asset="COIN", destination="users:001", source="world")
    wanted = shared.PostTransaction(metadata={"by": "sdk"}, postings=[posting], reference="huge")
    made = ledger.create_transaction(request={"ledger": name, "post_transaction": wanted}).transactions_response.data
    assert [(row.reference, row.postings[0].amount) for row in made] == [("huge", HUGE)]
    of = {"ledger": name, "txid": made[0].txid}
    ledger.add_metadata_on_transaction(request={**of, "request_body": {"note": "kept"}})
    read = ledger.get_transaction(request=of).transaction_response.data
    assert (read.metadata, read.postings) == ({"by": "sdk", "note": "kept"}, made[0].postings)
    at = {"ledger": name, "address": "users:001"}
    ledger.add_metadata_to_account(request={**at, "request_body": {"note": "kept"}})
    account = ledger.get_account(request=at).account_response.data
    assert (account.metadata, account.balances, account.volumes["COIN"].input) == (
        {"note": "kept"},
        {"COIN": HUGE},
        HUGE,
    )
    back = ledger.revert_transaction(request=of).transaction_response.data
    assert back.postings[0].amount == HUGE
    assert ledger.get_balances_aggregated(request=at).aggregate_balances_response.data == {"COIN": 0}
    _check_dead(ledger, name)


def _check_old_reads(ledger: Any) -> None:
    request = {"ledger": SEEDED}
    stats = ledger.read_stats(request=request).stats_response.data
    assert _count(ledger.count_accounts(request=request)) == stats.accounts
    assert _count(ledger.count_transactions(request=request)) == stats.transactions
    accounts = ledger.list_accounts(request={**request, "page_size": 1000}).accounts_cursor_response.cursor
    assert (len(accounts.data), accounts.has_more) == (stats.accounts, False)
    moved = ledger.list_transactions(request={**request, "page_size": 1000}).transactions_cursor_response.cursor
    assert len(moved.data) == stats.transactions
    assert max(posting.amount for row in moved.data for posting in row.postings) > 10**39
    balances = ledger.get_balances(request={**request, "page_size": 1000}).balances_cursor_response.cursor.data
    assert {address for row in balances for address in row} <= {row.address for row in accounts.data}
    assert ledger.list_logs(request={**request, "page_size": 1000}).logs_cursor_response.cursor.data
    assert ledger.get_ledger_info(request=request).ledger_info_response.data.name == SEEDED


def _check_dead(ledger: Any, name: str) -> None:
    """Documented operations that no ledger of the second generation takes."""
    request = {"ledger": name}
    posting = shared.Posting(amount=1, asset="COIN", destination="users:001", source="world")
    batch = shared.Transactions(transactions=[shared.TransactionData(postings=[posting])])
    calls = [
        (lambda: ledger.create_transactions(request={**request, "transactions": batch}), 400),
        (lambda: ledger.get_mapping(request=request), 404),
        (lambda: ledger.update_mapping(request={**request, "mapping": {"contracts": []}}), 404),
        (lambda: ledger.run_script(request={**request, "script": shared.Script(plain="")}), 404),
    ]
    for call, expected in calls:
        status = 0
        try:
            call()
        except errors.SDKError as error:
            status = error.status_code
        assert status == expected
