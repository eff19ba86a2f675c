"""Fills the ledgers with the seeded people's money, the same every time."""

import pickle
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import lru_cache

import msgspec

from providers.formance.sandbox.draw import Draw
from providers.formance.sandbox.ledger.book import Book, InsufficientFundsError
from providers.formance.sandbox.ledger.records import WORLD, Posting, Version
from providers.formance.sandbox.records import Payment
from providers.seed import NOW, SeedCustomer

HUGE = 10**39 + 10**20 + 7
"""An amount of forty digits."""

_START = NOW - timedelta(days=300)
_SHOPS = ("bakery", "books", "logistics", "pharmacy", "studio", "tailors")
_SHOPPING = 144
_PAID = 24
"""Payments that the ledger tells of under their references."""


class Paid(msgspec.Struct, frozen=True):
    """What the ledger knows of a payment."""

    reference: str
    amount: int
    asset: str
    created_at: datetime


class Move(msgspec.Struct, frozen=True):
    """A transaction to come."""

    at: datetime
    postings: Sequence[Posting]
    reference: str = ""
    metadata: dict[str, str] = {}
    is_reverted: bool = False


def seeded(
    customers: Sequence[SeedCustomer], payments: Sequence[Payment] = (), version: Version = "v2.4"
) -> dict[str, Book]:
    """The ledgers of a server of its own, by name. Some transactions have the references of the newest payments."""
    paid = tuple(_paid(payments))
    books: dict[str, Book] = pickle.loads(_packed(tuple(customers), paid, version))  # noqa: S301 - packed by this process
    return books


def _paid(payments: Sequence[Payment]) -> Iterator[Paid]:
    for each in payments[: 2 * _PAID : 2]:
        if each.amount and each.kind != "UNKNOWN":
            yield Paid(each.reference, each.amount, each.asset, each.created_at)


@lru_cache(maxsize=8)
def _packed(customers: tuple[SeedCustomer, ...], paid: tuple[Paid, ...], version: Version) -> bytes:
    """The ledgers in a form that is quickly unpacked: a process may start many servers with the same seed."""
    return pickle.dumps(_made(customers, paid, version))


def _made(customers: Sequence[SeedCustomer], paid: Sequence[Paid], version: Version) -> dict[str, Book]:
    first = 1 if version == "v2.4" else 0
    main = Book("main", _START, metadata={"purpose": "customers' money"}, first_id=first)
    known = [each for each in customers if each.formance]
    for customer in known:
        _tagged(main, customer)
    moves = [*_openings(known), *_shopping(known), *_settled(paid), *_treasury()]
    for move in sorted(moves, key=lambda each: each.at):
        _make(main, move)
    audit = Book("audit", _START + timedelta(days=1), bucket="archive", metadata={"purpose": "audit"}, first_id=first)
    return {book.name: book for book in (main, audit)}


def _tagged(book: Book, customer: SeedCustomer) -> None:
    for number, purpose in enumerate(("wallet", "savings")):
        opened_at = _START + timedelta(seconds=2 * customer.index + number)
        account = book.account(f"customers:{customer.id}:{purpose}", opened_at)
        book.note(account, {"customer_id": customer.id, "purpose": purpose}, opened_at)


def _make(book: Book, move: Move) -> None:
    try:
        made = book.post(move.postings, now=move.at, reference=move.reference, metadata=move.metadata)
    except InsufficientFundsError:
        return
    if move.is_reverted:
        book.undo(made, now=move.at + timedelta(microseconds=3))


def _openings(customers: Sequence[SeedCustomer]) -> Iterator[Move]:
    """Each gets money in two assets, and saves a part."""
    for customer in customers:
        draw = Draw("ledger opening", customer.index)
        wallet, savings = f"customers:{customer.id}:wallet", f"customers:{customer.id}:savings"
        at = _START + timedelta(days=2, minutes=7 * customer.index)
        yield Move(
            at,
            [
                Posting(WORLD, wallet, 500_000 + draw.below(500_000), "USD/2"),
                Posting(WORLD, wallet, 200_000 + draw.below(200_000), "EUR/2"),
            ],
            reference=f"opening-{customer.id}",
            metadata={"kind": "opening", "customer_id": customer.id},
        )
        for month in range(3):
            amount = 10_000 + draw.below(30_000)
            saved_at = at + timedelta(days=30 * (month + 1))
            yield Move(saved_at, [Posting(wallet, savings, amount, "USD/2")], metadata={"kind": "saving"})


def _shopping(customers: Sequence[SeedCustomer]) -> Iterator[Move]:
    """Purchases with a fee, now and then one that is reverted."""
    for number in range(_SHOPPING if customers else 0):
        draw = Draw("ledger purchase", number)
        customer, shop = customers[number % len(customers)], draw.pick(_SHOPS)
        wallet, asset = f"customers:{customer.id}:wallet", draw.pick(("USD/2", "USD/2", "EUR/2"))
        price = 500 + draw.below(9_000)
        yield Move(
            _START + timedelta(days=10 + number * 290 / (_SHOPPING + 8), seconds=draw.below(3600)),
            [
                Posting(wallet, f"merchants:{shop}", price, asset),
                Posting(f"merchants:{shop}", "fees", price // 50, asset),
            ],
            reference=f"order-{number:04d}" if number % 3 == 0 else "",
            metadata={"kind": "purchase", "order": f"ord_{number:05d}"},
            is_reverted=number % 17 == 5,
        )


def _settled(paid: Sequence[Paid]) -> Iterator[Move]:
    for each in paid:
        moved = [Posting(WORLD, "platform:cash", each.amount, each.asset)]
        yield Move(each.created_at, moved, reference=each.reference, metadata={"kind": "settlement"})


def _treasury() -> Iterator[Move]:
    """Amounts too large for a double or for 64 bits."""
    funding = [Posting(WORLD, "treasury:vault", HUGE, "ETH/18")]
    yield Move(_START + timedelta(days=3), funding, reference="treasury-funding", metadata={"kind": "treasury"})
    for number in range(6):
        amount = 2**53 + 1 + 2**64 * (number % 2)
        at = _START + timedelta(days=20 + 40 * number)
        yield Move(at, [Posting("treasury:vault", "platform:cash", amount, "ETH/18")], metadata={"kind": "treasury"})
