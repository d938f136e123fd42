"""When a track says what. Of those that are there nobody knows."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tracks", sa.Column("times", sa.Text, nullable=False, server_default="{}"))


def downgrade() -> None:
    op.drop_column("tracks", "times")
