"""What writes to ledgers cost: one call each, under its name in the second API where both have it."""

from providers.costs import Costs, Rate, orders
from providers.formance.client import ledger_writes as client

ORDERS: Costs = {
    **orders(
        {
            "create_ledger": client.V2_CREATE_LEDGER.operation,
            "update_ledger_metadata": client.V2_UPDATE_LEDGER_METADATA.operation,
            "delete_ledger_metadata": client.V2_DELETE_LEDGER_METADATA.operation,
            "update_ledger_mapping": client.UPDATE_MAPPING.operation,
            "import_ledger_logs": client.V2_IMPORT_LOGS.operation,
            "create_ledger_transaction": client.V2_CREATE_TRANSACTION.operation,
            "create_ledger_transactions": client.CREATE_TRANSACTIONS.operation,
            "run_ledger_script": client.RUN_SCRIPT.operation,
            "revert_ledger_transaction": client.V2_REVERT_TRANSACTION.operation,
            "update_ledger_transaction_metadata": client.V2_ADD_METADATA_ON_TRANSACTION.operation,
            "delete_ledger_transaction_metadata": client.V2_DELETE_TRANSACTION_METADATA.operation,
            "update_ledger_account_metadata": client.V2_ADD_METADATA_TO_ACCOUNT.operation,
            "delete_ledger_account_metadata": client.V2_DELETE_ACCOUNT_METADATA.operation,
            "execute_ledger_bulk": client.V2_CREATE_BULK.operation,
        }
    ),
    "preview_ledger_transaction": (Rate(operation=client.V2_CREATE_TRANSACTION.operation, each=1, is_shared=False),),
    "export_ledger_logs": (Rate(operation=client.V2_EXPORT_LOGS.operation, each=1, is_shared=False),),
}
