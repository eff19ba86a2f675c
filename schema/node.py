"""What can be fetched again by its id."""

import strawberry

from providers.domain import Ref
from resolvers import ids
from schema.fields import resolved_by


def _global_id(root: "strawberry.Parent[_Identified]") -> str:
    return ids.encode(root.ref)


class _Identified:
    ref: Ref


@strawberry.interface(description="An object with a global id, by which it can be fetched again.")
class Node:
    """GraphQL `Node`, by the Relay object identification specification."""

    id: strawberry.ID = resolved_by(
        _global_id, "Global id: opaque, safe in URLs, unique over all types, and the same for the same object."
    )

    @classmethod
    def resolve_type(cls, obj: _Identified, *_: object) -> str:
        """The GraphQL type of a domain object."""
        return obj.ref.type.value
