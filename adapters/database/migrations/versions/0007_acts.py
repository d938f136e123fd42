"""What was done because of something that a chat may tell again: a hash, and the day."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "acts",
        sa.Column("act", sa.String(64), primary_key=True),
        sa.Column("day", sa.String(10), nullable=False),
    )
    op.create_index("ix_acts_day", "acts", ["day"])


def downgrade() -> None:
    op.drop_table("acts")
