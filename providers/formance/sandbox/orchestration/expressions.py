"""The language of triggers' filters and variables, as far as comparing and joining what an event holds needs it."""

import ast
import operator
import re
from collections.abc import Callable, Mapping
from typing import Any

_WORDS = ((re.compile(r"&&"), " and "), (re.compile(r"\|\|"), " or "), (re.compile(r"!(?!=)"), " not "))
_NAMES = {"true": True, "false": False, "nil": None}
_STRINGS = re.compile(r'("(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\')')
_COMPARISONS: Mapping[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda left, right: left in right,
}
_SIGNS: Mapping[type[ast.unaryop], Callable[[Any], Any]] = {ast.Not: operator.not_, ast.USub: operator.neg}


class ExpressionError(Exception):
    """An expression that cannot be read, or cannot be evaluated with this event."""


def compiled(text: str) -> ast.expr:
    """The expression. Raises `ExpressionError`."""
    try:
        return ast.parse(_translated(text).strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ExpressionError(f"error compiling expression '{text}'") from error


def evaluated(text: str, event: Any) -> Any:  # noqa: ANN401 - any JSON
    """Its value. Raises `ExpressionError`."""
    try:
        return _value(compiled(text), event)
    except (TypeError, KeyError, IndexError, RecursionError) as error:
        raise ExpressionError(f"cannot evaluate '{text}': {error}") from error


def shown(value: Any) -> str:  # noqa: ANN401 - any JSON
    """A value as a workflow's variable."""
    if value is None:
        return "<nil>"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _translated(text: str) -> str:
    """With the operators' names of Python. What stands in quotes stays."""
    parts = _STRINGS.split(text)
    for place in range(0, len(parts), 2):
        for pattern, word in _WORDS:
            parts[place] = pattern.sub(word, parts[place])
    return "".join(parts)


def _value(node: ast.expr, event: Any) -> Any:  # noqa: ANN401, PLR0911 - one way for each form
    match node:
        case ast.Constant(value):
            return value
        case ast.Name(name):
            return event if name == "event" else _NAMES.get(name)
        case ast.Attribute(inner, name):
            return _member(_value(inner, event), name)
        case ast.Subscript(inner, key):
            return _member(_value(inner, event), _value(key, event))
        case ast.UnaryOp(kind, inner) if type(kind) in _SIGNS:
            return _SIGNS[type(kind)](_value(inner, event))
        case ast.BoolOp(ast.And(), parts):
            return all(_value(part, event) for part in parts)
        case ast.BoolOp(ast.Or(), parts):
            return any(_value(part, event) for part in parts)
        case ast.BinOp(left, ast.Add(), right):
            return _value(left, event) + _value(right, event)
        case ast.Compare(left, [comparison], [right]) if type(comparison) in _COMPARISONS:
            return _COMPARISONS[type(comparison)](_value(left, event), _value(right, event))
    raise TypeError("this is not supported")


def _member(of: Any, key: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(of, Mapping):
        return of.get(key)
    if isinstance(of, list):
        return of[key]
    raise TypeError(f"cannot fetch {key} from {shown(of)}")
