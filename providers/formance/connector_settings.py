"""Connectors' settings and tasks, and what can be installed.

What goes by the kind of connector is deprecated: v2 servers answer where only one of the kind is installed, v3 not.
"""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

from providers.domain import AvailableConnector, ConnectorSetting, ConnectorTask, Page, PageRequest, Ref
from providers.errors import NotFound, Outcome, ProviderError
from providers.formance import ids, models, paging, translate
from providers.formance.client.calls import Listing
from providers.formance.client.tasks import LIST_TASKS_V1
from providers.formance.part import Part, known
from providers.operation import Operation

_MOST_PAGES = 10
"""Pages of all connectors' tasks that are read at most for some of one connector's."""


class ConnectorSettings(Part):
    """Implements `ReadsConnectorSettings`."""

    async def connector_settings(self, connector: Ref, operation: Operation) -> Sequence[ConnectorSetting] | None:
        """One call."""
        parts = ids.connector(connector.native_id)
        if parts is None:
            return None
        try:
            raw = await self._service.read_connector_config_v1(
                parts.provider, connector.native_id, operation, max_age=self._service.kept.connectors
            )
        except NotFound:
            return None
        return translate.connector_settings(raw, parts.provider)

    async def connector_settings_by_kind(
        self, provider_name: str, operation: Operation
    ) -> Sequence[ConnectorSetting] | None:
        """One call."""
        try:
            raw = await self._service.read_connector_config(
                translate.kind_word(provider_name), operation, max_age=self._service.kept.connectors
            )
        except NotFound:
            return None
        return translate.connector_settings(raw, provider_name)

    async def connector_tasks(self, connector: Ref, page: PageRequest, operation: Operation) -> Page[ConnectorTask]:
        """One call on v2. v3 servers list the tasks of all connectors: their list is read until enough are found."""
        connector_id = known(connector, ids.connector, LIST_TASKS_V1)
        kind, is_old = _kind(connector_id), await self._generation.current(operation) == "v2"
        size = min(page.size, paging.PAGE)

        async def ask(cursor: str) -> models.Cursor[models.Task]:
            listing = Listing(cursor, size if is_old else paging.PAGE)
            return await self._service.list_connector_tasks_v1(kind, connector_id, listing, operation)

        def are_enough(rows: Sequence[models.Task]) -> bool:
            return is_old or sum(row.connector_id == connector_id for row in rows) > size

        read = await paging.stretch(ask, start=page.token, pages=_MOST_PAGES, is_enough=are_enough)
        own = [row for row in read.rows if row.connector_id == connector_id]
        if is_old or len(own) <= size:
            items, following = _translated(own), read.next
            return Page(items=items, token=page.token, next=following, has_more=following is not None, calls=read.pages)
        return Page(items=_translated(own[:size]), token=page.token, has_more=True, calls=read.pages)

    async def connector_tasks_by_kind(
        self, provider_name: str, page: PageRequest, operation: Operation
    ) -> Page[ConnectorTask]:
        """One call."""
        listing = Listing(page.token, min(page.size, paging.PAGE))
        read = await self._service.list_connector_tasks(translate.kind_word(provider_name), listing, operation)
        return Page(items=_translated(read.data), token=page.token, next=paging.following(read), has_more=read.has_more)

    async def tasks_by_ref(self, refs: Sequence[Ref], operation: Operation) -> dict[Ref, Outcome[ConnectorTask]]:
        """One call each, at once."""
        wanted = [ref for ref in dict.fromkeys(refs) if len(ref.keys) == 2 and ids.connector(ref.keys[0])]
        outcomes = await asyncio.gather(*(self._task(ref, operation) for ref in wanted))
        return {ref: outcome for ref, outcome in zip(wanted, outcomes, strict=True) if outcome is not None}

    async def task_by_kind(self, provider_name: str, task_id: str, operation: Operation) -> ConnectorTask | None:
        """One call."""
        try:
            row = await self._service.get_connector_task(translate.kind_word(provider_name), task_id, operation)
        except NotFound:
            return None
        return next((task for task in _translated([row]) if task.provider_id == task_id), None)

    async def available_connectors(self, operation: Operation) -> Sequence[AvailableConnector]:
        """One call."""
        max_age = self._service.kept.connectors
        return translate.available_connectors(
            await self._service.list_configs_available_connectors(operation, max_age=max_age)
        )

    async def _task(self, ref: Ref, operation: Operation) -> Outcome[ConnectorTask] | None:
        connector_id, task_id = ref.keys
        kind = _kind(connector_id)
        try:
            row = await self._service.get_connector_task_v1(kind, connector_id, task_id, operation)
        except NotFound:
            return None
        except ProviderError as error:
            return error
        return next((task for task in _translated([row]) if task.ref == ref), None)


def _kind(connector_id: str) -> str:
    parts = ids.connector(connector_id)
    return parts.provider if parts else ""


def _translated(rows: Sequence[models.Task]) -> tuple[ConnectorTask, ...]:
    fetched_at = datetime.now(UTC)
    return tuple(translate.connector_task(row, fetched_at=fetched_at) for row in rows)
