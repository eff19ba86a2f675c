"""What names an object across all vendors: its type, its provider and the provider's own key."""

from enum import StrEnum

import msgspec


class Provider(StrEnum):
    """A vendor behind the graph."""

    FINICITY = "finicity"
    PLUGGY = "pluggy"
    FORMANCE = "formance"


class NodeType(StrEnum):
    """A GraphQL object type that can be fetched again by its id. The value is the type's name in the schema."""

    CUSTOMER = "Customer"
    AGGREGATED_ACCOUNT = "AggregatedAccount"
    PAYMENT_ACCOUNT = "PaymentAccount"
    SMART_ACCOUNT = "SmartAccount"
    PAYMENT = "Payment"
    POOL = "Pool"
    CONNECTOR = "Connector"
    CONNECTOR_TASK = "ConnectorTask"
    BANK_ACCOUNT = "BankAccount"
    TRANSFER_INITIATION = "TransferInitiation"
    REFRESH = "Refresh"
    LEDGER = "Ledger"
    LEDGER_ACCOUNT = "LedgerAccount"
    LEDGER_TRANSACTION = "LedgerTransaction"
    WALLET = "Wallet"
    WALLET_BALANCE = "WalletBalance"
    HOLD = "Hold"
    WORKFLOW = "Workflow"
    WORKFLOW_INSTANCE = "WorkflowInstance"
    TRIGGER = "Trigger"
    RECONCILIATION_POLICY = "ReconciliationPolicy"
    RECONCILIATION = "Reconciliation"
    WEBHOOK_CONFIG = "WebhookConfig"
    OAUTH_CLIENT = "OAuthClient"
    OAUTH_USER = "OAuthUser"


class Ref(msgspec.Struct, frozen=True, gc=False, order=True):
    """The identity of one object. Equal refs mean equal objects; a ref is a loader's key and what a global id encodes.

    `keys` are the provider's own ids, outermost first: a Finicity account is `(customer id, account id)`.
    """

    type: NodeType
    keys: tuple[str, ...]
    provider: Provider | None = None

    @property
    def native_id(self) -> str:
        """The provider's own id of the object itself."""
        return self.keys[-1]


def customer_ref(customer_id: str) -> Ref:
    """The ref of a customer of the directory."""
    return Ref(NodeType.CUSTOMER, (customer_id,))
