"""Plans that are remembered are the plans that would be made."""

from typing import Any

import pytest
from graphql import OperationDefinitionNode, parse

from providers.domain import NodeType, Provider, Ref
from resolvers import ids
from schema import schema
from serving.cost.analysis import NOTHING, analysed
from serving.cost.memory import MOST, Remembered
from serving.cost.plan import Plan
from tests.serving.cost.planning import rates

CUSTOMER = ids.encode(Ref(NodeType.CUSTOMER, ("c1",)))
OTHER = ids.encode(Ref(NodeType.CUSTOMER, ("c2",)))
POOL = ids.encode(Ref(NodeType.POOL, ("p",), Provider.FORMANCE))
SMART = ids.encode(Ref(NodeType.SMART_ACCOUNT, ("s",), Provider.PLUGGY))

LISTS = """query ($id: ID!, $first: Int = 5, $after: String, $of: Provider, $less: Boolean = false) {
  customer(id: $id) { accounts(provider: $of, first: $first, after: $after) {
    nodes { id balances @skip(if: $less) { kind } }
  } }
}"""
NODES = "query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Account { balances { kind } } } }"
ALIASES = "query ($a: ID!, $b: ID!) { a: node(id: $a) { id } b: node(id: $b) { id } }"
NAMED = 'query One { node(id: "x") { id } } query Two($ids: [ID!]!) { nodes(ids: $ids) { id } }'

CASES: list[tuple[str, dict[str, Any]]] = [
    *(
        (LISTS, {"id": CUSTOMER, **more})
        for more in (
            {},
            {"first": 1},
            {"first": 100},
            {"first": True},
            {"first": None},
            {"of": "PLUGGY"},
            {"of": None},
            {"after": "x"},
            {"after": None},
            {"less": True},
            {"less": 1},
            {"of": "NOBODY"},
            {"first": {"a": 1}},
            {"after": 5},
        )
    ),
    (LISTS, {"id": OTHER}),
    (LISTS, {"id": POOL}),
    (LISTS, {"id": "no id"}),
    (LISTS, {}),
    *(
        (NODES, {"ids": given})
        for given in (
            [POOL],
            [SMART],
            [POOL, SMART],
            [SMART, POOL],
            [POOL, POOL],
            [],
            [None],
            "no list",
            POOL,
            ["x", POOL],
            None,
        )
    ),
    *((ALIASES, {"a": a, "b": b}) for a, b in ((POOL, POOL), (POOL, SMART), (SMART, SMART), (SMART, POOL))),
]


class Known:
    """Remembered plans, and how often one had to be made."""

    def __init__(self) -> None:
        self.remembered = Remembered(schema._schema)
        self.made = 0
        self._documents: dict[str, Any] = {}

    def plan(self, text: str, variables: dict[str, Any], *, name: str | None = None, bound: int | None = None) -> Plan:
        document = self._documents.setdefault(text, parse(text))
        [operation, *_] = [
            each
            for each in document.definitions
            if isinstance(each, OperationDefinitionNode) and name in (None, each.name and each.name.value)
        ]

        def make() -> Plan:
            self.made += 1
            return analysed(schema._schema, document, operation, variables, rates(), bound=bound)

        found = self.remembered.plan(document, operation, variables, bound, make)
        assert found == analysed(schema._schema, document, operation, variables, rates(), bound=bound) or (
            found.calls > 0
            and analysed(schema._schema, document, operation, variables, rates(), bound=bound) is NOTHING
        )
        return found


@pytest.mark.parametrize("turn", range(3))
def test_a_remembered_plan_is_the_one_that_would_be_made(turn: int) -> None:
    """In any order, over and over."""
    known = Known()
    for text, variables in [*CASES[turn::3], *CASES, *reversed(CASES)]:
        for bound in (None, 1, 3):
            known.plan(text, variables, bound=bound)


def test_another_customer_is_the_same_plan() -> None:
    known = Known()
    for each in (CUSTOMER, OTHER, CUSTOMER):
        known.plan(LISTS, {"id": each})

    assert known.made == 1


def test_variables_that_do_not_fit_are_not_remembered() -> None:
    """Else a list of any length would cost nothing after them."""
    known = Known()
    known.plan(LISTS, {"id": CUSTOMER, "after": 5})

    assert known.plan(LISTS, {"id": CUSTOMER, "after": "x"}).calls > 0


def test_equal_arguments_under_two_aliases_are_told_from_different_ones() -> None:
    known = Known()

    assert known.plan(ALIASES, {"a": POOL, "b": POOL}).calls < known.plan(ALIASES, {"a": POOL, "b": SMART}).calls


def test_operations_of_one_document_are_not_mixed_up() -> None:
    known = Known()

    assert known.plan(NAMED, {}, name="One").calls == 0
    assert known.plan(NAMED, {"ids": [POOL]}, name="Two").calls > 0


def test_only_so_many_are_kept() -> None:
    known = Known()
    for first in range(MOST + 10):
        known.remembered.plan(*_one(known, first))

    assert len(known.remembered._plans) == MOST


def _one(known: Known, first: int) -> tuple[Any, ...]:
    document = known._documents.setdefault(LISTS, parse(LISTS))
    return document, document.definitions[0], {"first": first}, None, lambda: Plan(calls=first, steps=())
