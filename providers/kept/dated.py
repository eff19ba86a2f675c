"""Records that remember when they came, so that one which is given again does not pass for new."""

from datetime import UTC, datetime

import msgspec


def utc_now() -> datetime:
    """The time of this machine."""
    return datetime.now(UTC)


class Dated(msgspec.Struct, frozen=True, kw_only=True):
    """The base of a vendor's records that may be kept. `read_at` is when the vendor's answer was decoded.

    No vendor sends a field of that name. We do, to other replicas.
    """

    read_at: datetime = msgspec.field(name="tributary:readAt", default_factory=utc_now)
