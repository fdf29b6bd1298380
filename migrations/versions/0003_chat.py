"""Chats: conversations, their timers, messages, files and log; surveys; alarms."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "idx_ticket_attachments_pending",
        "ticket_attachments",
        ["remote_ref"],
        unique=False,
        postgresql_where=sa.text("status = 'pending'"),
    )
    op.create_table(
        "chat_files",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("status", sa.Text(), server_default="pending", nullable=False),
        sa.Column("path", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "mime_type", sa.Text(), server_default="application/octet-stream", nullable=False
        ),
        sa.Column("display_path", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "status IN ('pending', 'stored', 'quarantined', 'failed')",
            name=op.f("chk_chat_files_status"),
        ),
        sa.CheckConstraint("size >= 0", name=op.f("chk_chat_files_size")),
        sa.ForeignKeyConstraint(["channel"], ["channels.name"], name=op.f("fk_chat_files_channel")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_files")),
        sa.UniqueConstraint(
            "channel", "address", "ref", name=op.f("uq_chat_files_channel_address_ref")
        ),
    )
    op.create_index(
        "idx_chat_files_due",
        "chat_files",
        ["next_attempt_at"],
        unique=False,
        postgresql_where=sa.text("status = 'pending'"),
    )
    op.create_index("idx_chat_files_path", "chat_files", ["path"], unique=False)
    op.create_table(
        "chat_sessions",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column(
            "state",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["channel"], ["channels.name"], name=op.f("fk_chat_sessions_channel")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_sessions")),
        sa.UniqueConstraint("channel", "address", name=op.f("uq_chat_sessions_channel_address")),
    )
    op.create_table(
        "chat_lines",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column(
            "payload",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("delivery_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("author IN ('person', 'bot')", name=op.f("chk_chat_lines_author")),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["chat_sessions.id"],
            name=op.f("fk_chat_lines_session_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_lines")),
        sa.UniqueConstraint("delivery_id", name=op.f("uq_chat_lines_delivery_id")),
    )
    op.create_index(
        "idx_chat_lines_session_id_seq", "chat_lines", ["session_id", "seq"], unique=False
    )
    op.create_table(
        "chat_timers",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["chat_sessions.id"],
            name=op.f("fk_chat_timers_session_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("session_id", "name", name=op.f("pk_chat_timers")),
    )
    op.create_index(op.f("idx_chat_timers_at"), "chat_timers", ["at"], unique=False)
    op.create_table(
        "survey_answers",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("qr_code_id", sa.Uuid(), nullable=True),
        sa.Column(
            "answers",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("remarks", sa.Text(), server_default="", nullable=False),
        sa.Column("is_complete", sa.Boolean(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["channel"], ["channels.name"], name=op.f("fk_survey_answers_channel")
        ),
        sa.ForeignKeyConstraint(
            ["qr_code_id"],
            ["qr_codes.id"],
            name=op.f("fk_survey_answers_qr_code_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["units.id"], name=op.f("fk_survey_answers_unit_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_answers")),
        sa.UniqueConstraint("key", name=op.f("uq_survey_answers_key")),
    )
    op.create_index(
        op.f("idx_survey_answers_answered_at"), "survey_answers", ["answered_at"], unique=False
    )
    op.create_index(
        op.f("idx_survey_answers_qr_code_id"), "survey_answers", ["qr_code_id"], unique=False
    )
    op.create_index(op.f("idx_survey_answers_unit_id"), "survey_answers", ["unit_id"], unique=False)
    op.create_table(
        "alarms",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("matched", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("draft_id", sa.Text(), nullable=True),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("ticket_id", sa.Uuid(), nullable=True),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_by", sa.Uuid(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["channel"], ["channels.name"], name=op.f("fk_alarms_channel")),
        sa.ForeignKeyConstraint(
            ["seen_by"], ["users.id"], name=op.f("fk_alarms_seen_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_alarms_ticket_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["units.id"], name=op.f("fk_alarms_unit_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarms")),
        sa.UniqueConstraint("key", name=op.f("uq_alarms_key")),
    )
    op.create_index(op.f("idx_alarms_draft_id"), "alarms", ["draft_id"], unique=False)
    op.create_index(op.f("idx_alarms_ticket_id"), "alarms", ["ticket_id"], unique=False)
    op.create_index(op.f("idx_alarms_unit_id"), "alarms", ["unit_id"], unique=False)
    op.create_index(
        "idx_alarms_unseen",
        "alarms",
        ["raised_at"],
        unique=False,
        postgresql_where=sa.text("seen_at IS NULL"),
    )
    op.create_table(
        "chat_messages",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=True),
        sa.Column("asks", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["channel"], ["channels.name"], name=op.f("fk_chat_messages_channel")
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"],
            ["tickets.id"],
            name=op.f("fk_chat_messages_ticket_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("channel", "address", "message", name=op.f("pk_chat_messages")),
    )
    op.create_index("idx_chat_messages_created_at", "chat_messages", ["created_at"], unique=False)
    op.create_index("idx_chat_messages_ticket_id", "chat_messages", ["ticket_id"], unique=False)


def downgrade() -> None:
    op.drop_index(
        "idx_ticket_attachments_pending",
        table_name="ticket_attachments",
        postgresql_where=sa.text("status = 'pending'"),
    )
    op.drop_index("idx_chat_messages_ticket_id", table_name="chat_messages")
    op.drop_index("idx_chat_messages_created_at", table_name="chat_messages")
    op.drop_table("chat_messages")
    op.drop_index(
        "idx_alarms_unseen", table_name="alarms", postgresql_where=sa.text("seen_at IS NULL")
    )
    op.drop_index(op.f("idx_alarms_unit_id"), table_name="alarms")
    op.drop_index(op.f("idx_alarms_ticket_id"), table_name="alarms")
    op.drop_index(op.f("idx_alarms_draft_id"), table_name="alarms")
    op.drop_table("alarms")
    op.drop_index(op.f("idx_survey_answers_unit_id"), table_name="survey_answers")
    op.drop_index(op.f("idx_survey_answers_qr_code_id"), table_name="survey_answers")
    op.drop_index(op.f("idx_survey_answers_answered_at"), table_name="survey_answers")
    op.drop_table("survey_answers")
    op.drop_index(op.f("idx_chat_timers_at"), table_name="chat_timers")
    op.drop_table("chat_timers")
    op.drop_index("idx_chat_lines_session_id_seq", table_name="chat_lines")
    op.drop_table("chat_lines")
    op.drop_table("chat_sessions")
    op.drop_index("idx_chat_files_path", table_name="chat_files")
    op.drop_index(
        "idx_chat_files_due",
        table_name="chat_files",
        postgresql_where=sa.text("status = 'pending'"),
    )
    op.drop_table("chat_files")
