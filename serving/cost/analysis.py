"""The plan of an operation: a pure function of its document, its variables, the schema and what the vendors cost.

It walks the fields as they would be executed, without executing them, and never counts less than there can be:
fields that load the same things at the same place count once, batches as batches, and of the types that an abstract
list may hold the dearest. What the numbers assume is said in `providers/costs.py` and `schema/`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from graphql import (
    DocumentNode,
    GraphQLField,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    get_named_type,
    is_abstract_type,
    is_object_type,
)
from graphql.execution.values import get_variable_values

from providers.costs import ALL, Costs, PageRate, Rate
from providers.domain import NodeType, Provider
from resolvers.node import load_of
from resolvers.paging import USUAL_PAGE, largest_page
from schema.costs import FIRST, HELD_BY, ITEMS, OWNED, Cost, Load
from serving.cost.plan import Plan, Step, summed
from serving.cost.rates import Calls, Window, keyed, paged, window
from serving.cost.selection import Selection, Sets, Wanted
from serving.cost.types import cost_of, costly, named, refs

MOST_PLACES = 5_000
"""Objects of one type at one place that are looked at. Documents with more are generated to be hard."""

DEEPEST = 100

NOTHING = Plan(calls=0, steps=())

Rates = Mapping[Provider, Costs]


_NOBODY = Wanted("", {}, {""}, [])
"""Stands for a field where no field asks."""


class _TooIntricate(Exception):
    """The operation has more places than are looked at."""


class _Place(msgspec.Struct, frozen=True, kw_only=True):
    """Objects of one type that the same fields are read of.

    `moments`: times at which they may come, each a batch of its own. `copies`: aliases under which they are read.
    """

    count: int
    moments: int = 1
    copies: int = 1
    wave: int = 0
    path: tuple[str, ...] = ()


class _Call(msgspec.Struct, frozen=True):
    """Where in the plan a call stands."""

    provider: Provider
    wave: int
    path: tuple[str, ...]


def analysed(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Mapping[str, Any],
    rates: Rates,
    *,
    bound: int | None = None,
) -> Plan:
    """The plan. It is empty when the variables do not fit, since nothing is executed then.

    `bound`: to how many customers the caller is bound; None when it may see all.
    """
    coerced = get_variable_values(schema, operation.variable_definitions or (), dict(variables))
    root = schema.get_root_type(operation.operation)
    if isinstance(coerced, list) or root is None:
        return NOTHING
    walk = _Walk(schema, Selection(schema, document, coerced), rates, bound)
    try:
        calls, is_whole = walk.objects(root, [operation.selection_set], _Place(count=1)).total, True
    except _TooIntricate:
        calls, is_whole = sum(step.calls for step in walk.steps), False
    return Plan(calls=calls, steps=summed(walk.steps), is_whole=is_whole)


class _Walk:
    """One analysis."""

    def __init__(self, schema: GraphQLSchema, selection: Selection, rates: Rates, bound: int | None) -> None:
        self._schema, self._selection, self._rates, self._bound = schema, selection, rates, bound
        self._costly = costly(schema)
        self._places = 0
        self.steps: list[Step] = []

    def objects(self, type_: GraphQLObjectType, sets: Sets, place: _Place) -> Calls:
        """The calls of what is read of objects of a type."""
        self._places += 1
        if self._places > MOST_PLACES or len(place.path) > DEEPEST:
            raise _TooIntricate
        calls, loaded = self._owners(type_, place), set[tuple[str, Provider]]()
        for wanted in self._selection.wanted(type_, sets):
            field = type_.fields[wanted.name]
            own, wave = self._field(type_, wanted, place, loaded)
            calls += own
            if wanted.sets and wave is not None and get_named_type(field.type).name in self._costly:
                calls += self._below(wanted, field, place, wave)
        return calls

    def _field(
        self, type_: GraphQLObjectType, wanted: Wanted, place: _Place, loaded: set[tuple[str, Provider]]
    ) -> tuple[Calls, int | None]:
        """The calls of a field itself, and the wave in which its value has come; None where it can have none."""
        cost, loads = cost_of(type_.fields[wanted.name]), cost_of(type_.fields[wanted.name]).loads
        calls, wave, is_given = Calls(), place.wave, not loads or cost.is_told
        if cost.by_id:
            return self._by_id(wanted, cost, place)
        if self._bound is not None and cost.for_bound is not None:
            loads, place = cost.for_bound, msgspec.structs.replace(place, count=place.count * self._bound)
        for load in loads:
            if not _happens(load, wanted.arguments):
                continue
            started = wave + 1 if load.follows else place.wave + 1
            for provider in self._asked(type_, cost, load, wanted.arguments):
                wave, is_given = max(wave, started), True
                if (load.name, provider) in loaded:
                    continue
                if load.is_common:
                    loaded.add((load.name, provider))
                at = _Call(provider, started, (*place.path, min(wanted.keys)))
                calls += self._load(load, at, wanted, place)
        return calls, wave if is_given else None

    def _owners(self, type_: GraphQLObjectType, place: _Place) -> Calls:
        """What it takes to know whose the objects of a place are, for callers to whom that matters."""
        calls, loads = Calls(), OWNED.get(type_.name, ())
        if self._bound is None:
            return calls
        for step, load in enumerate(loads if isinstance(loads, tuple) else (loads,), 1):
            for provider, costs in self._rates.items():
                if load.name in costs and provider is HELD_BY.get(type_.name, Provider.FORMANCE):
                    at = _Call(provider, place.wave + step, place.path)
                    calls += self._load(load, at, _NOBODY, place)
        return calls

    def _load(self, load: Load, at: _Call, wanted: Wanted, place: _Place) -> Calls:
        calls, copies = Calls(), place.copies * len(wanted.keys)
        for rate in self._rates[at.provider][load.name]:
            if isinstance(rate, PageRate):
                calls += self._noted(at, rate.operation, paged(rate, _window(wanted.arguments), place.count * copies))
            else:
                keys = place.count * load.times * (1 if rate.is_shared else copies)
                calls += self._keyed(at, rate, keys, place.moments)
        return calls

    def _by_id(self, wanted: Wanted, cost: Cost, place: _Place) -> tuple[Calls, int]:
        calls, wave = Calls(), place.wave
        for (provider, name), keys in _named(wanted, cost).items():
            for rate in self._rates.get(provider, {}).get(name, ()):
                if isinstance(rate, Rate):
                    wave = place.wave + 1
                    at = _Call(provider, wave, (*place.path, min(wanted.keys)))
                    calls += self._keyed(at, rate, keys, place.moments)
        return calls, wave

    def _keyed(self, at: _Call, rate: Rate, keys: int, moments: int) -> Calls:
        operation = rate.single if keys == 1 and rate.single else rate.operation
        batch = rate.batch if 0 < rate.batch < ALL and keys > 1 else None
        return self._noted(at, operation, keyed(rate, keys, moments), batch)

    def _noted(self, at: _Call, operation: str, calls: Calls, batch: int | None = None) -> Calls:
        if calls.total:
            step = Step(
                wave=at.wave,
                provider=at.provider,
                operation=operation,
                calls=calls.total,
                batch=batch,
                paths=[".".join(at.path)],
            )
            self.steps.append(step)
        return calls

    def _below(self, wanted: Wanted, field: GraphQLField, place: _Place, wave: int) -> Calls:
        """The calls of what is read of a field's value."""
        cost = cost_of(field)
        type_, sets, key = get_named_type(field.type), list(wanted.sets), min(wanted.keys)
        copies, path = place.copies * len(wanted.keys), (*place.path, key)
        moments = place.moments * 2 if cost.loads and place.count > 1 else place.moments
        size = _size(wanted, field, cost)
        if cost.is_sliced and isinstance(type_, GraphQLObjectType):
            type_, sets, names = self._items(type_, sets)
            copies, path = copies * max(1, names), (*path, "nodes")
        counts = self._counts(wanted, cost, type_, place.count, size)
        found = [
            self.objects(
                each,
                sets,
                _Place(count=count, moments=min(moments, count), copies=copies, wave=wave, path=path),
            )
            for each, count in counts
            if sets
        ]
        if len(found) > 1 and not cost.by_id and not cost.of_each:
            return Calls(max(each.linear for each in found), sum(each.batched for each in found))
        return sum(found, Calls())

    def _counts(
        self,
        wanted: Wanted,
        cost: Cost,
        type_: Any,  # noqa: ANN401 - any named type
        parents: int,
        size: int,
    ) -> list[tuple[GraphQLObjectType, int]]:
        """The types that there may be, and of each how many at the most."""
        if cost.by_id:
            types = named(refs(wanted.arguments.get(cost.by_id)))
            return [(each, parents * types[each.name]) for each in self._possible(type_, cost) if each.name in types]
        held = wanted.arguments.get("provider")
        return [
            (each, parents * size)
            for each in self._possible(type_, cost)
            if self._is_there(each.name) and held in (None, HELD_BY.get(each.name, held))
        ]

    def _is_there(self, type_name: str) -> bool:
        """Whether anybody who has objects of this type is set up."""
        return type_name not in HELD_BY or HELD_BY[type_name] in self._rates

    def _possible(self, type_: Any, cost: Cost) -> Iterator[GraphQLObjectType]:  # noqa: ANN401 - any named type
        if is_abstract_type(type_):
            for each in self._schema.get_possible_types(type_):
                if each.name in self._costly and (not cost.gives or each.name in cost.gives):
                    yield each
        elif is_object_type(type_):
            yield type_

    def _items(self, connection: GraphQLObjectType, sets: Sets) -> tuple[Any, list[Any], int]:
        """The type of a connection's items, what is read of them by way of nodes and edges, and in how many ways."""
        item, below, ways = get_named_type(connection.fields[ITEMS[0]].type), list[Any](), 0
        for wanted in self._selection.wanted(connection, sets):
            if wanted.name == "nodes":
                below, ways = below + wanted.sets, ways + len(wanted.keys)
            elif wanted.name == "edges":
                edge = get_named_type(connection.fields["edges"].type)
                for node in self._selection.wanted(edge, wanted.sets):
                    if node.name == "node":
                        below, ways = below + node.sets, ways + len(wanted.keys) * len(node.keys)
        return item, below, ways

    def _asked(
        self, type_: GraphQLObjectType, cost: Cost, load: Load, arguments: Mapping[str, Any]
    ) -> Iterator[Provider]:
        """The providers that a load may ask."""
        held = {HELD_BY[type_.name]} if type_.name in HELD_BY else {HELD_BY[name] for name in cost.gives}
        chosen = arguments.get("provider")
        for provider, costs in self._rates.items():
            if load.name in costs and (not held or provider in held) and chosen in (None, provider):
                yield provider


