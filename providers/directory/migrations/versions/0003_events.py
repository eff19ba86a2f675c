"""What providers have told of, and the counter that numbers it."""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the three tables, and the counter's only row."""
    op.create_table(
        "messages",
        sa.Column("provider", KEY, nullable=False),
        sa.Column("digest", KEY, nullable=False),
        sa.Column("received_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("provider", "digest", name="pk_messages"),
    )
    op.create_index("ix_messages_received_at", "messages", ["received_at"])
    op.create_table(
        "events",
        sa.Column("sequence", NUMBER, autoincrement=False, nullable=False),
        sa.Column("provider", KEY, nullable=False),
        sa.Column("topic", KEY, nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("occurred_at", TIME, nullable=True),
        sa.Column("received_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_events"),
    )
    op.create_index("ix_events_topic", "events", ["topic", "sequence"])
    counter = op.create_table(
        "event_counter",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("newest", NUMBER, nullable=False),
        sa.Column("origin", KEY, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_event_counter"),
    )
    op.bulk_insert(counter, [{"id": 1, "newest": 0, "origin": uuid4().hex[:12]}])


def downgrade() -> None:
    """Drop the three tables and all that is in them."""
    op.drop_table("event_counter")
    op.drop_index("ix_events_topic", "events")
    op.drop_table("events")
    op.drop_index("ix_messages_received_at", "messages")
    op.drop_table("messages")
