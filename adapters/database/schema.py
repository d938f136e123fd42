"""The tables. `migrations/` brings a database to them; a test holds the two together."""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData()
_NOW = sa.func.now()
IS_STALE = sa.text("version > shown")  # a card that is to be shown; few are
PLACE = ("platform", "workspace", "channel", "thread", "seen_by")  # a `Conversation`


def _document_key() -> sa.Column[str]:
    reference = sa.ForeignKey("documents.id", ondelete="CASCADE")
    return sa.Column("document", sa.String(64), reference, primary_key=True)


def _document_reference() -> sa.Column[str]:
    reference = sa.ForeignKey("documents.id", ondelete="CASCADE")
    return sa.Column("document", sa.String(64), reference, nullable=False)


def _not_before() -> sa.Column[float]:
    """Seconds since the epoch by the database, until when a conversation is left alone."""
    return sa.Column("not_before", sa.Float, nullable=False, server_default="0")


def _place_keys() -> list[sa.Column[str]]:
    lengths = {"platform": 16}
    return [sa.Column(name, sa.String(lengths.get(name, 128)), primary_key=True) for name in PLACE]


documents = sa.Table(
    "documents",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("filename", sa.Text, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("stage", sa.String(16), nullable=False),
    sa.Column("failure_kind", sa.String(32), nullable=False, server_default=""),
    sa.Column("failure", sa.Text, nullable=False, server_default=""),
    sa.Column("read_share", sa.Float, nullable=False, server_default="0"),
    sa.Column("head", sa.Text, nullable=False, server_default=""),  # Document without chapters
    sa.Column("received_at", sa.DateTime(timezone=True), nullable=False, server_default=_NOW),
    sa.Column("failure_facts", sa.Text, nullable=False, server_default="{}"),
    sa.Column("draft", sa.Text, nullable=False, server_default=""),  # Document, while it is read
    sa.Index("documents_by_receipt", "received_at"),
)
chapters = sa.Table(  # and extras
    "chapters",
    metadata,
    _document_key(),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("head", sa.Text, nullable=False),  # Chapter without passages
    sa.Column("body", sa.Text, nullable=False),  # Chapter with passages
)
digests = sa.Table(
    "digests",
    metadata,
    _document_key(),
    sa.Column("language", sa.String(8), primary_key=True),
    sa.Column("body", sa.Text, nullable=False),  # Digest
)
tracks = sa.Table(
    "tracks",
    metadata,
    _document_key(),
    sa.Column("narration_key", sa.String(80), primary_key=True),
    sa.Column("chapter", sa.Integer, primary_key=True),
    sa.Column("narration", sa.Text, nullable=False),
    sa.Column("stage", sa.String(16), nullable=False),
    sa.Column("seconds", sa.Float, nullable=False, server_default="0"),
    sa.Column("size", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("spoken_by", sa.String(64), nullable=False, server_default=""),
    sa.Column("times", sa.Text, nullable=False, server_default="{}"),  # Times
)
uploads = sa.Table(
    "uploads",
    metadata,
    _document_key(),
    sa.Column("narration_key", sa.String(80), primary_key=True),
    sa.Column("chapter", sa.Integer, primary_key=True),
    sa.Column("platform", sa.String(16), primary_key=True),
    sa.Column("kind", sa.String(16), primary_key=True),
    sa.Column("remote_id", sa.Text, nullable=False),
)
listeners = sa.Table(
    "listeners",
    metadata,
    sa.Column("id", sa.String(128), primary_key=True),
    sa.Column("body", sa.Text, nullable=False),  # Listener
    sa.Column("preferences", sa.Text, nullable=False, server_default="{}"),
)
shelf = sa.Table(
    "shelf",
    metadata,
    sa.Column("listener", sa.String(128), primary_key=True),
    _document_key(),
    sa.Column("narration", sa.Text, nullable=False),
    sa.Column("narration_key", sa.String(80), nullable=False),
    sa.Column("is_stopped", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("name", sa.Text, nullable=False, server_default=""),
    sa.Index("shelf_by_document", "document", "added_at"),
)
listenings = sa.Table(
    "listenings",
    metadata,
    sa.Column("listener", sa.String(128), primary_key=True),
    _document_key(),
    sa.Column("chapter", sa.Integer, primary_key=True),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False, server_default=_NOW),
    sa.Index("listenings_by_document", "document"),
)
bookmarks = sa.Table(
    "bookmarks",
    metadata,
    sa.Column("listener", sa.String(128), primary_key=True),
    _document_key(),
    sa.Column("chapter", sa.Integer, nullable=False),
    sa.Column("passage", sa.Integer, nullable=False),
    sa.Column("sign", sa.Integer, nullable=False),
    sa.Index("bookmarks_by_document", "document"),
)
cards = sa.Table(
    "cards",
    metadata,
    sa.Column("listener", sa.String(128), primary_key=True),
    _document_key(),
    *_place_keys(),
    sa.Column("message", sa.String(128), nullable=False),
    sa.Column("menu_page", sa.Integer, nullable=False, server_default="1"),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
    sa.Column("shown", sa.Integer, nullable=False, server_default="0"),
    sa.Column("stale_since", sa.Float, nullable=False, server_default="0"),  # by the writing host
    _not_before(),
    sa.Index("cards_by_message", "platform", "workspace", "channel", "message"),
    sa.Index("cards_by_document", "document", "listener"),
)
sa.Index(
    "cards_to_show",
    *(cards.c[name] for name in ("platform", "stale_since", "listener", "document")),
    sqlite_where=IS_STALE,
    postgresql_where=IS_STALE,
)
wishes = sa.Table(
    "wishes",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("platform", sa.String(16), nullable=False),
    sa.Column("workspace", sa.String(128), nullable=False),
    sa.Column("channel", sa.String(128), nullable=False),
    sa.Column("thread", sa.String(128), nullable=False),
    sa.Column("seen_by", sa.String(128), nullable=False),
    sa.Column("listener", sa.String(128), nullable=False),
    _document_reference(),
    sa.Column("chapter", sa.Integer, nullable=False),
    sa.Column("narration", sa.Text, nullable=False),
    sa.Column("narration_key", sa.String(80), nullable=False),
    sa.Column("is_unasked", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("wished_at", sa.Float, nullable=False, server_default="0"),  # by the database
    _not_before(),
    sa.Index("wishes_by_document", "document", "listener"),
    sa.Index("wishes_by_listener", "listener"),
    sa.Index("wishes_by_platform", "platform", "id"),
    sa.UniqueConstraint(
        *PLACE,
        "listener",
        "document",
        "chapter",
        "narration_key",
        name="one_wish",
    ),
    sqlite_autoincrement=True,  # an id is never given again: who holds an old wish drops no new one
)
acts = sa.Table(
    "acts",
    metadata,
    sa.Column("act", sa.String(64), primary_key=True),
    sa.Column("day", sa.String(10), nullable=False, index=True),
)
questions = sa.Table(
    "questions",
    metadata,
    *_place_keys(),
    sa.Column("listener", sa.String(128), primary_key=True),
    sa.Column("asked", sa.String(16), nullable=False),
    _document_reference(),
    sa.Column("asked_at", sa.Float, nullable=False, server_default="0"),  # by the database
    sa.Index("questions_by_document", "document", "listener"),
    sa.Index("questions_by_listener", "listener"),
)
shares = sa.Table(
    "shares",
    metadata,
    sa.Column("token", sa.String(32), primary_key=True),
    sa.Column("owner", sa.String(128), nullable=False),
    _document_reference(),
    sa.Column("narration", sa.Text, nullable=False),
    sa.UniqueConstraint("owner", "document", name="one_share"),
    sa.Index("shares_by_document", "document"),
)
lexicons = sa.Table(
    "lexicons",
    metadata,
    sa.Column("listener", sa.String(128), primary_key=True),
    sa.Column("words", sa.Text, nullable=False),  # spoken by written
)
spendings = sa.Table(
    "spendings",
    metadata,
    sa.Column("listener", sa.String(128), primary_key=True),
    sa.Column("day", sa.String(10), primary_key=True),
    sa.Column("seconds", sa.Float, nullable=False),
)
executors = sa.Table(
    "executors",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("beat_at", sa.Float, nullable=False),  # seconds since the epoch, by the database
)
answers = sa.Table(
    "answers",
    metadata,
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("document", sa.String(64), nullable=False, index=True),
    sa.Column("body", sa.Text, nullable=False),
)
costs = sa.Table(
    "costs",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("month", sa.String(7), nullable=False, index=True),
    sa.Column("document", sa.String(64), nullable=False),  # may be gone: it was paid all the same
    sa.Column("listener", sa.String(128), nullable=False),
    sa.Column("model", sa.String(128), nullable=False),
    sa.Column("tokens_in", sa.BigInteger, nullable=False),
    sa.Column("tokens_out", sa.BigInteger, nullable=False),
    sa.Column("characters", sa.BigInteger, nullable=False),
    sa.Column("micro_usd", sa.BigInteger, nullable=False),
    sa.Column("paid_at", sa.DateTime(timezone=True), nullable=False, server_default=_NOW),
    sa.Index("costs_by_listener", "listener"),
)
keys = sa.Table(
    "keys",
    metadata,
    sa.Column("door", sa.String(32), primary_key=True),
    sa.Column("hash", sa.String(64), nullable=False),  # of a key that is written nowhere
)
