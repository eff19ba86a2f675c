"""The tables of the directory as this version of the code knows them. Migrations bring a database to this state."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    text,
)

from providers.domain import LONGEST_KEY

NAMES = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}
METADATA = MetaData(naming_convention=NAMES)

# Byte order is the same on every database and outlives an update of the operating system's collations.
KEY = Text().with_variant(Text(collation="C"), "postgresql")

# SQLite numbers rows by itself only where the column is called INTEGER.
NUMBER = BigInteger().with_variant(Integer(), "sqlite")
TIME = DateTime(timezone=True)


def _created_at() -> Column[object]:
    return Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("CURRENT_TIMESTAMP"))


CUSTOMERS = Table(
    "customers",
    METADATA,
    Column("id", KEY, primary_key=True),
    Column("name", Text),
    _created_at(),
)

LINKS = Table(
    "links",
    METADATA,
    Column("provider", KEY, primary_key=True),
    Column("kind", KEY, primary_key=True),
    Column("external_id", KEY, primary_key=True),
    Column("customer_id", KEY, ForeignKey("customers.id"), nullable=False),
    _created_at(),
    Index(None, "customer_id"),
)
"""The primary key is what makes an external object belong to one customer only."""

WRITES = Table(
    "writes",
    METADATA,
    Column("caller", KEY, primary_key=True),
    Column("key", KEY, primary_key=True),
    Column("operation", KEY, nullable=False),
    Column("provider", KEY, nullable=False),
    Column("fingerprint", KEY, nullable=False),
    Column("state", KEY, nullable=False),
    Column("is_sent", Boolean, nullable=False),
    Column("outcome", LargeBinary),
    Column("notes", LargeBinary),
    Column("owner", KEY, nullable=False),
    Column("request_id", KEY, nullable=False),
    Column("lease_until", TIME, nullable=False),
    Column("settles_at", TIME),
    Column("created_at", TIME, nullable=False),
    Column("updated_at", TIME, nullable=False),
    CheckConstraint(f"length(key) <= {LONGEST_KEY}", name="key_length"),
)
"""Its times are set by the application's clock, so that leases can be reckoned and tested."""

AUDIT = Table(
    "audit",
    METADATA,
    Column("id", NUMBER, primary_key=True, autoincrement=True),
    Column("caller", KEY, nullable=False),
    Column("operation", KEY, nullable=False),
    Column("key", KEY, nullable=False),
    Column("provider", KEY, nullable=False),
    Column("ref", Text),
    Column("state", KEY, nullable=False),
    Column("request_id", KEY, nullable=False),
    Column("at", TIME, nullable=False),
    Index(None, "caller", "key"),
)
"""Rows are only ever added."""

MESSAGES = Table(
    "messages",
    METADATA,
    Column("provider", KEY, primary_key=True),
    Column("digest", KEY, primary_key=True),
    Column("received_at", TIME, nullable=False),
    Index(None, "received_at"),
)
"""Which messages of providers are stored already, by the SHA-256 of their ids; kept for longer than their events."""

EVENTS = Table(
    "events",
    METADATA,
    Column("sequence", NUMBER, primary_key=True, autoincrement=False),
    Column("provider", KEY, nullable=False),
    Column("topic", KEY, nullable=False),
    Column("ref", Text, nullable=False),
    Column("occurred_at", TIME),
    Column("received_at", TIME, nullable=False),
    Index(None, "topic", "sequence"),
)

EVENT_COUNTER = Table(
    "event_counter",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("newest", NUMBER, nullable=False),
    Column("origin", KEY, nullable=False),
)
"""One row. Whoever adds events holds it until they are committed, so that their numbers show in their order."""
