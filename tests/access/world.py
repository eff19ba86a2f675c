"""Everything that there is, as a caller sees it who may see all, and which of it hangs on some customers."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import msgspec

from providers.domain import NodeType, Provider, Ref
from resolvers import ids
from tests.access.modules import LISTS as MODULE_LISTS
from tests.access.organisations import ROOTS
from tests.conftest import Graph
from tests.resolvers.asking import person

_SHORTEST = 10
_WORD = re.compile(rf"[A-Za-z0-9_-]{{{_SHORTEST},}}")
_ROOTS = {
    "customers": "id name accounts(first: 100) { nodes { id providerId __typename } } links { kind externalId }",
    "accounts": "id providerId __typename name",
    "payments": "id providerId source { id } destination { id }",
    "pools": "id providerId name accounts { id }",
    "bankAccounts": "id providerId name related { account { id } }",
    "transferInitiations": "id providerId source { id } destination { id }",
    "wallets": "id providerId name customer { id } balances { id }",
    "holds": "id providerId wallet { customer { id } } destination { wallet { id } }",
    "connectors": "id providerId tasks(first: 100) { nodes { id providerId } }",
    **ROOTS,
    **dict.fromkeys(MODULE_LISTS, "id providerId"),
    "reconciliationPolicies": "id providerId",
    "reconciliations": "id providerId",
}


@dataclass(frozen=True)
class World:
    """All nodes by root list, and what is some customers'."""

    all: Mapping[str, list[dict[str, Any]]]
    mine: frozenset[str]
    """Global ids."""

    def foreign(self, root: str) -> list[str]:
        """Global ids of what hangs on others, or on nobody."""
        return [each["id"] for each in self.all[root] if each["id"] not in self.mine]

    def foreign_tasks(self) -> list[str]:
        """Global ids of connectors' tasks."""
        return [task["id"] for each in self.all["connectors"] for task in each["tasks"]["nodes"]]

    def foreign_refreshes(self) -> list[str]:
        """Global ids of refreshes of others' accounts, which need no more than a time to be made up."""
        others = {
            link["externalId"]
            for each in self.all["customers"]
            if each["id"] not in self.mine
            for link in each["links"]
            if link["kind"] == "CUSTOMER"
        }
        refs = [Ref(NodeType.REFRESH, (each, "", "1793491200000"), Provider.FINICITY) for each in sorted(others)]
        return [ids.encode(ref) for ref in refs]

    @cached_property
    def secrets(self) -> frozenset[str]:
        """Ids of others' objects, and of those that are nobody's."""
        known = {
            own for nodes in self.all.values() for node in nodes if node["id"] in self.mine for own in _telling(node)
        }
        return frozenset(text for node in self._foreign() for text in _telling(node)) - known

    def shown(self, text: str) -> list[str]:
        """What an answer shows of others': their ids, native ones too, as whole words; and the names of customers."""
        words = self.secrets & set(_WORD.findall(text))
        names = (each["name"] for each in self.all["customers"] if self._is_told(each, text))
        return [*words, *names, *(address for address in self._addresses if f'"{address}"' in text)]

    @cached_property
    def _addresses(self) -> list[str]:
        """Of others' accounts in ledgers."""
        return [each["address"] for each in self.all["ledgerAccounts"] if each["id"] not in self.mine]

    def _is_told(self, customer: dict[str, Any], text: str) -> bool:
        return customer["id"] not in self.mine and customer["name"] in text

    def _foreign(self) -> Iterator[dict[str, Any]]:
        for nodes in self.all.values():
            yield from (node for node in nodes if node["id"] not in self.mine)
        for connector in self.all["connectors"]:
            yield from connector["tasks"]["nodes"]
        yield from ({"id": each} for each in self.foreign_refreshes())


def _telling(node: dict[str, Any]) -> Iterator[str]:
    yield node["id"]
    if len(node.get("providerId") or "") >= _SHORTEST:
        yield node["providerId"]


LEDGERS = ("ledgers", "ledgerAccounts", "ledgerTransactions")
"""What there is of ledgers; only the first of them is a root list, which is closed to bound callers."""

_LEDGERS = """
{
  ledgers(first: 4) {
    nodes {
      id name
      accounts(first: 100) { nodes { id address customer { id } } }
      transactions(first: 100) { nodes { id postings { sourceAddress destinationAddress } } }
    }
  }
}
"""

_SEED: dict[str, list[dict[str, Any]]] = {}


