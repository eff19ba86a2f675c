"""What several mutations of wallets are given."""

import re
from typing import Protocol

import strawberry

from providers.domain import NodeType
from providers.orders.wallets import EndOrder
from resolvers.writing import Checks

_ADDRESS = re.compile(r"[a-zA-Z0-9_-]+(:[a-zA-Z0-9_-]+)*")
_NAME = re.compile(r"[0-9a-zA-Z_-]{1,255}")
ALL = "*"
"""All balances of a wallet."""


class WalletPartInput(Protocol):
    """The shape of the schema's input of this name."""

    wallet_id: strawberry.ID
    balance: str | None


class WalletEndInput(Protocol):
    """The shape of the schema's input of this name. What was not given is false."""

    ledger_account: str | None
    wallet: WalletPartInput | None


def end(checks: Checks, given: WalletEndInput, *field: str) -> EndOrder | None:
    """Where money comes from or goes to. Callers that are bound to customers may name wallets alone."""
    if given.wallet:
        ref = checks.ref(given.wallet.wallet_id, *field, "wallet", "walletId", of=[NodeType.WALLET])
        name = balance(checks, given.wallet.balance, *field, "wallet", "balance")
        return None if ref is None else EndOrder(wallet=ref, balance=name)
    address = given.ledger_account or ""
    if checks.caller.is_bound:
        checks.refuse("A caller that is bound to customers can name wallets alone.", *field, code="FORBIDDEN")
    elif not _ADDRESS.fullmatch(address):
        checks.refuse("This is no address of a ledger's account.", *field, "ledgerAccount")
    return EndOrder(address=address)


def balance(checks: Checks, given: str | None, *field: str, may_be_all: bool = False) -> str | None:
    """The name of a balance; None for the main one."""
    if given is not None and not _NAME.fullmatch(given) and not (may_be_all and given == ALL):
        checks.refuse("The name of a balance has letters, digits, `_` and `-`.", *field)
    return given
