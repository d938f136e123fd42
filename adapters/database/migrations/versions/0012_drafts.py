"""What is known of a document while it is read."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("documents", sa.Column("draft", sa.Text, nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("documents", "draft")
