"""Where connectors' settings and tasks come from, and what can be installed."""

from collections.abc import Sequence
from typing import Annotated

import msgspec
import strawberry

from providers.domain import (
    AvailableConnector,
    Connector,
    ConnectorSetting,
    ConnectorTask,
    Page,
    PageRequest,
)
from providers.protocols import ReadsConnectorSettings
from resolvers.context import Info, RequestContext
from resolvers.holdings import customers_of
from resolvers.node import by_ref
from resolvers.paging import After, Connection, Fetch, First, held, identity, window

Kind = Annotated[
    str, strawberry.argument(description="The payment provider's name in the stack's word, such as `STRIPE`.")
]


async def settings(root: strawberry.Parent[Connector], info: Info) -> Sequence[ConnectorSetting] | None:
    """A connector's settings."""
    vendor = _vendor(info.context)
    return await vendor.connector_settings(root.ref, info.context.operation) if vendor else None


async def tasks(
    root: strawberry.Parent[Connector], info: Info, first: First = 20, after: After = None
) -> Connection[ConnectorTask] | None:
    """A connector's tasks."""
    vendor = _vendor(info.context)
    if vendor is None:
        return None

    async def fetch(page: PageRequest) -> Page[ConnectorTask]:
        return await vendor.connector_tasks(root.ref, page, info.context.operation)

    return await window({"tasks": fetch}, of=identity("tasks", root.ref), first=first, after=after)


async def task_connector(root: strawberry.Parent[ConnectorTask], info: Info) -> Connector | None:
    """The connector that a task works for."""
    found: Connector | None = await by_ref(root.connector, info.context)
    return found


def descriptor(root: strawberry.Parent[ConnectorTask]) -> msgspec.Raw | None:
    """What a task does, as the provider sent it."""
    return _present(root.descriptor)


def state(root: strawberry.Parent[ConnectorTask]) -> msgspec.Raw | None:
    """How far a task has come, as the provider sent it."""
    return _present(root.state)


async def available_connectors(info: Info) -> Sequence[AvailableConnector] | None:
    """What can be installed."""
    if info.context.caller.is_bound:
        return []
    vendor = _vendor(info.context)
    return await vendor.available_connectors(info.context.operation) if vendor else None


async def settings_by_kind(info: Info, provider_name: Kind) -> Sequence[ConnectorSetting] | None:
    """The settings of the only connector of a kind."""
    if info.context.caller.is_bound:
        return []
    vendor = _vendor(info.context)
    return await vendor.connector_settings_by_kind(provider_name, info.context.operation) if vendor else None


async def tasks_by_kind(
    info: Info, provider_name: Kind, first: First = 20, after: After = None
) -> Connection[ConnectorTask] | None:
    """The tasks of the only connector of a kind."""
    if info.context.caller.is_bound:
        return held([], of=identity("tasks by kind", customers_of(info.context)), first=first, after=after)
    vendor = _vendor(info.context)
    if vendor is None:
        return None
    return await window(
        {"tasks": _by_kind(vendor, provider_name, info.context)},
        of=identity("tasks by kind", provider_name),
        first=first,
        after=after,
    )


async def task_by_kind(
    info: Info,
    provider_name: Kind,
    task_id: Annotated[strawberry.ID, strawberry.argument(description="The stack's own id of the task.")],
) -> ConnectorTask | None:
    """A task of the only connector of a kind."""
    if info.context.caller.is_bound:
        return None
    vendor = _vendor(info.context)
    return await vendor.task_by_kind(provider_name, task_id, info.context.operation) if vendor else None


def _vendor(context: RequestContext) -> ReadsConnectorSettings | None:
    return next(iter(context.providers.able(ReadsConnectorSettings).values()), None)


def _by_kind(vendor: ReadsConnectorSettings, provider_name: str, context: RequestContext) -> Fetch[ConnectorTask]:
    async def fetch(page: PageRequest) -> Page[ConnectorTask]:
        return await vendor.connector_tasks_by_kind(provider_name, page, context.operation)

    return fetch


def _present(raw: msgspec.Raw) -> msgspec.Raw | None:
    return None if bytes(raw) in {b"", b"null"} else raw
