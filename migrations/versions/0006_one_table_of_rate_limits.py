"""Buckets that processes share stand in one table: those of sign-in and those of what we send."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    for table, schema in (("attempts", "auth"), ("send_rate", None)):
        op.drop_table(table, schema=schema)
    op.create_table(
        "rate_limits",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("busy_until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_rate_limits")),
    )


def downgrade() -> None:
    op.drop_table("rate_limits")
    for table, schema, column in (("send_rate", None, "next_at"), ("attempts", "auth", "busy_until")):
        op.create_table(
            table,
            sa.Column("key", sa.Text(), nullable=False),
            sa.Column(column, MOMENT, nullable=False),
            sa.PrimaryKeyConstraint("key", name=op.f(f"pk_{table}")),
            schema=schema,
        )
