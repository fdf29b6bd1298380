"""Ticket after ticket opened by one person is kept for a supervisor to look into."""

from alembic import op

revision = "kiss8"
down_revision = "kiss6"
branch_labels = depends_on = None

_COMMENTS = {
    "id": "Time-ordered where we make it.",
    "user_id": "Who opened them.",
    "limit_name": "Which limit it was, by its name.",
    "begun_at": "When the limit was passed.",
    "last_at": "When the last of them was opened.",
    "counted": "The most different tickets within one hour.",
    "looked_into_by": "Which supervisor looked into it.",
    "looked_into_at": "When they said so.",
    "created_at": "When the row was made.",
    "updated_at": "When the row was changed last.",
}


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE opened_series (
            id uuid DEFAULT gen_random_uuid() NOT NULL CONSTRAINT pk_opened_series PRIMARY KEY,
            user_id uuid NOT NULL
                CONSTRAINT fk_opened_series_user_id_users REFERENCES users (id) ON DELETE CASCADE,
            limit_name text NOT NULL,
            begun_at timestamptz NOT NULL,
            last_at timestamptz NOT NULL,
            counted integer NOT NULL,
            looked_into_by uuid
                CONSTRAINT fk_opened_series_looked_into_by_users
                REFERENCES users (id) ON DELETE SET NULL,
            looked_into_at timestamptz,
            created_at timestamptz NOT NULL,
            updated_at timestamptz NOT NULL
        )
        """
    )
    op.execute(
        "CREATE INDEX idx_opened_series_user_id ON opened_series (user_id)"
        " WHERE looked_into_at IS NULL"
    )
    op.execute("CREATE INDEX idx_opened_series_begun_at ON opened_series (begun_at)")
    op.execute(
        "COMMENT ON TABLE opened_series IS 'Somebody opened ticket after ticket; waits for a"
        " supervisor to look into it.'"
    )
    for column, comment in _COMMENTS.items():
        op.execute(f"COMMENT ON COLUMN opened_series.{column} IS '{comment}'")


def downgrade() -> None:
    op.execute("DROP TABLE opened_series")
