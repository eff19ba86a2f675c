"""The stage that sends money: between ledger accounts, wallets and payment providers, activity by activity."""

import re
from collections.abc import Mapping
from typing import Any

from providers.formance.sandbox.bodies import NewInitiation
from providers.formance.sandbox.errors import RefusedError
from providers.formance.sandbox.ledger.book import Book, InsufficientFundsError, Posting, TakenReferenceError
from providers.formance.sandbox.ledger.wire import old_account
from providers.formance.sandbox.new_initiation import made
from providers.formance.sandbox.news import News
from providers.formance.sandbox.orchestration import wire
from providers.formance.sandbox.orchestration.records import Activity, Instance, Json, Stage
from providers.formance.sandbox.payments import payment_wire
from providers.formance.sandbox.processing import Processing
from providers.formance.sandbox.records import timestamp
from providers.formance.sandbox.stack import Stack

INTERNAL_LEDGER = "orchestration-000-internal"
WALLETS_LEDGER = "wallets-002"
_FIRST, _STEP = 5, 6
"""The engine numbers all events of a stage: the first activity is the fifth, and each takes six."""


class StageError(Exception):
    """The stage cannot be carried out. The text is told in the stage and its instance."""


class Sending:
    """Carries out `send` stages of one server."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        news = News(stack.payments, stack.announce)
        self._processing = Processing(stack.payments, stack.moments, stack.workflows, news)

    async def run(self, instance: Instance, stage: Stage) -> None:
        """All of it. Raises `StageError`."""
        source, destination = stage.input.get("source") or {}, stage.input.get("destination") or {}
        metadata = dict(stage.input.get("metadata") or {})
        amount = stage.input.get("amount")
        if source.get("payment"):
            if destination.get("payment"):
                raise StageError("send from payment to payment is not supported")
            amount = amount or self._taken_in(stage, source["payment"]["id"], metadata)
            source = {"account": {"id": _holding(source["payment"]["id"]), "ledger": INTERNAL_LEDGER}}
        if not amount:
            raise StageError("amount must be specified")
        units, asset = _units(amount.get("amount")), str(amount.get("asset") or "")
        giver, ledger = _account(source)
        if destination.get("payment"):
            posting = Posting(giver, "world", units, asset)
            await self._paid_out(instance, stage, posting, ledger=ledger, to=destination["payment"], notes=metadata)
            return
        taker, other = _account(destination)
        if ledger == other:
            self._post(stage, ledger, Posting(giver, taker, units, asset), metadata)
            return
        self._post(stage, ledger, Posting(giver, "world", units, asset), {**metadata, _MOVE_TO: other})
        self._post(stage, other, Posting("world", taker, units, asset), {**metadata, _MOVE_FROM: ledger})

    def _taken_in(self, stage: Stage, payment_id: str, metadata: Mapping[str, str]) -> Json:
        """A payment is booked once into the ledger of the service's own."""
        activity = self.begun(stage, "GetPayment", {"id": payment_id})
        payment = self._stack.payments.payments.get(payment_id)
        if payment is None:
            raise self._failed(activity, f"retrieving payment: {payment_id}: not found")
        self.ended(activity, {"data": payment_wire(self._stack.payments.generation, payment)})
        posting = Posting("world", _holding(payment_id), payment.initial_amount, payment.asset)
        try:
            self._post(stage, INTERNAL_LEDGER, posting, metadata, reference=posting.destination)
        except TakenReferenceError:
            self._failed(stage.activities[-1], "CONFLICT")
        return {"amount": payment.initial_amount, "asset": payment.asset}

    async def _paid_out(
        self, instance: Instance, stage: Stage, posting: Posting, *, ledger: str, to: Json, notes: Mapping[str, str]
    ) -> None:
        """The notes of the ledger account say to which payment account."""
        looking = self.begun(stage, "GetAccount", {"id": posting.source, "ledger": ledger})
        account = self.book(looking, ledger).accounts.get(posting.source)
        kept = account.metadata if account else {}
        self.ended(looking, {"data": old_account(posting.source, account)})
        key = str(to.get("metadata") or "stripeConnectID")
        if not kept.get(key):
            raise StageError(f"expected '{key}' metadata containing formance account ID")
        self._post(stage, ledger, posting, notes)
        connector = to.get("connectorID")
        given = {"amount": posting.amount, "asset": posting.asset, "destination": kept[key], "connectorID": connector}
        ordering = self.begun(stage, "StripeTransfer", {**given, "metadata": dict(notes)})
        new = NewInitiation(
            reference=f"{instance.id}-{stage.number}{ordering.id}",
            description="Stripe Transfer",
            destination_account_id=kept[key],
            connector_id=connector,
            provider=str(to.get("psp") or "").upper(),
            type="TRANSFER" if self._is_internal(kept[key]) else "PAYOUT",
            amount=posting.amount,
            asset=posting.asset,
            validated=not to.get("waitingValidation"),
            metadata=dict(notes),
        )
        await self._ordered(ordering, new)
        self.ended(ordering, None)

    async def _ordered(self, activity: Activity, new: NewInitiation) -> None:
        state = self._stack.payments
        try:
            initiation = made(state, new, self._stack.moments.now())
            is_old = state.generation == "v2"
            self._processing.record(initiation, "VALIDATED" if new.validated and is_old else "WAITING_FOR_VALIDATION")
            state.initiations[initiation.id] = initiation
            if new.validated:
                await self._processing.advance(initiation)
        except RefusedError as error:
            raise self._failed(activity, f"{error.code}: {error.message}") from error

    def _is_internal(self, account_id: str) -> bool:
        account = self._stack.payments.accounts.get(account_id)
        return account is not None and account.kind == "INTERNAL"

    def _post(
        self, stage: Stage, ledger: str, posting: Posting, metadata: Mapping[str, str], *, reference: str = ""
    ) -> None:
        postings = [
            {
                "source": posting.source,
                "destination": posting.destination,
                "amount": posting.amount,
                "asset": posting.asset,
            }
        ]
        data: Json = {"postings": postings, "metadata": dict(metadata)}
        if reference:
            data["reference"] = reference
        version = self._stack.flows.version
        activity = self.begun(stage, "CreateTransaction", wire.posting(data, ledger, version))
        book, now = self.book(activity, ledger), self._stack.moments.now()
        try:
            tx = book.post([posting], now=now, reference=reference, metadata=metadata)
        except InsufficientFundsError as error:
            raise self._failed(
                activity, f"INSUFFICIENT_FUND: account {posting.source} had insufficient funds"
            ) from error
        told = {**data, "timestamp": timestamp(tx.timestamp)}
        self.ended(activity, wire.posted(told, tx.id, version))
        committed = {**told, "id": tx.id, "reverted": False}
        self._stack.announce("ledger", "COMMITTED_TRANSACTIONS", {"ledger": ledger, "transactions": [committed]})

    def book(self, activity: Activity, name: str) -> Book:
        """A ledger. The service makes its own when it first needs it."""
        books = self._stack.books
        if name == INTERNAL_LEDGER and name not in books:
            books[name] = Book(name, self._stack.moments.now())
        if name not in books:
            raise self._failed(activity, "LEDGER_NOT_FOUND: ledger does not exist")
        return books[name]

    def begun(self, stage: Stage, name: str, given: Json) -> Activity:
        """A stage's next activity."""
        identifier = str(_FIRST + _STEP * len(stage.activities))
        activity = Activity(identifier, name, given, self._stack.moments.now())
        stage.activities = [*stage.activities, activity]
        return activity

    def ended(self, activity: Activity, output: Mapping[str, object] | None) -> None:
        """The activity has done what it had to."""
        activity.output, activity.terminated_at = output, self._stack.moments.now()

    def _failed(self, activity: Activity, error: str) -> StageError:
        activity.error, activity.last_failure = error, error
        activity.terminated_at = self._stack.moments.now()
        return StageError(error)


_MOVE_TO, _MOVE_FROM = "orchestration/move-to-ledger", "orchestration/move-from-ledger"


def _account(end: Json) -> tuple[str, str]:
    """Address and ledger. The money of a wallet is on an account of the wallets' ledger."""
    if end.get("account"):
        return str(end["account"].get("id") or ""), str(end["account"].get("ledger") or "default")
    if end.get("wallet"):
        return f"wallets:{str(end['wallet'].get('id') or '').replace('-', '')}:main", WALLETS_LEDGER
    raise StageError("a source and a destination must be specified")


def _units(given: Any) -> int:  # noqa: ANN401 - a number, or its digits
    text = str(given)
    if not re.fullmatch(r"\d+", text):
        raise StageError(f"unable to parse '{text}' as big int")
    return int(text)


def _holding(payment_id: str) -> str:
    return f"payment:{payment_id.replace('-', '_')}"
