"""What a client can ask of a customer."""

import strawberry

import resolvers.wallet
import resolvers.wallet_totals
from providers import domain
from providers.costs import ACCOUNTS_EACH
from providers.domain import LinkKind, LinkOrigin, Provider
from resolvers import customer as resolve
from resolvers import ledger_account, reconciling
from resolvers.caller import Scope
from schema.account import Account
from schema.connection import Connection
from schema.costs import ACCOUNTS, LEDGER_ACCOUNTS, PAYMENTS, POOLS, WALLETS, Cost, Load, load
from schema.fields import backed_by, described, resolved_by
from schema.ledger_account import LedgerAccount
from schema.money import Money
from schema.node import Node
from schema.payment import Payment
from schema.pool import Pool
from schema.side_by_side import SideBySideReport
from schema.wallet import LazyWallet

_BANK = ("institutionId", "institutionLoginId")


@strawberry.type(description="An object at a provider that belongs to a customer.")
class CustomerLink:
    """GraphQL `CustomerLink`, backed by `providers.domain.CustomerLink`."""

    provider: Provider = described("Which provider has the object.")
    kind: LinkKind = described("What kind of object it is.")
    external_id: str = described("The provider's own id of the object.")
    origin: LinkOrigin = described("Where the link comes from.")


@strawberry.type(description="A customer's money in one currency, over all accounts that could be read.")
class CurrencyTotal:
    """GraphQL `CurrencyTotal`, backed by `providers.domain.CurrencyTotal`."""

    money: Money = described(
        "The sum of the accounts' current (or else cleared) balances. Debts (cards, loans, mortgages) and accounts of "
        "counterparties are not in it."
    )
    account_count: int = described("How many accounts were summed.")
    is_complete: bool = described("False when an account or a balance that may belong in it could not be read.")


@strawberry.type(description="A person or company, and what all providers hold for it.")
class Customer(Node):
    """GraphQL `Customer`, backed by `providers.domain.Customer`."""

    name: str | None = described("The name in the directory. Null when there is none.")
    links: list[CustomerLink] = resolved_by(
        resolve.links,
        "Which objects at the providers belong to the customer. Accounts are found by these.",
        needs=Scope.CUSTOMERS_READ,
        cost=Cost(weight=2, loads=load("derived_links_by_customer"), assumed=3 * ACCOUNTS_EACH, is_told=True),
    )
    accounts: Connection[Account] | None = resolved_by(
        resolve.accounts,
        "Accounts at all providers. When a provider fails, the others' accounts are here and `problems` names it.",
        needs=Scope.ACCOUNTS_READ,
        cost=Cost(
            weight=9,
            loads=(
                Load(name="accounts_by_customer", is_common=True, absent=_BANK),
                Load(name="accounts_by_bank", given=_BANK),
            ),
            is_sliced=True,
            of_each=ACCOUNTS_EACH,
        ),
    )
    payments: Connection[Payment] | None = resolved_by(
        resolve.payments,
        "Payments from or to any of the customer's accounts, newest first.",
        needs=Scope.PAYMENTS_READ,
        cost=Cost(
            weight=39,
            loads=(ACCOUNTS, *PAYMENTS),
            is_sliced=True,
        ),
    )
    pools: list[Pool] | None = resolved_by(
        resolve.pools,
        "Pools that hold any of the customer's accounts, by name. Null when the provider could not be asked.",
        needs=Scope.POOLS_READ,
        cost=Cost(
            weight=12,
            loads=(ACCOUNTS, POOLS),
            assumed=ACCOUNTS_EACH,
        ),
    )
    totals: list[CurrencyTotal] | None = resolved_by(
        resolve.total,
        "The customer's money, one sum for each currency, by the currency's code.",
        needs=Scope.ACCOUNTS_READ,
        cost=Cost(
            weight=29,
            loads=(ACCOUNTS, Load(name="balances_by_account", times=ACCOUNTS_EACH, follows=True)),
            assumed=3 * ACCOUNTS_EACH,
        ),
    )
    ledger_accounts: Connection[LedgerAccount] | None = resolved_by(
        ledger_account.of_customer,
        "Accounts of ledgers whose metadata names the customer under `customer_id`, or that are linked to it. One call "
        "for the ledgers, and one for each of them and 100 customers. Null when they could not be asked.",
        needs=Scope.LEDGER_READ,
        cost=Cost(weight=11, loads=LEDGER_ACCOUNTS, is_sliced=True, assumed=ACCOUNTS_EACH),
    )
    ledger_totals: list[CurrencyTotal] | None = resolved_by(
        ledger_account.total,
        "The customer's money in ledgers, one sum for each currency, by the currency's code. Accounts of wallets are "
        "not in it, and neither is anything that `totals` sums.",
        needs=Scope.LEDGER_READ,
        cost=Cost(
            weight=17,
            loads=(
                *LEDGER_ACCOUNTS,
                Load(name="ledger_volumes_by_account", times=ACCOUNTS_EACH, follows=True, is_common=True),
            ),
            assumed=ACCOUNTS_EACH,
        ),
    )

    wallets: list[LazyWallet] | None = resolved_by(
        resolvers.wallet.of_customer,
        "The customer's wallets, by name. Null when the provider could not be asked; see `errors`.",
        needs=Scope.WALLETS_READ,
        cost=Cost(weight=2, loads=(WALLETS,), assumed=ACCOUNTS_EACH),
    )
    wallet_totals: list[CurrencyTotal] | None = resolved_by(
        resolvers.wallet_totals.total,
        "The money in the customer's wallets that has not expired and is not held, one sum for each currency, by the "
        "currency's code. `accountCount` counts wallets. It is not a part of `totals`.",
        needs=Scope.WALLETS_READ,
        cost=Cost(
            weight=9,
            loads=(WALLETS, Load(name="balances_by_wallet", times=ACCOUNTS_EACH, follows=True)),
            assumed=ACCOUNTS_EACH,
        ),
    )
    reconciliation: SideBySideReport | None = resolved_by(
        reconciling.of_customer,
        "The customer's own money as banks, payment providers, pools and ledgers have it. Needs `ledger:read` as well.",
        needs=Scope.ACCOUNTS_READ,
        cost=Cost(
            weight=53,
            loads=(
                ACCOUNTS,
                Load(name="balances_by_account", times=ACCOUNTS_EACH, follows=True, absent=("at",)),
                Load(name="past_balances_by_account", times=ACCOUNTS_EACH, follows=True, given=("at",)),
                POOLS,
                Load(name="balances_by_pool", times=ACCOUNTS_EACH, follows=True),
                *LEDGER_ACCOUNTS,
                Load(name="ledger_balances_by_account", times=ACCOUNTS_EACH, follows=True, given=("at",)),
            ),
        ),
    )

    is_type_of = backed_by(domain.Customer)
