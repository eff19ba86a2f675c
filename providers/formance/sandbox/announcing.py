"""What a server tells of its changes, for whoever listens: the stack's event bus."""

from collections.abc import Callable, Mapping
from typing import Any

Listener = Callable[[str, str, Mapping[str, Any]], None]
"""Is given the service's name, the type of the event in the service's word, and its payload."""


class Announcer:
    """Hands each event to all who listen, in the order in which they came. A listener must not wait."""

    def __init__(self) -> None:
        self.listeners: list[Listener] = []

    def __call__(self, service: str, kind: str, payload: Mapping[str, Any]) -> None:
        """Tell of a change that has taken place."""
        for listener in self.listeners:
            listener(service, kind, payload)
