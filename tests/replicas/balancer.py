"""A load balancer in small: asks who is ready, and sends each request to the next of them, once."""

import asyncio
from collections import Counter
from collections.abc import Iterable
from itertools import count
from typing import Any

import httpx

INTERVAL = 0.1


class Balancer:
    """`urls` are the replicas that it knows; only those that were ready when last asked get requests."""

    def __init__(self, client: httpx.AsyncClient, urls: Iterable[str]) -> None:
        self._client, self._turn = client, count()
        self.urls = set(urls)
        self.ready: set[str] = set()
        self.failed: list[str] = []
        self.answered = 0
        self._changed = asyncio.Condition()
        self._under_way: Counter[str] = Counter()

    async def watch(self) -> None:
        """Ask on and on who is ready."""
        while True:
            known = list(self.urls)
            answers = await asyncio.gather(*map(self._is_ready, known))
            self.ready = {url for url, is_ready in zip(known, answers, strict=True) if is_ready}
            async with self._changed:
                self._changed.notify_all()
            await asyncio.sleep(INTERVAL)

    async def knows(self, urls: set[str]) -> None:
        """Wait until exactly these are ready."""
        async with self._changed:
            await self._changed.wait_for(lambda: self.ready == urls)

    async def has_left(self, url: str) -> None:
        """Wait until one is no longer ready, and has answered what it was sent before that was known."""
        async with self._changed:
            await self._changed.wait_for(lambda: url not in self.ready and not self._under_way[url])

    async def post(self, query: str, **variables: Any) -> dict[str, Any] | None:
        """The data of one operation. None when it failed in any way, which is noted."""
        ready = sorted(self.ready)
        if not ready:
            self.failed.append("nobody is ready")
            return None
        url = ready[next(self._turn) % len(ready)]
        self._under_way[url] += 1
        try:
            response = await self._client.post(f"{url}/graphql", json={"query": query, "variables": variables})
            body: dict[str, Any] = response.json()
        except (httpx.TransportError, ValueError) as error:
            self.failed.append(repr(error))
            return None
        finally:
            self._under_way[url] -= 1
        if response.status_code != 200 or "errors" in body:
            self.failed.append(response.text[:300])
            return None
        self.answered += 1
        data: dict[str, Any] = body["data"]
        return data

    async def _is_ready(self, url: str) -> bool:
        try:
            return (await self._client.get(f"{url}/readyz")).status_code == 200
        except httpx.TransportError:
            return False
