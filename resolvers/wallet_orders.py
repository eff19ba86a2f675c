"""What mutations do to wallets and their balances. Money is moved in `resolvers.wallet_moves`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Protocol

import strawberry

from providers.domain import CUSTOMER_NOTE, NodeType, Ref, WriteOutcome
from providers.errors import NotFound
from providers.orders.wallets import BalanceOrder, WalletOrder, WritesWallets
from providers.protocols.wallets import ReadsWallets
from resolvers.annotating import about, annotated, some
from resolvers.attempt import Write
from resolvers.batching import value_of
from resolvers.context import Info
from resolvers.vendor_key import NOTE, vendor_key
from resolvers.wallet_inputs import balance
from resolvers.writing import INPUT, Changed, Checks, Ordered, carried_out, changed, off, ordered

MAIN = "main"


class CreateWalletInput(Protocol):
    """The shape of the schema's input of this name."""

    name: str
    metadata: object
    idempotency_key: str


class UpdateWalletInput(Protocol):
    """The shape of the schema's input of this name."""

    wallet_id: strawberry.ID
    metadata: object
    idempotency_key: str


class CreateWalletBalanceInput(Protocol):
    """The shape of the schema's input of this name."""

    wallet_id: strawberry.ID
    name: str
    expires_at: datetime | None
    priority: int
    idempotency_key: str


# The annotations name the schema's input types by lazy references, because this layer does not import the schema.
Create = Annotated[Annotated["CreateWalletInput", strawberry.lazy("schema.wallet_orders")], INPUT]
Update = Annotated[Annotated["UpdateWalletInput", strawberry.lazy("schema.wallet_orders")], INPUT]
CreateBalance = Annotated[Annotated["CreateWalletBalanceInput", strawberry.lazy("schema.wallet_orders")], INPUT]


async def create_wallet(info: Info, input: Create) -> Changed:
    """Make a wallet. It is found again by a note: not all servers keep their own key from making a second one."""
    checks, key = Checks(info), vendor_key(info, input.idempotency_key)
    notes = free(checks, checks.notes(input.metadata, "metadata"))
    checks.told(notes.get(CUSTOMER_NOTE), "metadata", CUSTOMER_NOTE)
    order = WalletOrder(name=checks.text(input.name, "name"), metadata={**notes, NOTE: key})
    to = ordered(info, WritesWallets)
    if to is None or checks.failed:
        return checks.failed or off()
    return await carried_out(
        info,
        to,
        name="createWallet",
        key=input.idempotency_key,
        checks=checks,
        order=order,
        send=lambda: to.vendor.create_wallet(order, key, to.operation),
        shows=lambda: to.vendor.find_wallet((NOTE, key), to.operation),
    )


async def update_wallet(info: Info, input: Update) -> Changed:
    """Add to a wallet's notes."""
    checks, key = Checks(info), vendor_key(info, input.idempotency_key)
    wallet = checks.ref(input.wallet_id, "walletId", of=[NodeType.WALLET])
    notes = free(checks, some(checks, input.metadata, "metadata"))
    to = ordered(info, WritesWallets)
    if to is None or wallet is None or checks.failed:
        return checks.failed or off()
    return await annotated(
        info,
        to,
        name="updateWallet",
        key=input.idempotency_key,
        checks=checks,
        ref=wallet,
        field="walletId",
        notes=notes,
        send=lambda: to.vendor.update_wallet(wallet, notes, key, to.operation),
        kept=lambda: _notes(info, to, wallet),
    )


async def create_wallet_balance(info: Info, input: CreateBalance) -> Changed:
    """Make a balance of a wallet."""
    checks, key = Checks(info), vendor_key(info, input.idempotency_key)
    order = _balance_order(input, checks)
    to = ordered(info, WritesWallets)
    if to is None or order is None or checks.failed:
        return checks.failed or off()
    made = Ref(NodeType.WALLET_BALANCE, (order.wallet.native_id, order.name), order.wallet.provider)

    async def find(_notes: bytes) -> WriteOutcome | None:
        found = await to.vendor.find_wallet_balance(made, to.operation)
        is_it = found is not None and (found.expires_at, found.priority) == (order.expires_at, order.priority)
        return WriteOutcome(made) if is_it else None

    write = Write(
        operation="createWalletBalance",
        provider=to.provider,
        key=input.idempotency_key,
        input=order,
        prepare=lambda: there(to, order.wallet),
        send=lambda _notes: to.vendor.create_wallet_balance(order, key, to.operation),
        find=find,
        refusal=lambda error: about(error, "walletId"),
    )
    return await changed(info, write, checks)


async def there(to: Ordered[WritesWallets], wallet: Ref, name: str | None = None) -> bytes:
    """Raises `NotFound` for a balance that is not there: servers would make it of whatever they are sent."""
    ref = Ref(NodeType.WALLET_BALANCE, (wallet.native_id, name or MAIN), wallet.provider)
    if await to.vendor.find_wallet_balance(ref, to.operation) is None:
        raise NotFound(to.provider, "get_balance")
    return b""


def free(checks: Checks, notes: Mapping[str, str]) -> Mapping[str, str]:
    """Notes without the one that is ours."""
    if NOTE in notes:
        checks.refuse(f"The note `{NOTE}` is kept by this server.", "metadata", NOTE)
    return notes


def _balance_order(input: CreateWalletBalanceInput, checks: Checks) -> BalanceOrder | None:
    wallet = checks.ref(input.wallet_id, "walletId", of=[NodeType.WALLET])
    name = balance(checks, input.name, "name")
    if name == MAIN:
        checks.refuse("Every wallet has a main balance.", "name")
    expires_at = checks.time(input.expires_at, "expiresAt")
    if wallet is None or name is None:
        return None
    return BalanceOrder(wallet=wallet, name=name, expires_at=expires_at, priority=input.priority)


async def _notes(info: Info, to: Ordered[WritesWallets], wallet: Ref) -> Mapping[str, str]:
    """The wallet's notes as the provider has them now."""
    found = await info.context.providers.able(ReadsWallets)[to.provider].wallets_by_ref([wallet], to.operation)
    if wallet not in found:
        raise NotFound(to.provider, "get_wallet")
    return value_of(found[wallet]).metadata
