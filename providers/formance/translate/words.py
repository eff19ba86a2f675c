"""Formance's enum words and ours: one table for each enum, read in both directions. The vendor's lists are open."""

from providers.domain import (
    AccountKind,
    ConnectorTaskStatus,
    PaymentStatus,
    PaymentType,
    PoolType,
    TransferStatus,
    TransferType,
)

ACCOUNT_KINDS = {
    "INTERNAL": AccountKind.INTERNAL,
    "EXTERNAL": AccountKind.EXTERNAL,
    "EXTERNAL_FORMANCE": AccountKind.EXTERNAL,
    "UNKNOWN": AccountKind.UNKNOWN,
}
"""`type` of an account. v2 servers keep forwarded bank accounts as EXTERNAL_FORMANCE."""

PAYMENT_TYPES = {
    "PAY-IN": PaymentType.PAY_IN,
    "PAYOUT": PaymentType.PAYOUT,
    "TRANSFER": PaymentType.TRANSFER,
    "OTHER": PaymentType.OTHER,
    "UNKNOWN": PaymentType.UNKNOWN,
}
"""`type` of a payment."""

PAYMENT_STATUSES = {
    "PENDING": PaymentStatus.PENDING,
    "AUTHORISATION": PaymentStatus.AUTHORISED,
    "CAPTURE": PaymentStatus.CAPTURED,
    "CAPTURE_FAILED": PaymentStatus.CAPTURE_FAILED,
    "SUCCEEDED": PaymentStatus.SUCCEEDED,
    "CANCELLED": PaymentStatus.CANCELLED,
    "FAILED": PaymentStatus.FAILED,
    "EXPIRED": PaymentStatus.EXPIRED,
    "REFUNDED": PaymentStatus.REFUNDED,
    "REFUNDED_FAILURE": PaymentStatus.REFUND_FAILED,
    "REFUND_REVERSED": PaymentStatus.REFUND_REVERSED,
    "AMOUNT_ADJUSTEMENT": PaymentStatus.AMOUNT_ADJUSTED,  # the vendor's spelling
    "DISPUTE": PaymentStatus.DISPUTED,
    "DISPUTE_WON": PaymentStatus.DISPUTE_WON,
    "DISPUTE_LOST": PaymentStatus.DISPUTE_LOST,
    "OTHER": PaymentStatus.OTHER,
    "UNKNOWN": PaymentStatus.UNKNOWN,
}
"""`status` of a payment and of its adjustments."""

POOL_TYPES = {"STATIC": PoolType.STATIC, "DYNAMIC": PoolType.DYNAMIC}
"""`type` of a pool; v2 servers, whose pools are all static, do not send it."""

TRANSFER_TYPES = {
    "TRANSFER": TransferType.TRANSFER,
    "PAYOUT": TransferType.PAYOUT,
    "UNKNOWN": TransferType.UNKNOWN,
}
"""`type` of a transfer initiation."""

TRANSFER_STATUSES = {
    "WAITING_FOR_VALIDATION": TransferStatus.WAITING_FOR_VALIDATION,
    "VALIDATED": TransferStatus.VALIDATED,
    "SCHEDULED_FOR_PROCESSING": TransferStatus.SCHEDULED,
    "PROCESSING": TransferStatus.PROCESSING,
    "PROCESSED": TransferStatus.PROCESSED,
    "FAILED": TransferStatus.FAILED,
    "REJECTED": TransferStatus.REJECTED,
    "ASK_RETRIED": TransferStatus.RETRY_ASKED,
    "ASK_REVERSED": TransferStatus.REVERSAL_ASKED,
    "REVERSE_PROCESSING": TransferStatus.REVERSAL_PROCESSING,
    "REVERSE_FAILED": TransferStatus.REVERSAL_FAILED,
    "PARTIALLY_REVERSED": TransferStatus.PARTIALLY_REVERSED,
    "REVERSED": TransferStatus.REVERSED,
    "UNKNOWN": TransferStatus.UNKNOWN,
}
"""`status` of a transfer initiation and of its adjustments."""

TASK_STATUSES = {
    "ACTIVE": ConnectorTaskStatus.ACTIVE,
    "PENDING": ConnectorTaskStatus.PENDING,
    "STOPPED": ConnectorTaskStatus.STOPPED,
    "TERMINATED": ConnectorTaskStatus.TERMINATED,
    "FAILED": ConnectorTaskStatus.FAILED,
}
"""`status` of a task. The documentation says that it is a payment's, which it is not."""

_KIND_WORDS = {AccountKind.INTERNAL: "INTERNAL", AccountKind.EXTERNAL: "EXTERNAL", AccountKind.UNKNOWN: "UNKNOWN"}
_TRANSFER_WORDS = {kind: word for word, kind in TRANSFER_TYPES.items()}
_TYPE_WORDS = {kind: word for word, kind in PAYMENT_TYPES.items()}
_STATUS_WORDS = {status: word for word, status in PAYMENT_STATUSES.items()}

_ONLY_IN_V3 = frozenset(
    {"UNKNOWN", "REFUND_REVERSED", "AMOUNT_ADJUSTEMENT", "AUTHORISATION", "CAPTURE", "CAPTURE_FAILED"}
)


def payment_type_word(kind: PaymentType, generation: str) -> str | None:
    """The vendor's word to filter by; None when this generation of servers has none, so that nothing can match."""
    return _in_use(_TYPE_WORDS[kind], generation)


def payment_status_word(status: PaymentStatus, generation: str) -> str | None:
    """The vendor's word to filter by; None when this generation of servers has none, so that nothing can match."""
    return _in_use(_STATUS_WORDS[status], generation)


def _in_use(word: str, generation: str) -> str | None:
    return None if generation == "v2" and word in _ONLY_IN_V3 else word


def account_kind_word(kind: AccountKind) -> str | None:
    """The word for an account's kind; None for kinds that accounts here cannot have."""
    return _KIND_WORDS.get(kind)


def transfer_type_word(kind: TransferType) -> str | None:
    """The word for a transfer to be made; None when it is not known which kind it is."""
    return None if kind is TransferType.UNKNOWN else _TRANSFER_WORDS[kind]
