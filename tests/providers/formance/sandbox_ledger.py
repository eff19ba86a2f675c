"""Short ways to ask the sandbox's ledger."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from tests.providers.formance.sandbox_stack import opened

V2 = "/api/ledger/v2"
V1 = "/api/ledger"
VERSIONS = ("v2.1", "v2.4")


class Ledger:
    """A stack's ledger service, with a token."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def get(self, path: str, **params: Any) -> Any:
        """What a read answers, which must be 200."""
        response = await self.client.get(path, params=params or None)
        assert response.status_code == 200, response.text
        return response.json()

    async def rows(self, path: str, **params: Any) -> list[Any]:
        """All rows of a list, by following its cursors."""
        found: list[Any] = []
        asked: dict[str, Any] = params
        while True:
            cursor = (await self.get(path, **asked))["cursor"]
            found += cursor["data"]
            assert cursor["hasMore"] == ("next" in cursor)
            if not cursor["hasMore"]:
                return found
            asked = {"cursor": cursor["next"]}

    async def send(self, method: str, path: str, body: Any = None, **kwargs: Any) -> httpx.Response:
        """The raw answer to a write."""
        return await self.client.request(method, path, json=body, **kwargs)

    async def made(self, path: str, body: Any = None, **kwargs: Any) -> Any:
        """The data of what a POST made."""
        response = await self.send("POST", path, body, **kwargs)
        assert response.is_success, response.text
        return response.json()["data"]

    async def refused(self, method: str, path: str, body: Any = None, **kwargs: Any) -> tuple[int, str]:
        """Status and code of what must be refused."""
        response = await self.send(method, path, body, **kwargs)
        return response.status_code, response.json()["errorCode"]

    async def count(self, path: str, **params: Any) -> int:
        """What a HEAD counts."""
        response = await self.client.head(path, params=params)
        assert response.is_success
        return int(response.headers["Count"])


@asynccontextmanager
async def ledger(version: str = "v2.4") -> AsyncIterator[Ledger]:
    """A fresh one."""
    async with opened(ledger=version, payments_count=60) as stack:
        yield Ledger(stack.client)


def sending(amount: int, source: str = "world", destination: str = "alice", asset: str = "USD/2") -> dict[str, Any]:
    """The body of a transaction with one posting."""
    return {
        "postings": [{"source": source, "destination": destination, "amount": amount, "asset": asset}],
        "metadata": {},
    }
