"""What a provider's search finds."""

from enum import StrEnum

import msgspec


class SearchTarget(StrEnum):
    """What is looked through."""

    ACCOUNT = "ACCOUNT"
    TRANSACTION = "TRANSACTION"
    PAYMENT = "PAYMENT"


class SearchQuery(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """What is looked for. `is_any`: one of the terms is enough. `sort` is in the provider's words."""

    target: SearchTarget
    terms: tuple[str, ...] = ()
    ledgers: tuple[str, ...] = ()
    is_any: bool = False
    sort: str | None = None


class SearchHit(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One thing that was found, as the provider keeps it for its search."""

    target: SearchTarget
    raw: msgspec.Raw
