"""The filter grammar: `{"$or": [{"$match": {"id": "x"}}, {"$gte": {"amount": 100}}]}` into a predicate over records.

Which keys a list knows, and which of them can be compared, differs by list and generation: see the `Column` tables.
"""

import json
import operator
import re
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from providers.formance.sandbox.errors import RefusedError, internal, invalid
from providers.formance.sandbox.records import Generation

Predicate = Callable[[Any], bool]

_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "$match": operator.eq,
    "$lt": operator.lt,
    "$lte": operator.le,
    "$gt": operator.gt,
    "$gte": operator.ge,
}
_OPERATORS = {"v2": {*_COMPARISONS, "$exists"}, "v3": {*_COMPARISONS, "$exists", "$like", "$in"}}
_METADATA = re.compile(r"metadata\[(.+)\]")


class Column(msgspec.Struct, frozen=True):
    """A key that a list can be filtered by. One that reads a list matches when any element does."""

    read: Callable[[Any], object]
    is_comparable: bool = False


class Grammar(msgspec.Struct, frozen=True):
    """What one list of one generation takes."""

    generation: Generation
    noun: str
    columns: Mapping[str, Column]
    has_metadata: bool = True
    lifts_metadata: bool = False
    """Metadata clauses are taken out of `$or` and `$not` and must hold in any case."""

    def error(self, reason: str) -> RefusedError:
        """A clause that parses but cannot be asked of this list."""
        verb = "listing" if self.generation == "v2" else "cannot list"
        return invalid(f"{verb} {self.noun}: {reason}: validation error")


def parsed(text: bytes) -> dict[str, object]:
    """The filter's JSON. An empty text is no filter; a fraction is refused, and integers may have any size."""
    if not text.strip():
        return {}
    try:
        value = json.loads(text, parse_float=_no_fraction, parse_constant=_no_fraction)
    except (ValueError, RecursionError) as error:
        raise invalid(f"invalid query: {error}") from error
    if not isinstance(value, dict):
        raise invalid("invalid query: expected an object")
    return value


def _no_fraction(text: str) -> object:
    raise ValueError(f"{text} is not an integer")


def predicate(expression: dict[str, object], grammar: Grammar) -> Predicate | None:
    """The test that a record must pass; None when the filter is empty. Raises VALIDATION in the generation's words."""
    if not expression:
        return None
    lifted: list[Predicate] = []
    main = _built(expression, grammar, lifted)
    return _all([*lifted, *([main] if main else [])])


def _built(node: object, grammar: Grammar, lifted: list[Predicate]) -> Predicate | None:
    """None stands for a clause that was lifted."""
    name, value = _only(node)
    if name == "$not":
        inner = _built(value, grammar, lifted)
        return None if inner is None else lambda row: not inner(row)
    if name in {"$and", "$or"}:
        if not isinstance(value, list):
            raise invalid(f"unexpected type for {name}")
        return _joined(name, value, grammar, lifted)
    if name not in _OPERATORS[grammar.generation]:
        raise invalid(f"unexpected operator {name}")
    key, operand = _only(value)
    return _clause(name, key, operand, grammar=grammar, lifted=lifted)


def _joined(name: str, nodes: list[object], grammar: Grammar, lifted: list[Predicate]) -> Predicate | None:
    if name == "$and":
        return _all([part for node in nodes if (part := _built(node, grammar, lifted))])
    matches: dict[str, set[object]] = {}
    rest: list[Predicate] = []
    for node in nodes:
        part = _built(node, grammar, lifted)
        simple = _simple_match(node, grammar)
        if simple:
            matches.setdefault(simple[0], set()).add(simple[1])
        elif part:
            rest.append(part)
    rest += [_one_of(grammar.columns[key].read, values) for key, values in matches.items()]
    return _any(rest)


def _simple_match(node: object, grammar: Grammar) -> tuple[str, str] | None:
    """Key and value of a plain `$match`: long `$or` lists of these become one look-up in a set."""
    name, value = _only(node)
    if name != "$match":
        return None
    key, operand = _only(value)
    return (key, operand) if key in grammar.columns and isinstance(operand, str) else None


def _clause(name: str, key: str, operand: object, *, grammar: Grammar, lifted: list[Predicate]) -> Predicate | None:
    column = grammar.columns.get(key)
    if column is None:
        return _metadata_clause(name, key, operand, grammar=grammar, lifted=lifted)
    if name == "$in" and column.is_comparable:
        raise internal(grammar.generation, "the database cannot take a list here")
    compare = _COMPARISONS.get(name)
    if compare is None or (name != "$match" and not column.is_comparable):
        raise grammar.error(f"'{key}' column can only be used with $match")
    read = column.read
    if name == "$match":
        return _one_of(read, {operand} if isinstance(operand, str | int) else set())
    return lambda row: type(cell := read(row)) is type(operand) and compare(cell, operand)


def _metadata_clause(
    name: str, key: str, operand: object, *, grammar: Grammar, lifted: list[Predicate]
) -> Predicate | None:
    found = _METADATA.fullmatch(key) if grammar.has_metadata else None
    if found is None:
        raise grammar.error(f"unknown key '{key}' when building query")
    if name != "$match":
        raise grammar.error("'metadata' column can only be used with $match")
    field = found[1]

    def matches(row: Any) -> bool:  # noqa: ANN401 - any record with metadata
        return bool(row.metadata.get(field) == operand)

    if not grammar.lifts_metadata:
        return matches
    lifted.append(matches)
    return None


def _one_of(read: Callable[[Any], object], values: set[Any]) -> Predicate:
    def matches(row: Any) -> bool:  # noqa: ANN401 - any record
        cell = read(row)
        return not values.isdisjoint(cell) if isinstance(cell, list) else cell in values

    return matches


def _all(parts: list[Predicate]) -> Predicate | None:
    if len(parts) < 2:
        return parts[0] if parts else None
    return lambda row: all(part(row) for part in parts)


def _any(parts: list[Predicate]) -> Predicate | None:
    if len(parts) < 2:
        return parts[0] if parts else None
    return lambda row: any(part(row) for part in parts)


def _only(node: object) -> tuple[str, object]:
    if not isinstance(node, dict) or len(node) != 1:
        raise invalid("expected an object with a single key")
    return next(iter(node.items()))
