"""Callers of any kind for the app under test, chosen for each request by a context variable."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from resolvers.caller import ANYBODY, Caller, Scope
from resolvers.context import RequestContext

_CALLER: ContextVar[Caller] = ContextVar("caller", default=ANYBODY)
EVERYTHING = frozenset(Scope)


class CalledContext(RequestContext):
    """A context whose caller is the one that `calling` names, as if a token had named it."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**{**given, "caller": _CALLER.get()})


@contextmanager
def calling(caller: Caller) -> Iterator[None]:
    """All requests of this task come from a caller. Needs `CalledContext` in the place of `RequestContext`."""
    token = _CALLER.set(caller)
    try:
        yield
    finally:
        _CALLER.reset(token)


def bound(*customers: str, id: str = "", scopes: frozenset[Scope] = EVERYTHING) -> Caller:
    """A caller that may see these customers of the directory only."""
    return Caller(id=id or "bound:" + ",".join(customers), scopes=scopes, customers=frozenset(customers))


def having(*scopes: Scope) -> Caller:
    """A caller that may see every customer, but only parts of the graph."""
    return Caller(id="some", scopes=frozenset(scopes), customers=None)


def lacking(*scopes: Scope) -> Caller:
    """A caller that may do everything but this."""
    return Caller(id="most", scopes=EVERYTHING - frozenset(scopes), customers=None)
