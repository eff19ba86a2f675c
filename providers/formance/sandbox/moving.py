"""What a payment does to the balances of the internal accounts at its ends."""

from datetime import datetime, timedelta

from providers.formance.sandbox.records import Balance, Payment
from providers.formance.sandbox.state import State


def move(state: State, payment: Payment, now: datetime) -> list[Balance]:
    """Take the amount from the source and give it to the destination. Neither must have had the asset before.

    Gives the new rows.
    """
    taken = _change(state, payment.source, payment.asset, by=-payment.amount, now=now)
    given = _change(state, payment.destination, payment.asset, by=payment.amount, now=now)
    return [row for row in (taken, given) if row is not None]


def _change(state: State, account_id: str, asset: str, *, by: int, now: datetime) -> Balance | None:
    """The row that was valid until now ends, and a new one begins: but for accounts outside."""
    account = state.accounts.get(account_id)
    if account is None or account.kind != "INTERNAL":
        return None
    rows = state.balances.get(account_id, [])
    last = next((row for row in rows if row.asset == asset), None)
    amount = by
    if last is not None:
        last.last_updated_at = max(last.last_updated_at, now - timedelta(microseconds=1))
        amount += last.amount
    new = Balance(account_id, asset, amount, now, now)
    state.balances[account_id] = [new, *rows]
    return new
