"""What asking for wallets costs. Where the ledger that keeps them cannot be read, there is one call for each."""

from providers.costs import Costs, PageRate, Rate, orders
from providers.formance.client import wallets
from providers.formance.client.ledger import V2_LIST_ACCOUNTS
from providers.formance.wallets.books import MOST_TERMS

_LEDGER = V2_LIST_ACCOUNTS.operation
_LIST, _GET = wallets.LIST_WALLETS.operation, wallets.GET_WALLET.operation
_NAME = Rate(operation=_LIST, batch=1_000_000, alone=0)
"""Which ledger it is, is asked where no wallet has told it yet."""


def _read_there(single: str, batch: int) -> tuple[Rate, ...]:
    """One alone from the service, more of them from the ledger."""
    return (Rate(operation=_LEDGER, batch=batch, alone=1, single=single), _NAME)


def _read_each(single: str, batch: int) -> tuple[Rate, ...]:
    """The same where it is not known whether the ledger can be read."""
    return (Rate(operation=_LEDGER, batch=batch, alone=0), Rate(operation=single, each=1), _NAME)


_BALANCES = MOST_TERMS // 2
"""Wallets are taken to have four balances at most, two of which fit into a page for each of them. A customer is taken
to have no more than one that is linked and does not name it."""

_ALL: Costs = {
    "summaries_by_wallet": (Rate(operation=wallets.GET_WALLET_SUMMARY.operation, each=1),),
    "holds_by_ref": (Rate(operation=wallets.GET_HOLD.operation, each=1),),
    "list_wallets": (PageRate(operation=_LIST),),
    "list_wallet_balances": (PageRate(operation=wallets.LIST_BALANCES.operation),),
    "list_holds": (PageRate(operation=wallets.GET_HOLDS.operation),),
    "list_wallet_transactions": (PageRate(operation=wallets.GET_TRANSACTIONS.operation),),
    **orders(
        {
            "create_wallet": wallets.CREATE_WALLET.operation,
            "update_wallet": wallets.UPDATE_WALLET.operation,
            "create_wallet_balance": wallets.CREATE_BALANCE.operation,
            "credit_wallet": wallets.CREDIT_WALLET.operation,
            "debit_wallet": wallets.DEBIT_WALLET.operation,
            "confirm_hold": wallets.CONFIRM_HOLD.operation,
            "void_hold": wallets.VOID_HOLD.operation,
        }
    ),
}
BATCHED: Costs = {
    **_ALL,
    "wallets_by_ref": _read_there(_GET, MOST_TERMS),
    "balances_by_wallet": _read_there(wallets.GET_WALLET_SUMMARY.operation, _BALANCES),
    "wallet_balances_by_ref": _read_there(wallets.GET_BALANCE.operation, _BALANCES),
    "amounts_by_hold": _read_there(wallets.GET_HOLD.operation, MOST_TERMS),
    "wallets_by_customer": (*_read_there(_LIST, _BALANCES), _read_there(_GET, MOST_TERMS)[0]),
}
"""Where the ledger has been read."""
SINGLE: Costs = {
    **_ALL,
    "wallets_by_ref": _read_each(_GET, MOST_TERMS),
    "balances_by_wallet": _read_each(wallets.GET_WALLET_SUMMARY.operation, _BALANCES),
    "wallet_balances_by_ref": _read_each(wallets.GET_BALANCE.operation, _BALANCES),
    "amounts_by_hold": _read_each(wallets.GET_HOLD.operation, MOST_TERMS),
    "wallets_by_customer": (*_read_each(_LIST, _BALANCES), *_read_each(_GET, MOST_TERMS)[:2]),
}
"""Where it is not known whether it can be."""
