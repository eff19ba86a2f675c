"""Policies over the seeded pools, the ledger that mirrors two of them, and what was compared so far."""

from collections.abc import Hashable, Mapping
from datetime import timedelta

from providers.formance.sandbox.draw import name_uuid
from providers.formance.sandbox.ledger.book import Book, Posting
from providers.formance.sandbox.ledger.records import Version
from providers.formance.sandbox.pools import sums_at
from providers.formance.sandbox.reconciliation.comparing import Comparing
from providers.formance.sandbox.reconciliation.records import Policy, Reconciliation, Reconciliations
from providers.formance.sandbox.records import Pool
from providers.formance.sandbox.state import State
from providers.seed import NOW

LEDGER = "main"
"""The ledger whose accounts `pools:…` are overdrawn by what the pools of these names hold."""

_MIRRORED_AT = NOW - timedelta(hours=2)
_DAYS = 6
_HUGE = 1_234_567_890_123_456_789_012_345_678_901_234_567_890
"""Forty digits are no reason to lose one."""
_MISSING = 12_345
"""What the second pool lacks of each asset."""


_histories: dict[Hashable, list[Reconciliation]] = {}
"""What was compared for each seed: a process may start many servers with the same one. A row never changes."""


def seeded(payments: State, books: dict[str, Book], version: Version, *, seed: Hashable) -> Reconciliations:
    """The service's state. What the pools hold is posted to its ledger. `seed` is all that decides what there is."""
    pools = [next((each for each in payments.pools.values() if each.name == name), None) for name in _POOLS]
    policies = [_policy(number, pool) for number, pool in enumerate(pools) if pool is not None]
    _mirror(books[LEDGER], payments, [pool for pool in pools if pool is not None])
    state = Reconciliations(policies={policy.id: policy for policy in policies})
    if seed not in _histories:
        comparing = Comparing(payments, books, version)
        _histories[seed] = [row for policy in policies[:2] for row in _history(policy, comparing)]
    state.rows |= {row.id: row for row in _histories[seed]}
    if policies[1:]:
        huge = _huge(policies[1])
        state.rows[huge.id] = huge
    return state


_POOLS = ("Group treasury", "Shared reserve", "Closed book")
_NAMES = ("Group treasury in the ledger", "Shared reserve in the ledger", "Closed book by a filter of old")
_QUERIES: tuple[dict[str, object], ...] = (
    {"$match": {"address": "pools:group-treasury"}},
    {"$or": [{"$match": {"address": "pools:shared-reserve:"}}, {"$match": {"address": "pools:shared-reserve"}}]},
    {"$match": {"owner": "closed-book"}},
)
"""The third is none that a ledger takes, so that nothing can be compared by its policy."""


def _policy(number: int, pool: Pool) -> Policy:
    created_at = NOW - timedelta(days=90 - number, minutes=7 * number)
    return Policy(name_uuid("policy", number), _NAMES[number], created_at, LEDGER, _QUERIES[number], pool.id)


def _mirror(book: Book, payments: State, pools: list[Pool]) -> None:
    """What the first pool holds, and more than the second does: money that has come in is owed to somebody."""
    for pool, missing in zip(pools[:2], (0, _MISSING), strict=False):
        name = pool.name.lower().replace(" ", "-")
        sums: Mapping[str, int] = sums_at(payments, pool, _MIRRORED_AT)
        postings = [
            Posting(f"pools:{name}", "owed:clients", amount + missing, asset) for asset, amount in sorted(sums.items())
        ]
        if postings:
            book.post(postings, now=_MIRRORED_AT, reference=f"mirror-{name}", unlimited=[f"pools:{name}"])


def _history(policy: Policy, comparing: Comparing) -> list[Reconciliation]:
    """One for each of the last days, and the newest at a time when the ledger had been filled."""
    times = [*(NOW - timedelta(days=day) for day in range(_DAYS, 0, -1)), NOW - timedelta(hours=1)]
    return [
        comparing.compared(
            policy,
            id=name_uuid("reconciliation", policy.id, number),
            now=at + timedelta(minutes=5, microseconds=int(policy.id[:2], 16)),
            at_ledger=at,
            at_payments=at,
        )
        for number, at in enumerate(times)
    ]


def _huge(policy: Policy) -> Reconciliation:
    """One from before the pool was made smaller."""
    at = NOW - timedelta(days=80)
    return Reconciliation(
        id=name_uuid("reconciliation", policy.id, "huge"),
        policy=policy.id,
        created_at=at + timedelta(minutes=5),
        at_ledger=at,
        at_payments=at,
        payments={"COIN": _HUGE},
        ledger={"COIN": -_HUGE - 1},
        drift={"COIN": 1},
        error="balance drift for asset COIN",
    )
