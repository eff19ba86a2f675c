"""Wallets and their balances."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from providers import domain
from resolvers import wallet as resolve
from resolvers.caller import Scope
from schema.connection import Connection
from schema.costs import Cost, Load, listed, load
from schema.fields import backed_by, described, resolved_by
from schema.hold import Hold
from schema.money import Money
from schema.node import Node
from schema.scalars import JSON

if TYPE_CHECKING:
    from schema.customer import Customer
    from schema.ledger import Ledger
    from schema.ledger_account import LedgerAccount
    from schema.ledger_transaction import LedgerTransaction

LazyCustomer = Annotated["Customer", strawberry.lazy("schema.customer")]
LazyLedger = Annotated["Ledger", strawberry.lazy("schema.ledger")]
LazyLedgerAccount = Annotated["LedgerAccount", strawberry.lazy("schema.ledger_account")]
LazyTransaction = Annotated["LedgerTransaction", strawberry.lazy("schema.ledger_transaction")]
LazyWallet = Annotated["Wallet", strawberry.lazy("schema.wallet")]

BALANCES = 5
"""Balances that a wallet is taken to have."""
_ASSETS = 5
_SUMMARY = Cost(weight=1, loads=load("summaries_by_wallet", is_common=True), assumed=_ASSETS)
_NULL = " Null when the provider could not be asked; see `errors`."


@strawberry.type(description="A part of a wallet: its main one, or one that is kept apart and may expire (Formance).")
class WalletBalance(Node):
    """GraphQL `WalletBalance`, backed by `providers.domain.WalletBalance`."""

    name: str = described("Its name, unique within the wallet. Every wallet has one that is called `main`.")
    expires_at: datetime | None = described("When it expires. Null: never.")
    priority: int = described(
        "Where a debit may take from several balances, those that expire first give first, and then those of a higher "
        "priority."
    )
    is_expired: bool = resolved_by(
        resolve.is_expired, "True when it has expired: what it holds can no longer be spent."
    )
    amounts: list[Money] | None = resolved_by(
        resolve.amounts,
        "What it holds, by asset. Takes a call where the balance was read without it." + _NULL,
        needs=Scope.WALLETS_READ,
        cost=Cost(weight=1, loads=load("wallet_balances_by_ref", is_common=True), assumed=_ASSETS),
    )
    ledger_account: LazyLedgerAccount | None = resolved_by(
        resolve.account_of_balance,
        "The account of the ledger in which it is kept." + _NULL,
        needs=Scope.LEDGER_READ,
        cost=Cost(
            weight=3,
            loads=(Load(name="wallets_by_ref"), Load(name="ledger_accounts_by_ref", follows=True)),
        ),
    )
    wallet: LazyWallet | None = resolved_by(
        resolve.of_balance,
        "The wallet that it is a part of." + _NULL,
        needs=Scope.WALLETS_READ,
        cost=Cost(weight=1, loads=load("wallets_by_ref")),
    )
    fetched_at: datetime = described("When this was read from the provider.")

    is_type_of = backed_by(domain.WalletBalance)


@strawberry.type(description="Money that is kept for somebody in balances of a ledger (Formance).")
class Wallet(Node):
    """GraphQL `Wallet`, backed by `providers.domain.Wallet`."""

    provider_id: str = described("The provider's own id of the wallet.")
    name: str = described("Its name, which need not be unique.")
    metadata: JSON = described("Notes kept with it: an object of strings. `customer_id` names its customer.")
    created_at: datetime | None = described("When it was made. Null when the provider does not say.")
    ledger_name: str | None = described("The ledger that keeps it. Null when the provider does not say.")
    customer: LazyCustomer | None = resolved_by(
        resolve.customer,
        "Whose it is, by the directory's links or by its own notes. Null when it is nobody's, or not in the directory.",
        needs=Scope.CUSTOMERS_READ,
    )
    main_amounts: list[Money] | None = described(
        "What its main balance holds, by asset; that comes with the wallet. Null when the provider did not say."
    )
    balances: list[WalletBalance] | None = resolved_by(
        resolve.balances,
        "All its balances with what they hold, the main one first. Many wallets' are read together." + _NULL,
        needs=Scope.WALLETS_READ,
        cost=Cost(weight=1, loads=load("balances_by_wallet", is_common=True), assumed=BALANCES),
    )
    balance_pages: Connection[WalletBalance] | None = resolved_by(
        resolve.balance_pages,
        "Its balances page by page, for wallets that have very many. What they hold takes a call for each." + _NULL,
        needs=Scope.WALLETS_READ,
        cost=listed("list_wallet_balances"),
    )
    available_funds: list[Money] | None = resolved_by(
        resolve.available_funds,
        "What can be spent, over all its balances, by asset." + _NULL,
        needs=Scope.WALLETS_READ,
        cost=_SUMMARY,
    )
    expired_funds: list[Money] | None = resolved_by(
        resolve.expired_funds,
        "What has expired, by asset." + _NULL,
        needs=Scope.WALLETS_READ,
        cost=_SUMMARY,
    )
    expirable_funds: list[Money] | None = resolved_by(
        resolve.expirable_funds,
        "The part of what can be spent that will expire, by asset." + _NULL,
        needs=Scope.WALLETS_READ,
        cost=_SUMMARY,
    )
    hold_funds: list[Money] | None = resolved_by(
        resolve.hold_funds,
        "What is held, by asset. It is not a part of the funds that can be spent." + _NULL,
        needs=Scope.WALLETS_READ,
        cost=_SUMMARY,
    )
    ledger: LazyLedger | None = resolved_by(
        resolve.ledger,
        "The ledger that keeps it. Null when the provider does not say, and for callers that are bound to customers.",
        needs=Scope.LEDGER_READ,
        cost=Cost(weight=1, loads=load("ledgers_by_ref")),
    )
    ledger_accounts: list[LazyLedgerAccount] | None = resolved_by(
        resolve.ledger_accounts,
        "The ledger's accounts of its balances." + _NULL,
        needs=Scope.LEDGER_READ,
        cost=Cost(
            weight=7,
            loads=(
                Load(name="balances_by_wallet", is_common=True),
                Load(name="ledger_accounts_by_ref", times=BALANCES, follows=True),
            ),
            assumed=BALANCES,
        ),
    )
    transactions: Connection[LazyTransaction] | None = resolved_by(
        resolve.transactions,
        "The ledger's transactions that touch it, newest first." + _NULL,
        needs=Scope.LEDGER_READ,
        cost=listed("list_wallet_transactions"),
    )
    holds: Connection[Hold] | None = resolved_by(
        resolve.holds,
        "Holds on it, those that are closed as well." + _NULL,
        needs=Scope.WALLETS_READ,
        cost=listed("list_holds"),
    )
    fetched_at: datetime = described("When this was read from the provider.")

    is_type_of = backed_by(domain.Wallet)


@strawberry.input(description="Conditions that all must hold. An omitted or null one holds for every wallet.")
class WalletFilter:
    """GraphQL `WalletFilter`; the resolvers turn it into `providers.domain.WalletFilter`."""

    name: str | None = described("Only wallets of exactly this name.", default=None)
    metadata: JSON | None = described("Only wallets with these notes: an object of up to 20 strings.", default=None)
