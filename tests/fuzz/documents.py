"""Documents that schemathesis makes of the printed schema, with arguments of our own."""

from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import schemathesis.graphql
from graphql import NameNode, ObjectFieldNode, get_named_type
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.graphql import nodes

from providers.domain import NodeType
from tests.fuzz import values
from tests.fuzz.ground import Ground
from tests.fuzz.mending import mended
from tests.process import ROOT

Played = Callable[[Case], None]


def known(ground: Ground, operation: Any) -> None:
    """Tell schemathesis what the scalars are made of. Built-in ones are told, too: arbitrary texts are no ids."""
    wanted = values.identifiers(ground, _types(operation))
    ids = st.one_of(wanted, wanted, wanted, values.identifiers(ground, list(ground.by_type)))
    texts = st.one_of(values.anything, values.cursors(ground), ids, st.sampled_from(WORDS))
    whole = st.one_of(st.integers(0, 5), st.integers(0, 100), st.integers(-(2**31), 2**31 - 1))
    maps = st.dictionaries(values.anything, values.anything, max_size=3)
    for name, strategy in {
        "ID": ids.map(nodes.String),
        "String": texts.map(nodes.String),
        "Int": whole.map(nodes.Int),
        "Decimal": values.decimals.map(nodes.String),
        "BigInt": values.big_ints.map(nodes.String),
        "DateTime": values.times.map(nodes.String),
        "JSON": st.one_of(maps, values.JUNK).map(_literal),
    }.items():
        schemathesis.graphql.scalar(name, strategy)


def _types(operation: Any) -> list[str]:
    """The types whose ids a field wants, going by the names of what it takes."""
    named = operation.definition.raw.args.items()
    names = [name for arg, given in named for name in (arg, *getattr(get_named_type(given.type), "fields", ()))]
    words = (
        " ".join([operation.label, *names]).lower().replace("sourceid", "account").replace("destinationid", "account")
    )
    found = [each.value for each in NodeType if each.value.lower() in words]
    accounts = [each.value for each in NodeType if each.value.endswith("Account")] if "account" in words else []
    return list(dict.fromkeys([*found, *accounts])) or [each.value for each in NodeType]


WORDS = ("USD/2", "USD", "BRL", "EUR/2", "BTC/8", "1.00", "stripe", "wise", "dummypay", "cus_0001", "SP", "a@b.c")
"""What a text must be for some arguments to get any further."""


def play(asked: Played, ground: Ground, *, examples: int, mode: GenerationMode, number: int) -> None:
    """Make so many documents for each root field, the same for the same `number`. Every other one is put right."""

    def put_right(case: Case) -> None:
        asked(case)
        if mode is GenerationMode.POSITIVE:
            case.body = mended(str(case.body), ground, Random(f"{number} {case.body}"))
            asked(case)

    for operation in operations():
        known(ground, operation)
        run = settings(
            max_examples=examples,
            phases=[Phase.generate],
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )(given(case=operation.as_strategy(generation_mode=mode))(put_right))
        seed(number)(run)()


def operations() -> Iterator[Any]:
    """Every field of the query and of the mutation."""
    with (ROOT / "schema" / "schema.graphql").open(encoding="utf-8") as file:
        schema = schemathesis.graphql.from_file(file)
    for found in schema.get_all_operations():
        yield found.ok()


def _literal(value: Any) -> Any:
    """JSON as a literal, in which keys are names."""
    if isinstance(value, dict):
        pairs = enumerate(value.values())
        return nodes.Object(
            [ObjectFieldNode(name=NameNode(value=f"k{number}"), value=_literal(below)) for number, below in pairs]
        )
    if isinstance(value, list):
        return nodes.List([_literal(below) for below in value])
    made = {bool: nodes.Boolean, int: nodes.Int, float: nodes.Float, str: nodes.String}
    return nodes.Null if value is None else made[type(value)](value)
