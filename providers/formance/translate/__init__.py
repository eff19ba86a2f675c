"""Formance's words into ours, and orders into its requests. Pure: no I/O, no clock. MAPPINGS.md shows it by field."""

from providers.formance.translate.bank_accounts import bank_account
from providers.formance.translate.connectors import (
    available_connectors,
    connector,
    connector_settings,
    connector_task,
)
from providers.formance.translate.errors import explain
from providers.formance.translate.payments import account, balance, payment, pool, pool_balance
from providers.formance.translate.refs import (
    account_ref,
    bank_account_ref,
    connector_ref,
    payment_ref,
    pool_ref,
    task_ref,
    transfer_ref,
)
from providers.formance.translate.requests import (
    Unsendable,
    account_request,
    bank_account_request,
    between_request,
    payment_kind,
    payment_request,
    pool_request,
    reversal_request,
    transfer_request,
)
from providers.formance.translate.stack import modules
from providers.formance.translate.transfers import transfer, transfer_detail
from providers.formance.translate.values import kind_word, rfc3339
from providers.formance.translate.words import payment_status_word, payment_type_word

__all__ = [
    "Unsendable",
    "account",
    "account_ref",
    "account_request",
    "available_connectors",
    "balance",
    "bank_account",
    "bank_account_ref",
    "bank_account_request",
    "between_request",
    "connector",
    "connector_ref",
    "connector_settings",
    "connector_task",
    "explain",
    "kind_word",
    "modules",
    "payment",
    "payment_kind",
    "payment_ref",
    "payment_request",
    "payment_status_word",
    "payment_type_word",
    "pool",
    "pool_balance",
    "pool_ref",
    "pool_request",
    "reversal_request",
    "rfc3339",
    "task_ref",
    "transfer",
    "transfer_detail",
    "transfer_ref",
    "transfer_request",
]
