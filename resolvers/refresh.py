"""Where a refresh's fields come from: what its accounts tell, and the work that this process has under way."""

from datetime import UTC, datetime

import strawberry

from providers.domain import Refresh, RefreshStatus
from resolvers.context import Info


def status(root: strawberry.Parent[Refresh], info: Info) -> RefreshStatus:
    """How far it has come. Whoever waits for the provider's answer knows best that there is none yet."""
    return RefreshStatus.RUNNING if root.ref in info.context.background.about else root.status(datetime.now(UTC))


def finished_at(root: strawberry.Parent[Refresh], info: Info) -> datetime | None:
    """When it ended."""
    return None if root.ref in info.context.background.about else root.finished_at(datetime.now(UTC))
