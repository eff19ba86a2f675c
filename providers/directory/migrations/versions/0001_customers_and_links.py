"""Customers, and the vendors' objects that belong to them."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "customers",
        sa.Column("id", KEY, nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("CURRENT_TIMESTAMP")
        ),
        sa.PrimaryKeyConstraint("id", name="pk_customers"),
    )
    op.create_table(
        "links",
        sa.Column("provider", KEY, nullable=False),
        sa.Column("kind", KEY, nullable=False),
        sa.Column("external_id", KEY, nullable=False),
        sa.Column("customer_id", KEY, nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("CURRENT_TIMESTAMP")
        ),
        sa.PrimaryKeyConstraint("provider", "kind", "external_id", name="pk_links"),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_links_customer_id"),
    )
    op.create_index("ix_links_customer_id", "links", ["customer_id"])


def downgrade() -> None:
    """Drop both tables and all that is in them."""
    op.drop_index("ix_links_customer_id", "links")
    op.drop_table("links")
    op.drop_table("customers")
