"""Do all gateways answer the same? Nothing is measured before they do."""

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks import questions, requests
from benchmarks.bench import Bench, Running, Vendors
from benchmarks.gateways import Gateway

CUSTOMER = 42


class Differs(Exception):
    """Two gateways do not answer the same."""


def check(bench: Bench, gateways: Sequence[Gateway], vendors: Vendors) -> Mapping[str, Any]:
    """The one answer to each question. Raises `Differs`, which names the first place where answers differ."""
    wanted: dict[str, Any] = {}
    for gateway in gateways:
        with bench.gateway(gateway, vendors) as running:
            for question, data in answers(running).items():
                place = difference(wanted.setdefault(question, data), data)
                if place:
                    raise Differs(f"{question}: {gateway.name} and {gateways[0].name} differ at {place}")
    return wanted


def answers(running: Running, *, customer: int = CUSTOMER) -> dict[str, Any]:
    """What a gateway answers about a customer. Raises `Differs` for errors."""
    found = {}
    for question in questions.TEXTS:
        answer = requests.ask(running.port, questions.body(question, customer), running.bench.callers.tokens[customer])
        if answer.get("errors"):
            raise Differs(f"{question} failed: {answer['errors']}")
        found[question] = answer["data"]
    return found


def difference(one: Any, other: Any, place: str = "data") -> str | None:
    """The first place where two answers differ. The order of an object's members says nothing."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        pairs = [(f"{place}.{name}", one[name], other[name]) for name in one]
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = [(f"{place}[{at}]", *both) for at, both in enumerate(zip(one, other, strict=True))]
    else:
        return None if one == other else f"{place}: {str(one)[:80]} and {str(other)[:80]}"
    return next((found for where, a, b in pairs if (found := difference(a, b, where))), None)
