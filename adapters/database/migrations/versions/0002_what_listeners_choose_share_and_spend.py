"""What listeners choose, are asked, share and spend; chapters that come in order.

Columns are added, never tables rebuilt: on SQLite that would drop a table that others hang on, and
their rows with it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def added() -> list[tuple[str, sa.Column[object]]]:
    return [
        ("documents", sa.Column("failure_facts", sa.Text, nullable=False, server_default="{}")),
        ("listeners", sa.Column("preferences", sa.Text, nullable=False, server_default="{}")),
        ("shelf", sa.Column("name", sa.Text, nullable=False, server_default="")),
        ("cards", sa.Column("stale_since", sa.Float, nullable=False, server_default="0")),
        (
            "wishes",
            sa.Column("is_unasked", sa.Boolean, nullable=False, server_default=sa.false()),
        ),
    ]


def document_reference() -> sa.Column[str]:
    reference = sa.ForeignKey("documents.id", ondelete="CASCADE")
    return sa.Column("document", sa.String(64), reference, nullable=False)


def upgrade() -> None:
    for table, column in added():
        op.add_column(table, column)
    op.create_table(
        "questions",
        sa.Column("platform", sa.String(16), primary_key=True),
        sa.Column("channel", sa.String(128), primary_key=True),
        sa.Column("thread", sa.String(128), primary_key=True),
        sa.Column("listener", sa.String(128), primary_key=True),
        sa.Column("asked", sa.String(16), nullable=False),
        document_reference(),
    )
    op.create_table(
        "shares",
        sa.Column("token", sa.String(32), primary_key=True),
        sa.Column("owner", sa.String(128), nullable=False),
        document_reference(),
        sa.Column("narration", sa.Text, nullable=False),
        sa.UniqueConstraint("owner", "document", name="one_share"),
    )
    op.create_table(
        "lexicons",
        sa.Column("listener", sa.String(128), primary_key=True),
        sa.Column("words", sa.Text, nullable=False),  # spoken by written
    )
    op.create_table(
        "spendings",
        sa.Column("listener", sa.String(128), primary_key=True),
        sa.Column("day", sa.String(10), primary_key=True),
        sa.Column("seconds", sa.Float, nullable=False),
    )


def downgrade() -> None:
    for table in ("spendings", "lexicons", "shares", "questions"):
        op.drop_table(table)
    for table, column in added():
        op.drop_column(table, column.name)
