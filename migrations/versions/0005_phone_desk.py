"""The telephone desk: calls taken down, their drafts, call-backs, and what rings right now."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("tickets", sa.Column("reporting", sa.Text(), nullable=True))
    op.create_check_constraint(
        op.f("chk_tickets_reporting"), "tickets", "reporting IN ('lisan', 'tulisan', 'media massa')"
    )
    calls()
    drafts()
    callbacks()
    ringing()


def calls() -> None:
    op.create_table(
        "calls",
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("taken_by", sa.Uuid(), nullable=True),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("taken_at", MOMENT, nullable=False),
        sa.Column("patient", sa.Text(), nullable=True),
        sa.Column("proposed_grade", sa.Text(), nullable=True),
        sa.Column("read_back", sa.Boolean(), nullable=False),
        sa.Column("consent_at", MOMENT, nullable=True),
        sa.Column("call_window", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "way IN ('phone', 'walk_in', 'paper', 'press')", name=op.f("chk_calls_way")
        ),
        sa.CheckConstraint(
            "proposed_grade IN ('red', 'yellow', 'green')", name=op.f("chk_calls_proposed_grade")
        ),
        sa.CheckConstraint(
            "call_window IN ('any', 'morning', 'afternoon', 'evening')",
            name=op.f("chk_calls_call_window"),
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_calls_ticket_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["taken_by"], ["users.id"], name=op.f("fk_calls_taken_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_calls")),
    )


def drafts() -> None:
    op.create_table(
        "call_drafts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("fields", postgresql.JSONB(), nullable=False),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_call_drafts_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_drafts")),
    )
    op.create_index("idx_call_drafts_user_id_saved_at", "call_drafts", ["user_id", "saved_at"])
    op.create_index(op.f("idx_call_drafts_saved_at"), "call_drafts", ["saved_at"])


def callbacks() -> None:
    op.create_table(
        "callbacks",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=True),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), server_default="open", nullable=False),
        sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("next_at", MOMENT, nullable=False),
        sa.Column("claimed_by", sa.Uuid(), nullable=True),
        sa.Column("claimed_at", MOMENT, nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "status IN ('open', 'told', 'given_up')", name=op.f("chk_callbacks_status")
        ),
        sa.CheckConstraint(
            "outcome IN ('reached', 'no_answer', 'busy', 'later', 'wrong_number')",
            name=op.f("chk_callbacks_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_callbacks_ticket_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_callbacks_event_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["claimed_by"], ["users.id"], name=op.f("fk_callbacks_claimed_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callbacks")),
        sa.UniqueConstraint("delivery_id", name=op.f("uq_callbacks_delivery_id")),
    )
    op.create_index(
        "idx_callbacks_due", "callbacks", ["next_at"], postgresql_where=sa.text("status = 'open'")
    )
    op.create_index("idx_callbacks_ticket_id", "callbacks", ["ticket_id"])


def ringing() -> None:
    op.create_table(
        "ringing_calls",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("rang_at", MOMENT, nullable=False),
        sa.Column("created_at", MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ringing_calls")),
        sa.UniqueConstraint("external_id", name=op.f("uq_ringing_calls_external_id")),
    )
    op.create_index(op.f("idx_ringing_calls_rang_at"), "ringing_calls", ["rang_at"])


def downgrade() -> None:
    for table in ("ringing_calls", "callbacks", "call_drafts", "calls"):
        op.drop_table(table)
    op.drop_column("tickets", "reporting")
