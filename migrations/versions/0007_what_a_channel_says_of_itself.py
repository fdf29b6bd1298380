"""What a channel says of itself, so that nothing else has to know it by name."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in (
        sa.Column("label", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("sign", sa.Text(), server_default="mail", nullable=False),
        sa.Column("is_spoken", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("tells_staff", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("takes", sa.Text(), nullable=True),
        sa.Column("patience", sa.Text(), server_default="hours", nullable=False),
    ):
        op.add_column("channels", column)
    op.create_check_constraint(
        op.f("chk_channels_takes"), "channels", "takes IN ('email', 'phone')"
    )
    op.create_check_constraint(
        op.f("chk_channels_patience"), "channels", "patience IN ('hours', 'days')"
    )


def downgrade() -> None:
    for column in ("patience", "takes", "tells_staff", "is_spoken", "sign", "label"):
        op.drop_column("channels", column)
