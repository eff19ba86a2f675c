"""Filter expressions for `query=`, cut so that every URL stays short enough for the proxies on its way."""

from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar

import msgspec

from providers.address import quoted_length

T = TypeVar("T")

Expression = dict[str, object]

MOST_TERMS = 40
LONGEST = 7_700
"""Characters of an escaped expression. With host, path and page size the URL stays under 8 KB."""

_WRAPPING = quoted_length('{"$or":[]}')
_COMMA = quoted_length(",")
_NOTHING: Expression = {"": ""}


class Term(msgspec.Struct, Generic[T], frozen=True):
    """One alternative of an `$or`, and what it is there for.

    `brief` is a shorter clause that finds at least what `exact` finds; it is asked where the exact ones get too long.
    """

    subject: T
    exact: tuple[Expression, ...]
    brief: tuple[Expression, ...]


class Question(msgspec.Struct, Generic[T], frozen=True):
    """One expression, and the subjects that its answer is about."""

    subjects: tuple[T, ...]
    expression: Expression


def match(key: str, value: str) -> Expression:
    """Rows whose `key` is this value."""
    return {"$match": {key: value}}


def term(subject: T, *exact: Expression, brief: Expression | None = None) -> Term[T]:
    """Rows that any of these clauses finds, for one subject."""
    return Term(subject, exact, exact if brief is None else (brief,))


def either(clauses: Sequence[Expression]) -> Expression:
    """Rows that any of the clauses finds."""
    return clauses[0] if len(clauses) == 1 else {"$or": list(clauses)}


def both(*expressions: Expression) -> Expression:
    """Rows that all of the expressions find. An empty one finds all."""
    parts = [expression for expression in expressions if expression]
    if not parts:
        return {}
    return parts[0] if len(parts) == 1 else {"$and": parts}


def text(expression: Expression) -> str:
    """The expression for `query=`; "" when it finds all."""
    return msgspec.json.encode(expression).decode() if expression else ""


def fits(expression: Expression) -> bool:
    """True when the expression's text can be sent in an address."""
    return quoted_length(text(expression)) <= LONGEST


def by_reference(reference: str) -> str:
    """The text that finds this reference; "" when it is too long to be sent, so that all rows come."""
    expression = match("reference", reference)
    return text(expression) if fits(expression) else ""


def questions(terms: Sequence[Term[T]], conditions: Expression | None = None) -> list[Question[T]]:
    """As few expressions as can hold all terms. `conditions` must hold besides, in each of them."""
    base = _WRAPPING + (_length([both(conditions, _NOTHING)]) if conditions else 0)
    return [_question(group, base, conditions or {}) for group in _groups(terms, base)]


def _groups(terms: Sequence[Term[T]], base: int) -> Iterator[list[Term[T]]]:
    group: list[Term[T]] = []
    clauses, length = 0, base
    for each in terms:
        more = _length(each.brief)
        if group and (clauses + len(each.brief) > MOST_TERMS or length + more > LONGEST):
            yield group
            group, clauses, length = [], 0, base
        group.append(each)
        clauses, length = clauses + len(each.brief), length + more
    if group:
        yield group


def _question(group: Sequence[Term[T]], base: int, conditions: Expression) -> Question[T]:
    # A group's brief clauses fit together.
    is_brief = all(each.exact is each.brief for each in group)
    fits = is_brief or base + sum(_length(each.exact) for each in group) <= LONGEST
    clauses = [clause for each in group for clause in (each.exact if fits else each.brief)]
    return Question(tuple(each.subject for each in group), both(conditions, either(clauses)))


def _length(clauses: Sequence[Expression]) -> int:
    return sum(quoted_length(text(clause)) + _COMMA for clause in clauses)
