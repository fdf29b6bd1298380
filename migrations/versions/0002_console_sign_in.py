"""Sign-in to the console, whom a ticket is about, and the audit."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)

KEEP_AUDIT = """
CREATE FUNCTION audit.keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit is append-only' USING ERRCODE = 'restrict_violation';
END $$"""


def keyed() -> list[sa.Column]:
    return [
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False)
    ]


def stamped() -> list[sa.Column]:
    return [
        sa.Column(name, MOMENT, server_default=sa.text("now()"), nullable=False)
        for name in ("created_at", "updated_at")
    ]


def refers(table: str, column: str, to: str, ondelete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete
    )


def upgrade() -> None:
    op.create_table(
        "sessions",
        *keyed(),
        sa.Column("admin_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("browser", sa.Text(), server_default="", nullable=False),
        sa.Column("address", postgresql.INET(), nullable=True),
        *stamped(),
        refers("sessions", "admin_id", "admins", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sessions_token_hash")),
        schema="auth",
    )
    op.create_index(
        "idx_sessions_admin_id",
        "sessions",
        ["admin_id"],
        schema="auth",
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "browsers",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("admin_id", sa.Uuid(), nullable=False),
        sa.Column("known_at", MOMENT, nullable=False),
        refers("browsers", "admin_id", "admins", "CASCADE"),
        sa.PrimaryKeyConstraint("token_hash", "admin_id", name=op.f("pk_browsers")),
        schema="auth",
    )
    op.create_index(op.f("idx_browsers_admin_id"), "browsers", ["admin_id"], schema="auth")
    op.create_table(
        "second_factors",
        sa.Column("admin_id", sa.Uuid(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("enrolled_at", MOMENT, nullable=True),
        sa.Column("last_step", sa.BigInteger(), server_default="0", nullable=False),
        refers("second_factors", "admin_id", "admins", "CASCADE"),
        sa.PrimaryKeyConstraint("admin_id", name=op.f("pk_second_factors")),
        schema="auth",
    )
    op.create_table(
        "links",
        *keyed(),
        sa.Column("admin_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        *stamped(),
        sa.CheckConstraint("purpose IN ('invite', 'reset')", name=op.f("chk_links_purpose")),
        refers("links", "admin_id", "admins", "CASCADE"),
        refers("links", "made_by", "users", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_links_token_hash")),
        schema="auth",
    )
    op.create_index(op.f("idx_links_admin_id"), "links", ["admin_id"], schema="auth")
    op.create_table(
        "attempts",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("busy_until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_attempts")),
        schema="auth",
    )
    op.create_table(
        "ticket_subjects",
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("named_by", sa.Uuid(), nullable=True),
        sa.Column("named_at", MOMENT, nullable=False),
        refers("ticket_subjects", "ticket_id", "tickets", "CASCADE"),
        refers("ticket_subjects", "user_id", "users", "CASCADE"),
        refers("ticket_subjects", "named_by", "users", "SET NULL"),
        sa.PrimaryKeyConstraint("ticket_id", "user_id", name=op.f("pk_ticket_subjects")),
    )
    op.create_index(op.f("idx_ticket_subjects_user_id"), "ticket_subjects", ["user_id"])
    op.create_index(
        "idx_tickets_created_by",
        "tickets",
        ["created_by"],
        postgresql_where=sa.text("created_by IS NOT NULL"),
    )
    audit()


def audit() -> None:
    op.create_table(
        "reads",
        sa.Column("seq", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=True),
        sa.Column("data", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.CheckConstraint(
            "what IN ('ticket', 'attachment', 'export', 'print', 'person')",
            name=op.f("chk_reads_what"),
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_reads")),
        schema="audit",
    )
    op.create_index("idx_reads_ticket_id_at", "reads", ["ticket_id", "at"], schema="audit")
    op.create_index("idx_reads_user_id_at", "reads", ["user_id", "at"], schema="audit")
    op.create_table(
        "changes",
        sa.Column("seq", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("data", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_changes")),
        schema="audit",
    )
    op.create_index("idx_changes_subject_id_at", "changes", ["subject_id", "at"], schema="audit")
    op.execute(KEEP_AUDIT)
    for table in ("reads", "changes"):
        op.execute(
            f"CREATE TRIGGER {table}_keep BEFORE UPDATE OR DELETE ON audit.{table}"
            " FOR EACH ROW EXECUTE FUNCTION audit.keep()"
        )


def downgrade() -> None:
    for table in ("changes", "reads"):
        op.drop_table(table, schema="audit")
    op.execute("DROP FUNCTION audit.keep")
    op.drop_index("idx_tickets_created_by", table_name="tickets")
    op.drop_table("ticket_subjects")
    for table in ("attempts", "links", "second_factors", "browsers", "sessions"):
        op.drop_table(table, schema="auth")
