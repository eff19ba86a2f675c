"""Writes that happen once, and the record of what was done."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "writes",
        sa.Column("caller", KEY, nullable=False),
        sa.Column("key", KEY, nullable=False),
        sa.Column("operation", KEY, nullable=False),
        sa.Column("provider", KEY, nullable=False),
        sa.Column("fingerprint", KEY, nullable=False),
        sa.Column("state", KEY, nullable=False),
        sa.Column("is_sent", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.LargeBinary(), nullable=True),
        sa.Column("notes", sa.LargeBinary(), nullable=True),
        sa.Column("owner", KEY, nullable=False),
        sa.Column("request_id", KEY, nullable=False),
        sa.Column("lease_until", TIME, nullable=False),
        sa.Column("settles_at", TIME, nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("caller", "key", name="pk_writes"),
        sa.CheckConstraint("length(key) <= 255", name="ck_writes_key_length"),
    )
    op.create_table(
        "audit",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("caller", KEY, nullable=False),
        sa.Column("operation", KEY, nullable=False),
        sa.Column("key", KEY, nullable=False),
        sa.Column("provider", KEY, nullable=False),
        sa.Column("ref", sa.Text(), nullable=True),
        sa.Column("state", KEY, nullable=False),
        sa.Column("request_id", KEY, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_index("ix_audit_caller", "audit", ["caller", "key"])


def downgrade() -> None:
    """Drop both tables and all that is in them."""
    op.drop_index("ix_audit_caller", "audit")
    op.drop_table("audit")
    op.drop_table("writes")
