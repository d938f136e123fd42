"""Who alone sees an answer, and in which of several workspaces, in columns of their own.

Slack kept both inside other words: a thread was `1700000000.000100@U04`, a channel `T05/C05`. They
are part of what tells conversations apart, so they belong into keys, and tables that nothing hangs
on are made anew. A document of too many pages is no longer known by the kind of one that is too
large.
"""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

Row = dict[str, Any]
BEFORE = ("platform", "channel", "thread")
SINCE = ("platform", "workspace", "channel", "thread", "seen_by")
TABLES = ("cards", "wishes", "questions")
IDS = "wishes_id_seq"  # PostgreSQL's


def upgrade() -> None:
    remake(SINCE, unpacked)
    rename_kind("too_large", "too_many_pages")


def downgrade() -> None:
    rename_kind("too_many_pages", "too_large")
    remake(BEFORE, packed)


def unpacked(row: Row) -> Row:
    """With a place of Slack's taken apart. No other platform has such signs in its ids."""
    workspace, channel, thread, seen_by = "", row["channel"], row["thread"], ""
    if row["platform"] == "slack":
        workspace, _, channel = channel.rpartition("/")
        thread, _, seen_by = thread.partition("@")
    place = {"workspace": workspace, "channel": channel, "thread": thread, "seen_by": seen_by}
    return row | place


def packed(row: Row) -> Row:
    """As the program before had it."""
    workspace, seen_by = row.pop("workspace"), row.pop("seen_by")
    channel = f"{workspace}/{row['channel']}" if workspace else row["channel"]
    thread = f"{row['thread']}@{seen_by}" if seen_by else row["thread"]
    return row | {"channel": channel, "thread": thread}


def remake(place: tuple[str, ...], changed: Callable[[Row], Row]) -> None:
    """The three tables that know conversations, with these columns for one."""
    connection = op.get_bind()
    rows = {name: _taken(connection, name) for name in TABLES}
    last_wish = _last_wish(connection, rows["wishes"])
    for name in TABLES:
        op.drop_table(name)
    for table in (cards(place), wishes(place), questions(place)):
        kept = [changed(row) for row in rows[table.name]]
        if kept:
            connection.execute(sa.insert(table), kept)
    _go_on_from(connection, last_wish)


def _taken(connection: sa.Connection, name: str) -> list[Row]:
    table = sa.Table(name, sa.MetaData(), autoload_with=connection, resolve_fks=False)
    return [dict(row._mapping) for row in connection.execute(sa.select(table))]


def _last_wish(connection: sa.Connection, wishes: list[Row]) -> int:
    """The last id that was given: it is never given again, even if its wish is gone."""
    if connection.dialect.name == "sqlite":
        query = "SELECT seq FROM sqlite_sequence WHERE name = 'wishes'"
    else:
        query = f"SELECT last_value FROM {IDS} WHERE is_called"  # noqa: S608 - our own name
    return connection.execute(sa.text(query)).scalar() or 0


def _go_on_from(connection: sa.Connection, last_wish: int) -> None:
    if not last_wish:
        return
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.setval(IDS, last_wish)))
        return
    one = {"last": last_wish}
    connection.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = 'wishes'"))
    connection.execute(sa.text("INSERT INTO sqlite_sequence VALUES ('wishes', :last)"), one)


def rename_kind(old: str, new: str) -> None:
    op.execute(
        f"UPDATE documents SET failure_kind = '{new}' "  # noqa: S608 - our own words
        f"WHERE failure_kind = '{old}' AND failure LIKE 'This PDF has % pages; the limit here is %'"
    )


# --- the tables, before and since -----------------------------------------------------------------


def _place(names: tuple[str, ...], **options: Any) -> list[sa.Column[Any]]:
    return [
        sa.Column(name, sa.String(16 if name == "platform" else 128), **options) for name in names
    ]


def _document(**options: Any) -> sa.Column[Any]:
    reference = sa.ForeignKey("documents.id", ondelete="CASCADE")
    return sa.Column("document", sa.String(64), reference, **options)


def cards(place: tuple[str, ...]) -> sa.Table:
    table = op.create_table(
        "cards",
        sa.Column("listener", sa.String(128), primary_key=True),
        _document(primary_key=True),
        *_place(place, primary_key=True),
        sa.Column("message", sa.String(128), nullable=False),
        sa.Column("menu_page", sa.Integer, nullable=False, server_default="1"),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        sa.Column("shown", sa.Integer, nullable=False, server_default="0"),
        sa.Column("stale_since", sa.Float, nullable=False, server_default="0"),
    )
    channel = [name for name in place if name in ("platform", "workspace", "channel")]
    op.create_index("cards_by_message", "cards", [*channel, "message"])
    return table


def wishes(place: tuple[str, ...]) -> sa.Table:
    return op.create_table(
        "wishes",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        *_place(place, nullable=False),
        sa.Column("listener", sa.String(128), nullable=False),
        _document(nullable=False),
        sa.Column("chapter", sa.Integer, nullable=False),
        sa.Column("narration", sa.Text, nullable=False),
        sa.Column("narration_key", sa.String(80), nullable=False),
        sa.Column("is_unasked", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.UniqueConstraint(
            *place, "listener", "document", "chapter", "narration_key", name="one_wish"
        ),
        sqlite_autoincrement=True,
    )


def questions(place: tuple[str, ...]) -> sa.Table:
    return op.create_table(
        "questions",
        *_place(place, primary_key=True),
        sa.Column("listener", sa.String(128), primary_key=True),
        sa.Column("asked", sa.String(16), nullable=False),
        _document(nullable=False),
    )
