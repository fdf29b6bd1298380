"""The KISS schema, the tables around it, and what every hospital starts with."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core.hospital.category import CATEGORIES
from core.people.roles import ROLES

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


WATCHED = {
    # table: the columns whose change every process must notice before it routes the next report
    "units": "",
    "unit_aliases": "",
    "service_categories": "",
    "hospital": "",
    "channels": "",
    "qr_codes": " OF unit_id, code, token, name, is_active",
}

FUNCTIONS = (
    """
CREATE FUNCTION raise_directory_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE directory_version SET version = version + 1;
    RETURN NULL;
END $$""",
    """
CREATE FUNCTION keep_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- depth 2 is a cascade: a ticket erased on request takes its history along
    IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'events are append-only' USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$""",
    """
CREATE TRIGGER events_keep_history BEFORE UPDATE OR DELETE ON events
    FOR EACH ROW EXECUTE FUNCTION keep_history()""",
)


def upgrade() -> None:
    for schema in ("audit", "analytics", "auth"):
        op.execute(sa.schema.CreateSchema(schema, if_not_exists=True))
    op.execute(sa.schema.CreateSequence(sa.Sequence("ticket_number_seq")))
    op.create_table(
        "admins",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("full_name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("last_login", sa.DateTime(timezone=True), nullable=True),
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
            "role IN ('agent', 'officer', 'head', 'supervisor', 'administrator', 'auditor')",
            name=op.f("chk_admins_role"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_admins")),
        sa.UniqueConstraint("email", name=op.f("uq_admins_email")),
        sa.UniqueConstraint("username", name=op.f("uq_admins_username")),
    )
    op.create_index(op.f("idx_admins_is_active"), "admins", ["is_active"], unique=False)
    op.create_index(op.f("idx_admins_role"), "admins", ["role"], unique=False)
    op.create_table(
        "channels",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("reporting", sa.Text(), server_default="tulisan", nullable=False),
        sa.Column("can_send", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.CheckConstraint(
            "reporting IN ('lisan', 'tulisan', 'media massa')", name=op.f("chk_channels_reporting")
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_channels")),
    )
    op.create_table(
        "directory_version",
        sa.Column("singleton", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("singleton", name=op.f("chk_directory_version_singleton")),
        sa.PrimaryKeyConstraint("singleton", name=op.f("pk_directory_version")),
    )
    op.create_table(
        "hospital",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("singleton", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("short_name", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), server_default="Asia/Jakarta", nullable=False),
        sa.Column(
            "languages", postgresql.ARRAY(sa.Text()), server_default="{id,en}", nullable=False
        ),
        sa.Column("phone", sa.Text(), server_default="", nullable=False),
        sa.Column("email", sa.Text(), server_default="", nullable=False),
        sa.Column("address", sa.Text(), server_default="", nullable=False),
        sa.Column("emergency_phone", sa.Text(), server_default="", nullable=False),
        sa.Column("public_emergency_phone", sa.Text(), server_default="119", nullable=False),
        sa.Column("crisis_phone", sa.Text(), server_default="", nullable=False),
        sa.Column("accent", sa.Text(), server_default="#0f6b6b", nullable=False),
        sa.Column("logo_path", sa.Text(), nullable=True),
        sa.Column("default_sla_hours", sa.Integer(), server_default="72", nullable=False),
        sa.Column("reopen_days", sa.Integer(), server_default="30", nullable=False),
        sa.Column("retention_years", sa.Integer(), server_default="5", nullable=False),
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
            "zone IN ('Asia/Jakarta', 'Asia/Makassar', 'Asia/Jayapura')",
            name=op.f("chk_hospital_zone"),
        ),
        sa.CheckConstraint("default_sla_hours > 0", name=op.f("chk_hospital_default_sla_hours")),
        sa.CheckConstraint("singleton", name=op.f("chk_hospital_singleton")),
        sa.CheckConstraint("reopen_days >= 0", name=op.f("chk_hospital_reopen_days")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hospital")),
        sa.UniqueConstraint("singleton", name=op.f("uq_hospital_singleton")),
    )
    op.create_table(
        "periodic_jobs",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("every", sa.Interval(), nullable=False),
        sa.Column("next_run", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_run", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("every > interval '0'", name=op.f("chk_periodic_jobs_every")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_periodic_jobs")),
    )
    op.create_table(
        "roles",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
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
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roles")),
        sa.UniqueConstraint("code", name=op.f("uq_roles_code")),
    )
    op.create_table(
        "send_rate",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_send_rate")),
    )
    op.create_table(
        "ticket_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("base", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_ticket_days")),
    )
    op.create_table(
        "unit_types",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
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
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_types")),
        sa.UniqueConstraint("code", name=op.f("uq_unit_types_code")),
        sa.UniqueConstraint("name", name=op.f("uq_unit_types_name")),
    )
    op.create_index(op.f("idx_unit_types_is_active"), "unit_types", ["is_active"], unique=False)
    op.create_table(
        "units",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("parent_unit_id", sa.Uuid(), nullable=True),
        sa.Column("unit_type_id", sa.Uuid(), nullable=True),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("contact_email", sa.Text(), nullable=True),
        sa.Column("contact_phone", sa.Text(), nullable=True),
        sa.Column("sla_hours", sa.Integer(), nullable=True),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("is_triage_desk", sa.Boolean(), server_default=sa.text("false"), nullable=False),
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
        sa.CheckConstraint("parent_unit_id <> id", name=op.f("chk_units_parent")),
        sa.CheckConstraint("sla_hours > 0", name=op.f("chk_units_sla_hours")),
        sa.ForeignKeyConstraint(
            ["parent_unit_id"],
            ["units.id"],
            name=op.f("fk_units_parent_unit_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["unit_type_id"],
            ["unit_types.id"],
            name=op.f("fk_units_unit_type_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_units")),
        sa.UniqueConstraint("code", name=op.f("uq_units_code")),
    )
    op.create_index(op.f("idx_units_is_active"), "units", ["is_active"], unique=False)
    op.create_index(op.f("idx_units_parent_unit_id"), "units", ["parent_unit_id"], unique=False)
    op.create_index(
        "idx_units_triage_desk",
        "units",
        ["is_triage_desk"],
        unique=True,
        postgresql_where=sa.text("is_triage_desk"),
    )
    op.create_index(op.f("idx_units_unit_type_id"), "units", ["unit_type_id"], unique=False)
    op.create_table(
        "qr_codes",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("usage_count", sa.Integer(), server_default="0", nullable=False),
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
        sa.CheckConstraint("token ~ '^[A-Za-z0-9_-]{22,62}$'", name=op.f("chk_qr_codes_token")),
        sa.CheckConstraint("usage_count >= 0", name=op.f("chk_qr_codes_usage_count")),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["units.id"], name=op.f("fk_qr_codes_unit_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_qr_codes")),
        sa.UniqueConstraint("code", name=op.f("uq_qr_codes_code")),
        sa.UniqueConstraint("token", name=op.f("uq_qr_codes_token")),
    )
    op.create_index(op.f("idx_qr_codes_is_active"), "qr_codes", ["is_active"], unique=False)
    op.create_index(op.f("idx_qr_codes_unit_id"), "qr_codes", ["unit_id"], unique=False)
    op.create_table(
        "service_categories",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("default_sla_hours", sa.Integer(), nullable=True),
        sa.Column(
            "requires_attachment", sa.Boolean(), server_default=sa.text("false"), nullable=False
        ),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
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
            "default_sla_hours > 0", name=op.f("chk_service_categories_default_sla_hours")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["units.id"],
            name=op.f("fk_service_categories_unit_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_categories")),
        sa.UniqueConstraint("code", name=op.f("uq_service_categories_code")),
    )
    op.create_index(
        op.f("idx_service_categories_is_active"), "service_categories", ["is_active"], unique=False
    )
    op.create_table(
        "unit_aliases",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("alias", sa.Text(), nullable=False),
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
            ["unit_id"], ["units.id"], name=op.f("fk_unit_aliases_unit_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_aliases")),
        sa.UniqueConstraint("alias", name=op.f("uq_unit_aliases_alias")),
    )
    op.create_index(op.f("idx_unit_aliases_unit_id"), "unit_aliases", ["unit_id"], unique=False)
    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("admin_id", sa.Uuid(), nullable=True),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("full_name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), server_default="id", nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
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
            ["admin_id"], ["admins.id"], name=op.f("fk_users_admin_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["units.id"], name=op.f("fk_users_unit_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("admin_id", name=op.f("uq_users_admin_id")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
    )
    op.create_index(op.f("idx_users_is_active"), "users", ["is_active"], unique=False)
    op.create_index(op.f("idx_users_unit_id"), "users", ["unit_id"], unique=False)
    op.create_table(
        "tickets",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("ticket_number", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("category_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("submitter_name", sa.Text(), nullable=True),
        sa.Column("submitter_email", sa.Text(), nullable=True),
        sa.Column("submitter_phone", sa.Text(), nullable=True),
        sa.Column("submitter_address", sa.Text(), nullable=True),
        sa.Column("is_anonymous", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("assigned_to", sa.Uuid(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("status", sa.Text(), server_default="open", nullable=False),
        sa.Column("priority", sa.Text(), server_default="medium", nullable=False),
        sa.Column("urgency_level", sa.SmallInteger(), server_default="3", nullable=False),
        sa.Column("ai_classification", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("sentiment_score", sa.Numeric(precision=4, scale=3), nullable=True),
        sa.Column("confidence_score", sa.Numeric(precision=4, scale=3), nullable=True),
        sa.Column("sla_deadline", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_response_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("qr_code_id", sa.Uuid(), nullable=True),
        sa.Column("ip_address", postgresql.INET(), nullable=True),
        sa.Column("user_agent", sa.Text(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("language", sa.Text(), server_default="id", nullable=False),
        sa.Column("for_whom", sa.Text(), nullable=True),
        sa.Column("routing_reason", sa.Text(), nullable=False),
        sa.Column("sla_reason", sa.Text(), nullable=False),
        sa.Column("risk_grade", sa.Text(), nullable=True),
        sa.Column("grade_set_by", sa.Uuid(), nullable=True),
        sa.Column("grade_set_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rating", sa.SmallInteger(), nullable=True),
        sa.Column("rating_comment", sa.Text(), nullable=True),
        sa.Column("tracking_hash", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
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
            "for_whom IN ('self', 'family', 'visitor', 'staff')", name=op.f("chk_tickets_for_whom")
        ),
        sa.CheckConstraint("language IN ('id', 'en')", name=op.f("chk_tickets_language")),
        sa.CheckConstraint(
            "priority IN ('low', 'medium', 'high', 'critical')", name=op.f("chk_tickets_priority")
        ),
        sa.CheckConstraint(
            "risk_grade IN ('red', 'yellow', 'green')", name=op.f("chk_tickets_risk_grade")
        ),
        sa.CheckConstraint(
            "status IN ('open', 'in_progress', 'escalated', 'resolved', 'closed')",
            name=op.f("chk_tickets_status"),
        ),
        sa.CheckConstraint(
            "ticket_number ~ '^TKT-[0-9]{8}-[0-9]{4,}$'", name=op.f("chk_tickets_ticket_number")
        ),
        sa.CheckConstraint(
            "type IN ('information', 'complaint', 'suggestion', 'satisfaction')",
            name=op.f("chk_tickets_type"),
        ),
        sa.CheckConstraint(
            "confidence_score BETWEEN 0 AND 1", name=op.f("chk_tickets_confidence_score")
        ),
        sa.CheckConstraint("rating BETWEEN 1 AND 5", name=op.f("chk_tickets_rating")),
        sa.CheckConstraint(
            "sentiment_score BETWEEN -1 AND 1", name=op.f("chk_tickets_sentiment_score")
        ),
        sa.CheckConstraint("sla_deadline > received_at", name=op.f("chk_tickets_sla_deadline")),
        sa.CheckConstraint("urgency_level BETWEEN 1 AND 5", name=op.f("chk_tickets_urgency_level")),
        sa.ForeignKeyConstraint(
            ["assigned_to"], ["users.id"], name=op.f("fk_tickets_assigned_to"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["category_id"],
            ["service_categories.id"],
            name=op.f("fk_tickets_category_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["users.id"], name=op.f("fk_tickets_created_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["grade_set_by"],
            ["users.id"],
            name=op.f("fk_tickets_grade_set_by"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["qr_code_id"], ["qr_codes.id"], name=op.f("fk_tickets_qr_code_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["source"], ["channels.name"], name=op.f("fk_tickets_source")),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["units.id"], name=op.f("fk_tickets_unit_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tickets")),
        sa.UniqueConstraint("ticket_number", name=op.f("uq_tickets_ticket_number")),
        sa.UniqueConstraint("tracking_hash", name=op.f("uq_tickets_tracking_hash")),
    )
    op.create_index(op.f("idx_tickets_assigned_to"), "tickets", ["assigned_to"], unique=False)
    op.create_index(
        "idx_tickets_assigned_to_status", "tickets", ["assigned_to", "status"], unique=False
    )
    op.create_index(op.f("idx_tickets_category_id"), "tickets", ["category_id"], unique=False)
    op.create_index(op.f("idx_tickets_priority"), "tickets", ["priority"], unique=False)
    op.create_index(op.f("idx_tickets_qr_code_id"), "tickets", ["qr_code_id"], unique=False)
    op.create_index(op.f("idx_tickets_received_at"), "tickets", ["received_at"], unique=False)
    op.create_index(op.f("idx_tickets_risk_grade"), "tickets", ["risk_grade"], unique=False)
    op.create_index(op.f("idx_tickets_sla_deadline"), "tickets", ["sla_deadline"], unique=False)
    op.create_index(op.f("idx_tickets_source"), "tickets", ["source"], unique=False)
    op.create_index(op.f("idx_tickets_status"), "tickets", ["status"], unique=False)
    op.create_index("idx_tickets_status_priority", "tickets", ["status", "priority"], unique=False)
    op.create_index(
        op.f("idx_tickets_submitter_email"), "tickets", ["submitter_email"], unique=False
    )
    op.create_index(
        op.f("idx_tickets_submitter_phone"), "tickets", ["submitter_phone"], unique=False
    )
    op.create_index(op.f("idx_tickets_type"), "tickets", ["type"], unique=False)
    op.create_index(op.f("idx_tickets_unit_id"), "tickets", ["unit_id"], unique=False)
    op.create_index("idx_tickets_unit_id_status", "tickets", ["unit_id", "status"], unique=False)
    op.create_table(
        "user_roles",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role_id", sa.Uuid(), nullable=False),
        sa.Column(
            "assigned_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("assigned_by", sa.Uuid(), nullable=True),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
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
            ["assigned_by"],
            ["users.id"],
            name=op.f("fk_user_roles_assigned_by"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["role_id"], ["roles.id"], name=op.f("fk_user_roles_role_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_user_roles_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_roles")),
        sa.UniqueConstraint("user_id", "role_id", name=op.f("uq_user_roles_user_id_role_id")),
    )
    op.create_index(op.f("idx_user_roles_is_active"), "user_roles", ["is_active"], unique=False)
    op.create_index(op.f("idx_user_roles_role_id"), "user_roles", ["role_id"], unique=False)
    op.create_index(op.f("idx_user_roles_user_id"), "user_roles", ["user_id"], unique=False)
    op.create_table(
        "messages",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=True),
        sa.Column("is_internal", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "remarks",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("idempotency_key", sa.Text(), nullable=True),
        sa.Column("content_hash", sa.LargeBinary(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
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
            "author IN ('submitter', 'staff', 'system')", name=op.f("chk_messages_author")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["users.id"], name=op.f("fk_messages_author_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["channel"], ["channels.name"], name=op.f("fk_messages_channel")),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_messages_ticket_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_messages_idempotency_key")),
    )
    op.create_index(
        "idx_messages_ticket_id_created_at", "messages", ["ticket_id", "created_at"], unique=False
    )
    op.create_table(
        "ticket_addresses",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("rank", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("blocked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("blocked_reason", sa.Text(), nullable=True),
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
            ["channel"], ["channels.name"], name=op.f("fk_ticket_addresses_channel")
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"],
            ["tickets.id"],
            name=op.f("fk_ticket_addresses_ticket_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_addresses")),
        sa.UniqueConstraint(
            "ticket_id",
            "channel",
            "address",
            name=op.f("uq_ticket_addresses_ticket_id_channel_address"),
        ),
    )
    op.create_index(
        "idx_ticket_addresses_channel_address",
        "ticket_addresses",
        ["channel", "address"],
        unique=False,
    )
    op.create_table(
        "ticket_links",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
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
        sa.CheckConstraint("kind IN ('merged', 'related')", name=op.f("chk_ticket_links_kind")),
        sa.CheckConstraint("ticket_id <> other_id", name=op.f("chk_ticket_links_other_id")),
        sa.ForeignKeyConstraint(
            ["other_id"], ["tickets.id"], name=op.f("fk_ticket_links_other_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"],
            ["tickets.id"],
            name=op.f("fk_ticket_links_ticket_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_links")),
        sa.UniqueConstraint(
            "ticket_id", "other_id", name=op.f("uq_ticket_links_ticket_id_other_id")
        ),
    )
    op.create_index(op.f("idx_ticket_links_other_id"), "ticket_links", ["other_id"], unique=False)
    op.create_table(
        "events",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.Column(
            "data",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "actor IN ('submitter', 'staff', 'system')", name=op.f("chk_events_actor")
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["users.id"], name=op.f("fk_events_actor_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_events_message_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_events_ticket_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
    )
    op.create_index("idx_events_ticket_id_seq", "events", ["ticket_id", "seq"], unique=False)
    op.create_table(
        "inbound",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("seq", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        sa.Column("lane", sa.Text(), nullable=True),
        sa.Column(
            "envelope",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("raw", sa.LargeBinary(), nullable=True),
        sa.Column("raw_path", sa.Text(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), server_default="pending", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("ticket_id", sa.Uuid(), nullable=True),
        sa.Column("message_id", sa.Uuid(), nullable=True),
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
            "status IN ('pending', 'queued', 'processing', 'done', 'quarantined', 'dropped')",
            name=op.f("chk_inbound_status"),
        ),
        sa.CheckConstraint("(raw IS NULL) <> (raw_path IS NULL)", name=op.f("chk_inbound_raw")),
        sa.ForeignKeyConstraint(["channel"], ["channels.name"], name=op.f("fk_inbound_channel")),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_inbound_message_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_inbound_ticket_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound")),
        sa.UniqueConstraint(
            "channel",
            "external_id",
            "content_hash",
            name=op.f("uq_inbound_channel_external_id_content_hash"),
        ),
    )
    op.create_index(
        "idx_inbound_due",
        "inbound",
        ["next_attempt_at"],
        unique=False,
        postgresql_where=sa.text("status = 'pending'"),
    )
    op.create_index(
        "idx_inbound_leased",
        "inbound",
        ["lease_until"],
        unique=False,
        postgresql_where=sa.text("status IN ('queued', 'processing')"),
    )
    op.create_index(
        "idx_inbound_order",
        "inbound",
        ["channel", "lane", "seq"],
        unique=False,
        postgresql_where=sa.text("status IN ('pending', 'queued', 'processing')"),
    )
    op.create_index(
        "idx_inbound_status_created_at", "inbound", ["status", "created_at"], unique=False
    )
    op.create_index(op.f("idx_inbound_ticket_id"), "inbound", ["ticket_id"], unique=False)
    op.create_table(
        "ticket_attachments",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("file_path", sa.Text(), nullable=False),
        sa.Column("file_size", sa.BigInteger(), nullable=False),
        sa.Column("mime_type", sa.Text(), nullable=False),
        sa.Column("uploaded_by", sa.Uuid(), nullable=True),
        sa.Column("display_path", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), server_default="stored", nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("remote_ref", sa.Text(), nullable=True),
        sa.Column("content_id", sa.Text(), nullable=True),
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
            "status IN ('stored', 'quarantined', 'pending', 'failed')",
            name=op.f("chk_ticket_attachments_status"),
        ),
        sa.CheckConstraint("file_size >= 0", name=op.f("chk_ticket_attachments_file_size")),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["messages.id"],
            name=op.f("fk_ticket_attachments_message_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"],
            ["tickets.id"],
            name=op.f("fk_ticket_attachments_ticket_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by"],
            ["users.id"],
            name=op.f("fk_ticket_attachments_uploaded_by"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_attachments")),
    )
    op.create_index(
        op.f("idx_ticket_attachments_file_path"), "ticket_attachments", ["file_path"], unique=False
    )
    op.create_index(
        op.f("idx_ticket_attachments_message_id"),
        "ticket_attachments",
        ["message_id"],
        unique=False,
    )
    op.create_index(
        op.f("idx_ticket_attachments_ticket_id"), "ticket_attachments", ["ticket_id"], unique=False
    )
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("seq", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=True),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("recipient_ref", sa.Text(), nullable=False),
        sa.Column(
            "lane",
            sa.Text(),
            sa.Computed(
                "channel || ':' || recipient_ref || ':' || coalesce(ticket_id::text, '')",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.Column("audience", sa.Text(), server_default="submitter", nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column(
            "payload",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("status", sa.Text(), server_default="pending", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("provider_id", sa.Text(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
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
            "status IN ('pending', 'queued', 'sending', 'sent', 'failed', 'dead', 'cancelled')",
            name=op.f("chk_deliveries_status"),
        ),
        sa.ForeignKeyConstraint(["channel"], ["channels.name"], name=op.f("fk_deliveries_channel")),
        sa.CheckConstraint(
            "(ticket_id IS NULL) = (event_id IS NULL)", name=op.f("chk_deliveries_event_id")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_deliveries_event_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_deliveries_ticket_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint(
            "ticket_id",
            "event_id",
            "channel",
            "recipient_ref",
            name=op.f("uq_deliveries_ticket_id_event_id_channel_recipient_ref"),
        ),
    )
    op.create_index(
        "idx_deliveries_due",
        "deliveries",
        ["next_attempt_at", "seq"],
        unique=False,
        postgresql_where=sa.text("status = 'pending'"),
    )
    op.create_index(op.f("idx_deliveries_event_id"), "deliveries", ["event_id"], unique=False)
    op.create_index(
        "idx_deliveries_leased",
        "deliveries",
        ["lease_until"],
        unique=False,
        postgresql_where=sa.text("status IN ('queued', 'sending')"),
    )
    op.create_index(
        "idx_deliveries_order",
        "deliveries",
        ["lane", "seq"],
        unique=False,
        postgresql_where=sa.text("status IN ('pending', 'queued', 'sending')"),
    )
    op.create_index(
        "idx_deliveries_status_created_at", "deliveries", ["status", "created_at"], unique=False
    )
    for function in FUNCTIONS:
        op.execute(function)
    for table, columns in WATCHED.items():
        op.execute(
            f"CREATE TRIGGER {table}_raise_directory_version "
            f"AFTER INSERT OR DELETE OR UPDATE{columns} ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION raise_directory_version()"
        )
    _seed()


def _seed() -> None:
    op.execute("INSERT INTO directory_version DEFAULT VALUES")
    op.execute("INSERT INTO hospital (name, short_name) VALUES ('Rumah Sakit', 'RS')")
    op.execute(
        "INSERT INTO units (name, code, description, is_triage_desk) VALUES "
        "('Meja Pengaduan', 'PENGADUAN', 'Membaca laporan yang belum jelas tujuannya.', true)"
    )
    op.bulk_insert(
        sa.table("service_categories", *map(sa.column, ("code", "name", "default_sla_hours"))),
        [{"code": c, "name": n, "default_sla_hours": h} for c, n, h in CATEGORIES],
    )
    op.bulk_insert(
        sa.table("roles", *map(sa.column, ("code", "name", "description"))),
        [{"code": code, "name": id_, "description": en} for code, id_, en in ROLES],
    )


def downgrade() -> None:
    op.drop_index("idx_deliveries_status_created_at", table_name="deliveries")
    op.drop_index(
        "idx_deliveries_order",
        table_name="deliveries",
        postgresql_where=sa.text("status IN ('pending', 'queued', 'sending')"),
    )
    op.drop_index(
        "idx_deliveries_leased",
        table_name="deliveries",
        postgresql_where=sa.text("status IN ('queued', 'sending')"),
    )
    op.drop_index(op.f("idx_deliveries_event_id"), table_name="deliveries")
    op.drop_index(
        "idx_deliveries_due",
        table_name="deliveries",
        postgresql_where=sa.text("status = 'pending'"),
    )
    op.drop_table("deliveries")
    op.drop_index(op.f("idx_ticket_attachments_ticket_id"), table_name="ticket_attachments")
    op.drop_index(op.f("idx_ticket_attachments_message_id"), table_name="ticket_attachments")
    op.drop_index(op.f("idx_ticket_attachments_file_path"), table_name="ticket_attachments")
    op.drop_table("ticket_attachments")
    op.drop_index(op.f("idx_inbound_ticket_id"), table_name="inbound")
    op.drop_index("idx_inbound_status_created_at", table_name="inbound")
    op.drop_index(
        "idx_inbound_order",
        table_name="inbound",
        postgresql_where=sa.text("status IN ('pending', 'queued', 'processing')"),
    )
    op.drop_index(
        "idx_inbound_leased",
        table_name="inbound",
        postgresql_where=sa.text("status IN ('queued', 'processing')"),
    )
    op.drop_index(
        "idx_inbound_due", table_name="inbound", postgresql_where=sa.text("status = 'pending'")
    )
    op.drop_table("inbound")
    op.drop_index("idx_events_ticket_id_seq", table_name="events")
    op.drop_table("events")
    op.drop_index(op.f("idx_ticket_links_other_id"), table_name="ticket_links")
    op.drop_table("ticket_links")
    op.drop_index("idx_ticket_addresses_channel_address", table_name="ticket_addresses")
    op.drop_table("ticket_addresses")
    op.drop_index("idx_messages_ticket_id_created_at", table_name="messages")
    op.drop_table("messages")
    op.drop_index(op.f("idx_user_roles_user_id"), table_name="user_roles")
    op.drop_index(op.f("idx_user_roles_role_id"), table_name="user_roles")
    op.drop_index(op.f("idx_user_roles_is_active"), table_name="user_roles")
    op.drop_table("user_roles")
    op.drop_index("idx_tickets_unit_id_status", table_name="tickets")
    op.drop_index(op.f("idx_tickets_unit_id"), table_name="tickets")
    op.drop_index(op.f("idx_tickets_type"), table_name="tickets")
    op.drop_index(op.f("idx_tickets_submitter_phone"), table_name="tickets")
    op.drop_index(op.f("idx_tickets_submitter_email"), table_name="tickets")
    op.drop_index("idx_tickets_status_priority", table_name="tickets")
    op.drop_index(op.f("idx_tickets_status"), table_name="tickets")
    op.drop_index(op.f("idx_tickets_source"), table_name="tickets")
    op.drop_index(op.f("idx_tickets_sla_deadline"), table_name="tickets")
    op.drop_index(op.f("idx_tickets_risk_grade"), table_name="tickets")
    op.drop_index(op.f("idx_tickets_received_at"), table_name="tickets")
    op.drop_index(op.f("idx_tickets_qr_code_id"), table_name="tickets")
    op.drop_index(op.f("idx_tickets_priority"), table_name="tickets")
    op.drop_index(op.f("idx_tickets_category_id"), table_name="tickets")
    op.drop_index("idx_tickets_assigned_to_status", table_name="tickets")
    op.drop_index(op.f("idx_tickets_assigned_to"), table_name="tickets")
    op.drop_table("tickets")
    op.drop_index(op.f("idx_users_unit_id"), table_name="users")
    op.drop_index(op.f("idx_users_is_active"), table_name="users")
    op.drop_table("users")
    op.drop_index(op.f("idx_unit_aliases_unit_id"), table_name="unit_aliases")
    op.drop_table("unit_aliases")
    op.drop_index(op.f("idx_service_categories_is_active"), table_name="service_categories")
    op.drop_table("service_categories")
    op.drop_index(op.f("idx_qr_codes_unit_id"), table_name="qr_codes")
    op.drop_index(op.f("idx_qr_codes_is_active"), table_name="qr_codes")
    op.drop_table("qr_codes")
    op.drop_index(op.f("idx_units_unit_type_id"), table_name="units")
    op.drop_index(
        "idx_units_triage_desk", table_name="units", postgresql_where=sa.text("is_triage_desk")
    )
    op.drop_index(op.f("idx_units_parent_unit_id"), table_name="units")
    op.drop_index(op.f("idx_units_is_active"), table_name="units")
    op.drop_table("units")
    op.drop_index(op.f("idx_unit_types_is_active"), table_name="unit_types")
    op.drop_table("unit_types")
    op.drop_table("ticket_days")
    op.drop_table("send_rate")
    op.drop_table("roles")
    op.drop_table("periodic_jobs")
    op.drop_table("hospital")
    op.drop_table("directory_version")
    op.drop_table("channels")
    op.drop_index(op.f("idx_admins_role"), table_name="admins")
    op.drop_index(op.f("idx_admins_is_active"), table_name="admins")
    op.drop_table("admins")
    op.execute(sa.schema.DropSequence(sa.Sequence("ticket_number_seq")))
    op.execute("DROP FUNCTION raise_directory_version, keep_history")
    for schema in ("audit", "analytics", "auth"):
        op.execute(sa.schema.DropSchema(schema))
