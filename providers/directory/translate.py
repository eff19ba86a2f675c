"""Rows of the directory into domain values. Pure."""

from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import RowMapping

from providers.domain import (
    Customer,
    CustomerLink,
    Event,
    LinkKind,
    Provider,
    Ref,
    Topic,
    WriteKey,
    WriteRecord,
    WriteState,
    customer_ref,
)

PROVIDERS = frozenset(Provider)
KINDS = frozenset(LinkKind)
TOPICS = frozenset(Topic)


def customer(row: RowMapping) -> Customer:
    """A customer of the graph."""
    return Customer(customer_ref(row["id"]), row["name"])


def link(row: RowMapping) -> CustomerLink | None:
    """A stored link. None when a newer version of the server wrote a provider or kind that this one does not know."""
    if row["provider"] not in PROVIDERS or row["kind"] not in KINDS:
        return None
    return CustomerLink(Provider(row["provider"]), LinkKind(row["kind"]), row["external_id"], row["customer_id"])


def customer_row(value: Customer) -> dict[str, Any]:
    """The row of a customer."""
    return {"id": value.customer_id, "name": value.name}


def link_row(value: CustomerLink) -> dict[str, Any]:
    """The row of a link; its origin is not stored, since every stored link is the directory's own."""
    return {
        "provider": value.provider.value,
        "kind": value.kind.value,
        "external_id": value.external_id,
        "customer_id": value.customer_id,
    }


def write(row: RowMapping) -> WriteRecord:
    """A stored write."""
    settles_at = row["settles_at"]
    return WriteRecord(
        key=WriteKey(row["caller"], row["key"]),
        operation=row["operation"],
        provider=Provider(row["provider"]),
        fingerprint=row["fingerprint"],
        state=WriteState(row["state"]),
        is_sent=row["is_sent"],
        outcome=row["outcome"],
        notes=row["notes"],
        owner=row["owner"],
        request_id=row["request_id"],
        lease_until=_utc(row["lease_until"]),
        settles_at=None if settles_at is None else _utc(settles_at),
        created_at=_utc(row["created_at"]),
        updated_at=_utc(row["updated_at"]),
    )


def event(row: RowMapping) -> Event | None:
    """A stored event. None when a newer version of the server wrote words that this one does not know."""
    if row["provider"] not in PROVIDERS or row["topic"] not in TOPICS:
        return None
    try:
        ref = msgspec.json.decode(row["ref"], type=Ref)
    except msgspec.ValidationError:
        return None
    occurred_at = row["occurred_at"]
    return Event(
        sequence=row["sequence"],
        provider=Provider(row["provider"]),
        topic=Topic(row["topic"]),
        ref=ref,
        occurred_at=None if occurred_at is None else _utc(occurred_at),
        received_at=_utc(row["received_at"]),
    )


def event_row(value: Event) -> dict[str, Any]:
    """The row of an event."""
    return {
        "sequence": value.sequence,
        "provider": value.provider.value,
        "topic": value.topic.value,
        "ref": msgspec.json.encode(value.ref).decode(),
        "occurred_at": value.occurred_at,
        "received_at": value.received_at,
    }


def _utc(value: datetime) -> datetime:
    """SQLite gives times without their zone, PostgreSQL in the zone of the connection."""
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
