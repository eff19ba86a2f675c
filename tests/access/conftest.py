"""The app, asked by callers of every kind."""

import pytest

from tests.access.callers import CalledContext


@pytest.fixture(autouse=True)
def _called(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the app would learn from a token, it learns from the test."""
    monkeypatch.setattr("serving.graphql.RequestContext", CalledContext)
