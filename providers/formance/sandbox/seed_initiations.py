"""Forty transfers and payouts that were asked for, in every status that the generation knows.

What was processed leads to a seeded payment; without seeded payments the parties are drawn, and no payment is related.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from providers.formance.sandbox import ids
from providers.formance.sandbox.draw import Draw, name_uuid
from providers.formance.sandbox.records import Connector, Generation, Initiation, Payment, Step, timestamp
from providers.formance.sandbox.seed_payments import Cast
from providers.seed import NOW

_COUNT = 40
_WAITED = ("WAITING_FOR_VALIDATION",)
_STEPS = timedelta(seconds=7)

_V2_DONE = ("VALIDATED", "PROCESSING", "PROCESSED")
_V2: Sequence[tuple[str, ...]] = (
    _V2_DONE,
    _WAITED,
    ("VALIDATED", "PROCESSING", "FAILED"),
    (*_WAITED, "REJECTED"),
    (*_V2_DONE, "ASK_REVERSED", "REVERSE_PROCESSING", "REVERSED"),
    (*_WAITED, "VALIDATED"),
    ("VALIDATED", "PROCESSING"),
    (*_V2_DONE, "ASK_REVERSED", "REVERSE_PROCESSING", "REVERSE_FAILED"),
    ("VALIDATED", "PROCESSING", "FAILED", "ASK_RETRIED"),
    (*_V2_DONE, "ASK_REVERSED"),
    (*_V2_DONE, "ASK_REVERSED", "REVERSE_PROCESSING"),
    (*_V2_DONE, "ASK_REVERSED", "REVERSE_PROCESSING", "PARTIALLY_REVERSED"),
)
_V3_DONE = (*_WAITED, "PROCESSING", "PROCESSED")
_V3: Sequence[tuple[str, ...]] = (
    _V3_DONE,
    _WAITED,
    (*_WAITED, "PROCESSING", "FAILED"),
    (*_WAITED, "REJECTED"),
    (*_V3_DONE, "REVERSE_PROCESSING", "REVERSED"),
    (*_WAITED, "PROCESSING"),
    (*_V3_DONE, "REVERSE_PROCESSING", "REVERSE_FAILED"),
    (*_V3_DONE, "REVERSE_PROCESSING"),
)
LIVES: Mapping[Generation, Sequence[tuple[str, ...]]] = {"v2": _V2, "v3": _V3}
"""Every status of a generation, each as the last of the statuses that lead to it, oldest first."""


class _Model(msgspec.Struct, frozen=True):
    """What an initiation asks for, and the payment that came of it, if any did."""

    connector: Connector
    source: str
    destination: str
    kind: str
    amount: int
    asset: str
    created_at: datetime
    payment: str = ""


def initiations(payments: Sequence[Payment], cast: Cast, generation: Generation) -> Iterator[Initiation]:
    """Newest first. What v2 has reversed are transfers: it cannot reverse payouts."""
    known = [row for row in payments if row.kind in {"TRANSFER", "PAYOUT"} and row.source and row.destination]
    transfers = [row for row in known if row.kind == "TRANSFER"][:_COUNT]
    payouts = [row for row in known if row.kind == "PAYOUT"][:_COUNT]
    lives = LIVES[generation]
    for number in range(_COUNT):
        life = lives[number % len(lives)]
        is_reversed = any("REVERSE" in status for status in life)
        first, second = (transfers, payouts) if is_reversed or number % 2 else (payouts, transfers)
        pile = first or second
        model = _of_payment(pile.pop(0)) if pile else _drawn(cast, number)
        yield _initiation(number, model, life, generation)


def _of_payment(payment: Payment) -> _Model:
    return _Model(
        connector=payment.connector,
        source=payment.source,
        destination=payment.destination,
        kind=payment.kind,
        amount=payment.initial_amount,
        asset=payment.asset,
        created_at=payment.created_at - timedelta(seconds=90),
        payment=payment.id,
    )


def _drawn(cast: Cast, number: int) -> _Model:
    draw = Draw("initiation", number)
    destination = draw.pick(cast.external)
    peers = [account for account in cast.internal if account.connector.id == destination.connector.id]
    created_at = NOW - timedelta(days=1 + 3 * number, minutes=number)
    source = draw.pick(peers).id if peers else ""
    amount, asset = 100 + draw.below(100_000), destination.default_asset or "EUR/2"
    return _Model(destination.connector, source, destination.id, "PAYOUT", amount, asset, created_at)


def _initiation(number: int, model: _Model, life: Sequence[str], generation: Generation) -> Initiation:
    draw = Draw("asked", number)
    reference = f"order-{number:03d}-{draw.token()}"
    sent_back = {"REVERSED": model.amount, "PARTIALLY_REVERSED": model.amount // 2}.get(life[-1], 0)
    return Initiation(
        id=ids.initiation_id(model.connector.key, reference),
        reference=reference,
        connector=model.connector,
        created_at=model.created_at,
        scheduled_at=None,
        description=f"{draw.pick(('Invoice', 'Salary', 'Refill', 'Settlement'))} {number + 1}",
        source=model.source,
        destination=model.destination,
        kind=model.kind,
        amount=model.amount - (sent_back if generation == "v2" else 0),
        initial_amount=model.amount,
        asset=model.asset,
        metadata={"batch": f"b{number % 4}"} if number % 3 == 0 else {},
        steps=_steps(model, reference, life, generation),
        payments=[model.payment] if model.payment and "PROCESSED" in life else [],
        reversed=sent_back,
    )


def _steps(model: _Model, reference: str, life: Sequence[str], generation: Generation) -> list[Step]:
    steps: list[Step] = []
    for number, status in enumerate(life):
        moment = model.created_at + number * _STEPS
        identifier = name_uuid("step", reference, number)
        if generation == "v3":
            key = model.connector.key
            identifier = ids.step_id(key, reference=reference, status=status, created_at=timestamp(moment))
        error = "the provider refused: account closed" if status.endswith("FAILED") else ""
        steps.insert(0, Step(identifier, moment, status, error))
    return steps
