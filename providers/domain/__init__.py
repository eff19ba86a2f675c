"""The graph's plain values, neutral of vendors: what translators return and resolvers hand on."""

from providers.domain.account import (
    DEBTS,
    Account,
    AccountKind,
    AccountStatus,
    AggregatedAccount,
    BankKey,
    PaymentAccount,
    SmartAccount,
)
from providers.domain.balance import Balance, BalanceKind, BalanceSource
from providers.domain.bank_account import BankAccount, RelatedAccount
from providers.domain.connector import (
    AvailableConnector,
    Connector,
    ConnectorOption,
    ConnectorSetting,
    ConnectorTask,
    ConnectorTaskStatus,
)
from providers.domain.customer import CUSTOMER_NOTE, CurrencyTotal, Customer, CustomerLink, LinkKind, LinkOrigin
from providers.domain.money import Money
from providers.domain.page import Page, PageRequest
from providers.domain.payment import Payment, PaymentAdjustment, PaymentFilter, PaymentStatus, PaymentType
from providers.domain.pool import Pool, PoolBalancesKey, PoolType
from providers.domain.ref import NodeType, Provider, Ref, customer_ref
from providers.domain.refresh import Refresh, RefreshStatus
from providers.domain.status import Capability, ProviderHealth, ProviderMode, ProviderStatus, ServerModule
from providers.domain.transfer import (
    RelatedPayment,
    TransferAdjustment,
    TransferDetail,
    TransferFilter,
    TransferInitiation,
    TransferStatus,
    TransferType,
)
from providers.domain.write import LONGEST_KEY, Refusal, WriteKey, WriteOutcome, WriteRecord, WriteState

__all__ = [
    "CUSTOMER_NOTE",
    "DEBTS",
    "LONGEST_KEY",
    "Account",
    "AccountKind",
    "AccountStatus",
    "AggregatedAccount",
    "AvailableConnector",
    "Balance",
    "BalanceKind",
    "BalanceSource",
    "BankAccount",
    "BankKey",
    "Capability",
    "Connector",
    "ConnectorOption",
    "ConnectorSetting",
    "ConnectorTask",
    "ConnectorTaskStatus",
    "CurrencyTotal",
    "Customer",
    "CustomerLink",
    "LinkKind",
    "LinkOrigin",
    "Money",
    "NodeType",
    "Page",
    "PageRequest",
    "Payment",
    "PaymentAccount",
    "PaymentAdjustment",
    "PaymentFilter",
    "PaymentStatus",
    "PaymentType",
    "Pool",
    "PoolBalancesKey",
    "PoolType",
    "Provider",
    "ProviderHealth",
    "ProviderMode",
    "ProviderStatus",
    "Ref",
    "Refresh",
    "RefreshStatus",
    "Refusal",
    "RelatedAccount",
    "RelatedPayment",
    "ServerModule",
    "SmartAccount",
    "TransferAdjustment",
    "TransferDetail",
    "TransferFilter",
    "TransferInitiation",
    "TransferStatus",
    "TransferType",
    "WriteKey",
    "WriteOutcome",
    "WriteRecord",
    "WriteState",
    "customer_ref",
]
