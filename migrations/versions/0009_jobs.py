"""One way to work off due rows."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("deliveries", "inbound", "chat_files"):
        op.execute(f"ALTER TABLE {table} ADD losses smallint NOT NULL DEFAULT 0,"
                   " ADD reopened_at timestamptz, ADD held_by uuid")
        op.execute(f"DROP INDEX idx_{table}_due")
    op.execute("ALTER TABLE deliveries ALTER seq TYPE bigint")
    op.execute("ALTER TABLE inbound ALTER seq TYPE bigint")
    op.execute("ALTER TABLE inbound RENAME error TO last_error")
    op.execute("DROP INDEX idx_inbound_order")
    op.execute("ALTER TABLE chat_files ADD lease_until timestamptz, ADD last_error text,"
               " ADD lane text, ADD seq bigint GENERATED ALWAYS AS IDENTITY NOT NULL")
    op.execute("ALTER TABLE chat_files DROP CONSTRAINT chk_chat_files_status,"
               " ADD CONSTRAINT chk_chat_files_status CHECK (status IN"
               " ('pending', 'queued', 'fetching', 'stored', 'quarantined', 'failed'))")
    for table, held in (("deliveries", "sending"), ("inbound", "processing"), ("chat_files", "fetching")):
        op.execute(f"CREATE INDEX idx_{table}_due ON {table} (next_attempt_at, seq)"
                   " WHERE status = 'pending'")
        op.execute(f"CREATE INDEX IF NOT EXISTS idx_{table}_order ON {table} (lane, seq)"
                   f" WHERE status IN ('pending', 'queued', '{held}')")
    op.execute("CREATE INDEX idx_chat_files_leased ON chat_files (lease_until)"
               " WHERE status IN ('queued', 'fetching')")
