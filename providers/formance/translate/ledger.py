"""The ledger's records into ours."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache

import msgspec

from providers.domain import (
    CUSTOMER_NOTE,
    Ledger,
    LedgerAccount,
    LedgerAccountVolumes,
    LedgerContract,
    LedgerLog,
    LedgerLogType,
    LedgerMigration,
    LedgerPosting,
    LedgerStatistics,
    LedgerTransaction,
    LedgerVolume,
    LedgerVolumes,
    Money,
    NodeType,
    Provider,
    Ref,
)
from providers.formance.models import ledger as models
from providers.formance.translate.values import amount, time

_FORMANCE = Provider.FORMANCE
_ACCOUNT, _TRANSACTION = NodeType.LEDGER_ACCOUNT, NodeType.LEDGER_TRANSACTION
_NAMED_OFTEN = 4_096

LOG_TYPES = {kind.name: kind for kind in LedgerLogType if kind is not LedgerLogType.UNKNOWN}
_REVERTED_NOTE = "state/reverted"
"""How the notes of a transaction that was reverted end, on servers of the first generation."""


@lru_cache(maxsize=64)
def ledger_ref(name: str) -> Ref:
    """The identity of a ledger."""
    return Ref(NodeType.LEDGER, (name,), _FORMANCE)


@lru_cache(maxsize=_NAMED_OFTEN)
def ledger_account_ref(ledger: str, address: str) -> Ref:
    """The identity of an account of a ledger."""
    return Ref(_ACCOUNT, (ledger, address), _FORMANCE)


def ledger_transaction_ref(ledger: str, number: int | str) -> Ref:
    """The identity of a transaction of a ledger."""
    return Ref(_TRANSACTION, (ledger, str(number)), _FORMANCE)


def ledger(raw: models.LedgerRecord, *, fetched_at: datetime) -> Ledger:
    """A ledger."""
    return Ledger(
        ref=ledger_ref(raw.name),
        name=raw.name,
        bucket=raw.bucket or None,
        metadata=notes(raw.metadata),
        added_at=time(raw.added_at),
        fetched_at=fetched_at,
    )


def named_ledger(name: str, *, fetched_at: datetime) -> Ledger:
    """A ledger of which only the name is told."""
    return Ledger(ref=ledger_ref(name), name=name, fetched_at=fetched_at)


def ledger_account(
    raw: models.LedgerAccount,
    ledger: str,
    *,
    fetched_at: datetime,
    as_of: datetime | None = None,
    knows_volumes: bool = True,
) -> LedgerAccount:
    """An account. `knows_volumes` is false where the server does not tell them here. Raises `InvalidAmount`."""
    metadata = notes(raw.metadata)
    return LedgerAccount(
        ref=ledger_account_ref(ledger, raw.address),
        ledger=ledger_ref(ledger),
        address=raw.address,
        metadata=metadata,
        volumes=account_volumes(raw) if knows_volumes else None,
        customer_id=metadata.get(CUSTOMER_NOTE) or None,
        first_usage=time(raw.first_usage),
        inserted_at=time(raw.insertion_date),
        updated_at=time(raw.updated_at),
        as_of=as_of,
        fetched_at=fetched_at,
    )


def account_volumes(raw: models.LedgerAccount, *, is_effective: bool = False) -> tuple[LedgerVolumes, ...]:
    """An account's volumes; its balances where only these are told. Raises `InvalidAmount`."""
    if is_effective:
        return volumes(raw.effective_volumes or {})
    return volumes(raw.volumes) if raw.volumes else _balances(raw.balances or {})


def ledger_transaction(raw: models.LedgerTransaction, ledger: str, *, fetched_at: datetime) -> LedgerTransaction:
    """A transaction. Raises `InvalidAmount`."""
    metadata = notes(raw.metadata)
    return LedgerTransaction(
        ref=ledger_transaction_ref(ledger, raw.number),
        ledger=ledger_ref(ledger),
        number=raw.number,
        postings=tuple([_posting(each, ledger) for each in raw.postings]),
        reference=raw.reference or None,
        metadata=metadata,
        timestamp=time(raw.timestamp),
        is_reverted=_is_reverted(raw, metadata),
        reverted_at=time(raw.reverted_at),
        inserted_at=time(raw.inserted_at),
        updated_at=time(raw.updated_at),
        template=raw.template or None,
        volumes_before=_by_account(raw.pre_commit_volumes, ledger),
        volumes_after=_by_account(raw.post_commit_volumes, ledger),
        fetched_at=fetched_at,
    )


