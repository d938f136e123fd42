"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None
_NOW = sa.func.now()


def document_key() -> sa.Column[str]:
    reference = sa.ForeignKey("documents.id", ondelete="CASCADE")
    return sa.Column("document", sa.String(64), reference, primary_key=True)


def upgrade() -> None:
    op.create_table(
        "documents",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("filename", sa.Text, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("stage", sa.String(16), nullable=False),
        sa.Column("failure_kind", sa.String(32), nullable=False, server_default=""),
        sa.Column("failure", sa.Text, nullable=False, server_default=""),
        sa.Column("read_share", sa.Float, nullable=False, server_default="0"),
        sa.Column("head", sa.Text, nullable=False, server_default=""),  # Document without chapters
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False, server_default=_NOW),
    )
    op.create_table(
        "chapters",
        document_key(),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("head", sa.Text, nullable=False),  # Chapter without passages
        sa.Column("body", sa.Text, nullable=False),  # Chapter with passages
    )
    op.create_table(
        "tracks",
        document_key(),
        sa.Column("narration_key", sa.String(80), primary_key=True),
        sa.Column("chapter", sa.Integer, primary_key=True),
        sa.Column("narration", sa.Text, nullable=False),
        sa.Column("stage", sa.String(16), nullable=False),
        sa.Column("seconds", sa.Float, nullable=False, server_default="0"),
        sa.Column("size", sa.BigInteger, nullable=False, server_default="0"),
    )
    op.create_table(
        "uploads",
        document_key(),
        sa.Column("narration_key", sa.String(80), primary_key=True),
        sa.Column("chapter", sa.Integer, primary_key=True),
        sa.Column("platform", sa.String(16), primary_key=True),
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("remote_id", sa.Text, nullable=False),
    )
    op.create_table(
        "listeners",
        sa.Column("id", sa.String(128), primary_key=True),
        sa.Column("body", sa.Text, nullable=False),  # Listener
    )
    op.create_table(
        "shelf",
        sa.Column("listener", sa.String(128), primary_key=True),
        document_key(),
        sa.Column("narration", sa.Text, nullable=False),
        sa.Column("narration_key", sa.String(80), nullable=False),
        sa.Column("is_stopped", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "listenings",
        sa.Column("listener", sa.String(128), primary_key=True),
        document_key(),
        sa.Column("chapter", sa.Integer, primary_key=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False, server_default=_NOW),
    )
    op.create_table(
        "cards",
        sa.Column("listener", sa.String(128), primary_key=True),
        document_key(),
        sa.Column("platform", sa.String(16), primary_key=True),
        sa.Column("channel", sa.String(128), primary_key=True),
        sa.Column("thread", sa.String(128), primary_key=True),
        sa.Column("message", sa.String(128), nullable=False),
        sa.Column("menu_page", sa.Integer, nullable=False, server_default="1"),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        sa.Column("shown", sa.Integer, nullable=False, server_default="0"),
    )
    op.create_index("cards_by_message", "cards", ["platform", "channel", "message"])
    op.create_table(
        "wishes",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("platform", sa.String(16), nullable=False),
        sa.Column("channel", sa.String(128), nullable=False),
        sa.Column("thread", sa.String(128), nullable=False),
        sa.Column("listener", sa.String(128), nullable=False),
        sa.Column(
            "document",
            sa.String(64),
            sa.ForeignKey("documents.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("chapter", sa.Integer, nullable=False),
        sa.Column("narration", sa.Text, nullable=False),
        sa.Column("narration_key", sa.String(80), nullable=False),
        sa.UniqueConstraint(
            "platform",
            "channel",
            "thread",
            "listener",
            "document",
            "chapter",
            "narration_key",
            name="one_wish",
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "executors",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("beat_at", sa.Float, nullable=False),  # seconds since the epoch, by the database
    )
