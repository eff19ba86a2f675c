"""What the tests of refreshes share: whom to refresh, how to ask, and somebody else who refreshes too."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from providers.domain import NodeType, Provider, Ref
from providers.finicity.sandbox import CREDENTIALS
from resolvers import ids
from tests.conftest import Answer, Graph
from tests.resolvers.asking import person

FIELDS = """id status startedAt finishedAt provider
  accounts { id aggregationAttemptedAt aggregationSucceededAt institutionLoginId }"""
REFRESH = f"""mutation($input: RefreshAccountsInput!) {{ refreshAccounts(input: $input) {{
  refresh {{ {FIELDS} }} userErrors {{ code field vendorCode message }}
}} }}"""
NODE = f"query($id: ID!) {{ node(id: $id) {{ ... on Refresh {{ {FIELDS} }} }} }}"
ADA, ADAS_KEY, ADAS_LOGIN = person(0), "5026900000", "6009800000"
DERIVED = person(2)
"""Found by username; three logins."""
NOBODY = person(3)
"""Unknown to the aggregator."""
BROKE, BROKES_KEY, BROKES_LOGIN = person(4), "5026900548", "6009800041"
"""One login is in trouble."""
LOST, LOSTS_KEY, LOSTS_LOGIN = person(9), "5026901233", "6009800090"
"""The only login is in trouble."""


async def refresh(graph: Graph, customer: str = ADA, *, key: str = "key", **fields: Any) -> Answer:
    return await graph.ask(REFRESH, input={"customerId": customer, **fields, "idempotencyKey": key})


async def state(graph: Graph, global_id: str) -> Any:
    return (await graph.data(NODE, id=global_id))["node"]


async def ended(graph: Graph, global_id: str) -> Any:
    """The refresh once it runs no more."""
    for _ in range(100):
        node = await state(graph, global_id)
        if node["status"] != "RUNNING":
            return node
        await asyncio.sleep(0.05)
    raise AssertionError("the refresh does not end")


async def ordered(graph: Graph) -> list[str]:
    """Paths of the refreshes that the vendor was told to make, after their ends."""
    return [call["path"] for call in await graph.calls() if call["method"] == "POST" and "customers" in call["path"]]


@asynccontextmanager
async def refreshed_elsewhere(graph: Graph, path: str) -> AsyncIterator[None]:
    """Somebody else has the vendor refresh; it is still at it."""
    headers = {"Finicity-App-Key": CREDENTIALS["FINICITY_APP_KEY"]}
    partner = {
        "partnerId": CREDENTIALS["FINICITY_PARTNER_ID"],
        "partnerSecret": CREDENTIALS["FINICITY_PARTNER_SECRET"],
    }
    base = "/sandbox/finicity/aggregation"
    token = (await graph.client.post(f"{base}/v2/partners/authentication", json=partner, headers=headers)).json()
    headers["Finicity-App-Token"] = token["token"]
    task = asyncio.create_task(graph.client.post(f"{base}/v1/customers/{path}/accounts", headers=headers))
    await asyncio.sleep(0.05)
    assert not task.done()
    yield
    await task


def refresh_id(customer: str, login: str = "", *, started: float | None = None) -> str:
    """The id of a refresh that no process knows of."""
    keys = (customer, login, str(round((time.time() if started is None else started) * 1000)))
    return ids.encode(Ref(NodeType.REFRESH, keys, Provider.FINICITY))
