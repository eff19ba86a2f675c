"""What all of the wallets service's endpoints share: its ledger, what it finds there, and how it says no."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from providers.formance.sandbox.auth import Auth
from providers.formance.sandbox.errors import RefusedError, invalid
from providers.formance.sandbox.ledger import wire as ledger_wire
from providers.formance.sandbox.ledger.book import Account, Book, InsufficientFundsError, Posting, TakenReferenceError
from providers.formance.sandbox.routing import Endpoint
from providers.formance.sandbox.stack import Stack
from providers.formance.sandbox.wallets import chart
from providers.formance.sandbox.wallets.bodies import fingerprint

ROOT = "/api/wallets"


class MissingError(Exception):
    """What was asked for is not there: the service answers so without a word."""


class Keeping:
    """The ledger behind the service, and what it is asked to do there."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self.ledger = chart.LEDGER
        self._orders: dict[str, bytes] = {}
        """What was ordered under each idempotency key. The ledger keeps this, and for good."""

    @property
    def book(self) -> Book:
        """The ledger; made when it is first needed."""
        return self._stack.books.setdefault(self.ledger, Book(self.ledger, self._stack.moments.now()))

    def now(self) -> datetime:
        """A moment of its own."""
        return self._stack.moments.now()

    def endpoint(self, auth: Auth, answers: Endpoint) -> Endpoint:
        """The endpoint behind the bearer check. A body of another type than JSON is refused."""

        async def checked(request: Request) -> Response:
            kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
            if await request.body() and kind != "application/json":
                return Response(status_code=415)
            try:
                return await answers(request)
            except MissingError:
                return Response(status_code=404)

        return auth.protect(checked)

    def main(self, wallet: str) -> Account:
        """The account of a wallet that is there. The service fails when it asks the ledger for one that is not."""
        account = self.book.accounts.get(chart.balance_address(wallet))
        if account is None or account.metadata.get(chart.SPEC) != chart.PRIMARY or wallet != account.metadata[chart.ID]:
            raise RefusedError(500, "INTERNAL_ERROR", "getting account: account not found")
        return account

    def balance(self, wallet: str, name: str) -> Account:
        """The account of a balance. Raises `MissingError`."""
        account = self.book.accounts.get(chart.balance_address(wallet, name))
        if account is None or account.metadata.get(chart.IS_BALANCE) != "true" or account.metadata[chart.ID] != wallet:
            raise MissingError
        return account

    def hold(self, identifier: str) -> Account:
        """The account of a hold. Raises `MissingError`."""
        account = self.book.accounts.get(chart.hold_address(identifier))
        if account is None or account.metadata.get(chart.HOLD_ID) != identifier:
            raise MissingError
        return account

    def wallets(self) -> list[Account]:
        """The main accounts of all wallets, as the ledger lists them."""
        return self._accounts(chart.SPEC, chart.PRIMARY)

    def holds(self) -> list[Account]:
        """The accounts of all holds."""
        return self._accounts(chart.SPEC, chart.HOLD)

    def balances(self, wallet: str) -> list[Account]:
        """The accounts of a wallet's balances."""
        start = chart.balance_address(wallet, "")
        return [each for each in self._accounts(chart.IS_BALANCE, "true") if each.address.startswith(start)]

    def _accounts(self, key: str, value: str) -> list[Account]:
        found = (each for each in self.book.accounts.values() if each.metadata.get(key) == value)
        return sorted(found, key=lambda each: each.address)

    def has_done(self, request: Request, given: object) -> bool:
        """Whether an order was carried out before under its key. The same key for another order is refused."""
        key = request.headers.get("idempotency-key")
        if not key or key not in self._orders:
            return False
        if self._orders[key] != fingerprint(request, given):
            raise invalid("invalid idempotency hash when using idempotency key")
        return True

    def done(self, request: Request, given: object) -> None:
        """Note that an order was carried out."""
        key = request.headers.get("idempotency-key")
        if key:
            self._orders[key] = fingerprint(request, given)

    def note(self, address: str, notes: Mapping[str, str]) -> Account:
        """Add notes to an account, which is made if it is not there."""
        now = self.now()
        account = self.book.account(address, now)
        self.book.note(account, notes, now)
        told = {"ledger": self.ledger, **ledger_wire.target(account), "metadata": dict(notes)}
        self._stack.announce("ledger", "SAVED_METADATA", told)
        return account

    def move(
        self,
        postings: Sequence[Posting],
        *,
        notes: Mapping[str, str] | None = None,
        reference: str = "",
        timestamp: datetime | None = None,
    ) -> None:
        """Move money. Raises INSUFFICIENT_FUND, and VALIDATION for a reference that is taken."""
        try:
            made = self.book.post(
                postings,
                now=self.now(),
                timestamp=timestamp,
                reference=reference,
                metadata={chart.MOVE: "true", **chart.custom(notes)},
            )
        except InsufficientFundsError as error:
            raise RefusedError(400, "INSUFFICIENT_FUND", "insufficient fund in account") from error
        except TakenReferenceError as error:
            raise invalid("transaction reference conflict") from error
        told = {"ledger": self.ledger, "transactions": [ledger_wire.logged(made)], "accountMetadata": {}}
        self._stack.announce("ledger", "COMMITTED_TRANSACTIONS", told)
