"""Every write of payments v1 by the vendor's own SDK, each followed by a read that must see it."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

from formance_sdk_python.models import errors, operations, shared

LONG_AGO = datetime(2026, 1, 2, tzinfo=UTC)


def check_writes(payments: Any, *, major: int) -> None:
    """All of them, at a connector of their own that is uninstalled in the end. Leaves a bank account behind.

    `major` is the payments server's version, 2 or 3: only the former has the deprecated operations.
    """
    suffix = f"{time.time_ns():x}"
    connector = _check_connectors(payments, suffix)
    account = _check_accounts(payments, connector, suffix)
    _check_payments(payments, connector, account, suffix)
    _check_pools(payments, account, suffix)
    beneficiary = _check_bank_accounts(payments, connector, suffix)
    _check_initiations(payments, connector, source=account, destination=beneficiary, suffix=suffix)
    _check_end(payments, connector)
    _check_deprecated(payments, suffix, is_alive=major == 2)


def _check_connectors(payments: Any, suffix: str) -> str:
    """Install, configure and reset one. Its id, with which the other writes go on."""
    name = f"sdk-{suffix}"
    config = shared.GenericConfig(api_key="key", endpoint="https://bank.example", name=name, polling_period="30m")
    request = operations.InstallConnectorRequest(connector=shared.Connector.GENERIC, connector_config=config)
    installed = payments.install_connector(request=request).connector_response.data.connector_id
    assert _named(payments, name) == installed
    changed = config.model_copy(update={"api_key": "other"})
    payments.update_connector_config_v1(
        request=operations.UpdateConnectorConfigV1Request(
            connector=shared.Connector.GENERIC, connector_id=installed, connector_config=changed
        )
    )
    assert _config(payments, installed).api_key == "other"
    request = {"connector": shared.Connector.GENERIC, "connector_id": installed}
    payments.reset_connector_v1(request=request)
    return _until(lambda: _named(payments, name) not in (None, installed) and _named(payments, name))


def _check_end(payments: Any, connector: str) -> None:
    payments.uninstall_connector_v1(request={"connector": shared.Connector.GENERIC, "connector_id": connector})
    _until(lambda: connector not in {row.connector_id for row in _connectors(payments)})


def _connectors(payments: Any) -> list[Any]:
    return list(payments.list_all_connectors().connectors_response.data)


def _named(payments: Any, name: str) -> str | None:
    return next((row.connector_id for row in _connectors(payments) if row.name == name), None)


def _config(payments: Any, connector: str) -> Any:
    request = {"connector": shared.Connector.GENERIC, "connector_id": connector}
    return payments.read_connector_config_v1(request=request).connector_config_response.data


def _check_accounts(payments: Any, connector: str, suffix: str) -> str:
    request = shared.AccountRequest(
        connector_id=connector,
        created_at=LONG_AGO,
        reference=f"account-{suffix}",
        type=shared.AccountType.INTERNAL,
        account_name="Made by the SDK",
        default_asset="EUR/2",
    )
    made = payments.create_account(request=request).payments_account_response.data
    read = payments.paymentsget_account(request={"account_id": made.id}).payments_account_response.data
    assert read == made
    return str(made.id)


def _check_payments(payments: Any, connector: str, account: str, suffix: str) -> None:
    request = shared.PaymentRequest(
        amount=2**70 + 1,
        asset="EUR/2",
        connector_id=connector,
        created_at=LONG_AGO,
        reference=f"payment-{suffix}",
        scheme=shared.PaymentScheme.SEPA_CREDIT,
        status=shared.PaymentStatus.SUCCEEDED,
        type=shared.PaymentType.PAY_IN,
        destination_account_id=account,
    )
    made = payments.create_payment(request=request).payment_response.data
    payments.update_metadata(request={"payment_id": made.id, "request_body": {"note": suffix}})
    read = payments.get_payment(request={"payment_id": made.id}).payment_response.data
    assert (read.amount, read.metadata) == (2**70 + 1, {"note": suffix})


def _check_pools(payments: Any, account: str, suffix: str) -> None:
    request = shared.PoolRequest(account_i_ds=[account], name=f"pool-{suffix}")
    pool = payments.create_pool(request=request).pool_response.data
    assert pool.accounts == [account]
    payments.remove_account_from_pool(request={"account_id": account, "pool_id": pool.id})
    assert payments.get_pool(request={"pool_id": pool.id}).pool_response.data.accounts == []
    wanted = shared.AddAccountToPoolRequest(account_id=account)
    payments.add_account_to_pool(request={"add_account_to_pool_request": wanted, "pool_id": pool.id})
    assert payments.get_pool(request={"pool_id": pool.id}).pool_response.data.accounts == [account]
    payments.delete_pool(request={"pool_id": pool.id})


def _check_bank_accounts(payments: Any, connector: str, suffix: str) -> str:
    """The account that a bank account becomes at the connector."""
    request = shared.BankAccountRequest(
        connector_id=connector, country="FR", name=f"bank-{suffix}", iban="FR7630006000011234567890189"
    )
    made = payments.create_bank_account(request=request).bank_account_response.data
    assert made.iban == "FR76*******************0189"
    banking_circle = next(row for row in _connectors(payments) if row.provider == "BANKING-CIRCLE").connector_id
    forwarded = payments.forward_bank_account(
        request={
            "bank_account_id": made.id,
            "forward_bank_account_request": shared.ForwardBankAccountRequest(connector_id=banking_circle),
        }
    ).bank_account_response.data
    assert [row.connector_id for row in forwarded.related_accounts] == [connector, banking_circle]
    change = shared.UpdateBankAccountMetadataRequest(metadata={"note": suffix})
    payments.update_bank_account_metadata(
        request={"bank_account_id": made.id, "update_bank_account_metadata_request": change}
    )
    read = payments.get_bank_account(request={"bank_account_id": made.id}).bank_account_response.data
    assert read.metadata == {"note": suffix}
    return str(forwarded.related_accounts[0].account_id)


def _check_initiations(payments: Any, connector: str, *, source: str, destination: str, suffix: str) -> None:
    def create(reference: str, **changes: Any) -> str:
        request = shared.TransferInitiationRequest(
            **{
                "amount": 1200,
                "asset": "EUR/2",
                "connector_id": connector,
                "description": "by the SDK",
                "destination_account_id": destination,
                "reference": f"{reference}-{suffix}",
                "scheduled_at": LONG_AGO - timedelta(days=1),
                "source_account_id": source,
                "type": shared.TransferInitiationRequestType.PAYOUT,
                "validated": False,
                **changes,
            }
        )
        return str(payments.create_transfer_initiation(request=request).transfer_initiation_response.data.id)

    def decide(identifier: str, status: str) -> None:
        change = shared.UpdateTransferInitiationStatusRequest(status=shared.Status(status))
        payments.udpate_transfer_initiation_status(
            request={"transfer_id": identifier, "update_transfer_initiation_status_request": change}
        )

    payments.delete_transfer_initiation(request={"transfer_id": create("deleted")})
    decide(create("rejected"), "REJECTED")
    refused = create("fail")
    _refusal(lambda: decide(refused, "VALIDATED"))
    _await(payments, refused, "FAILED")
    payments.retry_transfer_initiation(request={"transfer_id": refused})
    _await(payments, refused, "PROCESSED")
    kind = shared.TransferInitiationRequestType.TRANSFER
    sent = create("sent", validated=True, type=kind, destination_account_id=source, source_account_id="")
    assert len(_await(payments, sent, "PROCESSED").related_payments) == 1
    back = shared.ReverseTransferInitiationRequest(
        amount=1200, asset="EUR/2", description="back", metadata={}, reference=f"back-{suffix}"
    )
    payments.reverse_transfer_initiation(request={"transfer_id": sent, "reverse_transfer_initiation_request": back})
    assert len(_await(payments, sent, "REVERSED").related_payments) == 2


def _refusal(write: Any) -> None:
    """v3 tells the caller that the provider refused; v2 has answered before that is known."""
    message = ""
    try:
        write()
    except errors.PaymentsErrorResponse as error:
        message = error.data.error_message
    assert not message or "provider refused" in message


def _check_deprecated(payments: Any, suffix: str, *, is_alive: bool) -> None:
    """Operations that name a provider instead of a connector, and the transfer that no server takes."""
    provider = {"connector": shared.Connector.MONEYCORP}
    config = shared.MoneycorpConfig(
        api_key="key", client_id="id", endpoint="https://money.example", name=f"old-{suffix}", polling_period="30m"
    )
    request = operations.InstallConnectorRequest(**provider, connector_config=config)
    installed = payments.install_connector(request=request).connector_response.data.connector_id
    calls = [
        lambda: payments.read_connector_config(request=provider),
        lambda: payments.reset_connector(request=provider),
        lambda: payments.list_connector_tasks(request=provider),
        lambda: payments.get_connector_task(request={**provider, "task_id": _any_task(payments, is_alive=is_alive)}),
        lambda: payments.uninstall_connector(request=provider),
    ]
    for call in calls:
        if is_alive:
            call()
        else:
            _dead(call)
    order = shared.TransferRequest(amount=1, asset="EUR/2", destination="nowhere")
    _dead(lambda: payments.connectors_transfer(request={**provider, "transfer_request": order}))
    if not is_alive:
        payments.uninstall_connector_v1(request={**provider, "connector_id": installed})


def _any_task(payments: Any, *, is_alive: bool) -> str:
    if not is_alive:
        return "00000000-0000-0000-0000-000000000000"
    request = {"connector": shared.Connector.MONEYCORP}
    return str(payments.list_connector_tasks(request=request).tasks_cursor.cursor.data[0].id)


def _dead(call: Any) -> None:
    """The router, not the server, refuses: there is no JSON in its answer."""
    status = 0
    try:
        call()
    except errors.SDKError as error:
        status = error.status_code
    assert status in (404, 405)


def _await(payments: Any, identifier: str, status: str) -> Any:
    def read() -> Any:
        request = {"transfer_id": identifier}
        found = payments.get_transfer_initiation(request=request).transfer_initiation_response.data
        return found if found.status.value == status else None

    return _until(read)


def _until(look: Any) -> Any:
    """What `look` sees once it sees something."""
    for _ in range(100):
        seen = look()
        if seen:
            return seen
        time.sleep(0.05)
    raise AssertionError("waited for nothing")
