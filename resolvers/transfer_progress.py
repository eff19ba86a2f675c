"""How far an order to a transfer initiation has come, told by what the provider notes of the transfer's life.

Whether an order has taken effect is told by the changes that were not there before it was sent: a status alone could
be somebody else's doing, of long ago.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

import msgspec

from providers.domain import Ref, TransferAdjustment, TransferDetail, TransferStatus, WriteOutcome
from providers.errors import NotFound, ProviderError, Rejected, UnknownOutcome
from providers.orders import MovesMoney, TransferOrder
from providers.protocols import ReadsTransfers
from resolvers.attempt import Write, refusal
from resolvers.batching import value_of
from resolvers.context import Info
from resolvers.writing import Ordered

SLOW = timedelta(minutes=4)
"""How long an order may be on its way to the payment provider: until then, one that does not show is not repeated."""

_WAITING, _FAILED = TransferStatus.WAITING_FOR_VALIDATION, TransferStatus.FAILED
_UNDECIDED = frozenset({_WAITING, TransferStatus.REJECTED})


class Before(msgspec.Struct, frozen=True):
    """What was known of a transfer before an order was sent: no more than a word and a number."""

    status: TransferStatus
    changes: int


class Deed(msgspec.Struct, frozen=True, kw_only=True):
    """What can be done to a transfer. `name` is the mutation's."""

    name: str
    took_place: Callable[[Before, frozenset[TransferStatus]], bool]
    """By what was before, and the statuses that came since."""
    failed_as: TransferStatus | None = None
    """The status of one that the payment provider refused after it was begun."""
    removes: bool = False


VALIDATE = Deed(
    name="validateTransferInitiation",
    took_place=lambda before, since: before.status is _WAITING and bool(since - _UNDECIDED),
    failed_as=_FAILED,
)
REJECT = Deed(
    name="rejectTransferInitiation",
    took_place=lambda before, since: before.status is _WAITING and TransferStatus.REJECTED in since,
)
RETRY = Deed(
    name="retryTransferInitiation",
    took_place=lambda before, since: before.status is _FAILED and bool(since - _UNDECIDED),
    failed_as=_FAILED,
)
DELETE = Deed(name="deleteTransferInitiation", took_place=lambda _before, _since: False, removes=True)


def _is_reversing(before: Before, since: frozenset[TransferStatus]) -> bool:
    """The first step of a reversal came since: of one that was asked for before, only later steps come."""
    is_under_way = before.status is TransferStatus.REVERSAL_ASKED
    return TransferStatus.REVERSAL_ASKED in since or (TransferStatus.REVERSAL_PROCESSING in since and not is_under_way)


REVERSE = Deed(name="reverseTransferInitiation", took_place=_is_reversing, failed_as=TransferStatus.REVERSAL_FAILED)


class Progress:
    """One order to one transfer."""

    def __init__(self, info: Info, to: Ordered[MovesMoney], transfer: Ref, deed: Deed) -> None:
        self._info, self._to, self._transfer, self._deed = info, to, transfer, deed

    def write(self, key: str, order: object, send: Callable[[], Awaitable[None]]) -> Write:
        """The write that `send` carries out; `order` is all that the caller asked for."""

        async def sent(notes: bytes) -> Ref:
            try:
                await send()
            except Rejected as error:
                if not await self._has_failed(notes, error):
                    raise
            return self._transfer

        write = Write(
            operation=self._deed.name,
            provider=self._to.provider,
            key=key,
            input=order,
            prepare=self._prepare,
            send=sent,
            find=self._find,
        )
        return msgspec.structs.replace(write, settle=SLOW) if self._deed.failed_as else write

    async def _prepare(self) -> bytes:
        """A transfer that is not there is refused here: some servers fail over it, which would tell nothing."""
        detail = await self._detail()
        if detail is None:
            raise self._absent
        return msgspec.json.encode(Before(detail.transfer.status, len(detail.adjustments)))

    async def _find(self, notes: bytes) -> WriteOutcome | None:
        if not notes:
            return None
        detail = await self._detail()
        if detail is None:
            return WriteOutcome(self._transfer) if self._deed.removes else WriteOutcome(None, (refusal(self._absent),))
        before = _before(notes)
        return WriteOutcome(self._transfer) if self._deed.took_place(before, _since(before, detail)) else None

    async def _has_failed(self, notes: bytes, error: Rejected) -> bool:
        """A refusal also tells that the payment provider refused what was begun: that has changed the transfer."""
        if self._deed.failed_as is None:
            return False
        try:
            detail = await self._detail()
        except ProviderError:
            raise UnknownOutcome(error.provider, error.operation, vendor_code=error.vendor_code) from error
        return detail is not None and self._deed.failed_as in _since(_before(notes), detail)

    async def _detail(self) -> TransferDetail | None:
        return await _read(self._info, self._to, self._transfer)

    @property
    def _absent(self) -> NotFound:
        return NotFound(self._to.provider, self._deed.name)


async def made(info: Info, to: Ordered[MovesMoney], order: TransferOrder) -> Ref | None:
    """The transfer that an order has made. One of its reference that asks for something else is not it."""
    ref = await to.vendor.find_transfer(order.connector, order.reference, to.operation)
    found = await _read(info, to, ref) if ref else None
    return ref if found and _is_asked_for(found, order) else None


def _is_asked_for(detail: TransferDetail, order: TransferOrder) -> bool:
    transfer = detail.transfer
    money = transfer.initial_money or transfer.money
    return (
        (money.minor_units, money.asset) == (order.money.minor_units, order.money.asset)
        and (transfer.type, transfer.destination) == (order.type, order.destination)
        and (transfer.description or "") == order.description
        and order.source in (None, transfer.source)
    )


async def _read(info: Info, to: Ordered[MovesMoney], transfer: Ref) -> TransferDetail | None:
    """The whole record as the provider has it now."""
    found = await info.context.providers.able(ReadsTransfers)[to.provider].transfer_details([transfer], to.operation)
    return value_of(found[transfer]) if transfer in found else None


def _before(notes: bytes) -> Before:
    return msgspec.json.decode(notes, type=Before)


def _since(before: Before, detail: TransferDetail) -> frozenset[TransferStatus]:
    new: Sequence[TransferAdjustment] = detail.adjustments[: max(0, len(detail.adjustments) - before.changes)]
    return frozenset(change.status for change in new)
