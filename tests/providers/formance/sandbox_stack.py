"""A sandbox stack behind a client that has a token, for the tests of the sandbox itself."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import httpx

from providers.formance.sandbox import CREDENTIALS, Generation, create
from providers.formance.sandbox.auth import SCOPES
from providers.seed import SeedCustomer, customers

GENERATIONS: tuple[Generation, ...] = ("v2", "v3")
TOKEN_FORM = {
    "grant_type": "client_credentials",
    "client_id": CREDENTIALS["FORMANCE_CLIENT_ID"],
    "client_secret": CREDENTIALS["FORMANCE_CLIENT_SECRET"],
    "scope": " ".join(sorted(SCOPES)),
}


class Stack:
    """Short ways to ask payments v1."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def get(self, path: str, **params: Any) -> httpx.Response:
        """The raw answer of `/api/payments` + path."""
        return await self.client.get(f"/api/payments{path}", params=params or None)

    async def data(self, path: str, **params: Any) -> Any:
        """The `data` of an answer that must be 200."""
        response = await self.get(path, **params)
        assert response.status_code == 200, response.text
        body = response.json()
        return body["cursor"]["data"] if "cursor" in body else body["data"]

    async def everything(self, path: str, **params: Any) -> list[Any]:
        """All rows of a list, by following its cursors."""
        rows: list[Any] = []
        asked: dict[str, Any] = {"pageSize": 100, **params}
        while True:
            response = await self.get(path, **asked)
            assert response.status_code == 200, response.text
            cursor = response.json()["cursor"]
            rows += cursor["data"]
            assert cursor["hasMore"] == ("next" in cursor)
            if not cursor["hasMore"]:
                return rows
            asked = {"cursor": cursor["next"]}

    async def filtered(self, path: str, expression: object) -> list[Any]:
        """All rows that pass a filter."""
        return await self.everything(path, query=json.dumps(expression))

    async def refusal(self, path: str, **params: Any) -> tuple[int, str, str]:
        """Status, code and message of an answer that must be a refusal."""
        response = await self.get(path, **params)
        body = response.json()
        return response.status_code, body["errorCode"], body["errorMessage"]


@asynccontextmanager
async def anonymous(
    generation: Generation = "v3", *, people: Sequence[SeedCustomer] | None = None, **options: Any
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a fresh stack, without a token. The seeded people are its customers unless others are named."""
    app = create(customers() if people is None else people, payments=generation, **options)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://stack.test") as client:
        yield client


@asynccontextmanager
async def opened(generation: Generation = "v3", **options: Any) -> AsyncIterator[Stack]:
    """A fresh stack, with a token."""
    async with anonymous(generation, **options) as client:
        answer = await client.post("/api/auth/oauth/token", data=TOKEN_FORM)
        client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        yield Stack(client)
