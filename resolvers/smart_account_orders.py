"""The mutation that opens smart accounts.

The provider takes no key, and an account says nothing of who ordered it. An order whose answer was lost is therefore
found by what is new in the list since before it was sent, as far as no other order can have made it.
"""

import hashlib
from typing import Annotated, Protocol

import strawberry

from providers.domain import CustomerLink, LinkKind, NodeType, Ref, WriteKey, WriteOutcome
from providers.errors import UnknownOutcome
from providers.orders import OpensSmartAccounts, SmartAccountOrder
from resolvers.attempt import Write
from resolvers.context import Info
from resolvers.node import by_ref
from resolvers.writing import INPUT, Changed, Checks, Ordered, changed, off, ordered

NAME = "createSmartAccount"
_DIGEST = 8
"""Bytes kept of each id that was there before."""


class AddressInput(Protocol):
    """The shape of the schema's input of this name."""

    city: str
    state: str
    street_name: str | None
    street_number: str | None
    postal_code: str | None


class CreateSmartAccountInput(Protocol):
    """The shape of the schema's input of this name."""

    email: str
    phone_number: str
    address: AddressInput
    name: str | None
    tax_number: str | None
    item_id: str | None
    is_sandbox: bool
    customer_id: strawberry.ID | None
    idempotency_key: str


Create = Annotated[Annotated["CreateSmartAccountInput", strawberry.lazy("schema.smart_account_orders")], INPUT]


async def create_smart_account(info: Info, input: Create) -> Changed:
    """Open a smart account, and link it to a customer."""
    checks = Checks(info)
    order = _order(input, checks)
    customer = await _customer(input, checks, info)
    to = ordered(info, OpensSmartAccounts)
    if to is None or checks.failed:
        return checks.failed or off()
    opening = _Opening(info, to, order, key=input.idempotency_key, customer=customer)
    return await changed(info, opening.write(), checks)


class _Opening:
    """One account to be opened. Its notes are digests of the ids that were there before."""

    def __init__(
        self,
        info: Info,
        to: Ordered[OpensSmartAccounts],
        order: SmartAccountOrder,
        *,
        key: str,
        customer: str | None,
    ) -> None:
        self._to, self._order, self._customer = to, order, customer
        self._directory = info.context.providers.directory
        self._key = WriteKey(info.context.caller.id, key)

    def write(self) -> Write:
        return Write(
            operation=NAME,
            provider=self._to.provider,
            key=self._key.key,
            input=[self._order, self._customer],
            prepare=self._prepare,
            send=self._send,
            find=self._find,
        )

    async def _prepare(self) -> bytes:
        return b"".join(map(_digest, await self._to.vendor.smart_account_ids(self._to.operation)))

    async def _send(self, _notes: bytes) -> Ref:
        return await self._linked(await self._to.vendor.create_smart_account(self._order, self._to.operation))

    async def _find(self, notes: bytes) -> WriteOutcome | None:
        before = {notes[start : start + _DIGEST] for start in range(0, len(notes), _DIGEST)}
        ids = await self._to.vendor.smart_account_ids(self._to.operation)
        new = [self._ref(each) for each in ids if _digest(each) not in before]
        if not new:
            return None
        has_rivals, claimed = await self._directory.writes.rivals(NAME, new, but=self._key)
        mine = [ref for ref in new if ref not in claimed]
        if not mine:
            return None
        if has_rivals or len(mine) > 1:
            message = "Several accounts may have been opened at once: which of them is this one's is not known."
            raise UnknownOutcome(self._to.provider, NAME, message)
        return WriteOutcome(await self._linked(mine[0]))

    async def _linked(self, account: Ref) -> Ref:
        if self._customer is not None:
            link = CustomerLink(self._to.provider, LinkKind.SMART_ACCOUNT, account.native_id, self._customer)
            await self._directory.add([], [link])
        return account

    def _ref(self, native_id: str) -> Ref:
        return Ref(NodeType.SMART_ACCOUNT, (native_id,), self._to.provider)


def _order(input: CreateSmartAccountInput, checks: Checks) -> SmartAccountOrder:
    address = input.address
    return SmartAccountOrder(
        email=checks.text(input.email, "email"),
        phone_number=checks.text(input.phone_number, "phoneNumber"),
        city=checks.text(address.city, "address", "city"),
        state=checks.text(address.state, "address", "state"),
        street_name=address.street_name,
        street_number=address.street_number,
        postal_code=address.postal_code,
        name=input.name,
        tax_number=input.tax_number,
        item_id=input.item_id,
        is_sandbox=input.is_sandbox,
    )


async def _customer(input: CreateSmartAccountInput, checks: Checks, info: Info) -> str | None:
    """The customer of the directory whose account it becomes."""
    checks.told(input.customer_id, "customerId")
    if input.customer_id is None:
        return None
    ref = checks.ref(input.customer_id, "customerId", of=[NodeType.CUSTOMER])
    if ref is None:
        return None
    if await by_ref(ref, info.context) is None:
        checks.refuse("There is no such customer.", "customerId", code="NOT_FOUND")
    return ref.native_id


def _digest(native_id: str) -> bytes:
    return hashlib.blake2b(native_id.lower().encode(), digest_size=_DIGEST).digest()
