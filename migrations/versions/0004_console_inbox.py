"""The console's inbox: queues by deadline, full-text search, saved views, who looks at what."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
OWED = sa.text("status IN ('open', 'in_progress', 'escalated')")

ACCENTED = "àáâãäåçèéêëìíîïñòóôõöøùúûüýÿ"
PLAIN = "aaaaaaceeeeiiiinoooooouuuuyy"
SIGNS = ".,:;!?/\\@#&*()[]{}<>\"'`´_-+=|~–—…“”‘’"
"""Each becomes a space, so that every reader of the words cuts them alike."""

WORDS_FOLDED = f"""
CREATE FUNCTION words_folded(words text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT translate(lower(words), '{ACCENTED}{SIGNS.replace("'", "''")}',
                     '{PLAIN}{" " * len(SIGNS)}')
$$"""

TICKET_WORDS = """
CREATE FUNCTION ticket_words(title text, description text, name text) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    -- a story may be as long as a book; what is far down is not searched for
    words text := public.words_folded(
        title || ' ' || left(description, 20000) || ' ' || coalesce(name, ''));
BEGIN
    RETURN strip(to_tsvector('pg_catalog.simple', words)
              || to_tsvector('pg_catalog.indonesian', words)
              || to_tsvector('pg_catalog.english', words));
END $$"""


def upgrade() -> None:
    op.execute(WORDS_FOLDED)
    op.execute(TICKET_WORDS)
    op.add_column("tickets", sa.Column("waiting_since", MOMENT, nullable=True))
    op.add_column(
        "tickets",
        sa.Column(
            "search",
            postgresql.TSVECTOR(),
            sa.Computed("ticket_words(title, description, submitter_name)", persisted=True),
            nullable=False,
        ),
    )
    queues()
    views()
    presence()


def queues() -> None:
    op.create_index(
        "idx_tickets_owed",
        "tickets",
        ["sla_deadline", "id"],
        postgresql_where=OWED,
        postgresql_include=["unit_id", "assigned_to", "created_by", "waiting_since"],
    )
    for name, columns in {
        "idx_tickets_owed_unit": ["unit_id", "sla_deadline"],
        "idx_tickets_owed_person": ["assigned_to", "sla_deadline"],
    }.items():
        op.create_index(name, "tickets", columns, postgresql_where=OWED)
    op.create_index(
        "idx_tickets_waiting",
        "tickets",
        ["sla_deadline", "id"],
        postgresql_where=sa.text("waiting_since IS NOT NULL"),
    )
    op.drop_index("idx_tickets_received_at", table_name="tickets")  # newest begins with it
    op.create_index("idx_tickets_newest", "tickets", ["received_at", "id"])
    op.create_index("idx_tickets_unit_newest", "tickets", ["unit_id", "received_at"])
    op.create_index("idx_tickets_search", "tickets", ["search"], postgresql_using="gin")
    op.create_index(
        "idx_deliveries_undelivered",
        "deliveries",
        ["ticket_id"],
        postgresql_where=sa.text("status IN ('failed', 'dead')"),
    )


def views() -> None:
    op.create_table(
        "inbox_views",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("wanted", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("created_at", MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_inbox_views_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox_views")),
        sa.UniqueConstraint("user_id", "name", name=op.f("uq_inbox_views_user_id_name")),
    )


def presence() -> None:
    op.create_table(
        "ticket_presence",
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("writing_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["ticket_id"],
            ["tickets.id"],
            name=op.f("fk_ticket_presence_ticket_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_ticket_presence_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("ticket_id", "user_id", name=op.f("pk_ticket_presence")),
    )
    op.create_index(op.f("idx_ticket_presence_user_id"), "ticket_presence", ["user_id"])


def downgrade() -> None:
    op.drop_table("ticket_presence")
    op.drop_table("inbox_views")
    op.drop_index("idx_deliveries_undelivered", table_name="deliveries")
    for name in ("search", "unit_newest", "newest", "waiting", "owed_person", "owed_unit", "owed"):
        op.drop_index(f"idx_tickets_{name}", table_name="tickets")
    op.create_index("idx_tickets_received_at", "tickets", ["received_at"])
    op.drop_column("tickets", "search")
    op.drop_column("tickets", "waiting_since")
    op.execute("DROP FUNCTION ticket_words")
    op.execute("DROP FUNCTION words_folded")
