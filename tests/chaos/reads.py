"""What clients read, and whether each amount in an answer is the one that the vendors' books have."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from tests.conftest import Graph
from tests.resolvers.asking import PERSONAS, person

BALANCES = "balances { kind money { amount asset } }"
CUSTOMER = f"query ($id: ID!) {{ customer(id: $id) {{ accounts {{ nodes {{ id {BALANCES} }} }} }} }}"
ACCOUNT = f"query ($id: ID!) {{ account(id: $id) {{ id name {BALANCES} }} }}"
PAYMENT = "query ($id: ID!) { payment(id: $id) { id money { amount asset } source { id } destination { id } } }"
_PAYMENTS = "{ payments(first: 100) { nodes { id money { amount asset } } } }"

Amounts = Mapping[tuple[str, str, str], str]
"""By object, kind of amount and asset."""


class Books(msgspec.Struct, frozen=True):
    """What the vendors have, read while nothing fails, and the questions whose answers are known from it."""

    amounts: Amounts
    questions: Sequence[tuple[str, str]]
    """A document and its `id`."""

    @classmethod
    async def read(cls, graph: Graph) -> "Books":
        """From a Tributary whose vendors do not fail."""
        customers = [await graph.data(CUSTOMER, id=person(index)) for index in range(PERSONAS)]
        payments = await graph.data(_PAYMENTS)
        amounts = dict(told([*customers, payments]))
        accounts = {key[0] for key in amounts if key[1] != "payment"}
        questions = [(CUSTOMER, person(index)) for index in range(PERSONAS)]
        questions += [(ACCOUNT, account) for account in sorted(accounts)]
        questions += [(PAYMENT, node["id"]) for node in payments["payments"]["nodes"]]
        return cls(amounts, questions)

    def wrong(self, data: Any) -> list[str]:
        """Amounts in an answer that the books do not have. An amount that is missing is not wrong."""
        return [f"{key}: {amount}" for key, amount in told(data) if self.amounts.get(key) != amount]


def told(data: Any) -> Iterator[tuple[tuple[str, str, str], str]]:
    """All amounts in an answer, by object, kind and asset."""
    if isinstance(data, list):
        for each in data:
            yield from told(each)
    if not isinstance(data, dict):
        return
    if "money" in data:
        yield (data["id"], "payment", data["money"]["asset"]), data["money"]["amount"]
    for balance in data.get("balances") or ():
        yield (data["id"], balance["kind"], balance["money"]["asset"]), balance["money"]["amount"]
    for name, value in data.items():
        if name not in {"money", "balances"}:
            yield from told(value)
