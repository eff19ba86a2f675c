"""What may be ordered of a provider that keeps ledgers. The rules of every method are those of `providers.orders`.

`key` is what no other write has: it goes with what is sent, where the vendor takes such keys.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable

import msgspec

from providers.domain import LedgerExport, LedgerPartOutcome, LedgerTransaction, Money, Ref
from providers.operation import Operation


class LedgerOrder(msgspec.Struct, frozen=True, kw_only=True):
    """A ledger to be made."""

    name: str
    bucket: str | None = None
    metadata: Mapping[str, str] = {}


class PostingOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Money to be moved between two addresses."""

    source: str
    destination: str
    money: Money


class VariableOrder(msgspec.Struct, frozen=True, kw_only=True):
    """The value of a script's variable: one of these."""

    name: str
    text: str | None = None
    number: int | None = None
    money: Money | None = None


class LedgerTransactionOrder(msgspec.Struct, frozen=True, kw_only=True):
    """A transaction to be made, of postings or by a script."""

    postings: tuple[PostingOrder, ...] = ()
    script: str | None = None
    variables: tuple[VariableOrder, ...] = ()
    timestamp: datetime | None = None
    reference: str | None = None
    metadata: Mapping[str, str] = {}


class RevertOrder(msgspec.Struct, frozen=True, kw_only=True):
    """A transaction to be taken back. `force`: also when an account would have less than nothing."""

    transaction: Ref
    force: bool = False
    at_effective_date: bool = False


class NotesOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Metadata for an account or a transaction."""

    target: Ref
    metadata: Mapping[str, str]


class RemovalOrder(msgspec.Struct, frozen=True, kw_only=True):
    """One key of the metadata of an account or a transaction."""

    target: Ref
    key: str


BulkPart = LedgerTransactionOrder | RevertOrder | NotesOrder | RemovalOrder


class BulkOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Many writes to one ledger, in order. `is_atomic`: all or none."""

    ledger: Ref
    parts: tuple[BulkPart, ...]
    goes_on: bool = False
    is_atomic: bool = False


class ContractOrder(msgspec.Struct, frozen=True, kw_only=True):
    """A rule of a ledger's mapping."""

    address: str
    expression: object


@runtime_checkable
class WritesLedgers(Protocol):
    """Changes ledgers."""

    async def ready_for_ledgers(self, operation: Operation) -> None:
        """Learn what has to be known before anything is sent. Changes nothing."""

    async def create_ledger(self, order: LedgerOrder, operation: Operation) -> Ref:
        """Make a ledger."""

    async def update_ledger_metadata(self, ledger: Ref, metadata: Mapping[str, str], operation: Operation) -> None:
        """Add metadata to a ledger."""

    async def delete_ledger_metadata(self, ledger: Ref, metadata_key: str, operation: Operation) -> None:
        """Delete one key of a ledger's metadata."""

    async def create_ledger_transaction(
        self, ledger: Ref, order: LedgerTransactionOrder, key: str, operation: Operation
    ) -> Ref:
        """Make a transaction."""

    async def preview_ledger_transaction(
        self, ledger: Ref, order: LedgerTransactionOrder, operation: Operation
    ) -> LedgerTransaction:
        """The transaction that would be made. Nothing is: this is a read."""

    async def create_ledger_transactions(
        self, ledger: Ref, orders: Sequence[LedgerTransactionOrder], operation: Operation
    ) -> Sequence[Ref]:
        """Make several transactions, all or none."""

    async def run_ledger_script(self, ledger: Ref, order: LedgerTransactionOrder, operation: Operation) -> Ref:
        """Make a transaction by a script."""

    async def ledger_transactions_with_note(
        self, ledger: Ref, note: tuple[str, str], operation: Operation
    ) -> Sequence[Ref]:
        """Transactions that have this among their metadata, oldest first. One call."""

    async def revert_ledger_transaction(self, order: RevertOrder, key: str, operation: Operation) -> Ref:
        """Take a transaction back, and give the one that does."""

    async def reverting_ledger_transaction(self, transaction: Ref, operation: Operation) -> Ref | None:
        """The transaction that takes another one back. One call."""

    async def add_ledger_metadata(self, order: NotesOrder, key: str, operation: Operation) -> None:
        """Add metadata to an account or a transaction."""

    async def remove_ledger_metadata(self, order: RemovalOrder, key: str, operation: Operation) -> None:
        """Delete one key of the metadata of an account or a transaction."""

    async def execute_ledger_bulk(
        self, order: BulkOrder, key: str, operation: Operation
    ) -> Sequence[LedgerPartOutcome]:
        """Do many writes. Sent again with the same key, what was done is not done again."""

    async def update_ledger_mapping(
        self, ledger: Ref, contracts: Sequence[ContractOrder], operation: Operation
    ) -> None:
        """Replace a ledger's rules."""

    async def import_ledger_logs(self, ledger: Ref, lines: bytes, operation: Operation) -> None:
        """Fill a ledger that is new with a log."""

    async def export_ledger_logs(self, ledger: Ref, count: int, operation: Operation) -> LedgerExport:
        """The beginning of a log. This is a read."""
