"""Money on all sides, one beside the other. What can be asked at once is, and what fails costs its own numbers only."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated

import msgspec
import strawberry

from providers.domain import Customer, NodeType, Pool
from resolvers import ids
from resolvers.access.scopes import require
from resolvers.caller import Scope
from resolvers.context import Info
from resolvers.problems import BadInput, ProblemCode
from resolvers.reconciling_accounts import held_by, on_accounts, pool_sum
from resolvers.reconciling_ledger import customers_ledger, mirror
from resolvers.side_by_side import NOTHING, SideBySideReport, Sides

At = Annotated[
    datetime | None,
    strawberry.argument(
        description="The time that the numbers are wanted for, which must have passed; what there is now when omitted. "
        "A side that tells nothing of that time has no numbers then, and `problems` says so."
    ),
]
OfPolicy = Annotated[
    strawberry.ID | None,
    strawberry.argument(
        description="Only the ledger accounts of the policy with this global id; of all the pool's policies together "
        "when omitted."
    ),
]

_NO_FAILURE = frozenset({ProblemCode.UNSUPPORTED, ProblemCode.NOT_FOUND})
"""What a provider does not offer or does not have was told by it, and is only told on."""


async def of_customer(root: strawberry.Parent[Customer], info: Info, at: At = None) -> SideBySideReport:
    """A customer's own money on all sides."""
    _check(info, at, Scope.ACCOUNTS_READ, Scope.LEDGER_READ)
    accounts, ledger = await asyncio.gather(
        on_accounts(root.customer_id, info.context, at), customers_ledger(root.customer_id, info.context, at)
    )
    return _told(info, msgspec.structs.replace(accounts, ledger=ledger), at)


async def of_pool(
    root: strawberry.Parent[Pool], info: Info, at: At = None, policy_id: OfPolicy = None
) -> SideBySideReport:
    """A pool's money on all sides."""
    _check(info, at, Scope.ACCOUNTS_READ, Scope.POOLS_READ, Scope.LEDGER_READ)
    only = ids.decode(policy_id, NodeType.RECONCILIATION_POLICY) if policy_id else None
    accounts, pool, ledger = await asyncio.gather(
        held_by(root.account_refs, info.context, at),
        pool_sum(root, info.context, at),
        mirror(root, info.context, at, only=only),
    )
    sides = Sides(bank=NOTHING, payment_provider=accounts, pool=pool, pooled=accounts, ledger=ledger, is_mirrored=True)
    return _told(info, sides, at)


def _check(info: Info, at: datetime | None, *scopes: Scope) -> None:
    for scope in scopes:
        require(info.context.caller, scope)
    if at is not None and at > datetime.now(UTC):
        raise BadInput("`at` must not lie ahead.")


def _told(info: Info, sides: Sides, at: datetime | None) -> SideBySideReport:
    report = sides.report(at)
    failures = dict.fromkeys(each.problem for each in report.problems if each.problem.code not in _NO_FAILURE)
    info.context.lacks(info.path, tuple(failures))
    return report
