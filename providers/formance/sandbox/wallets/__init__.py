"""The wallets service: it remembers nothing itself, and keeps wallets, balances and holds as accounts of a ledger."""

from providers.formance.sandbox.services import Service
from providers.formance.sandbox.stack import Stack
from providers.formance.sandbox.wallets.balances import Balances
from providers.formance.sandbox.wallets.holds import Holds
from providers.formance.sandbox.wallets.keeping import Keeping
from providers.formance.sandbox.wallets.moving import Moves
from providers.formance.sandbox.wallets.transactions import Transactions
from providers.formance.sandbox.wallets.wallets import Wallets


def wallets(stack: Stack) -> list[Service]:
    """All groups of its endpoints over one stack."""
    keeping = Keeping(stack)
    return [Wallets(keeping), Balances(keeping), Moves(keeping), Holds(keeping), Transactions(keeping)]
