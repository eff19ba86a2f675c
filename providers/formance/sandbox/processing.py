"""How a transfer initiation comes to its end: what the server and the provider do once it is validated or reversed."""

import uuid
from collections.abc import Coroutine

import msgspec

from providers.formance.sandbox import ids
from providers.formance.sandbox.draw import Draw
from providers.formance.sandbox.errors import internal, invalid
from providers.formance.sandbox.moments import Moments
from providers.formance.sandbox.moving import move
from providers.formance.sandbox.news import News
from providers.formance.sandbox.records import Adjustment, Initiation, Payment, Step, timestamp
from providers.formance.sandbox.state import State
from providers.formance.sandbox.workflows import Workflows

_REFUSAL = "the provider refused: insufficient funds"
_STUBBORN = "fail-always"


class Processing:
    """Works on the transfer initiations of one server.

    One whose reference or description starts with `fail` is refused by its provider: the first time, or each time
    when it starts with `fail-always`. A reversal is refused by the same rule.
    """

    def __init__(self, state: State, moments: Moments, workflows: Workflows, news: News) -> None:
        self._state, self._moments, self._workflows, self._news = state, moments, workflows, news

    def record(self, initiation: Initiation, status: str, error: str = "") -> None:
        """Put a step on top."""
        now = self._moments.now()
        connector, reference = initiation.connector, initiation.reference
        if self._state.generation == "v2":
            identifier = str(uuid.uuid4())
        else:
            identifier = ids.step_id(connector.key, reference=reference, status=status, created_at=timestamp(now))
        initiation.steps = [Step(identifier, now, status, error), *initiation.steps]
        self._news.step(initiation)

    async def advance(self, initiation: Initiation) -> None:
        """Send it to its provider. v2 returns at once, v3 when the provider has answered, and with its refusal.

        v3 has not looked at the accounts before; when one is unknown, its workflow ends in an internal error.
        """
        is_ahead = initiation.scheduled_at is not None and initiation.scheduled_at > self._moments.now()
        if self._state.generation == "v2":
            if not is_ahead:
                self._workflows.begin(self._send(initiation))
            return
        for account in (initiation.source, initiation.destination):
            if account and account not in self._state.accounts:
                raise internal("v3", "account not found")
        if is_ahead:
            self.record(initiation, "SCHEDULED_FOR_PROCESSING")
            return
        self.record(initiation, "PROCESSING")
        await self._workflows.finish(self._send(initiation))

    async def reverse(self, initiation: Initiation, *, reference: str, amount: int, asset: str) -> None:
        """Send some of it back. Returns like `advance`."""
        self.record(initiation, "REVERSE_PROCESSING" if self._state.generation == "v3" else "ASK_REVERSED")
        initiation.reversed += amount
        work = self._send_back(initiation, reference=reference, amount=amount, asset=asset)
        await self._start(work)

    async def _start(self, work: Coroutine[None, None, None]) -> None:
        if self._state.generation == "v2":
            self._workflows.begin(work)
        else:
            await self._workflows.finish(work)

    async def _send(self, initiation: Initiation) -> None:
        is_old = self._state.generation == "v2"
        if is_old:
            self.record(initiation, "PROCESSING")
        await self._workflows.provider()
        failures = sum(step.status == "FAILED" for step in initiation.steps)
        if _is_refused((initiation.reference, initiation.description), failures=failures):
            self.record(initiation, "FAILED", _REFUSAL)
            raise invalid(_REFUSAL)
        payment = self._payment(initiation, attempt=failures + 1)
        self._settle(initiation, payment)
        self.record(initiation, "PROCESSED")

    async def _send_back(self, initiation: Initiation, *, reference: str, amount: int, asset: str) -> None:
        is_old = self._state.generation == "v2"
        if is_old:
            self.record(initiation, "REVERSE_PROCESSING")
        await self._workflows.provider()
        if _is_refused((reference,), failures=0):
            initiation.reversed -= amount
            self.record(initiation, "REVERSE_FAILED", _REFUSAL)
            raise invalid(_REFUSAL)
        payment = self._payment(initiation, attempt=0)
        returned = msgspec.structs.replace(
            payment,
            id=ids.payment_id(initiation.connector.key, reference=reference, kind=payment.kind),
            reference=reference,
            source=initiation.destination,
            destination=initiation.source,
            amount=amount,
            initial_amount=amount,
            asset=asset,
            adjustments=[msgspec.structs.replace(payment.adjustments[0], reference=reference, amount=amount)],
        )
        self._settle(initiation, returned)
        if is_old:
            initiation.amount -= amount
        is_partial = is_old and initiation.amount > 0
        self.record(initiation, "PARTIALLY_REVERSED" if is_partial else "REVERSED")

    def _payment(self, initiation: Initiation, *, attempt: int) -> Payment:
        """What the provider made of it."""
        reference = f"py_{Draw('sent', initiation.id, attempt).token()}"
        now = self._moments.now()
        raw = {"id": reference, "object": "payment", "state": "succeeded"}
        return Payment(
            id=ids.payment_id(initiation.connector.key, reference=reference, kind=initiation.kind),
            reference=reference,
            connector=initiation.connector,
            source=initiation.source,
            destination=initiation.destination,
            kind=initiation.kind,
            status="SUCCEEDED",
            amount=initiation.amount,
            initial_amount=initiation.amount,
            scheme="other",
            asset=initiation.asset,
            created_at=now,
            adjustments=[Adjustment(reference, now, "SUCCEEDED", initiation.amount, raw)],
            metadata={},
        )

    def _settle(self, initiation: Initiation, payment: Payment) -> None:
        """v2 learns new balances only when it polls, and in the sandbox it polls no more.

        What was uninstalled in the meantime stays away.
        """
        if initiation.id not in self._state.initiations:
            return
        self._state.payments[payment.id] = payment
        initiation.payments = [payment.id, *initiation.payments]
        self._news.paid(initiation, payment)
        if self._state.generation == "v3":
            self._news.balances(move(self._state, payment, self._moments.now()))


def _is_refused(texts: tuple[str, ...], *, failures: int) -> bool:
    return any(text.startswith(_STUBBORN) or (text.startswith("fail") and not failures) for text in texts)