def ledger_log(raw: models.LedgerLog) -> LedgerLog:
    """An entry of a log."""
    return LedgerLog(
        number=raw.id,
        type=LOG_TYPES.get(raw.type, LedgerLogType.UNKNOWN),
        provider_type=raw.type,
        data=raw.data.copy(),
        hash=raw.hash or None,
        date=time(raw.date),
    )


def ledger_statistics(raw: models.LedgerStats) -> LedgerStatistics:
    """How much there is in a ledger."""
    return LedgerStatistics(account_count=raw.accounts, transaction_count=raw.transactions)


def ledger_volume(raw: models.VolumesRow, ledger: str, *, is_folded: bool) -> LedgerVolume:
    """A row of volumes; `is_folded` when it may be of several accounts. Raises `InvalidAmount`."""
    return LedgerVolume(
        address=raw.account,
        account=None if is_folded else ledger_account_ref(ledger, raw.account),
        volumes=_volumes(raw.asset, models.Volumes(raw.input, raw.output, raw.balance)),
    )


def ledger_balance(address: str, asset: str, units: int, ledger: str) -> LedgerVolume:
    """The same where only the balance is told. Raises `InvalidAmount`."""
    return LedgerVolume(address=address, account=ledger_account_ref(ledger, address), volumes=_balance(asset, units))


def ledger_sums(raw: Mapping[str, int]) -> tuple[Money, ...]:
    """Sums by asset. Raises `InvalidAmount`."""
    return tuple(amount(units, asset) for asset, units in sorted(raw.items()))


def ledger_contracts(raw: models.Mapping | None) -> tuple[LedgerContract, ...]:
    """The rules of a ledger."""
    contracts = raw.contracts if raw is not None else None
    return tuple(LedgerContract(address=each.account or None, expression=each.expr.copy()) for each in contracts or ())


def ledger_migrations(raw: models.LedgerStorage) -> tuple[LedgerMigration, ...]:
    """What was done to how a ledger is stored."""
    told = raw.storage.migrations if raw.storage is not None else None
    return tuple(
        LedgerMigration(version=str(each.version), name=each.name or None, state=each.state, date=time(each.date))
        for each in told or ()
    )


def volumes(raw: models.AssetVolumes) -> tuple[LedgerVolumes, ...]:
    """In the order of the assets. Raises `InvalidAmount`."""
    return tuple([_volumes(asset, each) for asset, each in sorted(raw.items())])


def notes(raw: models.Notes | None) -> dict[str, str]:
    """Metadata as texts: what is none, on servers of the first generation, is given as it is written in JSON."""
    return {key: _text(value) for key, value in (raw or {}).items()}


def _text(raw: msgspec.Raw) -> str:
    written = bytes(raw)
    return msgspec.json.decode(written, type=str) if written.startswith(b'"') else written.decode()


def _posting(raw: models.Posting, ledger: str) -> LedgerPosting:
    return LedgerPosting(
        source=ledger_account_ref(ledger, raw.source),
        destination=ledger_account_ref(ledger, raw.destination),
        money=amount(raw.amount, raw.asset),
    )


def _is_reverted(raw: models.LedgerTransaction, metadata: Iterable[str]) -> bool | None:
    if raw.reverted is not None:
        return raw.reverted
    return True if any(key.endswith(_REVERTED_NOTE) for key in metadata) else None


def _by_account(raw: models.AccountVolumes | None, ledger: str) -> tuple[LedgerAccountVolumes, ...] | None:
    if raw is None:
        return None
    return tuple(
        LedgerAccountVolumes(account=ledger_account_ref(ledger, address), volumes=volumes(each))
        for address, each in sorted(raw.items())
    )


def _volumes(asset: str, raw: models.Volumes) -> LedgerVolumes:
    balance = raw.input - raw.output if raw.balance is None else raw.balance
    return LedgerVolumes(
        asset=asset,
        input=amount(raw.input, asset),
        output=amount(raw.output, asset),
        balance=amount(balance, asset),
    )


def _balances(raw: Mapping[str, int]) -> tuple[LedgerVolumes, ...]:
    return tuple(_balance(asset, units) for asset, units in sorted(raw.items()))


def _balance(asset: str, units: int) -> LedgerVolumes:
    return LedgerVolumes(asset=asset, input=None, output=None, balance=amount(units, asset))
