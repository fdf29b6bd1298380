"""The first schema: its statements stand in the SQL file beside this one."""

from pathlib import Path

from alembic import op

from migrations.script import statements

revision = "kiss1"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    for statement in statements(Path(__file__).with_suffix(".sql")):
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    raise NotImplementedError("Before the first schema there is none: drop the database.")
