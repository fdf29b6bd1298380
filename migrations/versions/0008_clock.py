"""The schema knows no time of its own: created_at and its like are written from the one clock.

Revision ID: 0008
Revises: 0007
"""

from alembic import op
from sqlalchemy import text

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ASKING = """
SELECT format('%I.%I', n.nspname, c.relname) AS table, quote_ident(a.attname) AS column
  FROM pg_attrdef d
  JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
  JOIN pg_class c ON c.oid = d.adrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE pg_get_expr(d.adbin, d.adrelid) ~* '(now|clock_timestamp)\\(\\)'
"""

STAMPS = """
SELECT format('%I.%I', table_schema, table_name) AS table, column_name
  FROM information_schema.columns
 WHERE table_schema IN ('public', 'audit', 'auth')
   AND column_name IN ('created_at', 'updated_at', 'assigned_at')
"""


def upgrade() -> None:
    for table, column in op.get_bind().execute(text(ASKING)).all():
        op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} DROP DEFAULT")


def downgrade() -> None:
    for table, column in op.get_bind().execute(text(STAMPS)).all():
        op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET DEFAULT now()")
