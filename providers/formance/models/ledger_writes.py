"""What the ledger service is sent, and what it answers to several writes at once. Amounts are whole minor units."""

from collections.abc import Mapping
from typing import Any

import msgspec

from providers.formance.models.ledger import LedgerTransaction, Posting

Metadata = Mapping[str, str]


class ScriptBody(msgspec.Struct, frozen=True, gc=False):
    """Numscript, and the values of its variables."""

    plain: str
    vars: Mapping[str, Any] = {}


class TransactionRequest(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """A transaction to be made, of postings or by a script."""

    postings: tuple[Posting, ...] | None = None
    script: ScriptBody | None = None
    timestamp: str | None = None
    reference: str | None = None
    metadata: Metadata
    force: bool = False


class TransactionsRequest(msgspec.Struct, frozen=True, gc=False):
    """Several transactions to be made together."""

    transactions: tuple[TransactionRequest, ...]


class ScriptRequest(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """A script to be run."""

    plain: str
    vars: Mapping[str, Any] = {}
    reference: str | None = None
    metadata: Metadata


class ScriptAnswer(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """What a script has made; or why it has made nothing, which comes as a success, too."""

    error_code: str | None = None
    transaction: LedgerTransaction | None = None


class LedgerRequest(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A ledger to be made."""

    bucket: str | None = None
    metadata: Metadata = {}


class ContractBody(msgspec.Struct, frozen=True, gc=False):
    """A rule of a mapping."""

    account: str
    expr: Any


class MappingRequest(msgspec.Struct, frozen=True, gc=False):
    """All rules of a ledger."""

    contracts: tuple[ContractBody, ...]


class Element(msgspec.Struct, frozen=True, gc=False):
    """One write of a bulk. `ik` is its idempotency key."""

    action: str
    ik: str
    data: object


class Note(msgspec.Struct, frozen=True, gc=False, rename="camel", omit_defaults=True):
    """Metadata to be added to an account or a transaction, or the key of what is to be deleted."""

    target_type: str
    target_id: str | int
    metadata: Metadata | None = None
    key: str | None = None


class Reverting(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """A transaction to be taken back."""

    id: int
    force: bool = False
    at_effective_date: bool = False


class BulkResult(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """What became of one write of a bulk."""

    response_type: str = ""
    data: LedgerTransaction | None = None
    error_code: str | None = None
    error_description: str | None = None