async def everything(graph: Graph) -> Mapping[str, list[dict[str, Any]]]:
    """All nodes of each root list, read page by page. Read once: the sandboxes begin with the same every time."""
    if not _SEED:
        seed = {root: [node async for node in _nodes(graph, root, selection)] for root, selection in _ROOTS.items()}
        _SEED.update({**seed, **await _of_ledgers(graph), **_in_each(seed["wallets"])})
    return _SEED


async def _of_ledgers(graph: Graph) -> Mapping[str, list[dict[str, Any]]]:
    """The ledgers, their accounts, and the newest of their transactions."""
    found: list[dict[str, Any]] = (await graph.data(_LEDGERS))["ledgers"]["nodes"]
    accounts = [account for each in found for account in each["accounts"]["nodes"]]
    transactions = [transaction for each in found for transaction in each["transactions"]["nodes"]]
    return dict(zip(LEDGERS, (found, accounts, transactions), strict=True))


WALLETS = ("walletBalances", "holds")
"""What there is of wallets; only the second of them is a root list, which is closed to bound callers."""


def _in_each(wallets: list[dict[str, Any]]) -> Mapping[str, list[dict[str, Any]]]:
    """The balances of all wallets."""
    return {"walletBalances": [{**each, "wallet": wallet} for wallet in wallets for each in wallet["balances"]]}


async def _nodes(graph: Graph, root: str, selection: str) -> Any:
    after = None
    while True:
        document = (
            f"query($after: String) {{ {root}(first: 100, after: $after) "
            f"{{ nodes {{ {selection} }} pageInfo {{ hasNextPage endCursor }} }} }}"
        )
        page = (await graph.data(document, after=after))[root]
        for node in page["nodes"]:
            yield node
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            return


def of(everything: Mapping[str, list[dict[str, Any]]], *customers: int) -> World:
    """The world of some people, told from what a caller sees who may see all: the rules once more, in other words."""
    people = {person(index) for index in customers}
    accounts = {
        account["id"]
        for customer in everything["customers"]
        if customer["id"] in people
        for account in customer["accounts"]["nodes"]
    }

    def ends(node: dict[str, Any]) -> set[str]:
        return {end["id"] for end in (node["source"], node["destination"]) if end}

    held = {
        "payments": ends,
        "transferInitiations": ends,
        "pools": lambda pool: {account["id"] for account in pool["accounts"]},
        "bankAccounts": lambda kept: {each["account"]["id"] for each in kept["related"] if each["account"]},
    }
    mine = {node["id"] for root, of_node in held.items() for node in everything[root] if of_node(node) & accounts}
    others = _in_ledgers(everything, people) | _in_wallets(everything, people)
    return World(all=everything, mine=frozenset(people | accounts | mine | others))


def _in_wallets(everything: Mapping[str, list[dict[str, Any]]], people: set[str]) -> set[str]:
    def is_theirs(wallet: dict[str, Any]) -> bool:
        return (wallet["customer"] or {}).get("id") in people

    wallets = {each["id"] for each in everything["wallets"] if is_theirs(each)}
    return wallets | {each["id"] for root in WALLETS for each in everything[root] if is_theirs(each["wallet"])}


def _in_ledgers(everything: Mapping[str, list[dict[str, Any]]], people: set[str]) -> set[str]:
    accounts = [each for each in everything["ledgerAccounts"] if (each["customer"] or {}).get("id") in people]
    held = {ids.decode(each["id"]).keys for each in accounts}
    return {each["id"] for each in accounts} | {
        each["id"]
        for each in everything["ledgerTransactions"]
        for ledger in [ids.decode(each["id"]).keys[0]]
        if held & {(ledger, end) for posting in each["postings"] for end in posting.values()}
    }


def absent(global_id: str) -> str:
    """An id of the same form that names nothing."""
    ref = ids.decode(global_id)
    return ids.encode(Ref(ref.type, tuple(map(_other, ref.keys)), ref.provider))


def _other(native: str) -> str:
    """Another native id of the same form: no such object is there."""
    try:
        parts = msgspec.json.decode(ids.from_text(native))
    except (ValueError, msgspec.DecodeError):
        parts = None
    if isinstance(parts, dict) and "Reference" in parts:
        return ids.to_text(
            msgspec.json.encode({**parts, "Reference": "nobody" + parts["Reference"][6:]}, order="sorted")
        )
    if native.isdecimal():
        return native if len(native) == 13 else str(int(native) + 90_000_000)
    if len(native) == 36:
        return "0" * 8 + native[8:]
    return native + "x" if len(native) > 8 else "cus_9999"
