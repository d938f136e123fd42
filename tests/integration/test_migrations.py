"""From nothing to today's tables, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.database import connection as connecting
from adapters.database import open_library
from adapters.database.connection import (
    MIGRATIONS,
    migrate,
    newest_revision,
    opened_engine,
    revision_of,
)
from adapters.database.schema import metadata
from bot.domain import Bookmark, Conversation, Preferences
from pipeline.domain import to_json
from pipeline.errors import ConfigurationError
from pipeline.times import Times
from tests.commands import forked
from tests.program import receive_in
from tests.samples import ENGLISH, a_chapter, a_sender
from tests.waiting import ended, wait_for

BEES, WASPS, ANTS = "be" * 32, "aa" * 32, "bb" * 32


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgres":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite+aiosqlite:///{tmp_path / 'new folder' / 'app.db'}"


async def inspected(url: str, look: Callable[[sa.Connection], Any]) -> Any:
    engine = opened_engine(url)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(look)
    finally:
        await engine.dispose()


async def test_the_migrations_lead_to_the_tables_that_the_queries_use(url: str) -> None:
    async with open_library(url):
        pass

    def differences(connection: sa.Connection) -> list[Any]:
        # an empty text as default looks changed to Alembic on SQLite; the next test sees to that
        has_defaults = connection.dialect.name == "postgresql"
        options = {"compare_type": True, "compare_server_default": has_defaults}
        return list(
            compare_metadata(MigrationContext.configure(connection, opts=options), metadata)
        )

    assert await inspected(url, differences) == []


async def test_on_sqlite_they_are_written_letter_by_letter_as_the_tables_are(
    tmp_path: Path,
) -> None:
    def written(connection: sa.Connection) -> set[str]:
        found = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")
        return {" ".join(row.sql.split()) for row in found if "alembic" not in row.sql}

    urls = [f"sqlite+aiosqlite:///{tmp_path / name}.db" for name in ("migrate", "made")]
    async with open_library(urls[0]):
        pass
    engine = opened_engine(urls[1])
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    await engine.dispose()
    assert await inspected(urls[0], written) == await inspected(urls[1], written)


def test_the_newest_migration_is_the_one_that_no_other_follows() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert newest_revision() == ScriptDirectory.from_config(config).get_current_head()


async def test_migrating_again_changes_nothing_and_loses_nothing(url: str) -> None:
    for _ in range(3):
        async with open_library(url) as library:
            await library.receive(BEES, filename="bees.pdf", size=1)
            await library.shelve(a_sender("ada").listener, BEES, ENGLISH)
    async with open_library(url) as library:
        assert len(await library.shelf("memory:ada")) == 1


async def migrated_to(url: str, revision: str, do: Callable[..., None] = command.upgrade) -> None:
    def run(connection: sa.Connection) -> None:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        do(config, revision)

    engine = opened_engine(url)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(run)
    finally:
        await engine.dispose()


def pieces(connection: sa.Connection) -> dict[str, Any]:
    look = sa.inspect(connection)
    return {
        name: (
            [(c["name"], str(c["type"]), c["nullable"]) for c in look.get_columns(name)],
            look.get_pk_constraint(name)["constrained_columns"],
            [key["constrained_columns"] for key in look.get_foreign_keys(name)],
            [key["name"] for key in look.get_unique_constraints(name)],
            [index["name"] for index in look.get_indexes(name)],
        )
        for name in look.get_table_names()
    }


async def filled_by_the_first_program(url: str) -> None:
    """A document with its chapter, on a shelf, with a card and a wish, in the first tables."""
    narration, chapter = (to_json(value).decode() for value in (ENGLISH, a_chapter(1, "Bees")))
    listener = a_sender("ada").listener
    place = {"platform": "memory", "channel": "ada", "thread": "", "listener": listener.id}
    rows: dict[str, dict[str, Any]] = {
        "documents": {"id": BEES, "filename": "bees.pdf", "size": 9, "stage": "failed"},
        "chapters": {"document": BEES, "number": 1, "head": chapter, "body": chapter},
        "listeners": {"id": listener.id, "body": to_json(listener).decode()},
        "shelf": {
            "listener": listener.id,
            "document": BEES,
            "narration": narration,
            "narration_key": ENGLISH.key,
            "added_at": datetime(2026, 11, 1, tzinfo=UTC),
        },
        "cards": {**place, "document": BEES, "message": "1"},
        "wishes": {
            **place,
            "document": BEES,
            "chapter": 1,
            "narration": narration,
            "narration_key": ENGLISH.key,
        },
    }
    engine = opened_engine(url)
    async with engine.begin() as connection:
        for name, row in rows.items():
            kinds = {"added_at": sa.DateTime(timezone=True)}
            table = sa.table(name, *(sa.column(key, kinds.get(key)) for key in row))
            await connection.execute(sa.insert(table).values(**row))
    await engine.dispose()


async def test_what_the_first_program_kept_is_all_there_with_defaults_for_what_is_new(
    url: str, tmp_path: Path
) -> None:
    (tmp_path / "new folder").mkdir()
    await migrated_to(url, "0001")
    await filled_by_the_first_program(url)
    async with open_library(url) as library:
        holding = await library.holding(BEES)
        assert holding is not None
        assert holding.failure_facts == {}
        assert await library.preferences("memory:ada") == Preferences()
        [progress] = await library.shelf("memory:ada")
        assert (progress.name, progress.coming) == ("", 0)
        assert [card.message for card, _ in await library.stale_cards(["memory"])] == ["1"]
        await library.save_track_failure(BEES, 1, ENGLISH)
        assert [wish.is_unasked for wish, _ in await library.due_wishes(["memory"])] == [False]


async def test_the_newest_migrations_can_be_taken_back_and_done_again_without_a_loss(
    url: str, tmp_path: Path
) -> None:
    (tmp_path / "new folder").mkdir()
    await migrated_to(url, "0001")
    first = await inspected(url, pieces)
    await filled_by_the_first_program(url)
    await migrated_to(url, "head")
    newest = await inspected(url, pieces)
    await migrated_to(url, "0001", command.downgrade)
    assert await inspected(url, pieces) == first
    await migrated_to(url, "head")
    assert await inspected(url, pieces) == newest
    async with open_library(url) as library:
        assert len(await library.shelf("memory:ada")) == 1
        assert len(await library.stale_cards(["memory"])) == 1


# What a program with version 0004 kept of Slack, and of a chat that has such signs in no id.
PACKED = {
    ("slack", "C05", "1.2@U0ADA"): Conversation(
        platform="slack", channel="C05", thread="1.2", seen_by="U0ADA"
    ),
    ("slack", "C05", "@U0ADA"): Conversation(platform="slack", channel="C05", seen_by="U0ADA"),
    ("slack", "T1/C05", "1.2@U0ADA"): Conversation(
        platform="slack", workspace="T1", channel="C05", thread="1.2", seen_by="U0ADA"
    ),
    ("slack", "T1/D07", ""): Conversation(platform="slack", workspace="T1", channel="D07"),
    ("slack", "D07", "1.2"): Conversation(platform="slack", channel="D07", thread="1.2"),
    ("telegram", "-100/7", "3@x"): Conversation(
        platform="telegram", channel="-100/7", thread="3@x"
    ),
}
HELD = ("cards", "wishes", "questions", "documents")


async def filled_by_the_program_before(url: str) -> None:
    """A card, a wish and a question in each of these places, and a document of too many pages."""
    await filled_by_the_first_program(url)
    narration, listener = to_json(ENGLISH).decode(), "memory:ada"
    engine = opened_engine(url)
    async with engine.begin() as connection:
        await connection.execute(sa.text("DELETE FROM cards"))
        await connection.execute(sa.text("DELETE FROM wishes"))
        for number, (platform, channel, thread) in enumerate([*PACKED, ("slack", "gone", "")]):
            place = {"platform": platform, "channel": channel, "thread": thread}
            common = place | {"listener": listener, "document": BEES}
            wish = {"chapter": 1, "narration": narration, "narration_key": ENGLISH.key}
            card = {"message": str(number), "menu_page": 3, "version": 5, "shown": 4}
            asked = {"asked": "name"}
            for name, row in (("cards", card), ("wishes", wish), ("questions", asked)):
                columns = (sa.column(column) for column in common | row)
                await connection.execute(sa.insert(sa.table(name, *columns)).values(common | row))
        for name in ("cards", "wishes", "questions"):  # the last wish is granted before
            await connection.execute(sa.text(f"DELETE FROM {name} WHERE channel = 'gone'"))
        failed = {
            WASPS: "This PDF has 9000 pages; the limit here is 2000. Send only the part.",
            ANTS: "This PDF has 900 MB; the limit here is 100 MB. Send a smaller copy.",
        }
        for document, failure in failed.items():
            columns = ("id", "filename", "size", "stage", "failure_kind", "failure")
            table = sa.table("documents", *map(sa.column, columns))
            row = (document, "big.pdf", 9, "failed", "too_large", failure)
            await connection.execute(sa.insert(table).values(dict(zip(columns, row, strict=True))))
    await engine.dispose()


async def test_places_that_were_packed_into_words_are_taken_apart(url: str, tmp_path: Path) -> None:
    (tmp_path / "new folder").mkdir()
    await migrated_to(url, "0004")
    await filled_by_the_program_before(url)
    async with open_library(url) as library:
        cards = await library.stale_cards(["slack", "telegram"])
        assert {card.message: card.conversation for card, _ in cards} == {
            str(number): place for number, place in enumerate(PACKED.values())
        }
        assert {(card.menu_page, version) for card, version in cards} == {(3, 5)}
        await library.save_track_failure(BEES, 1, ENGLISH)
        due = [wish for wish, _ in await library.due_wishes(["slack", "telegram"])]
        assert [wish.conversation for wish in due] == list(PACKED.values())
        for place in PACKED.values():
            assert await library.take_question(place, "memory:ada") is not None
        for document, kind in ((WASPS, "too_many_pages"), (ANTS, "too_large")):
            holding = await library.holding(document)
            assert holding is not None
            assert holding.failure_kind == kind
        await library.wish(place, due[0].listener, BEES, 2, ENGLISH)
        await library.save_track_failure(BEES, 2, ENGLISH)
        (new,) = [w for w, _ in await library.due_wishes(["telegram"]) if w.chapter == 2]
        assert new.id > max(wish.id for wish in due) + 1  # nor is one given again that is gone


async def test_places_that_were_taken_apart_are_packed_again_for_the_program_before(
    url: str, tmp_path: Path
) -> None:
    def rows(connection: sa.Connection) -> dict[str, list[Any]]:
        tables = sa.MetaData()
        tables.reflect(connection, only=HELD)
        return {
            name: sorted(tuple(row) for row in connection.execute(sa.select(tables.tables[name])))
            for name in HELD
        }

    (tmp_path / "new folder").mkdir()
    await migrated_to(url, "0004")
    await filled_by_the_program_before(url)
    before, tables = await inspected(url, rows), await inspected(url, pieces)
    await migrated_to(url, "0005")
    assert await inspected(url, pieces) != tables
    await migrated_to(url, "0004", command.downgrade)
    assert await inspected(url, rows) == before
    assert await inspected(url, pieces) == tables


async def test_tracks_from_before_there_were_times_are_kept_and_places_can_be(
    url: str, tmp_path: Path
) -> None:
    (tmp_path / "new folder").mkdir()
    await migrated_to(url, "0001")
    await filled_by_the_first_program(url)
    await migrated_to(url, "0006")
    row = {"document": BEES, "narration_key": ENGLISH.key, "chapter": 1, "stage": "ready"}
    row |= {"narration": to_json(ENGLISH).decode(), "seconds": 60.0, "size": 9}
    engine = opened_engine(url)
    async with engine.begin() as connection:
        tracks = sa.table("tracks", *map(sa.column, row))
        await connection.execute(sa.insert(tracks).values(row))
    await engine.dispose()
    async with open_library(url) as library:
        track = await library.track(BEES, 1, ENGLISH)
        assert track is not None
        assert (track.seconds, track.times) == (60.0, Times())
        mark = Bookmark(chapter=1, passage=1, sign=7)
        await library.save_bookmark("memory:ada", BEES, mark)
        [progress] = await library.shelf("memory:ada")
        assert (progress.bookmark, progress.bookmark_s) == (mark, None)


async def test_processes_that_start_at_once_all_find_the_tables(url: str) -> None:
    started = [forked(receive_in, url, BEES) for _ in range(3)]
    assert [await ended(process) for process in started] == [0, 0, 0]
    async with open_library(url) as library:
        assert await library.holding(BEES) is not None


async def test_a_migration_gives_way_to_whoever_is_at_the_tables(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who holds one and goes on to another would wait for it for ever, and it for them."""
    await migrated_to(postgres_url, "head")
    await migrated_to(postgres_url, "-1", command.downgrade)
    gave_way, attempt = asyncio.Event(), connecting._try_to_migrate

    async def try_to_migrate(engine: AsyncEngine) -> bool:
        is_done = await attempt(engine)
        if not is_done:
            gave_way.set()
        return is_done

    monkeypatch.setattr(connecting, "_try_to_migrate", try_to_migrate)
    monkeypatch.setattr(connecting, "MIGRATION_PAUSE_S", 0.1)
    ours, theirs = opened_engine(postgres_url), opened_engine(postgres_url)
    try:
        async with theirs.begin() as holding:
            names = await holding.run_sync(lambda c: sa.inspect(c).get_table_names())
            for name in names:
                await holding.execute(sa.text(f'LOCK TABLE "{name}" IN ACCESS SHARE MODE'))
            migrating = asyncio.create_task(migrate(ours))
            await wait_for(gave_way.wait())
            for name in names:
                await holding.execute(sa.text(f'LOCK TABLE "{name}" IN ROW EXCLUSIVE MODE'))
            assert not migrating.done()
        await migrating
        assert await revision_of(postgres_url) == newest_revision()
    finally:
        await ours.dispose()
        await theirs.dispose()


