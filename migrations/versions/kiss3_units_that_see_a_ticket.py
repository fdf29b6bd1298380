"""Further units see a ticket, and a mail is found by its id and by what it answers."""

from alembic import op

revision = "kiss3"
down_revision = "kiss2"
branch_labels = depends_on = None


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE ticket_units (
            ticket_id uuid NOT NULL
                CONSTRAINT fk_ticket_units_tickets REFERENCES tickets (id) ON DELETE CASCADE,
            unit_id uuid NOT NULL
                CONSTRAINT fk_ticket_units_units REFERENCES units (id) ON DELETE CASCADE,
            CONSTRAINT pk_ticket_units PRIMARY KEY (ticket_id, unit_id)
        )
        """
    )
    op.execute("CREATE INDEX idx_ticket_units_unit_id ON ticket_units (unit_id)")
    op.execute(
        "COMMENT ON TABLE ticket_units IS 'A unit that a report was also sent to. It sees the"
        " ticket; another owes the answer.'"
    )
    op.execute("COMMENT ON COLUMN ticket_units.ticket_id IS 'The ticket that it sees.'")
    op.execute("COMMENT ON COLUMN ticket_units.unit_id IS 'The unit that was written to as well.'")
    op.execute(
        "CREATE INDEX idx_messages_mail ON messages USING gin ((remarks -> 'mail') jsonb_path_ops)"
        " WITH (fastupdate = off) WHERE remarks ? 'mail'"
    )


def downgrade() -> None:
    op.execute("DROP INDEX idx_messages_mail")
    op.execute("DROP TABLE ticket_units")
