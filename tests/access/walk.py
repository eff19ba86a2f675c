"""A walk over all ways to nodes, as a caller who is bound to customers, in search of somebody else's.

From each object that the caller sees, every field is followed; what another caller, who may see everything, meets on
the same way tells which foreign nodes were there to be met. By every argument that takes an id, every kind of foreign
id is tried, and the answer compared with that to an id of nothing.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec
from graphql import GraphQLList, get_named_type, get_nullable_type

from resolvers import ids
from tests.access.callers import Caller
from tests.access.documents import CORE, gives_nodes, ids_in, met, selection
from tests.access.modules import LISTS as MODULE_LISTS
from tests.access.organisations import ROOTS
from tests.access.world import LEDGERS, WALLETS, World, absent
from tests.conftest import Graph

LISTED = ("customers", "accounts", "payments", "pools", "bankAccounts", "transferInitiations", "wallets", "connectors")
FORBIDDEN = ("reconciliationPolicies", "reconciliations")
"""Lists of the organisation's, whose nodes are tried by their ids."""
EACH_TYPE = 12
"""How many foreign nodes of a type are tried by an argument that takes one id. Lists of ids are tried with all."""
_REQUEST = re.compile(r'"requestId":"[^"]*"')


class Report(msgspec.Struct):
    """What was tried, and what came of it."""

    pairs: set[tuple[str, str]] = msgspec.field(default_factory=set)
    """Fields, and foreign nodes that are or could be found through them."""
    met: set[str] = msgspec.field(default_factory=set)
    """Fields that were answered, if only with null."""
    leaks: list[str] = msgspec.field(default_factory=list)
    told: list[str] = msgspec.field(default_factory=list)
    """Where a foreign node's answer is not that of a missing one."""

    def look(self, field: str, text: str, world: World) -> None:
        """Note what an answer holds that it must not."""
        self.leaks += [f"{field}: {secret}" for secret in world.shown(text)]


class Walk:
    """One caller's walk."""

    def __init__(self, graph: Graph, caller: Caller, world: World, mine: Sequence[str]) -> None:
        self._graph, self._caller, self._world, self._mine = graph, caller, world, mine
        self.report = Report()

    async def along_edges(self) -> None:
        """From each object of the caller's, along every field of its type."""
        for chunk in _by_type(self._mine):
            type_ = CORE.type_map[ids.decode(chunk[0]).type.value]
            document = f"query($ids: [ID!]!) {{ Query__nodes: nodes(ids: $ids) {selection(type_, 1)} }}"
            whole = (await self._graph.ask(document, ids=chunk)).data
            response = await self._caller.post(document, ids=chunk)
            own = response.json()["data"]
            self.report.look(type_.name, response.text, self._world)
            self.report.met |= {field for field, _ in met(own)}
            foreign = {id for _, value in met(whole) for id in ids_in(value)} - self._world.mine
            self.report.pairs |= {(field, id) for field, value in met(whole) for id in ids_in(value) & foreign}

    async def through_lists(self) -> None:
        """Every root list, from page to page to its end."""
        for root in LISTED:
            document = (
                f"query($after: String) {{ Query__{root}: {root}(first: 50, after: $after) "
                f"{selection(CORE.type_map[_connection(root)], 1, first=2)} }}"
            )
            after, has_more = None, True
            while has_more:
                response = await self._caller.post(document, after=after)
                self.report.look(root, response.text, self._world)
                data = response.json()["data"]
                self.report.met |= {field for field, _ in met(data)}
                assert data[f"Query__{root}"] is not None, response.text[-2000:]
                page = data[f"Query__{root}"][f"{_connection(root)}__pageInfo"]
                after, has_more = page["PageInfo__endCursor"], page["PageInfo__hasNextPage"]
            self.report.pairs |= {(f"Query__{root}", id) for id in self._world.foreign(root)}

    async def by_ids(self) -> None:
        """Every root argument that takes ids, with foreign ids of each type, the right one or not."""
        for name, argument, is_list in _taking_ids():
            for some in self._foreign_by_type():
                for chunk in _chunks(some, 100) if is_list else ([each] for each in _spread(some, EACH_TYPE)):
                    await self._try(name, argument, chunk, is_list=is_list)

    async def _try(self, name: str, argument: str, chunk: Sequence[str], *, is_list: bool) -> None:
        field = f"Query__{name}"
        type_ = get_named_type(CORE.type_map["Query"].fields[name].type)
        variable = "[ID!]!" if is_list else "ID!"
        document = f"query($v: {variable}) {{ {field}: {name}({argument}: $v) {{ __typename {_id(type_)} }} }}"
        missing = [absent(each) for each in chunk]
        denied = await self._caller.post(document, v=chunk if is_list else chunk[0])
        lacking = await self._caller.post(document, v=missing if is_list else missing[0])
        self.report.look(field, denied.text, self._world)
        if bare(denied.text) != bare(lacking.text):
            self.report.told.append(f"{field}: {denied.text} instead of {lacking.text}")
        self.report.met.add(field)
        self.report.pairs |= {(field, id) for id in chunk}

    def _foreign_by_type(self) -> Iterator[list[str]]:
        listed = (*LISTED, *LEDGERS, *WALLETS, *ROOTS, *MODULE_LISTS, *FORBIDDEN)
        yield from (self._world.foreign(root) for root in listed)
        yield self._world.foreign_tasks()
        yield self._world.foreign_refreshes()


def bare(text: str) -> str:
    """An answer without what is different each time."""
    head, _, tail = text.partition(',"extensions":{"upstream"')
    return _REQUEST.sub('"requestId":""', head) if tail else _REQUEST.sub('"requestId":""', text)


def _taking_ids() -> Iterator[tuple[str, str, bool]]:
    """Roots that give nodes by ids alone: the field, the argument, and whether it takes several."""
    for name, field in CORE.type_map["Query"].fields.items():
        for argument, given in field.args.items():
            if get_named_type(given.type).name == "ID" and len(field.args) == 1 and gives_nodes(field.type):
                yield name, argument, isinstance(get_nullable_type(given.type), GraphQLList)


def _connection(root: str) -> str:
    return get_named_type(CORE.type_map["Query"].fields[root].type).name


def _id(type_: Any) -> str:
    return "id" if "id" in type_.fields else ""


def _by_type(global_ids: Iterable[str]) -> Iterator[list[str]]:
    kinds: dict[str, list[str]] = {}
    for each in global_ids:
        kinds.setdefault(ids.decode(each).type.value, []).append(each)
    for some in kinds.values():
        yield from _chunks(_spread(some, 30), 10)


def _chunks(some: Sequence[str], size: int) -> Iterator[list[str]]:
    for start in range(0, len(some), size):
        yield list(some[start : start + size])


def _spread(some: Sequence[str], count: int) -> list[str]:
    """So many of them, from everywhere in the list."""
    step = max(1, -(-len(some) // count))
    return list(some[::step])