async def test_a_migration_that_breaks_off_leaves_nothing_half_done(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = opened_engine(url)

    def break_off(*_: object, **__: object) -> None:
        raise RuntimeError

    try:
        with monkeypatch.context() as patched:
            patched.setattr("alembic.op.create_index", break_off)
            with pytest.raises(RuntimeError):
                await migrate(engine)
        async with engine.connect() as connection:
            names = await connection.run_sync(lambda c: sa.inspect(c).get_table_names())
        assert names == []
        await migrate(engine)
    finally:
        await engine.dispose()


async def test_a_database_of_a_newer_program_is_refused_in_a_sentence(url: str) -> None:
    async with open_library(url) as library, library.engine.begin() as connection:
        await connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(ConfigurationError, match="newer"):
        async with open_library(url):
            pass


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mysql://ada:secret@host/db", "must begin with"),
        ("sqlite:///app.db", "must begin with"),
        ("postgresql://ada:secret@host/db", "must begin with"),
        ("not a url: secret", "not a database URL"),
        ("sqlite+aiosqlite:////proc/nowhere/secret.db", "cannot be used"),
        ("postgresql+psycopg://ada:secret@127.0.0.1:1/db", "cannot be used"),
    ],
)
async def test_a_database_that_cannot_be_opened_is_told_without_its_password(
    url: str, words: str
) -> None:
    with pytest.raises(ConfigurationError, match=words) as caught:
        await wait_for(_open(url))
    assert "secret" not in str(caught.value)


async def _open(url: str) -> None:
    async with open_library(url):
        pass


async def test_an_error_of_a_query_does_not_repeat_what_was_to_be_stored(url: str) -> None:
    async with open_library(url) as library, library.engine.connect() as connection:
        with pytest.raises(sa.exc.SQLAlchemyError) as caught:
            await connection.execute(
                sa.text("INSERT INTO nowhere (body) VALUES (:body)"), {"body": "secret text"}
            )
    assert "secret text" not in str(caught.value)


async def test_a_server_that_does_not_answer_is_waited_for_once() -> None:
    asked: list[None] = []

    def on_connection(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(None)
        writer.close()

    server = await asyncio.start_server(on_connection, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        plain = "sslmode=disable&gssencmode=disable"
        engine = opened_engine(f"postgresql+psycopg://x:secret@127.0.0.1:{port}/x?{plain}")
        with pytest.raises(ConfigurationError, match="The database cannot be used") as caught:
            await migrate(engine)
        await engine.dispose()
    assert len(asked) == 1
    assert "secret" not in str(caught.value)
