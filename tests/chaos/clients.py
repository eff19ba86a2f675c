"""Clients: they ask at a steady rate, go to the other replica when one dies, and ask for a write until it is told."""

import asyncio
import random
from collections import Counter
from typing import Any

import httpx

from tests.chaos.minutes import Minutes
from tests.chaos.reads import Books
from tests.chaos.world import World
from tests.chaos.writes import KINDS, Ground, Order, order
from tests.faults.kinds import CANARY

WRITES = 0.3
WEIGHTS = (1, 6, 3, 1)
"""How often each kind of write is chosen: lists of pools and of bank accounts are read whole, so these grow less."""
PATIENCE = 120.0
"""Seconds after which a write without an outcome is lost."""
SECRET = (CANARY, "Traceback", "/sandbox/", "127.0.0.1", "asyncpg", "sqlalchemy")
"""What no answer may show."""
OVERLOADED = (["OVERLOADED"], ["OPERATION_TIMEOUT"])
"""What is told with a status of its own."""


class Tally:
    """What clients have seen."""

    def __init__(self) -> None:
        self.requests = 0
        self.lost: Counter[str] = Counter()
        """Connections, by what they were lost by, at the replica that lives on and at the other."""
        self.minutes = Minutes()
        self.last: dict[str, str] = {}
        """What a write's last answer was, by its order."""
        self.codes: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.unmasked: list[str] = []
        self.done: dict[str, Order] = {}
        self.refused: dict[str, Order] = {}
        self.untold: dict[str, Order] = {}


class Clients:
    """All clients together."""

    def __init__(self, world: World, books: Books, ground: Ground, *, seed: int = 0) -> None:
        self._world, self._books, self._ground = world, books, ground
        self._dice = random.Random(seed)
        self.tally = Tally()
        self._began = 0.0

    async def ask(self, *, rate: float, seconds: float, deaths: int = 0) -> None:
        """So many first requests a second, until so many replicas have died; ends when all of them are answered."""
        loop = asyncio.get_running_loop()
        began = self._began = loop.time()
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=20)
        async with httpx.AsyncClient(timeout=30, limits=limits) as client, asyncio.TaskGroup() as tasks:
            for count in range(int(rate * seconds * 10)):
                if count >= rate * seconds and self._world.deaths >= deaths:
                    break
                await asyncio.sleep(max(0.0, began + count / rate - loop.time()))
                tasks.create_task(self._one(client, behind=loop.time() - began - count / rate))

    async def _one(self, client: httpx.AsyncClient, *, behind: float) -> None:
        self.tally.minutes.late(behind)
        if self._dice.random() < WRITES:
            [kind] = self._dice.choices(KINDS, WEIGHTS)
            await self._write(client, order(kind, self._ground))
        else:
            document, id_ = self._dice.choice(self._books.questions)
            answer = await self._post(client, document, {"id": id_})
            self.tally.wrong += self._books.wrong((answer or {}).get("data"))

    async def _write(self, client: httpx.AsyncClient, order: Order) -> None:
        """Ask with the same key until there is an outcome."""
        self.tally.untold[order.name] = order
        give_up = asyncio.get_running_loop().time() + PATIENCE
        while asyncio.get_running_loop().time() < give_up:
            answer = await self._post(client, order.kind.document, {"input": order.input}, name=order.name)
            payload = ((answer or {}).get("data") or {}).get(order.kind.mutation)
            if payload is not None and not (answer or {}).get("errors"):
                self._told(order, payload)
                return
            await asyncio.sleep(1)

    def _told(self, order: Order, payload: dict[str, Any]) -> None:
        del self.tally.untold[order.name]
        if payload["userErrors"]:
            self.tally.refused[order.name] = order
            self.tally.codes.update(each["code"] for each in payload["userErrors"])
            return
        self.tally.done[order.name] = order
        made = next(value for name, value in payload.items() if name != "userErrors")
        if made and "money" in made and made["money"]["amount"] != order.amount:
            self.tally.wrong.append(f"{order.name}: {made['money']['amount']}")

    async def _post(
        self, client: httpx.AsyncClient, query: str, variables: dict[str, Any], *, name: str = ""
    ) -> dict[str, Any] | None:
        """The answer of any replica; None when the connection was lost, as it is when a replica dies."""
        replica, clock = self._dice.choice(self._world.replicas), asyncio.get_running_loop().time
        asked_at, body = clock(), None
        self.tally.requests += 1
        self.tally.minutes.asked(asked_at - self._began)
        try:
            response = await client.post(f"{replica.url}/graphql", json={"query": query, "variables": variables})
        except httpx.TransportError as error:
            whose = "steady" if replica is self._world.steady else "mortal"
            codes = [f"{type(error).__name__} {whose}"]
            self.tally.lost.update(codes)
        else:
            body, codes = self._seen(response)
            self.tally.codes.update(codes)
        self.tally.minutes.answered(clock() - self._began, clock() - asked_at, codes)
        if name:
            self.tally.last[name] = " ".join(codes)
        return body

    def _seen(self, response: httpx.Response) -> tuple[dict[str, Any], list[str]]:
        """The answer and its errors' codes."""
        body: dict[str, Any] = response.json()
        shown = [secret for secret in SECRET if secret in response.text]
        codes = [str(error.get("extensions", {}).get("code")) for error in body.get("errors", ())]
        is_told = response.status_code == 200 or codes in OVERLOADED
        if not is_told or shown or "None" in codes or "INTERNAL_SERVER_ERROR" in codes:
            self.tally.unmasked.append(response.text[:500])
        return body, codes
