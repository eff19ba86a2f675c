"""Plans that are known already: most operations come again and again, with other ids.

What a plan hangs on is told by a *shape*: of an id what it names, of a number or a word itself, of everything else
whether it is there. Where a document has aliases, equal arguments make one field of two, so that there the shape is
the variables themselves. Documents are known by their identity, and not kept alive here.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from typing import Any
from weakref import ref

import msgspec
from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLEnumType,
    GraphQLSchema,
    NamedTypeNode,
    OperationDefinitionNode,
    TypeNode,
    Visitor,
    visit,
)

from resolvers import ids
from resolvers.problems import BadInput
from serving.cost.analysis import NOTHING
from serving.cost.plan import Plan

MOST = 2_000
MOST_STEPS = 100
"""A plan with more is made anew each time, rather than kept."""
_BY_VALUE = frozenset({"Int", "Boolean"})

_ABSENT = "absent", "variable"

_Tell = Callable[[object], Hashable]


class _Telling(msgspec.Struct, frozen=True):
    """What tells the shape of an operation's variables."""

    document: ref[DocumentNode]
    key: tuple[int, str | None]
    variables: tuple[tuple[str, _Tell], ...]
    has_aliases: bool


class Remembered:
    """The last plans used."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._telling: OrderedDict[tuple[int, str | None], _Telling] = OrderedDict()
        self._plans: OrderedDict[Hashable, tuple[ref[DocumentNode], Plan]] = OrderedDict()

    def plan(
        self,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        variables: Mapping[str, Any],
        circumstances: Hashable,
        make: Callable[[], Plan],
    ) -> Plan:
        """The plan of an operation under these circumstances: `make` makes one that is not known."""
        telling = self._told_by(document, operation)
        try:
            key = telling.key, circumstances, _shape(telling, variables)
            known = self._plans.get(key)
        except TypeError:  # a value that is no number and no word where one belongs
            return make()
        if known is not None and known[0]() is document:
            self._plans.move_to_end(key)
            return known[1]
        plan = make()
        if plan is not NOTHING and len(plan.steps) <= MOST_STEPS:  # nothing is known of variables that do not fit
            self._plans[key] = ref(document), plan
            if len(self._plans) > MOST:
                self._plans.popitem(last=False)
        return plan

    def _told_by(self, document: DocumentNode, operation: OperationDefinitionNode) -> _Telling:
        key = id(document), operation.name.value if operation.name else None
        known = self._telling.get(key)
        if known is None or known.document() is not document:
            finder = _AliasFinder()
            visit(document, finder)
            tells = tuple(
                (each.variable.name.value, self._tell(each.type)) for each in operation.variable_definitions or ()
            )
            known = self._telling[key] = _Telling(ref(document), key, tells, finder.found)
            if len(self._telling) > MOST:
                self._telling.popitem(last=False)
        return known

    def _tell(self, type_: TypeNode) -> _Tell:
        while not isinstance(type_, NamedTypeNode):
            type_ = type_.type  # type: ignore[attr-defined]  # of a list, or of what must not be null
        name = type_.name.value
        if name == "ID":
            return _named
        if name in _BY_VALUE or isinstance(self._schema.get_type(name), GraphQLEnumType):
            return _itself
        return _is_there


def _shape(telling: _Telling, variables: Mapping[str, Any]) -> Hashable:
    if telling.has_aliases:
        return msgspec.json.encode(variables, order="deterministic")
    return tuple([tell(variables[name]) if name in variables else _ABSENT for name, tell in telling.variables])


def _named(value: object) -> Hashable:
    """How many objects of which types, at which providers, an id or a list of ids names."""
    if isinstance(value, str):
        return _kind(value)
    if isinstance(value, list):
        return tuple(sorted(map(_kind, dict.fromkeys(map(str, value)))))
    return value is None


def _kind(global_id: str) -> tuple[str, str]:
    try:
        ref = ids.decode(global_id)
    except BadInput:
        return "", ""
    return ref.type.value, ref.provider.value if ref.provider else ""


def _itself(value: object) -> Hashable:
    # `True` and `1` are equal, and not the same.
    return tuple(map(_itself, value)) if isinstance(value, list) else (type(value), value)


def _is_there(value: object) -> bool:
    return value is not None


class _AliasFinder(Visitor):
    found = False

    def enter_field(self, node: FieldNode, *_: object) -> None:
        self.found = self.found or node.alias is not None
