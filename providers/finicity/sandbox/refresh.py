"""Refreshes: the bank is asked for a login's accounts again, which takes a while and goes on when the client leaves.

start -> attempt date -> so many seconds -> balances, success date; or the login's trouble, as a 500 with its code.
"""

import asyncio
from collections.abc import Callable, Sequence
from decimal import Decimal

from providers.finicity.sandbox import errors
from providers.finicity.sandbox.notices import Notices
from providers.finicity.sandbox.state import Store
from providers.finicity.sandbox.values import Record, pick

_FOLLOWS_BALANCE = ("availableBalanceAmount", "creditAvailableAmount", "currentBalance")


class Refreshes:
    """Those under way in one sandbox. `seconds` is how long each takes; `clock` gives Unix seconds.

    An account is in one refresh at a time, so that two logins of a customer may be refreshed at once.
    """

    def __init__(self, store: Store, notices: Notices, *, seconds: float, clock: Callable[[], float]) -> None:
        self.seconds = seconds
        self._store, self._notices, self._clock = store, notices, clock
        self._tasks: set[asyncio.Task[None]] = set()
        self._busy: set[str] = set()

    @property
    def running(self) -> int:
        """How many are under way."""
        return len(self._tasks)

    async def refresh(self, accounts: Sequence[Record], *, busy_code: int) -> list[Record]:
        """Wait for a refresh of these accounts; those that are still there at its end.

        Pending accounts are left alone: the vendor's own discovery is not over. Raises the 500 with `busy_code` when
        one of them is being refreshed already.
        """
        active = [account for account in accounts if account["status"] == "active"]
        if any(account["id"] in self._busy for account in active):
            raise errors.aggregation(busy_code, "The account is currently being aggregated.")
        await asyncio.shield(self._started(active))
        return [account for account in active if self._store.holds(account)]

    def _started(self, accounts: Sequence[Record]) -> "asyncio.Task[None]":
        ids = {str(account["id"]) for account in accounts}

        def ended(task: "asyncio.Task[None]") -> None:
            self._tasks.discard(task)
            self._busy -= ids

        task = asyncio.create_task(self._run(accounts))
        self._tasks.add(task)
        self._busy |= ids
        task.add_done_callback(ended)
        return task

    async def _run(self, accounts: Sequence[Record]) -> None:
        attempts = [self._attempt(account) for account in accounts]
        await asyncio.sleep(self.seconds)
        for account, attempted in zip(accounts, attempts, strict=True):
            if account["aggregationStatusCode"] == 0:
                succeed(account, at=max(attempted, int(self._clock())))
        self._notices.tell("modified", filter(self._store.holds, accounts))

    def _attempt(self, account: Record) -> int:
        """Note the attempt, a second after the one before it at least: who polls for its date must see it move."""
        attempted = max(int(self._clock()), whole(account["aggregationAttemptDate"]) + 1)
        account["aggregationAttemptDate"] = attempted
        return attempted


def succeed(account: Record, *, at: int) -> None:
    """New dates, and a balance that is up to five dollars off, which the account and its last success date decide."""
    cents = pick(f"{account['id']}/{account['aggregationSuccessDate']}", 1, 1000)
    change = Decimal(cents if cents <= 500 else 500 - cents).scaleb(-2)
    account["balance"] = _moved(account["balance"], change)
    detail = account["detail"]
    if isinstance(detail, dict):
        # 0 stands for "not told" and stays.
        told = {name: _moved(detail[name], change) for name in _FOLLOWS_BALANCE if detail.get(name)}
        account["detail"] = {**detail, **told}
    dates = dict.fromkeys(("aggregationSuccessDate", "balanceDate", "lastUpdatedDate"), at)
    if account["lastTransactionDate"] is not None:
        dates["lastTransactionDate"] = at
    account.update(dates)


def whole(value: object) -> int:
    """A whole number of a record; 0 where there is none yet."""
    return value if isinstance(value, int) else 0


def _moved(value: object, change: Decimal) -> object:
    return value + change if isinstance(value, Decimal) else value
