"""What comes of several writes to ledgers at once, and of a log that is taken out."""

from enum import StrEnum

import msgspec

from providers.domain.ledger import LedgerLog
from providers.domain.ref import Ref


class LedgerBulkAction(StrEnum):
    """What one write of many does."""

    CREATE_TRANSACTION = "create_transaction"
    REVERT_TRANSACTION = "revert_transaction"
    ADD_METADATA = "add_metadata"
    DELETE_METADATA = "delete_metadata"


class LedgerPartOutcome(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """What became of one write of many: the transaction that it made or took back, if any, or why it was refused.

    `is_tried` is false for those that the vendor did not come to.
    """

    ref: Ref | None = None
    is_refused: bool = False
    is_tried: bool = True
    vendor_code: str | None = None


class LedgerExport(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """The oldest entries of a log, and the lines as the vendor wrote them, which another ledger can be filled with."""

    logs: tuple[LedgerLog, ...]
    lines: tuple[str, ...]
    is_complete: bool
