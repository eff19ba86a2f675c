"""Where every mutation begins: the parts of each noun, put together."""

from strawberry.tools import merge_types

from schema.account_orders import AccountMutations
from schema.aggregation_orders import AggregationMutations
from schema.bank_account_orders import BankAccountMutations
from schema.connector_orders import ConnectorMutations
from schema.ledger_bulk_orders import LedgerBulkMutations
from schema.ledger_note_orders import LedgerNoteMutations
from schema.ledger_orders import LedgerMutations
from schema.ledger_transaction_orders import LedgerTransactionMutations
from schema.oauth_orders import OAuthMutations
from schema.payment_orders import PaymentMutations
from schema.pool_orders import PoolMutations
from schema.reconciliation_orders import ReconciliationMutations
from schema.refresh_orders import RefreshMutations
from schema.smart_account_orders import SmartAccountMutations
from schema.transfer_orders import TransferMutations
from schema.trigger_orders import TriggerMutations
from schema.wallet_moves import WalletMoveMutations
from schema.wallet_orders import WalletMutations
from schema.webhook_orders import WebhookMutations
from schema.workflow_orders import WorkflowMutations

PARTS: tuple[type, ...] = (
    PoolMutations,
    AccountMutations,
    PaymentMutations,
    BankAccountMutations,
    TransferMutations,
    RefreshMutations,
    AggregationMutations,
    SmartAccountMutations,
    ConnectorMutations,
    LedgerMutations,
    LedgerTransactionMutations,
    LedgerNoteMutations,
    LedgerBulkMutations,
    WalletMutations,
    WalletMoveMutations,
    WorkflowMutations,
    TriggerMutations,
    WebhookMutations,
    OAuthMutations,
    ReconciliationMutations,
)
"""One class for each noun that can be changed."""

Mutation = merge_types("Mutation", PARTS)
Mutation.__strawberry_definition__.description = (  # type: ignore[attr-defined]  # what merge_types makes has one
    "Where every mutation begins. Each takes an idempotency key and happens once, however often it is asked for."
)
