"""The map: which field of the graph reaches which documented operation, by which document."""

from collections.abc import Mapping

from tests.operations import (
    aggregation,
    connectors,
    ledger_reads,
    ledger_writes,
    modules,
    orchestration,
    reads,
    reconciliation,
    transfers,
    wallets,
    writes,
)
from tests.operations.row import Row

ROWS: tuple[Row, ...] = (
    *reads.FINICITY,
    *aggregation.READS,
    *aggregation.REFRESHES,
    *aggregation.DELETIONS,
    *reads.PLUGGY,
    *writes.SMART_ACCOUNTS,
    *reads.PAYMENTS,
    *writes.POOLS,
    *writes.PAYMENTS,
    *writes.BANK_ACCOUNTS,
    *transfers.TRANSFERS,
    *connectors.CONNECTORS,
    *ledger_reads.LEDGERS,
    *ledger_writes.WRITES,
    *wallets.WALLETS,
    *orchestration.ORCHESTRATION,
    *modules.MODULES,
    *reconciliation.RECONCILIATION,
)
"""In the order in which the documents run."""

MAP: Mapping[str, Row] = {row.operation: row for row in ROWS}
