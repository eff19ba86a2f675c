"""The second API's filters: the grammar of payments' ones over columns of the ledger's own kinds."""

import operator
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import msgspec

from providers.formance.sandbox.ledger.records import Version
from providers.formance.sandbox.ledger.refusals import invalid

Predicate = Callable[[Any], bool]
Read = Callable[[Any], Any]

_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "$match": operator.eq,
    "$lt": operator.lt,
    "$lte": operator.le,
    "$gt": operator.gt,
    "$gte": operator.ge,
}
_OPERATORS = {*_COMPARISONS, "$exists"}
_INDEXED = re.compile(r"(metadata|balance)\[(.+)\]")
_MOST_DEPTH = 60


class Columns(msgspec.Struct, frozen=True):
    """What a list can be filtered by. Address columns read lists of addresses."""

    addresses: Mapping[str, Read] = {}
    words: Mapping[str, Read] = {}
    numbers: Mapping[str, Read] = {}
    moments: Mapping[str, Read] = {}
    flags: Mapping[str, Read] = {}
    metadata: Read | None = None
    balance: Callable[[Any, str | None], list[int]] | None = None
    """Of one asset, or of any."""


def predicate(expression: object, columns: Columns, version: Version, *, depth: int = 0) -> Predicate:
    """The test that a row must pass. Raises VALIDATION."""
    if expression == {} and depth == 0:
        return lambda _row: True
    name, value = _only(expression)
    if depth > _MOST_DEPTH:
        raise invalid("query is too deep")
    if name == "$not":
        inner = predicate(value, columns, version, depth=depth + 1)
        return lambda row: not inner(row)
    if name in {"$and", "$or"}:
        if not isinstance(value, list):
            raise invalid(f"unexpected type for {name}")
        parts = [predicate(part, columns, version, depth=depth + 1) for part in value]
        joined = all if name == "$and" else any
        return lambda row: joined(part(row) for part in parts)
    if name not in (_OPERATORS | {"$in", "$like"} if version == "v2.4" else _OPERATORS):
        raise invalid(f"unexpected operator {name}")
    key, operand = _only(value)
    return _clause(name, key, operand, columns)


def _clause(name: str, key: str, operand: object, columns: Columns) -> Predicate:
    if key in columns.addresses:
        return _address(name, operand, columns.addresses[key])
    if key in columns.words:
        return _word(name, operand, columns.words[key])
    if key in columns.numbers:
        return _compared(name, _checked(operand, int, key), columns.numbers[key])
    if key in columns.moments:
        return _compared(name, moment(operand, key), columns.moments[key])
    if key in columns.flags:
        return _compared(_just(name, key), _checked(operand, bool, key), columns.flags[key])
    return _indexed(name, key, operand, columns)


def _indexed(name: str, key: str, operand: object, columns: Columns) -> Predicate:
    found = _INDEXED.fullmatch(key)
    kind, index = (found[1], found[2]) if found else (key, None)
    if kind == "metadata" and columns.metadata is not None:
        return _metadata(name, index, operand, columns.metadata)
    if kind == "balance" and columns.balance is not None:
        read, least, compare = columns.balance, _checked(operand, int, key), _comparison(name, key)
        return lambda row: any(compare(amount, least) for amount in read(row, index))
    raise invalid(f"unknown key '{key}' when building query")


def _metadata(name: str, index: str | None, operand: object, read: Read) -> Predicate:
    if index is None:
        if name != "$exists":
            raise invalid("'metadata' column can only be used with $exists")
        return lambda row: operand in read(row)
    if name == "$exists":
        return lambda row: (index in read(row)) is bool(operand)
    _just(name, f"metadata[{index}]")
    return lambda row: read(row).get(index) == operand


def _address(name: str, operand: object, read: Read) -> Predicate:
    if name == "$in":
        wanted = {_checked(each, str, "address") for each in _checked(operand, list, "address")}
        return lambda row: not wanted.isdisjoint(read(row))
    if name == "$like":
        return _word(name, operand, read)
    _just(name, "address")
    pattern = address_pattern(_checked(operand, str, "address"))
    return lambda row: any(pattern.fullmatch(address) for address in read(row))


def address_pattern(text: str) -> re.Pattern[str]:
    """Empty segments stand for any one segment, a last one of three dots for any number of them."""
    segments = text.split(":")
    tail = ""
    if len(segments) > 1 and segments[-1] == "...":
        segments, tail = segments[:-1], "(:[^:]+)*"
    return re.compile(":".join(re.escape(each) if each else "[^:]+" for each in segments) + tail)


def _word(name: str, operand: object, read: Read) -> Predicate:
    if name == "$in":
        wanted = {_checked(each, str, "value") for each in _checked(operand, list, "value")}
        return lambda row: _any(read(row), wanted.__contains__)
    text = _checked(operand, str, "value")
    if name == "$like":
        pattern = re.compile(".*".join(re.escape(part) for part in text.split("%")), re.DOTALL)
        return lambda row: _any(read(row), lambda cell: pattern.fullmatch(cell) is not None)
    compare = _comparison(name, "value")
    return lambda row: _any(read(row), lambda cell: compare(cell, text))


def _any(cell: object, test: Callable[[Any], bool]) -> bool:
    return any(test(each) for each in cell) if isinstance(cell, list) else test(cell)


def _compared(name: str, operand: object, read: Read) -> Predicate:
    compare = _comparison(name, "value")
    return lambda row: (cell := read(row)) is not None and compare(cell, operand)


def _comparison(name: str, key: str) -> Callable[[Any, Any], bool]:
    if name not in _COMPARISONS:
        raise invalid(f"operator '{name}' is not allowed for '{key}'")
    return _COMPARISONS[name]


def _just(name: str, key: str) -> str:
    if name != "$match":
        raise invalid(f"'{key}' column can only be used with $match")
    return name


def moment(text: object, name: str) -> datetime:
    """A point in time with its offset. Raises VALIDATION."""
    try:
        found = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise invalid(f"invalid {name}: parsing time {text!r}")
    return found


def _checked(operand: Any, kind: type, key: str) -> Any:  # noqa: ANN401 - of the kind
    if not isinstance(operand, kind) or (kind is int and isinstance(operand, bool)):
        raise invalid(f"invalid value {operand!r} for '{key}'")
    return operand


def _only(node: object) -> tuple[str, Any]:
    if not isinstance(node, dict) or len(node) != 1:
        raise invalid("expected an object with a single key")
    return next(iter(node.items()))
