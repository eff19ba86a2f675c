"""What mutations do to holds."""

from typing import Annotated, Protocol

import strawberry

from providers.domain import Hold, Money, NodeType, Ref, Refusal, WriteOutcome
from providers.errors import ProviderError, Rejected, UnknownOutcome
from providers.orders.wallets import ConfirmOrder, WritesWallets
from resolvers.annotating import about
from resolvers.attempt import Write
from resolvers.context import Info
from resolvers.vendor_key import vendor_key
from resolvers.writing import INPUT, Changed, Checks, MoneyInput, Ordered, changed, off, ordered, then

CLOSED = "HOLD_CLOSED"


class ConfirmHoldInput(Protocol):
    """The shape of the schema's input of this name."""

    hold_id: strawberry.ID
    money: MoneyInput | None
    is_final: bool
    idempotency_key: str


class VoidHoldInput(Protocol):
    """The shape of the schema's input of this name."""

    hold_id: strawberry.ID
    idempotency_key: str


# The annotations name the schema's input types by lazy references, because this layer does not import the schema.
Confirm = Annotated[Annotated["ConfirmHoldInput", strawberry.lazy("schema.wallet_moves")], INPUT]
Void = Annotated[Annotated["VoidHoldInput", strawberry.lazy("schema.wallet_moves")], INPUT]


class OtherAsset(Rejected):
    """Nothing was sent, because the hold is of another asset."""


async def confirm_hold(info: Info, input: Confirm) -> Changed:
    """Let held money go where it was meant for."""
    checks, key = Checks(info), vendor_key(info, input.idempotency_key)
    hold = checks.ref(input.hold_id, "holdId", of=[NodeType.HOLD])
    money = None if input.money is None else checks.money(input.money, "money")
    to = ordered(info, WritesWallets)
    if to is None or hold is None or checks.failed:
        return checks.failed or off()
    confirming = _Confirming(to, ConfirmOrder(hold=hold, money=money, is_final=input.is_final), key)
    write = Write(
        operation="confirmHold",
        provider=to.provider,
        key=input.idempotency_key,
        input=confirming.order,
        prepare=confirming.prepare,
        send=confirming.send,
        find=confirming.find,
        refusal=_refusal,
    )
    return await changed(info, write, checks)


async def void_hold(info: Info, input: Void) -> Changed:
    """Give held money back."""
    checks, key = Checks(info), vendor_key(info, input.idempotency_key)
    hold = checks.ref(input.hold_id, "holdId", of=[NodeType.HOLD])
    to = ordered(info, WritesWallets)
    if to is None or hold is None:
        return checks.failed or off()

    async def prepare() -> bytes:
        await _open(to, hold)
        return b""

    async def find(_notes: bytes) -> WriteOutcome | None:
        found = await to.vendor.hold_now(hold, to.operation)
        return WriteOutcome(hold) if await to.vendor.is_voided(found, to.operation) else None

    write = Write(
        operation="voidHold",
        provider=to.provider,
        key=input.idempotency_key,
        input=hold,
        prepare=prepare,
        send=lambda _notes: then(to.vendor.void_hold(hold, key, to.operation), hold),
        find=find,
        refusal=_refusal,
    )
    return await changed(info, write, checks)


class _Confirming:
    """One hold of which some is taken. What was left before tells later whether it has happened."""

    def __init__(self, to: Ordered[WritesWallets], order: ConfirmOrder, key: str) -> None:
        self._to, self.order, self._key = to, order, key

    async def prepare(self) -> bytes:
        """What is left before, in the asset's smallest unit."""
        found = await _open(self._to, self.order.hold)
        if self.order.money is not None and found.asset not in {None, self.order.money.asset}:
            raise OtherAsset(self._to.provider, "confirm_hold", "The hold is of another asset.")
        return str(_left(found)).encode()

    async def send(self, _notes: bytes) -> Ref | None:
        """Take it."""
        return await then(self._to.vendor.confirm_hold(self.order, self._key, self._to.operation), self.order.hold)

    async def find(self, notes: bytes) -> WriteOutcome | None:
        """Whether exactly what was ordered is gone. What else has been taken meanwhile leaves it open."""
        found = await self._to.vendor.hold_now(self.order.hold, self._to.operation)
        left = str(_left(found)).encode()
        if left == notes and notes.isdigit():
            return None
        if notes.isdigit() and left == str(self._after(int(notes), self.order.money)).encode():
            return WriteOutcome(self.order.hold)
        raise UnknownOutcome(self._to.provider, "confirm_hold")

    def _after(self, before: int, money: Money | None) -> int:
        units = None if money is None else money.minor_units
        return 0 if self.order.is_final or units is None else before - units


async def _open(to: Ordered[WritesWallets], hold: Ref) -> Hold:
    """The hold as it is now. One of which nothing is left stays so."""
    found = await to.vendor.hold_now(hold, to.operation)
    if _left(found) == 0:
        raise Rejected(to.provider, "get_hold", "Nothing of the hold is left.", vendor_code=CLOSED)
    return found


def _left(hold: Hold) -> int | None:
    return hold.known_amounts.remaining.minor_units if hold.known_amounts else None


def _refusal(error: ProviderError) -> Refusal:
    if isinstance(error, OtherAsset):
        return Refusal("INVALID", error.message, ("money", "asset"))
    return about(error, "holdId")
