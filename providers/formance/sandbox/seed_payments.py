"""A year of payments between the seeded accounts, newest first, in every documented type, status and scheme."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from providers.formance.sandbox import ids
from providers.formance.sandbox.draw import Draw
from providers.formance.sandbox.records import Account, Adjustment, Payment
from providers.formance.sandbox.schemes import SCHEMES
from providers.formance.sandbox.seed_accounts import ASSETS
from providers.seed import NOW

HISTORIES: Mapping[str, tuple[str, ...]] = {
    "SUCCEEDED": ("PENDING", "SUCCEEDED"),
    "PENDING": ("PENDING",),
    "CANCELLED": ("PENDING", "CANCELLED"),
    "FAILED": ("PENDING", "FAILED"),
    "EXPIRED": ("PENDING", "EXPIRED"),
    "REFUNDED": ("PENDING", "SUCCEEDED", "REFUNDED"),
    "REFUNDED_FAILURE": ("SUCCEEDED", "REFUNDED_FAILURE"),
    "DISPUTE": ("SUCCEEDED", "DISPUTE"),
    "DISPUTE_WON": ("SUCCEEDED", "DISPUTE", "DISPUTE_WON"),
    "DISPUTE_LOST": ("SUCCEEDED", "DISPUTE", "DISPUTE_LOST"),
    "OTHER": ("OTHER",),
}
"""Every documented status, and the statuses that lead to it, oldest first."""

UNDOCUMENTED: Mapping[str, tuple[str, ...]] = {
    "UNKNOWN": ("UNKNOWN",),
    "REFUND_REVERSED": ("SUCCEEDED", "REFUNDED", "REFUND_REVERSED"),
    "AMOUNT_ADJUSTEMENT": ("PENDING", "AMOUNT_ADJUSTEMENT"),
    "AUTHORISATION": ("AUTHORISATION",),
    "CAPTURE": ("AUTHORISATION", "CAPTURE"),
    "CAPTURE_FAILED": ("AUTHORISATION", "CAPTURE_FAILED"),
}
"""What v3 servers send besides. The misspelling is theirs."""

_KINDS = ("PAY-IN", "PAY-IN", "PAYOUT", "PAYOUT", "TRANSFER", "OTHER")
_RECENT = 60
_MARGIN = timedelta(hours=1)
"""Leaves room for the adjustments of the newest payment."""


class Cast(msgspec.Struct, frozen=True):
    """Who pays whom. Every second one of the newest payments belongs to the `favoured` accounts."""

    internal: Sequence[Account]
    external: Sequence[Account]
    favoured: Sequence[Account]

    def account(self, index: int) -> Account:
        """The account that payment `index` belongs to."""
        if self.favoured and index < _RECENT and index % 2 == 0:
            return self.favoured[index // 2 % len(self.favoured)]
        accounts = self.internal or self.external
        return accounts[index % len(accounts)]


def payments(cast: Cast, *, count: int, undocumented: bool) -> Iterator[Payment]:
    """Newest first, each created at a moment of its own in the year before the sandbox's now."""
    internal, external = _by_connector(cast.internal), _by_connector(cast.external)
    step = timedelta(days=365) / max(count, 1)
    for index in range(count):
        draw = Draw("payment", index)
        account = cast.account(index)
        kind = "UNKNOWN" if undocumented and index % 97 == 5 else draw.pick(_KINDS)
        peers = (internal if kind == "TRANSFER" else external).get(account.connector.id, [account])
        created_at = NOW - _MARGIN - step * index - step * draw.below(1000) / 1001
        payment = _payment(draw, index, account=account, kind=kind, created_at=created_at)
        source, destination = _parties(draw, kind, account.id, draw.pick(peers).id)
        steps = _steps(draw, payment, _lives(index, undocumented=undocumented))
        amount = payment.initial_amount - sum(step.amount or 0 for step in steps if step.status == "REFUNDED")
        if undocumented and index % 50 == 7:
            steps[0] = msgspec.structs.replace(steps[0], amount=None)
        yield msgspec.structs.replace(
            payment,
            source=source,
            destination=destination,
            status=steps[0].status,
            amount=amount,
            adjustments=steps,
        )


def _by_connector(accounts: Sequence[Account]) -> Mapping[str, list[Account]]:
    found: dict[str, list[Account]] = defaultdict(list)
    for account in accounts:
        found[account.connector.id].append(account)
    return found


def _payment(draw: Draw, index: int, *, account: Account, kind: str, created_at: datetime) -> Payment:
    """A payment that nothing has happened to yet, with no parties."""
    reference = f"py_{draw.token()}"
    asset, amount = _sum(draw, index, account.default_asset)
    return Payment(
        id=ids.payment_id(account.connector.key, reference=reference, kind=kind),
        reference=reference,
        connector=account.connector,
        source="",
        destination="",
        kind=kind,
        status="",
        amount=amount,
        initial_amount=amount,
        scheme=draw.pick(SCHEMES),
        asset=asset,
        created_at=created_at,
        adjustments=[],
        metadata={"order": f"ord_{index:05d}", "channel": draw.pick(("web", "shop"))} if index % 4 == 0 else {},
    )


def _sum(draw: Draw, index: int, default_asset: str) -> tuple[str, int]:
    """Asset and amount in minor units. A few are the least possible, or too large for a double or for 64 bits."""
    if index % 250 == 7:
        return "USD/2", 1
    if index % 400 == 11:
        return draw.pick(("BTC/8", "JPY")), 2**53 + 1 + 2 * draw.below(10**9)
    if index % 450 == 13:
        return draw.pick(("BTC/8", "JPY")), 2**63 + 25 + draw.below(2**66)
    asset = default_asset if default_asset and draw.below(5) else draw.pick(ASSETS)
    return asset, 100 + draw.below(10 ** (3 + draw.below(5)))


def _parties(draw: Draw, kind: str, mine: str, theirs: str) -> tuple[str, str]:
    """Source and destination. The counterparty is at times unknown, and then empty."""
    if kind == "TRANSFER":
        return mine, theirs
    if kind not in {"PAY-IN", "PAYOUT"}:
        return (mine, "") if draw.below(2) else ("", mine)
    known = theirs if draw.below(6) else ""
    return (known, mine) if kind == "PAY-IN" else (mine, known)


def _lives(index: int, *, undocumented: bool) -> tuple[str, ...]:
    """The statuses of payment `index`, oldest first: most succeed, and every status occurs."""
    if undocumented and index % 20 == 3:
        return list(UNDOCUMENTED.values())[index // 20 % len(UNDOCUMENTED)]
    if index % 3:
        return HISTORIES["SUCCEEDED"]
    return list(HISTORIES.values())[index // 3 % len(HISTORIES)]


def _steps(draw: Draw, payment: Payment, statuses: Sequence[str]) -> list[Adjustment]:
    """What happened to the payment, newest first."""
    moment, steps = payment.created_at, []
    for number, status in enumerate(statuses):
        raw = {"id": payment.reference, "object": "payment", "state": status.lower()}
        amount = payment.initial_amount
        if status == "REFUNDED":
            amount = amount if draw.below(2) else (amount + 1) // 2
        reference = payment.reference if number == 0 else f"{payment.reference}_{number}"
        steps.append(Adjustment(reference, moment, status, amount, raw))
        moment += timedelta(seconds=30 + draw.below(600))
    return steps[::-1]
