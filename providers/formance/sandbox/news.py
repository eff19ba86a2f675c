"""What the payments service announces of its changes, in the words of its generation."""

from collections.abc import Iterable, Mapping
from typing import Any

from providers.formance.sandbox.accounts import account_wire, balance_wire
from providers.formance.sandbox.announcing import Announcer
from providers.formance.sandbox.bank_accounts import bank_account_wire
from providers.formance.sandbox.initiations import initiation_wire
from providers.formance.sandbox.payments import payment_wire
from providers.formance.sandbox.pools import pool_wire
from providers.formance.sandbox.records import Account, Balance, BankAccount, Connector, Initiation, Payment, Pool
from providers.formance.sandbox.state import State


class News:
    """Of one payments server."""

    def __init__(self, state: State, announce: Announcer) -> None:
        self._state, self._announce = state, announce

    def payment(self, payment: Payment) -> None:
        """It is new or has changed."""
        self._tell("SAVED_PAYMENT", payment_wire(self._state.generation, payment))

    def account(self, account: Account) -> None:
        """It is new or has changed."""
        self._tell("SAVED_ACCOUNT", account_wire(self._state, account))

    def balances(self, rows: Iterable[Balance]) -> None:
        """New rows of balances."""
        for row in rows:
            wire = dict(balance_wire(row))
            self._tell("SAVED_BALANCE", {"accountID": wire.pop("accountId"), **wire})

    def bank_account(self, bank_account: BankAccount) -> None:
        """It is new or has changed."""
        self._tell("SAVED_BANK_ACCOUNT", bank_account_wire(self._state.generation, bank_account))

    def pool(self, pool: Pool) -> None:
        """It is new or holds other accounts."""
        self._tell("SAVED_POOL", pool_wire(self._state.generation, pool))

    def no_pool(self, pool_id: str) -> None:
        """It is gone."""
        self._tell("DELETED_POOL", {"id": pool_id})

    def reset(self, connector: Connector) -> None:
        """It starts anew, under another id."""
        self._tell("CONNECTOR_RESET", {"connectorID": connector.id})

    def initiation(self, initiation: Initiation) -> None:
        """It is new."""
        is_old = self._state.generation == "v2"
        wire = initiation_wire(self._state.generation, initiation)
        self._tell("SAVED_TRANSFER_INITIATION" if is_old else "SAVED_PAYMENT_INITIATION", wire)

    def no_initiation(self, initiation: Initiation) -> None:
        """It is gone, which only v2 tells."""
        if self._state.generation == "v2":
            self._tell("DELETED_TRANSFER_INITIATION", {"id": initiation.id})

    def step(self, initiation: Initiation) -> None:
        """It has come a step further. v2 tells of all of it again."""
        if self._state.generation == "v2":
            self.initiation(initiation)
            return
        newest = initiation.steps[0]
        told = {"id": newest.id, "paymentInitiationID": initiation.id, "status": newest.status}
        self._tell("SAVED_PAYMENT_INITIATION_ADJUSTMENT", told)

    def paid(self, initiation: Initiation, payment: Payment) -> None:
        """A payment was made for it."""
        self.payment(payment)
        if self._state.generation == "v3":
            told = {"paymentInitiationID": initiation.id, "paymentID": payment.id}
            self._tell("SAVED_PAYMENT_INITIATION_RELATED_PAYMENT", told)

    def _tell(self, kind: str, payload: Mapping[str, Any]) -> None:
        self._announce("payments", kind, payload)
