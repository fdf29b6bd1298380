"""How often each limit refused is written down by the hour, so that an operator sees it."""

from alembic import op

revision = "kiss4"
down_revision = "kiss3"
branch_labels = depends_on = None


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE refusals (
            name text NOT NULL,
            hour timestamptz NOT NULL,
            times bigint NOT NULL,
            CONSTRAINT pk_refusals PRIMARY KEY (name, hour)
        )
        """
    )
    op.execute(
        "COMMENT ON TABLE refusals IS 'How often a limit refused, or put off, in one hour. Whom it"
        " met is written nowhere.'"
    )
    op.execute("COMMENT ON COLUMN refusals.name IS 'The limit, as the table of limits calls it.'")
    op.execute(
        "COMMENT ON COLUMN refusals.hour IS 'When the hour began in which it was written down.'"
    )
    op.execute("COMMENT ON COLUMN refusals.times IS 'How often it refused in this hour.'")


def downgrade() -> None:
    op.execute("DROP TABLE refusals")
