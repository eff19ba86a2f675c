"""What every resolver is given: the providers, this operation's loaders, and what must be told beside the data."""

from collections.abc import Callable, Sequence
from typing import Any

import strawberry
from graphql.pyutils import Path

from providers.operation import Operation
from providers.registry import Providers
from resolvers.background import Background
from resolvers.caller import ANYBODY, Caller
from resolvers.feed import Feed
from resolvers.health import Health
from resolvers.loaders import Loaders
from resolvers.pace import Pace
from resolvers.problems import Partial, UpstreamProblem
from resolvers.screening import Reading, Screening
from resolvers.streaming import Stream

Meter = Callable[["RequestContext", str, Sequence[str]], None]
"""Is told how an operation ended: ok, partial or failed, and the codes of its errors."""


UNKNOWN = "unknown"
"""The type of an operation that was refused before it had one."""


class RequestContext:
    """Lives as long as one GraphQL operation."""

    def __init__(
        self,
        *,
        providers: Providers,
        operation: Operation,
        health: Health,
        background: Background,
        pace: Pace,
        screening: Screening,
        caller: Caller = ANYBODY,
        traced: bool = False,
        suggests: bool = True,
        is_costed: bool = False,
        compiles: bool = True,
        feed: Feed | None = None,
    ) -> None:
        self.providers = providers
        self.operation = operation
        self.health = health
        self.background = background
        self.pace = pace
        self.screening = screening
        self.caller = caller
        self.traced = traced
        self.suggests = suggests
        self.is_costed = is_costed
        self.extensions: dict[str, Any] = {}
        """What the answer's `extensions` say beside the trace."""
        self.compiles = compiles
        self.feed = feed
        self.stream: Stream | None = None
        """Where its results go, when there may be many."""
        self.is_valid = False
        """Its document has been found good: what is wrong yet must be the variables."""
        self.is_explained = False
        """It is told what it would take, and not carried out."""
        self.tells_scopes = False
        """Whether the subgraph's SDL says which scope each field needs."""
        self.name: str | None = None
        """Of the operation, once it was found to be valid."""
        self.type = UNKNOWN
        """"query", "mutation" or "subscription", once it was found to be valid."""
        self.worst: int | None = None
        """The vendor calls that it may take, once they were computed."""
        self.meter: Meter = _unmeasured
        self.reading: Reading | None = None
        """Of its document, when that was read ahead."""
        self.loaders = Loaders(providers, operation, lends=compiles)
        self.partials: list[Partial] = []

    def forget(self) -> None:
        """Load everything anew from here on: something was changed."""
        self.operation.is_afresh = True
        self.loaders = Loaders(self.providers, self.operation, lends=self.compiles)

    def renew(self, occasion: int) -> None:
        """Begin anew for the next event: with all that an operation may take, and nothing that was loaded before."""
        self.loaders.stop()
        self.operation = self.operation.anew(occasion)
        self.loaders = Loaders(self.providers, self.operation)
        self.partials = []

    def leave(self) -> None:
        """Stop what is loaded for nobody any more: the operation has ended, or its client has left."""
        self.loaders.stop()

    def lacks(self, path: Path, problems: Sequence[UpstreamProblem]) -> None:
        """Note that the list at a path is not whole, so that the answer says so in `errors`."""
        if problems:
            self.partials.append(Partial(path.as_list(), tuple(problems)))


def _unmeasured(_context: RequestContext, _outcome: str, _codes: Sequence[str]) -> None:
    """Where nobody counts."""


Info = strawberry.Info[RequestContext, None]
