"""A refresh: a provider of accounts at banks was told to read some of them anew. Its state is told by the accounts."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum

import msgspec

from providers.domain.account import AccountStatus, AggregatedAccount
from providers.domain.ref import NodeType, Provider, Ref

LONGEST_REFRESH = timedelta(seconds=200)
"""The providers take 180 seconds at most; after this, what still shows no end is taken for lost."""


class RefreshStatus(StrEnum):
    """How far a refresh has come."""

    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Refresh(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A refresh of a provider's customer, or of one bank login of theirs. Nothing of it is stored anywhere."""

    ref: Ref
    """The provider's customer, the login or an empty text, and the start in milliseconds since 1970."""
    provider: Provider
    started_at: datetime
    accounts: tuple[AggregatedAccount, ...]
    """The accounts that it is about, as they are now."""

    def status(self, now: datetime) -> RefreshStatus:
        """What the accounts tell. Those that the provider is still discovering are not refreshed and tell nothing."""
        told = [_told(account, self.started_at) for account in active(self.accounts)]
        if None in told:
            return RefreshStatus.RUNNING if now < self.started_at + LONGEST_REFRESH else RefreshStatus.UNKNOWN
        if RefreshStatus.RUNNING in told:
            is_late = now >= max(filter(None, _attempts(self.accounts))) + LONGEST_REFRESH
            return RefreshStatus.UNKNOWN if is_late else RefreshStatus.RUNNING
        if RefreshStatus.FAILED in told:
            return RefreshStatus.FAILED
        return RefreshStatus.SUCCEEDED if told else RefreshStatus.UNKNOWN

    def finished_at(self, now: datetime) -> datetime | None:
        """The last success among the accounts, or the last attempt where that failed. None before the end."""
        if self.status(now) not in {RefreshStatus.SUCCEEDED, RefreshStatus.FAILED}:
            return None
        succeeded = [account.aggregation_succeeded_at for account in active(self.accounts)]
        return max(filter(None, [*succeeded, *_attempts(self.accounts)]))


def refresh_ref(provider: Provider, customer: str, login: str | None, *, started_at: datetime) -> Ref:
    """The identity of a refresh."""
    milliseconds = round(started_at.timestamp() * 1000)
    return Ref(NodeType.REFRESH, (customer, login or "", str(milliseconds)), provider)


def started_at(ref: Ref) -> datetime | None:
    """The start in a refresh's identity; None when it is not one."""
    text = ref.keys[2]
    if not (text.isascii() and text.isdecimal() and len(text) == 13 and text[0] != "0"):
        return None
    return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=int(text))


def of_login(accounts: tuple[AggregatedAccount, ...], login: str | None) -> tuple[AggregatedAccount, ...]:
    """Those behind a login; all without one."""
    return tuple(account for account in accounts if not login or account.institution_login_id == login)


def active(accounts: tuple[AggregatedAccount, ...]) -> list[AggregatedAccount]:
    """Those that a refresh reads."""
    return [account for account in accounts if account.status is not AccountStatus.PENDING]


def is_being_read(account: AggregatedAccount, now: datetime) -> bool:
    """Whether a provider reads an account just now, as far as the account tells."""
    attempted = account.aggregation_attempted_at
    return attempted is not None and _ending(account) is RefreshStatus.RUNNING and now < attempted + LONGEST_REFRESH


def has_begun(accounts: tuple[AggregatedAccount, ...], since: datetime) -> bool:
    """Whether an attempt was made since the start of a refresh."""
    return any(_told(account, since) is not None for account in active(accounts))


def _told(account: AggregatedAccount, since: datetime) -> RefreshStatus | None:
    """How the attempt since then ended; None when there was none. Providers know whole seconds only."""
    attempted = account.aggregation_attempted_at
    if attempted is None or attempted < since.replace(microsecond=0):
        return None
    return _ending(account)


def _ending(account: AggregatedAccount) -> RefreshStatus:
    attempted, succeeded = account.aggregation_attempted_at, account.aggregation_succeeded_at
    if account.is_being_aggregated:
        return RefreshStatus.RUNNING
    if account.aggregation_status_code:
        return RefreshStatus.FAILED
    is_done = attempted is not None and succeeded is not None and succeeded >= attempted
    return RefreshStatus.SUCCEEDED if is_done else RefreshStatus.RUNNING


def _attempts(accounts: tuple[AggregatedAccount, ...]) -> list[datetime | None]:
    return [account.aggregation_attempted_at for account in active(accounts)]
