"""The mutation that has accounts read anew at their banks.

It answers as soon as the provider has taken the order, or after `GRACE` seconds; the provider's answer is waited for in
the background. What was begun is told from the accounts, so that nothing is lost with the process.
"""

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from typing import Annotated, Protocol

import msgspec
import strawberry

from providers.domain import AggregatedAccount, NodeType, Ref, Refusal, WriteOutcome
from providers.domain.refresh import LONGEST_REFRESH, active, has_begun, is_being_read, of_login, refresh_ref
from providers.errors import Busy, ProviderError, Rejected
from providers.orders import RefreshesAccounts, RefreshOrder
from providers.protocols import ReadsAccounts
from resolvers.attempt import Write
from resolvers.attempt import refusal as plain_refusal
from resolvers.background import Background
from resolvers.bank_loading import accounts_at_provider
from resolvers.batching import value_of
from resolvers.context import Info
from resolvers.provider_customer import provider_customer
from resolvers.writing import INPUT, Changed, Checks, Ordered, changed, off, ordered

log = logging.getLogger("tributary.writes")

GRACE = 1.0
"""Seconds within which refusals are waited for. The provider's answer to what it does takes up to 180."""
ALREADY_RUNNING = (
    "These accounts are being refreshed already. Once that has ended, try again with a new idempotencyKey."
)


class RefreshAccountsInput(Protocol):
    """The shape of the schema's input of this name."""

    customer_id: strawberry.ID
    institution_login_id: str | None
    provider_customer_id: str | None
    is_tiered: bool
    idempotency_key: str


Refresh = Annotated[Annotated["RefreshAccountsInput", strawberry.lazy("schema.refresh_orders")], INPUT]


async def refresh_accounts(info: Info, input: Refresh) -> Changed:
    """Have accounts read anew, once, and never while they are being read already."""
    checks = Checks(info)
    to = ordered(info, RefreshesAccounts)
    if to is None:
        return off()
    login = input.institution_login_id
    if login is not None:
        checks.text(login, "institutionLoginId")
    customer = await provider_customer(
        checks, info, to.provider, customer_id=input.customer_id, chosen=input.provider_customer_id
    )
    if customer is None or checks.failed:
        return checks.failed or off()
    refreshing = _Refreshing(info, to, RefreshOrder(customer=customer, login=login, is_tiered=input.is_tiered))
    return await changed(info, refreshing.write(input), checks)


class _Refreshing:
    """One refresh. Its notes are its start, in milliseconds."""

    def __init__(self, info: Info, to: Ordered[RefreshesAccounts], order: RefreshOrder) -> None:
        self._to, self._order = to, order
        self._background: Background = info.context.background
        self._accounts_of = info.context.providers.able(ReadsAccounts)[to.provider]

    def write(self, input: RefreshAccountsInput) -> Write:
        return Write(
            operation="refreshAccounts",
            provider=self._to.provider,
            key=input.idempotency_key,
            input=[input.customer_id, input.institution_login_id, input.provider_customer_id, input.is_tiered],
            prepare=self._prepare,
            send=self._send,
            find=self._find,
            settle=LONGEST_REFRESH,
            refusal=_refusal,
        )

    async def _prepare(self) -> bytes:
        """The start: later than every attempt so far, so that each one from then on belongs to this refresh."""
        accounts, now = await self._accounts(), datetime.now(UTC)
        if any(is_being_read(account, now) for account in active(accounts)):
            raise self._busy()
        attempts = [account.aggregation_attempted_at for account in active(accounts)]
        least = max((each + timedelta(seconds=1) for each in attempts if each), default=now)
        if timedelta() < least - now <= timedelta(seconds=1):
            await asyncio.sleep((least - now).total_seconds())
        return msgspec.json.encode(round(max(least, datetime.now(UTC)).timestamp() * 1000))

    async def _send(self, notes: bytes) -> Ref:
        ref, started_at = self._ref(notes)
        if any(self._covers(other) for other in self._background.about):
            raise self._busy()
        work = self._to.vendor.refresh_accounts(self._order, self._to.operation)
        task = self._background.start(work, ref)
        await asyncio.wait([task], timeout=GRACE)
        if not task.done():
            task.add_done_callback(_report)
        else:
            try:
                task.result()
            except Busy:
                raise
            except Rejected:
                # A bank's refusal is the end of an attempt: the refresh has taken place, and failed.
                if not has_begun(await self._accounts(), started_at):
                    raise
        return ref

    async def _find(self, notes: bytes) -> WriteOutcome | None:
        ref, started_at = self._ref(notes)
        return WriteOutcome(ref) if has_begun(await self._accounts(), started_at) else None

    async def _accounts(self) -> tuple[AggregatedAccount, ...]:
        """As they are now. None of an unknown customer or login, which the provider then refuses in its own words."""
        customer = self._order.customer
        found = await accounts_at_provider(self._accounts_of, self._to.provider, [customer], self._to.operation)
        held = tuple(each for each in value_of(found[customer]) if isinstance(each, AggregatedAccount))
        return of_login(held, self._order.login)

    def _covers(self, other: Ref) -> bool:
        """Whether another refresh of this process reads all of these accounts, or the other way round."""
        if other.type is not NodeType.REFRESH or other.keys[0] != self._order.customer:
            return False
        return not self._order.login or other.keys[1] in {"", self._order.login}

    def _ref(self, notes: bytes) -> tuple[Ref, datetime]:
        started_at = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=msgspec.json.decode(notes, type=int))
        order = self._order
        return refresh_ref(self._to.provider, order.customer, order.login, started_at=started_at), started_at

    def _busy(self) -> Busy:
        return Busy(self._to.provider, "refreshAccounts")


def _report(task: "asyncio.Task[None]") -> None:
    """Log what the provider said after the answer was given; the accounts tell the rest."""
    error = None if task.cancelled() else task.exception()
    if isinstance(error, ProviderError):
        log.warning("a refresh ended with an error", extra={"code": error.code, "vendorCode": error.vendor_code})


def _refusal(error: ProviderError) -> Refusal:
    refused = plain_refusal(error)
    if isinstance(error, Busy):
        return msgspec.structs.replace(refused, code="ALREADY_RUNNING", message=ALREADY_RUNNING)
    return refused
