"""What connectors do again and again.

The operations without a connector's id are deprecated: v2 servers take them where only one connector of the kind is
installed, v3 servers have no such routes.
"""

import msgspec

from providers.formance.client.calls import Calls, Listing, known_ids, routed
from providers.formance.models import Cursor, Data, Envelope, Task
from providers.http import Endpoint
from providers.operation import Operation

_OF_CONNECTOR = "/api/payments/connectors/{connector}/{connectorId}/tasks"
_OF_KIND = "/api/payments/connectors/{connector}/tasks"

LIST_TASKS_V1 = Endpoint("list_connector_tasks_v1", "GET", _OF_CONNECTOR)
GET_TASK_V1 = Endpoint("get_connector_task_v1", "GET", f"{_OF_CONNECTOR}/{{taskId}}")
LIST_TASKS = Endpoint("list_connector_tasks", "GET", _OF_KIND)
GET_TASK = Endpoint("get_connector_task", "GET", f"{_OF_KIND}/{{taskId}}")

_TASKS = msgspec.json.Decoder(Envelope[Task])
_TASK = msgspec.json.Decoder(Data[Task])


class TaskCalls(Calls):
    """One method for each operation. `connector` is the name of a kind of connector."""

    async def list_connector_tasks_v1(
        self, connector: str, connector_id: str, listing: Listing, operation: Operation
    ) -> Cursor[Task]:
        """A page of a connector's tasks; v3 servers bring those of the others too."""
        path = {"connector": connector, "connectorId": connector_id}
        with known_ids(*_absent(listing)):
            return await self._page(LIST_TASKS_V1, _TASKS, listing, operation, path=path)

    async def get_connector_task_v1(
        self, connector: str, connector_id: str, task_id: str, operation: Operation
    ) -> Task:
        """One task."""
        path = {"connector": connector, "connectorId": connector_id, "taskId": task_id}
        with known_ids("VALIDATION"):
            return await self._one(GET_TASK_V1, _TASK, operation, path=path)

    async def list_connector_tasks(self, connector: str, listing: Listing, operation: Operation) -> Cursor[Task]:
        """Deprecated: a page of the tasks of the only connector of a kind."""
        async with routed():
            return await self._page(LIST_TASKS, _TASKS, listing, operation, path={"connector": connector})

    async def get_connector_task(self, connector: str, task_id: str, operation: Operation) -> Task:
        """Deprecated: one task of the only connector of a kind."""
        path = {"connector": connector, "taskId": task_id}
        async with routed():
            return (await self._upstream.read(GET_TASK, _TASK, operation, path=path)).data


def _absent(listing: Listing) -> tuple[str, ...]:
    """v2 calls a connector that is not there a wrong request; so it does a cursor, which is the caller's mistake."""
    return () if listing.cursor else ("VALIDATION",)
