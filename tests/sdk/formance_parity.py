"""Makes one object of each kind by the vendor's own SDK, or reads those of given ids, and prints what the SDK sees.

Run by an interpreter that has `formance-sdk-python`: `formance_parity.py BASE_URL CLIENT_ID CLIENT_SECRET [IDS]`, where
`IDS` is a JSON object of ids by kind; without it, the objects are made. Prints one line of JSON: facts by kind.
"""

import json
import sys
from datetime import UTC, datetime
from typing import Any

import httpx
from formance_mends import Mending
from formance_sdk_python import SDK
from formance_sdk_python.models import operations, shared

LONG_AGO = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def make(payments: Any) -> dict[str, str]:
    """One object of each kind, of the ids that are given."""
    config = shared.GenericConfig(api_key="key", endpoint="https://bank.example", name="by-sdk", polling_period="30m")
    install = operations.InstallConnectorRequest(connector=shared.Connector.GENERIC, connector_config=config)
    connector = payments.install_connector(request=install).connector_response.data.connector_id
    account = _account(payments, connector)
    payment = _payment(payments, connector, account)
    pool = shared.PoolRequest(account_i_ds=[account], name="by-sdk")
    bank = shared.BankAccountRequest(
        connector_id=connector, country="FR", name="by-sdk", iban="FR7630006000011234567890189"
    )
    kept = payments.create_bank_account(request=bank).bank_account_response.data.id
    notes = shared.UpdateBankAccountMetadataRequest(metadata={"by": "sdk"})
    payments.update_bank_account_metadata(
        request={"bank_account_id": kept, "update_bank_account_metadata_request": notes}
    )
    return {
        "connector": connector,
        "account": account,
        "payment": payment,
        "pool": payments.create_pool(request=pool).pool_response.data.id,
        "bank_account": kept,
        "transfer": _transfer(payments, connector, account),
    }


def _account(payments: Any, connector: str) -> str:
    request = shared.AccountRequest(
        connector_id=connector,
        created_at=LONG_AGO,
        reference="by-sdk",
        type=shared.AccountType.INTERNAL,
        account_name="By the SDK",
        default_asset="EUR/2",
        metadata={"by": "sdk"},
    )
    return str(payments.create_account(request=request).payments_account_response.data.id)


def _payment(payments: Any, connector: str, account: str) -> str:
    request = shared.PaymentRequest(
        amount=2**70 + 1,
        asset="EUR/2",
        connector_id=connector,
        created_at=LONG_AGO,
        reference="by-sdk",
        scheme=shared.PaymentScheme.SEPA_CREDIT,
        status=shared.PaymentStatus.SUCCEEDED,
        type=shared.PaymentType.PAY_IN,
        destination_account_id=account,
    )
    made = str(payments.create_payment(request=request).payment_response.data.id)
    payments.update_metadata(request={"payment_id": made, "request_body": {"by": "sdk"}})
    return made


def _transfer(payments: Any, connector: str, account: str) -> str:
    request = shared.TransferInitiationRequest(
        amount=2**65 + 1,
        asset="EUR/2",
        connector_id=connector,
        description="by the SDK",
        destination_account_id=account,
        metadata={"by": "sdk"},
        reference="by-sdk",
        scheduled_at=LONG_AGO,
        source_account_id=account,
        type=shared.TransferInitiationRequestType.TRANSFER,
        validated=False,
    )
    return str(payments.create_transfer_initiation(request=request).transfer_initiation_response.data.id)


def see(payments: Any, ids: dict[str, str]) -> dict[str, dict[str, Any]]:
    """What the SDK reads of each, by itself. Amounts are texts: no reader of this may take them for floats."""
    account = payments.paymentsget_account(request={"account_id": ids["account"]}).payments_account_response.data
    payment = payments.get_payment(request={"payment_id": ids["payment"]}).payment_response.data
    pool = payments.get_pool(request={"pool_id": ids["pool"]}).pool_response.data
    bank = payments.get_bank_account(request={"bank_account_id": ids["bank_account"]}).bank_account_response.data
    transfer = payments.get_transfer_initiation(request={"transfer_id": ids["transfer"]})
    return {
        "connector": _connector(payments, ids["connector"]),
        "account": {
            **_facts(account, "id", "reference", "type", "default_asset", "metadata", "connector_id"),
            "name": account.account_name,
            "created_at": account.created_at.isoformat(),
        },
        "payment": {
            **_facts(payment, "id", "reference", "type", "status", "scheme", "asset", "metadata", "connector_id"),
            **_amounts(payment),
            "source": payment.source_account_id or None,
            "destination": payment.destination_account_id or None,
            "created_at": payment.created_at.isoformat(),
        },
        "pool": {**_facts(pool, "id", "name"), "accounts": sorted(pool.accounts)},
        "bank_account": {
            **_facts(bank, "id", "name", "country", "iban", "metadata"),
            "forwarded": [[row.connector_id, row.account_id] for row in bank.related_accounts or []],
        },
        "transfer": _seen_transfer(transfer.transfer_initiation_response.data),
    }


def _seen_transfer(transfer: Any) -> dict[str, Any]:
    return {
        **_facts(transfer, "id", "reference", "type", "status", "asset", "description", "metadata", "connector_id"),
        **_amounts(transfer),
        "source": transfer.source_account_id or None,
        "destination": transfer.destination_account_id,
        "adjustments": [row.status.value for row in transfer.related_adjustments],
        "payments": [row.payment_id for row in transfer.related_payments or []],
    }


def _connector(payments: Any, connector_id: str) -> dict[str, Any]:
    [row] = [row for row in payments.list_all_connectors().connectors_response.data if row.connector_id == connector_id]
    request = {"connector": row.provider, "connector_id": connector_id}
    config = payments.read_connector_config_v1(request=request).connector_config_response.data
    provider = row.provider.value
    return {"id": connector_id, "name": row.name, "provider": provider, "endpoint": config.endpoint}


def _facts(row: Any, *names: str) -> dict[str, Any]:
    found = {name: getattr(row, name) for name in names}
    return {name: getattr(value, "value", value) for name, value in found.items()}


def _amounts(row: Any) -> dict[str, str]:
    return {"amount": str(row.amount), "initial_amount": str(row.initial_amount)}


def main() -> None:
    """Command line: base URL, client id, client secret, and what to read."""
    base_url, client_id, client_secret, *given = sys.argv[1:]
    security = shared.Security(
        client_id=client_id, client_secret=client_secret, token_url=f"{base_url}/api/auth/oauth/token"
    )
    client = httpx.Client(transport=Mending(), follow_redirects=True)
    with SDK(server_url=base_url, security=security, timeout_ms=20_000, client=client) as sdk:
        payments = sdk.payments.v1
        ids = json.loads(given[0]) if given else make(payments)
        sys.stdout.write(json.dumps(see(payments, ids)) + "\n")


if __name__ == "__main__":
    main()
