"""What mutations do to the money of wallets.

The provider is given a key of its own, by which it knows what it has carried out. Where no answer came, the newest
transactions tell, in which the order is noted: not all servers know orders by their key.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Protocol

import strawberry

from providers.domain import Hold, NodeType, Ref, Wallet, WriteOutcome
from providers.orders.wallets import CreditOrder, DebitOrder, EndOrder, WritesWallets
from resolvers.annotating import about
from resolvers.attempt import Write
from resolvers.context import Info
from resolvers.node import by_ref
from resolvers.vendor_key import NOTE, vendor_key
from resolvers.wallet_inputs import ALL, WalletEndInput, balance, end
from resolvers.wallet_orders import MAIN, free, there
from resolvers.writing import INPUT, Changed, Checks, MoneyInput, changed, off, ordered

_MOST_PARTS = 20


class CreditWalletInput(Protocol):
    """The shape of the schema's input of this name."""

    wallet_id: strawberry.ID
    balance: str | None
    money: MoneyInput
    sources: list[WalletEndInput] | None
    reference: str | None
    timestamp: datetime | None
    metadata: object
    idempotency_key: str


class DebitWalletInput(Protocol):
    """The shape of the schema's input of this name."""

    wallet_id: strawberry.ID
    balances: list[str] | None
    money: MoneyInput
    destination: WalletEndInput | None
    is_pending: bool
    description: str | None
    timestamp: datetime | None
    metadata: object
    idempotency_key: str


# The annotations name the schema's input types by lazy references, because this layer does not import the schema.
Credit = Annotated[Annotated["CreditWalletInput", strawberry.lazy("schema.wallet_moves")], INPUT]
Debit = Annotated[Annotated["DebitWalletInput", strawberry.lazy("schema.wallet_moves")], INPUT]


async def credit_wallet(info: Info, input: Credit) -> Changed:
    """Put money into a wallet."""
    checks, key = Checks(info), vendor_key(info, input.idempotency_key)
    order = _credit(input, checks, key)
    to = ordered(info, WritesWallets)
    if to is None or order is None or checks.failed:
        return checks.failed or off()
    target = Ref(NodeType.WALLET_BALANCE, (order.wallet.native_id, order.balance or MAIN), order.wallet.provider)

    async def find(_notes: bytes) -> WriteOutcome | None:
        has_moved = await to.vendor.has_moved(order.wallet, (NOTE, key), to.operation)
        return WriteOutcome(target) if has_moved else None

    write = Write(
        operation="creditWallet",
        provider=to.provider,
        key=input.idempotency_key,
        input=order,
        prepare=lambda: there(to, order.wallet, order.balance),
        send=lambda _notes: to.vendor.credit_wallet(order, key, to.operation),
        find=find,
        refusal=lambda error: about(error, "walletId"),
    )
    return await changed(info, write, checks)


async def debit_wallet(info: Info, input: Debit) -> Changed:
    """Take money out of a wallet, or hold it."""
    checks, key = Checks(info), vendor_key(info, input.idempotency_key)
    order = _debit(input, checks, key)
    to = ordered(info, WritesWallets)
    if to is None or order is None or checks.failed:
        return checks.failed or off()

    async def find(_notes: bytes) -> WriteOutcome | None:
        if order.is_pending:
            held = await to.vendor.find_hold(order.wallet, (NOTE, key), to.operation)
            return WriteOutcome(held) if held else None
        has_moved = await to.vendor.has_moved(order.wallet, (NOTE, key), to.operation)
        return WriteOutcome(order.wallet) if has_moved else None

    write = Write(
        operation="debitWallet",
        provider=to.provider,
        key=input.idempotency_key,
        input=order,
        prepare=lambda: there(to, order.wallet),
        send=lambda _notes: to.vendor.debit_wallet(order, key, to.operation),
        find=find,
        refusal=lambda error: about(error, "walletId"),
    )
    return await changed(info, write, checks)


def held(root: strawberry.Parent[Changed], info: Info) -> Hold | None:  # noqa: ARG001 - for the guard
    """The hold that a debit has made."""
    return root.node if isinstance(root.node, Hold) else None


async def debited(root: strawberry.Parent[Changed], info: Info) -> Wallet | None:
    """The wallet that was debited."""
    if isinstance(root.node, Hold):
        found: Wallet | None = await by_ref(root.node.wallet, info.context)
        return found
    return root.node if isinstance(root.node, Wallet) else None


def _credit(input: CreditWalletInput, checks: Checks, key: str) -> CreditOrder | None:
    wallet = checks.ref(input.wallet_id, "walletId", of=[NodeType.WALLET])
    money = checks.money(input.money, "money")
    name = balance(checks, input.balance, "balance")
    checks.told(input.sources, "sources")
    sources = _ends(checks, input.sources or (), "sources")
    reference = None if input.reference is None else checks.text(input.reference, "reference")
    notes = free(checks, checks.notes(input.metadata, "metadata"))
    timestamp = checks.time(input.timestamp, "timestamp")
    if wallet is None or money is None:
        return None
    return CreditOrder(
        wallet=wallet,
        money=money,
        sources=sources,
        balance=name,
        reference=reference,
        timestamp=timestamp,
        metadata={**notes, NOTE: key},
    )


def _debit(input: DebitWalletInput, checks: Checks, key: str) -> DebitOrder | None:
    wallet = checks.ref(input.wallet_id, "walletId", of=[NodeType.WALLET])
    money = checks.money(input.money, "money")
    balances = input.balances or []
    for place, name in enumerate(balances):
        balance(checks, name, "balances", str(place), may_be_all=True)
    if len(balances) > _MOST_PARTS or (ALL in balances and len(balances) > 1):
        checks.refuse(f"Either `{ALL}` or up to {_MOST_PARTS} names can be given.", "balances")
    checks.told(input.destination, "destination")
    destination = end(checks, input.destination, "destination") if input.destination else None
    description = None if input.description is None else checks.text(input.description, "description")
    notes = free(checks, checks.notes(input.metadata, "metadata"))
    timestamp = checks.time(input.timestamp, "timestamp")
    if wallet is None or money is None:
        return None
    return DebitOrder(
        wallet=wallet,
        money=money,
        is_pending=input.is_pending,
        destination=destination,
        balances=tuple(balances),
        description=description,
        timestamp=timestamp,
        metadata={**notes, NOTE: key},
    )


def _ends(checks: Checks, given: Sequence[WalletEndInput], field: str) -> tuple[EndOrder, ...]:
    if len(given) > _MOST_PARTS:
        checks.refuse(f"At most {_MOST_PARTS} can be given.", field)
    found = [end(checks, each, field, str(place)) for place, each in enumerate(given)]
    return tuple(each for each in found if each is not None)
