"""A pool: accounts at payment providers whose balances are summed."""

from datetime import datetime
from enum import StrEnum

import msgspec

from providers.domain.ref import Ref


class PoolType(StrEnum):
    """How a pool chooses its accounts."""

    STATIC = "static"
    DYNAMIC = "dynamic"
    UNKNOWN = "unknown"


class Pool(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One pool, with the refs of the accounts it holds."""

    ref: Ref
    provider_id: str
    name: str
    type: PoolType
    account_refs: tuple[Ref, ...]
    fetched_at: datetime


class PoolBalancesKey(msgspec.Struct, frozen=True, gc=False):
    """The balances of a pool at one time; the latest known ones when `at` is None.

    Kept ones will do that were read within the last `max_age` seconds.
    """

    pool: Ref
    at: datetime | None = None
    max_age: int = 0
