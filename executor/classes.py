"""Classes whose instances are plain values: never awaitable, never an exception.

Whether a value can be awaited is asked for every value. Asking its class costs an eighth of asking the value, and the
answer is the same for all instances unless the class computes its attributes.
"""

from asyncio import Future, Task
from datetime import date, datetime, time
from decimal import Decimal
from types import CoroutineType, GeneratorType
from typing import Any
from uuid import UUID

from graphql import Undefined
from strawberry.execution.is_awaitable import optimized_is_awaitable

_MOST = 4_096
"""Classes made at run time without end must not fill the memory."""

PLAIN: set[type] = {
    *(str, int, float, bool, bytes, list, tuple, dict, set, frozenset),
    *(Decimal, date, datetime, time, UUID),
}

_AWAITED = {CoroutineType, Future, Task}
"""Classes whose instances always have to be awaited; there are others."""
_ABSENT = {type(None), type(Undefined)}
"""Null is no value: a class that is plain needs no check for it."""


def must_wait(value: Any) -> bool:
    """Whether a value of a class that is not known as plain has to be awaited. Raises it when it is an exception."""
    if value.__class__ in _AWAITED:
        return True
    if _learn(value.__class__):
        return False
    if isinstance(value, Exception):
        raise value
    return optimized_is_awaitable(value)


def _learn(class_: type) -> bool:
    if issubclass(class_, Exception | GeneratorType | CoroutineType) or class_ in _ABSENT:
        return False
    # A class may have attributes that its instances lack, from its own class: every enum has `__getattr__` so.
    if any(name in base.__dict__ for base in class_.__mro__ for name in ("__await__", "__getattr__")):
        return False
    if "__class__" in class_.__dict__:
        return False
    if len(PLAIN) < _MOST:
        PLAIN.add(class_)
    return True
