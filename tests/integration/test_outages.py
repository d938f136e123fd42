"""PostgreSQL is away for a while: everything waits, nothing fails, and the log stays short."""

from __future__ import annotations

import asyncio
import logging
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from dbos import DBOS
from structlog.testing import capture_logs

from adapters.database import open_library
from adapters.engine import caretaker, private
from bot.ports import LibraryAway
from bot.work import outages
from tests.engines import open_machine
from tests.loopback.cut import Wire, wire_to
from tests.producing import MemoryProducer
from tests.samples import ENGLISH, a_sender
from tests.waiting import until

BEES = "be" * 32
ADA = a_sender("ada")


@pytest.fixture
def wire(engine_postgres_url: str) -> Iterator[tuple[Wire, str]]:
    """To a database of one's own, and the URL that goes through it."""
    server = Path(urlsplit(engine_postgres_url).query.partition("=")[2])
    with tempfile.TemporaryDirectory(prefix="wire-") as folder, wire_to(server, Path(folder)) as it:
        yield it, engine_postgres_url.replace(str(server), folder)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outages, "FIRST_PAUSE_S", 0.02)
    monkeypatch.setattr(outages, "LONGEST_PAUSE_S", 0.1)
    monkeypatch.setattr(caretaker, "BEAT_S", 0.1)


async def test_chapters_that_are_spoken_meanwhile_are_kept_when_it_is_back(
    tmp_path: Path, wire: tuple[Wire, str], caplog: pytest.LogCaptureFixture
) -> None:
    """In the middle of the speaking, and again in the middle of the keeping."""
    line, url = wire
    producer = MemoryProducer(gate=asyncio.Event())
    with capture_logs() as logs:
        async with open_machine(tmp_path, url, producer=producer, speakers=2) as machine:
            await machine.takes(ADA, BEES, chapters=6)
            await until(lambda: len(producer.speaks) == 2)
            line.cut()
            assert producer.gate is not None
            producer.gate.set()
            await until(lambda: len(producer.spoken) == 2)
            with pytest.raises(LibraryAway):
                await machine.library.holding(BEES)
            assert machine.library.is_away
            line.mend()
            await machine.is_done(ADA, BEES)
            progress = await machine.progress(ADA, BEES)
            assert (progress.ready, progress.failed) == (6, 0)
            assert not machine.library.is_away
    assert sorted(producer.spoken) == [(BEES, n) for n in range(1, 7)]  # none of them twice
    told = [entry["event"] for entry in logs]
    assert [told.count(event) for event in ("database away", "database back")] == [1, 1]
    assert "job failed" not in told
    dbos = [record for record in caplog.records if record.name == "dbos"]
    assert all("\n" not in record.getMessage() for record in dbos)
    assert len(dbos) < 20


async def test_what_was_taken_when_the_connection_broke_is_begun_anew(
    tmp_path: Path, engine_postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caretaker, "BEAT_S", 0.05)
    producer = MemoryProducer(gate=asyncio.Event())
    async with open_machine(tmp_path, engine_postgres_url, producer=producer) as machine:
        await machine.takes(ADA, BEES, chapters=2)
        await until(lambda: producer.speaks)
        (waiting,) = await DBOS.list_workflows_async(status="ENQUEUED")
        _take_without_telling(waiting.workflow_id)
        assert producer.gate is not None
        producer.gate.set()
        await machine.is_done(ADA, BEES)
        assert (await machine.progress(ADA, BEES)).ready == 2
    assert sorted(producer.spoken) == [(BEES, 1), (BEES, 2)]


def _take_without_telling(workflow: str) -> None:
    """As the database does it when its answer is lost."""
    engine, table = private._workflows()
    with engine.begin() as connection:
        own = sa.select(table.c.executor_id).where(table.c.status == "PENDING").limit(1)
        connection.execute(
            sa.update(table)
            .where(table.c.workflow_uuid == workflow)
            .values(status="PENDING", executor_id=own.scalar_subquery(), owner_xid="lost")
        )


async def test_who_asks_is_told_that_it_is_away(wire: tuple[Wire, str]) -> None:
    line, url = wire
    async with open_library(url) as library:
        line.cut()
        with pytest.raises(LibraryAway):
            await library.shelf(ADA.listener.id)
        with pytest.raises(LibraryAway):
            await library.shelve(ADA.listener, BEES, ENGLISH)
        line.mend()
        assert await library.shelf(ADA.listener.id) == []


def test_of_what_the_engine_says_meanwhile_one_line_a_minute_is_kept() -> None:
    from adapters.engine.launch import _Seldom

    seldom = _Seldom()

    def says(text: str) -> logging.LogRecord | None:
        record = logging.LogRecord("dbos", logging.WARNING, "", 0, text, None, None)
        return record if seldom.filter(record) else None

    first = says("Exception encountered in queue thread for a: (psycopg.Error) gone\nsecond line")
    assert first is not None
    assert first.getMessage().endswith("gone")
    assert says("Exception encountered in queue thread for b: (psycopg.Error) gone") is None
    assert says("Database connection failed: (psycopg.Error) gone") is not None
    assert says("Database connection failed: (psycopg.Error) gone again") is None
    raised = says("Exception polling: Traceback (most recent call last):\n  File x\nE: closed")
    assert raised is not None
    assert raised.getMessage() == "Exception polling: E: closed"
