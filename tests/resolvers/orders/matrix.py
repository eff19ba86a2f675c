"""Every mutation that is tried in the same ways. A new noun adds its rows here."""

from tests.resolvers.orders import (
    rows_bank_accounts,
    rows_connectors,
    rows_ledgers,
    rows_oauth,
    rows_payments,
    rows_pools,
    rows_reconciliation,
    rows_transfers,
    rows_wallets,
    rows_webhooks,
    rows_workflows,
)
from tests.resolvers.orders.row import Row

ROWS: tuple[Row, ...] = (
    *rows_pools.ROWS,
    *rows_payments.ROWS,
    *rows_bank_accounts.ROWS,
    *rows_transfers.ROWS,
    *rows_connectors.ROWS,
    *rows_ledgers.ROWS,
    *rows_wallets.ROWS,
    *rows_workflows.ROWS,
    *rows_webhooks.ROWS,
    *rows_oauth.ROWS,
    *rows_reconciliation.ROWS,
)
