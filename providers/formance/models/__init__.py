"""Formance's answers and requests as they are on the wire, in Formance's words.

Lenient: both generations of the payments server leave out fields, or send null, where the documentation promises an
object. Only what a record is nothing without is required. Unknown fields are ignored, integers may have any size.
"""

from providers.formance.models.bank_accounts import BankAccount, RelatedAccount
from providers.formance.models.connectors import ConfigOption, ConnectorConfig, ConnectorConfigs, Task, TaskDescriptor
from providers.formance.models.payments import (
    Account,
    AccountBalance,
    Adjustment,
    Connector,
    Cursor,
    Data,
    Envelope,
    LatestPoolBalances,
    Payment,
    Pool,
    PoolBalance,
    PoolBalances,
)
from providers.formance.models.requests import (
    AccountRequest,
    AddAccountToPoolRequest,
    BankAccountRequest,
    Created,
    ForwardBankAccountRequest,
    Installed,
    Metadata,
    PaymentRequest,
    PoolRequest,
    ReverseTransferInitiationRequest,
    TransferInitiationRequest,
    TransferRequest,
    TransferResponse,
    UpdateBankAccountMetadataRequest,
    UpdateTransferInitiationStatusRequest,
)
from providers.formance.models.stack import Refusal, ServerInfo, TokenResponse, Version, Versions
from providers.formance.models.transfers import TransferAdjustment, TransferInitiation, TransferPayment

__all__ = [
    "Account",
    "AccountBalance",
    "AccountRequest",
    "AddAccountToPoolRequest",
    "Adjustment",
    "BankAccount",
    "BankAccountRequest",
    "ConfigOption",
    "Connector",
    "ConnectorConfig",
    "ConnectorConfigs",
    "Created",
    "Cursor",
    "Data",
    "Envelope",
    "ForwardBankAccountRequest",
    "Installed",
    "LatestPoolBalances",
    "Metadata",
    "Payment",
    "PaymentRequest",
    "Pool",
    "PoolBalance",
    "PoolBalances",
    "PoolRequest",
    "Refusal",
    "RelatedAccount",
    "ReverseTransferInitiationRequest",
    "ServerInfo",
    "Task",
    "TaskDescriptor",
    "TokenResponse",
    "TransferAdjustment",
    "TransferInitiation",
    "TransferInitiationRequest",
    "TransferPayment",
    "TransferRequest",
    "TransferResponse",
    "UpdateBankAccountMetadataRequest",
    "UpdateTransferInitiationStatusRequest",
    "Version",
    "Versions",
]