def _happens(load: Load, arguments: Mapping[str, Any]) -> bool:
    given = {name for name, value in arguments.items() if value is not None}
    return (not load.given or not given.isdisjoint(load.given)) and given.isdisjoint(load.absent)


def _first(arguments: Mapping[str, Any]) -> int:
    first = arguments.get(FIRST)
    return USUAL_PAGE if first is None else int(first)


def _window(arguments: Mapping[str, Any]) -> Window:
    return window(_first(arguments), has_cursor=arguments.get("after") is not None)


def _size(wanted: Wanted, field: GraphQLField, cost: Cost) -> int:
    """How many objects a field gives for each parent at the most."""
    assumed = cost.of_each or cost.assumed
    if cost.is_sliced:
        first = min(largest_page(), max(0, _first(wanted.arguments)))
        return min(first, assumed) if assumed else first
    is_list = isinstance(field.type.of_type if isinstance(field.type, GraphQLNonNull) else field.type, GraphQLList)
    return assumed if is_list else 1


def _named(wanted: Wanted, cost: Cost) -> dict[tuple[Provider, str], int]:
    """The loads that ids ask for, with the number of their keys."""
    loads: dict[tuple[Provider, str], int] = {}
    for ref in refs(wanted.arguments.get(cost.by_id)):
        if ref.provider is not None and ref.type is not NodeType.CUSTOMER:
            key = ref.provider, load_of(ref.type)
            loads[key] = loads.get(key, 0) + 1
    return loads
