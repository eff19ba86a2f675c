"""Accounts, balances, payments and pools into ours."""

from datetime import datetime

from providers import money
from providers.domain import (
    CUSTOMER_NOTE,
    AccountKind,
    Balance,
    BalanceKind,
    BalanceSource,
    Money,
    Payment,
    PaymentAccount,
    PaymentAdjustment,
    PaymentStatus,
    PaymentType,
    Pool,
    PoolType,
    Provider,
)
from providers.formance import models
from providers.formance.translate.refs import account_ref, connector_ref, payment_ref, pool_ref
from providers.formance.translate.values import amount, provider_name, time
from providers.formance.translate.words import ACCOUNT_KINDS, PAYMENT_STATUSES, PAYMENT_TYPES, POOL_TYPES

# An enum's members cost a call each time they are named.
_FORMANCE = Provider.FORMANCE
_UNKNOWN_KIND, _UNKNOWN_TYPE, _UNKNOWN_STATUS = AccountKind.UNKNOWN, PaymentType.UNKNOWN, PaymentStatus.UNKNOWN
_CURRENT, _TOTAL = BalanceKind.CURRENT, BalanceKind.TOTAL
_POLLING, _SUM = BalanceSource.POLLING, BalanceSource.SUM

CUSTOMER_KEY = CUSTOMER_NOTE
"""The metadata key by which an account names its customer."""


def account(raw: models.Account, *, fetched_at: datetime) -> PaymentAccount:
    """An account; its balances take a call of their own."""
    metadata = raw.metadata or {}
    return PaymentAccount(
        account_ref(raw.id),  # ref
        _FORMANCE,  # provider
        raw.id,  # provider_id
        raw.account_name or None,  # name
        ACCOUNT_KINDS.get(raw.type or "", _UNKNOWN_KIND),  # kind
        raw.type or None,  # provider_type
        money.currency_of(raw.default_asset) if raw.default_asset else None,  # currency
        None,  # masked_number
        fetched_at,
        metadata.get(CUSTOMER_KEY) or None,  # customer_id
        None,  # known_balances
        connector_ref(raw.connector_id),  # connector
        provider_name(raw.provider),  # provider_name
        raw.reference,
        raw.default_asset or None,  # default_asset
        time(raw.created_at),  # created_at
        metadata,
        raw.raw.copy(),  # raw
        raw.pools,  # pool_ids
    )


def balance(raw: models.AccountBalance, *, fetched_at: datetime) -> Balance:
    """What an account held when the payment provider was last asked. Raises `InvalidAmount`."""
    as_of = time(raw.last_updated_at) or time(raw.created_at)
    return Balance(_CURRENT, amount(raw.balance, raw.asset), as_of, fetched_at, _POLLING)


def payment(raw: models.Payment, *, fetched_at: datetime) -> Payment:
    """A payment with its adjustments, newest first. Raises `InvalidAmount`."""
    now = amount(raw.amount, raw.asset)
    return Payment(
        payment_ref(raw.id),  # ref
        raw.id,  # provider_id
        raw.reference,
        PAYMENT_TYPES.get(raw.type, _UNKNOWN_TYPE),  # type
        raw.type,  # provider_type
        PAYMENT_STATUSES.get(raw.status, _UNKNOWN_STATUS),  # status
        raw.status,  # provider_status
        raw.scheme or None,  # scheme
        now,  # money
        _amount_of(raw.initial_amount, raw.asset, now),  # initial_money
        account_ref(raw.source_account_id) if raw.source_account_id else None,  # source
        account_ref(raw.destination_account_id) if raw.destination_account_id else None,  # destination
        connector_ref(raw.connector_id),  # connector
        provider_name(raw.provider),  # provider_name
        time(raw.created_at),  # created_at
        tuple([_adjustment(each, raw.asset, now) for each in raw.adjustments])
        if raw.adjustments
        else (),  # adjustments
        raw.metadata or {},  # metadata
        fetched_at,
    )


def pool(raw: models.Pool, *, fetched_at: datetime) -> Pool:
    """A pool with the accounts that it names."""
    return Pool(
        ref=pool_ref(raw.id),
        provider_id=raw.id,
        name=raw.name,
        type=PoolType.STATIC if raw.type is None else POOL_TYPES.get(raw.type, PoolType.UNKNOWN),
        account_refs=tuple(account_ref(account_id) for account_id in dict.fromkeys(raw.accounts or ())),
        fetched_at=fetched_at,
    )


def pool_balance(raw: models.PoolBalance, *, as_of: datetime | None, fetched_at: datetime) -> Balance:
    """The sum of one asset over a pool's accounts. Raises `InvalidAmount`."""
    return Balance(_TOTAL, amount(raw.amount, raw.asset), as_of, fetched_at, _SUM)


def _adjustment(raw: models.Adjustment, asset: str, known: Money) -> PaymentAdjustment:
    return PaymentAdjustment(
        raw.reference or None,  # reference
        time(raw.created_at),  # created_at
        PAYMENT_STATUSES.get(raw.status, _UNKNOWN_STATUS),  # status
        raw.status,  # provider_status
        _amount_of(raw.amount, asset, known),  # money
        raw.raw.copy(),  # raw
    )


def _amount_of(units: int | None, asset: str, known: Money) -> Money | None:
    """Money of the payment's asset. It is mostly the same as the payment's own, `known`."""
    if units is None:
        return None
    return known if units == known.minor_units else amount(units, asset)
