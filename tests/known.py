"""How a server comes to know each document before it is asked for the first time."""

import pytest
from graphql import DocumentNode, GraphQLError

from executor.hook import plan_of
from resolvers.screening import Refused
from schema import schema
from serving.screening import Screen
from serving.screening.screen import RULES


def know_at_once(patched: pytest.MonkeyPatch) -> None:
    """Let whatever is valid go the short way, always: otherwise a document goes the long way once.

    With `EXECUTOR=graphql-core` there is no short way, so that this changes nothing.
    """
    patched.setattr(Screen, "known", _known)
    patched.setattr("serving.known.known_plan", plan_of)


def _known(screen: Screen, text: str) -> DocumentNode | None:
    documents = screen._documents
    try:
        document = documents.parsed(text)
        mistakes = documents.mistakes(text, document, schema._schema, RULES, suggests=False)
    except (GraphQLError, Refused):
        return None
    return None if mistakes else document
