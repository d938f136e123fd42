"""Where listeners are in documents."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bookmarks",
        sa.Column("listener", sa.String(128), primary_key=True),
        sa.Column(
            "document",
            sa.String(64),
            sa.ForeignKey("documents.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("chapter", sa.Integer, nullable=False),
        sa.Column("passage", sa.Integer, nullable=False),
        sa.Column("sign", sa.Integer, nullable=False),
    )
    op.create_index("bookmarks_by_document", "bookmarks", ["document"])


def downgrade() -> None:
    op.drop_table("bookmarks")
