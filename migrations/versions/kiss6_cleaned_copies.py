"""Files of anonymous reports have a cleaned copy, and their originals are sealed."""

from alembic import op

revision = "kiss6"
down_revision = "kiss4"
branch_labels = depends_on = None

_COLUMNS = (
    ("clean_path", "text", "Key of the cleaned copy, all that others get of an anonymous person''s"
     " file."),
    ("clean_mime", "text", "What the cleaned copy is."),
    ("clean_size", "bigint", "Bytes of the cleaned copy."),
    ("clean_reason", "text", "Why there is no cleaned copy, as a code that pages put into words."),
    ("sealed_key", "text", "The key it came under, hidden; not NULL: what file_path names is"
     " sealed."),
)  # fmt: skip
_QUEUE = (
    ("id", "Time-ordered where we make it."),
    ("seq", "The order in which rows were made."),
    ("status", "How far it is worked off."),
    ("attempts", "How often it was tried."),
    ("losses", "Workers in a row that held it and never came back."),
    ("next_attempt_at", "When it is tried, or tried again."),
    ("reopened_at", "When it was given all its attempts anew; patience counts from here, if not"
     " NULL."),
    ("lease_until", "Until when a broker or a worker has it; past that it is anybody''s."),
    ("held_by", "The claim that holds it, or held it last; any other changes nothing."),
    ("last_error", "The code of the last fault, never its words."),
    ("attachment_id", "The file; no reference, so that a report can be erased meanwhile."),
    ("lane", "Always NULL: files wait for nothing else."),
    ("created_at", "When the row was made."),
    ("updated_at", "When the row was changed last."),
)  # fmt: skip


def upgrade() -> None:
    for name, kind, comment in _COLUMNS:
        op.execute(f"ALTER TABLE ticket_attachments ADD COLUMN {name} {kind}")
        op.execute(f"COMMENT ON COLUMN ticket_attachments.{name} IS '{comment}'")
    op.execute(
        "CREATE INDEX idx_ticket_attachments_sealed_key ON ticket_attachments (sealed_key)"
    )
    op.execute(
        """
        CREATE TABLE cleanings (
            id uuid DEFAULT gen_random_uuid() NOT NULL CONSTRAINT pk_cleanings PRIMARY KEY,
            seq bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
            status text DEFAULT 'pending' NOT NULL
                CONSTRAINT ck_cleanings_status
                CHECK (status IN ('pending', 'queued', 'cleaning', 'done', 'failed')),
            attempts integer DEFAULT 0 NOT NULL,
            losses smallint DEFAULT 0 NOT NULL,
            next_attempt_at timestamptz NOT NULL,
            reopened_at timestamptz,
            lease_until timestamptz,
            held_by uuid,
            last_error text,
            attachment_id uuid NOT NULL CONSTRAINT uq_cleanings_attachment_id UNIQUE,
            lane text,
            created_at timestamptz NOT NULL,
            updated_at timestamptz NOT NULL
        )
        """
    )
    op.execute(
        "CREATE INDEX idx_cleanings_due ON cleanings (next_attempt_at, seq)"
        " WHERE status = 'pending'"
    )
    op.execute(
        "CREATE INDEX idx_cleanings_leased ON cleanings (lease_until)"
        " WHERE status IN ('queued', 'cleaning')"
    )
    op.execute(
        "CREATE INDEX idx_cleanings_order ON cleanings (lane, seq)"
        " WHERE status IN ('pending', 'queued', 'cleaning')"
    )
    op.execute(
        "COMMENT ON TABLE cleanings IS 'A file of an anonymous report that is cleaned for others,"
        " and its original sealed.'"
    )
    for name, comment in _QUEUE:
        op.execute(f"COMMENT ON COLUMN cleanings.{name} IS '{comment}'")


def downgrade() -> None:
    op.execute("DROP TABLE cleanings")
    op.execute("DROP INDEX idx_ticket_attachments_sealed_key")
    for name, _, _ in _COLUMNS:
        op.execute(f"ALTER TABLE ticket_attachments DROP COLUMN {name}")
