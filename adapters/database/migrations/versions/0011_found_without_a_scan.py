"""Indexes, for a library of many documents: nothing that a listener does reads a table from end to
end. And until when a conversation is left alone, so that one that cannot be reached holds up no
other.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

INDEXES = (
    ("documents_by_receipt", "documents", ("received_at",)),
    ("shelf_by_document", "shelf", ("document", "added_at")),
    ("listenings_by_document", "listenings", ("document",)),
    ("cards_by_document", "cards", ("document", "listener")),
    ("wishes_by_document", "wishes", ("document", "listener")),
    ("wishes_by_listener", "wishes", ("listener",)),
    ("wishes_by_platform", "wishes", ("platform", "id")),
    ("questions_by_document", "questions", ("document", "listener")),
    ("questions_by_listener", "questions", ("listener",)),
    ("shares_by_document", "shares", ("document",)),
    ("costs_by_listener", "costs", ("listener",)),
)
IS_STALE = sa.text("version > shown")


def upgrade() -> None:
    for table in ("cards", "wishes"):
        column = sa.Column("not_before", sa.Float, nullable=False, server_default="0")
        op.add_column(table, column)
    for name, table, columns in INDEXES:
        op.create_index(name, table, list(columns))
    op.create_index(
        "cards_to_show",
        "cards",
        ["platform", "stale_since", "listener", "document"],
        sqlite_where=IS_STALE,
        postgresql_where=IS_STALE,
    )


def downgrade() -> None:
    op.drop_index("cards_to_show", "cards")
    for name, table, _ in reversed(INDEXES):
        op.drop_index(name, table)
    for table in ("wishes", "cards"):
        op.drop_column(table, "not_before")
