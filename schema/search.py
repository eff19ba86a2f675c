"""What a provider's search finds."""

import strawberry

from providers.domain import SearchTarget
from schema.fields import described
from schema.scalars import JSON


@strawberry.type(description="One thing that a provider's search has found (Formance, before its third generation).")
class SearchHit:
    """GraphQL `SearchHit`, backed by `providers.domain.SearchHit`."""

    target: SearchTarget = described("What it is.")
    raw: JSON = described("The thing as the provider's search has it, byte for byte.")
