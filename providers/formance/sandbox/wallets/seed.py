"""Fills the wallets' ledger with the seeded people's wallets, the same every time."""

import pickle
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache

from providers.formance.sandbox.draw import Draw, name_uuid
from providers.formance.sandbox.ledger.book import WORLD, Book, Posting
from providers.formance.sandbox.wallets import chart
from providers.formance.sandbox.wallets.chart import Subject
from providers.seed import NOW, SeedCustomer

HUGE = 1_234_567_890_123_456_789_012_345_678_901_234_567_890
"""What the first person has in an asset of 18 decimals: forty digits do not get lost on the way."""

_OPENED = NOW - timedelta(days=300)
_EXPIRED, _LASTING = NOW - timedelta(days=30), NOW + timedelta(days=3_650)
_MERCHANT = Subject("ACCOUNT", "merchants:books")


def seeded(customers: Sequence[SeedCustomer]) -> Book:
    """The wallets' ledger of a server of its own."""
    book: Book = pickle.loads(_packed(tuple(customers)))  # noqa: S301 - packed by this very process
    return book


@lru_cache(maxsize=8)
def _packed(customers: tuple[SeedCustomer, ...]) -> bytes:
    return pickle.dumps(_made(customers))


def _made(customers: Sequence[SeedCustomer]) -> Book:
    seeding = _Seeding(Book(chart.LEDGER, _OPENED, metadata={"purpose": "wallets"}))
    for customer in customers:
        if customer.formance:
            _first(seeding, customer) if customer.index == 0 else _other(seeding, customer)
    return seeding.book


def wallet_id(customer: SeedCustomer, number: int = 0) -> str:
    """The id of a person's wallet."""
    return name_uuid("wallet", customer.index, number)


def _first(seeding: "_Seeding", customer: SeedCustomer) -> None:
    """Two wallets with everything that there can be."""
    daily, vault = wallet_id(customer), wallet_id(customer, 1)
    seeding.begin(customer)
    seeding.wallet(daily, customer, customer.name, {"tier": "gold"})
    seeding.put(daily, chart.MAIN, 250_000, "USD/2")
    seeding.put(daily, chart.MAIN, 81_250, "EUR/2")
    seeding.balance(daily, "savings", priority=1)
    seeding.put(daily, "savings", 1_000_000, "USD/2")
    seeding.balance(daily, "coupon", expires_at=_EXPIRED, priority=9)
    seeding.put(daily, "coupon", 500, "USD/2")
    seeding.balance(daily, "bonus", expires_at=_LASTING, priority=5)
    seeding.put(daily, "bonus", 1_500, "USD/2")
    seeding.hold(daily, "open", 4_000, "A hotel room", _MERCHANT)
    seeding.hold(daily, "partly", 2_000, "Books by post", _MERCHANT, confirmed=500)
    seeding.hold(daily, "confirmed", 1_250, "Books", _MERCHANT, confirmed=1_250)
    seeding.hold(daily, "voided", 9_900, "A car", _MERCHANT, voided=True)
    seeding.wallet(vault, customer, f"{customer.name} vault", {"tier": "gold", "purpose": "vault"})
    seeding.put(vault, chart.MAIN, HUGE, "ETH/18")
    seeding.hold(daily, "between", 100, "For the vault", Subject("WALLET", vault))


def _other(seeding: "_Seeding", customer: SeedCustomer) -> None:
    """One wallet; every third has a coupon besides, every fourth a hold."""
    draw, wallet = Draw("wallet", customer.index), wallet_id(customer)
    seeding.begin(customer)
    seeding.wallet(wallet, customer, customer.name, {"tier": draw.pick(("gold", "silver", "plain"))})
    seeding.put(wallet, chart.MAIN, 10_000 + draw.below(900_000), "USD/2")
    if draw.below(2):
        seeding.put(wallet, chart.MAIN, 5_000 + draw.below(90_000), "EUR/2")
    if customer.index % 3 == 1:
        seeding.balance(wallet, "coupon", expires_at=draw.pick((_EXPIRED, _LASTING)), priority=1)
        seeding.put(wallet, "coupon", 100 + draw.below(900), "USD/2")
    if customer.index % 4 == 1:
        seeding.hold(wallet, "open", 1_000 + draw.below(5_000), "A rented bicycle", _MERCHANT)


class _Seeding:
    """Writes one person's wallets after another's."""

    def __init__(self, book: Book) -> None:
        self.book, self._now = book, _OPENED

    def begin(self, customer: SeedCustomer) -> None:
        """A person's dates follow from the person alone."""
        self._now = _OPENED + timedelta(minutes=Draw("opened", customer.index).below(200_000), microseconds=1)

    def wallet(self, wallet: str, customer: SeedCustomer, name: str, notes: Mapping[str, str]) -> None:
        now = self._later()
        named = chart.wallet_notes(wallet, name, {"customer_id": customer.id, **notes}, now)
        self._note(chart.balance_address(wallet), named, now)

    def balance(self, wallet: str, name: str, *, expires_at: datetime | None = None, priority: int = 0) -> None:
        named = chart.balance_notes(wallet, name, expires_at, priority)
        self._note(chart.balance_address(wallet, name), named, self._later())

    def put(self, wallet: str, name: str, amount: int, asset: str) -> None:
        self._move(WORLD, chart.balance_address(wallet, name), amount, asset)

    def hold(
        self,
        wallet: str,
        name: str,
        amount: int,
        description: str,
        subject: Subject,
        *,
        confirmed: int = 0,
        voided: bool = False,
    ) -> None:
        identifier = name_uuid("hold", wallet, name)
        address, main = chart.hold_address(identifier), chart.balance_address(wallet)
        notes = chart.hold_notes(
            identifier, wallet=wallet, asset="USD/2", subject=subject, description=description, notes={"order": name}
        )
        self._note(address, notes, self._later())
        self._move(main, address, amount)
        if confirmed:
            self._move(address, subject.address(), confirmed)
        if voided:
            self._move(address, main, amount)

    def _move(self, source: str, target: str, amount: int, asset: str = "USD/2") -> None:
        self.book.post([Posting(source, target, amount, asset)], now=self._later(), metadata={chart.MOVE: "true"})

    def _note(self, address: str, notes: Mapping[str, str], now: datetime) -> None:
        self.book.note(self.book.account(address, now), notes, now)

    def _later(self) -> datetime:
        self._now += timedelta(hours=7, seconds=Draw("pause", self._now).below(40_000))
        return self._now
