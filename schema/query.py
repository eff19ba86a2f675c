"""Where every query begins: the parts of each noun, put together.

Every field is nullable, so that one failure never costs the others.
"""

from strawberry.tools import merge_types

from schema.core_queries import CoreQueries
from schema.federation import FederationQueries
from schema.ledger_queries import LedgerQueries
from schema.ledger_transaction_orders import LedgerPreviewQueries
from schema.module_queries import ModuleQueries
from schema.reconciliation_queries import ReconciliationQueries
from schema.wallet_queries import WalletQueries
from schema.workflow_queries import WorkflowQueries

PARTS: tuple[type, ...] = (
    CoreQueries,
    LedgerQueries,
    LedgerPreviewQueries,
    WalletQueries,
    WorkflowQueries,
    ReconciliationQueries,
    ModuleQueries,
    FederationQueries,
)
"""One class for each group of nouns that can be asked for."""

Query = merge_types("Query", PARTS)
Query.__strawberry_definition__.description = "Where every query begins."  # type: ignore[attr-defined]  # as for Mutation
