"""What is set aside is decided by a person; sources of mail can be trusted."""

from alembic import op

revision = "kiss2"
down_revision = "kiss1"
branch_labels = depends_on = None

COLUMNS = (
    # name, type, comment
    (
        "reason",
        "text",
        "Why it was set aside, a code; NULL: it never was, or before there were codes.",
    ),
    (
        "summary",
        "jsonb",
        "What the desk shows of what was set aside: who, subject, first words, danger.",
    ),
    (
        "is_danger",
        "boolean NOT NULL DEFAULT false",
        "Whether words of danger were found in it.",
    ),
    (
        "alarmed_at",
        "timestamptz",
        "When those who decide were last alarmed while it waited.",
    ),
    (
        "verdict",
        "text CONSTRAINT chk_inbound_verdict CHECK (verdict IN ('report', 'join', 'no_report'))",
        "What a person decided of what was set aside; NULL: nobody did.",
    ),
    (
        "verdict_ticket_id",
        "uuid CONSTRAINT fk_inbound_tickets_verdict_ticket_id"
        " REFERENCES tickets (id) ON DELETE SET NULL",
        "The ticket that a person joined it to.",
    ),
    (
        "decided_by",
        "uuid CONSTRAINT fk_inbound_users REFERENCES users (id) ON DELETE SET NULL",
        "Who decided; NULL, beside a moment: the command line.",
    ),
    (
        "decided_at",
        "timestamptz",
        "When it was decided; the clock of a report counts from here.",
    ),
)

TRUSTED = """
CREATE TABLE trusted_sources (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    kind TEXT NOT NULL,
    address TEXT NOT NULL,
    added_by UUID,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_trusted_sources PRIMARY KEY (id),
    CONSTRAINT chk_trusted_sources_kind CHECK (kind IN ('list', 'form', 'redirect', 'portal')),
    CONSTRAINT uq_trusted_sources_kind_address UNIQUE (kind, address),
    CONSTRAINT fk_trusted_sources_users FOREIGN KEY (added_by) REFERENCES users (id)
        ON DELETE SET NULL
)
"""

SAID_OF_TRUSTED = (
    (
        "TABLE trusted_sources",
        "An address whose mail is never set aside for being a machine's; the directory carries it.",
    ),
    ("COLUMN trusted_sources.id", "Time-ordered where we make it."),
    (
        "COLUMN trusted_sources.kind",
        "The hospital's own list, a form of its website, a redirecting mailbox, a portal.",
    ),
    (
        "COLUMN trusted_sources.address",
        "A mail address, @domain or List-Id, in lower case.",
    ),
    (
        "COLUMN trusted_sources.added_by",
        "Who trusts it; NULL: the command line or the hospital's file.",
    ),
    ("COLUMN trusted_sources.created_at", "When the row was made."),
    ("COLUMN trusted_sources.updated_at", "When the row was changed last."),
)


READ = "ticket attachment export print person message"
READ_BEFORE = "ticket attachment export print person"


def upgrade() -> None:
    for name, kind, comment in COLUMNS:
        op.execute(f"ALTER TABLE inbound ADD COLUMN {name} {kind}")
        _say(f"COLUMN inbound.{name}", comment)
    op.execute("CREATE INDEX idx_inbound_verdict_ticket_id ON inbound (verdict_ticket_id)")
    op.execute(
        "CREATE INDEX idx_inbound_set_aside ON inbound (is_danger, received_at, alarmed_at)"
        " WHERE status = 'quarantined'"
    )
    op.execute(TRUSTED)
    for what, comment in SAID_OF_TRUSTED:
        _say(what, comment)
    op.execute(
        "CREATE TRIGGER trusted_sources_raise_directory_version"
        " AFTER INSERT OR DELETE OR UPDATE ON trusted_sources"
        " FOR EACH STATEMENT EXECUTE FUNCTION raise_directory_version()"
    )
    _let_be_read(READ)
    _say(
        "COLUMN audit.reads.what",
        "What of READ: a ticket, a file of it, a message that was set aside.",
    )


def downgrade() -> None:
    op.execute("DELETE FROM audit.reads WHERE what = 'message'")
    _let_be_read(READ_BEFORE)
    _say(
        "COLUMN audit.reads.what",
        "A ticket, a file of it, a table carried away, a printed page, an address.",
    )
    op.execute("DROP TABLE trusted_sources")
    for name, _, _ in reversed(COLUMNS):
        op.execute(f"ALTER TABLE inbound DROP COLUMN {name}")


def _let_be_read(words: str) -> None:
    quoted = ", ".join(f"'{word}'" for word in words.split())
    op.execute("ALTER TABLE audit.reads DROP CONSTRAINT chk_reads_what")
    op.execute(
        f"ALTER TABLE audit.reads ADD CONSTRAINT chk_reads_what CHECK (what IN ({quoted})) NOT VALID"
    )
    op.execute("ALTER TABLE audit.reads VALIDATE CONSTRAINT chk_reads_what")


def _say(what: str, comment: str) -> None:
    quoted = comment.replace("'", "''")
    op.execute(f"COMMENT ON {what} IS '{quoted}'")
