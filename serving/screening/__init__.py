"""What this server refuses to run, although it is well-formed GraphQL. Each rule is a module of this package."""

from serving.screening.screen import Screen

__all__ = ["Screen"]
