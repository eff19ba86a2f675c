"""Refreshes of accounts at banks."""

from datetime import datetime

import strawberry

from providers import domain
from providers.domain import Provider, RefreshStatus
from resolvers import refresh as resolve
from schema.account import AggregatedAccount
from schema.costs import Cost
from schema.fields import backed_by, described, resolved_by
from schema.node import Node


@strawberry.type(
    description="Accounts that are read anew at their banks (Finicity). It goes on when nobody waits for it, and can "
    "be fetched again by its id for as long as its accounts are there."
)
class Refresh(Node):
    """GraphQL `Refresh`, backed by `providers.domain.Refresh`."""

    provider: Provider = described("Which provider refreshes.")
    status: RefreshStatus = resolved_by(
        resolve.status,
        "How far it has come, told from the attempts and successes that the accounts show. A later refresh of the same "
        "accounts shows here too.",
    )
    started_at: datetime = described("When it was ordered.")
    finished_at: datetime | None = resolved_by(
        resolve.finished_at,
        "When the last of its accounts was read, or was tried where that failed. Null before its end, and when that is "
        "not known.",
    )
    accounts: list[AggregatedAccount] = described(
        "The accounts that it is about, as they are now. Those that are still pending are not refreshed.",
        cost=Cost(assumed=10),
    )

    is_type_of = backed_by(domain.Refresh)
