"""Pools of accounts."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from providers import domain
from providers.domain import PoolType
from resolvers import pool as resolve
from resolvers import reconciliation, reconciling
from resolvers.caller import Scope
from schema.balance import Balance
from schema.costs import POOL, Cost, Load, load
from schema.fields import backed_by, described, resolved_by
from schema.node import Node
from schema.reconciliation import COMPARED, POLICIES, ReconciliationPolicy
from schema.side_by_side import SideBySideReport

if TYPE_CHECKING:
    from schema.account import Account

LazyAccount = Annotated["Account", strawberry.lazy("schema.account")]


@strawberry.type(description="Accounts at payment providers whose balances are summed (Formance).")
class Pool(Node):
    """GraphQL `Pool`, backed by `providers.domain.Pool`."""

    provider_id: str = described("The provider's own id of the pool.")
    name: str = described("Its name, unique at the provider.")
    type: PoolType = described("How it chooses its accounts.")
    accounts: list[LazyAccount] | None = resolved_by(
        resolve.accounts,
        "The accounts in it. Null when the provider could not be asked; see `errors`.",
        needs=Scope.ACCOUNTS_READ,
        cost=Cost(
            weight=1,
            loads=load("accounts_by_ref", times=POOL),
            assumed=POOL,
            gives=("PaymentAccount",),
        ),
    )
    balances: list[Balance] | None = resolved_by(
        resolve.balances,
        "The sum of its accounts, one balance for each asset. Null when the provider could not be asked; see `errors`.",
        needs=Scope.POOLS_READ,
        cost=Cost(weight=2, loads=load("balances_by_pool"), assumed=20),
    )
    reconciliation_policies: list[ReconciliationPolicy] | None = resolved_by(
        reconciliation.policies_of_pool,
        "Policies that compare it with a ledger, newest first. Null when the provider could not be asked.",
        needs=Scope.RECONCILIATION_READ,
        is_organisations=True,
        cost=Cost(weight=3, loads=load("policies_by_pool"), assumed=POLICIES),
    )
    reconciliation: SideBySideReport | None = resolved_by(
        reconciling.of_pool,
        "The pool's money as payment providers and ledgers have it, account by account and in sum. Needs "
        "`accounts:read`, `pools:read` and `ledger:read` as well.",
        needs=Scope.RECONCILIATION_READ,
        is_organisations=True,
        cost=Cost(
            weight=40,
            loads=(
                Load(name="balances_by_account", times=COMPARED, absent=("at",)),
                Load(name="past_balances_by_account", times=COMPARED, given=("at",)),
                Load(name="balances_by_pool"),
                Load(name="policies_by_pool"),
                Load(name="ledger_sums_by_query", times=POLICIES, follows=True),
            ),
            gives=("PaymentAccount",),
        ),
    )
    fetched_at: datetime = described("When this was read from the provider.")

    is_type_of = backed_by(domain.Pool)
