"""The graph: types, fields and descriptions. Values come from `resolvers`, which know nothing of this package."""

from schema.graph import schema

__all__ = ["schema"]
