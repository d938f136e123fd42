"""Who is erased is in no file and no table any more, nor is a word of their documents."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from dbos import DBOS

from adapters.memory import MemoryChat
from bot.conversation import Conversations
from bot.domain import Sender
from bot.ports import pdf_key
from bot.views import Action, Verb
from tests.engines import Machine, open_machine
from tests.producing import MemoryProducer
from tests.samples import a_policy, a_sender
from tests.waiting import until

BEES = "be" * 32
ADA, TOM = a_sender("4711471147114711"), a_sender("0815081508150815")
TRACES = (
    ADA.listener.account,
    ADA.listener.name,
    "is what this chapter tells about",  # in its chapters
    "find their way home",  # in its summary
    "bees-of-ada.pdf",
    BEES,
)


@asynccontextmanager
async def conversing(machine: Machine) -> AsyncIterator[Conversations]:
    inbox = Conversations(
        library=machine.library,
        ledger=machine.library,
        files=machine.files,
        jobs=machine.jobs,
        platforms={"memory": MemoryChat()},
        producer=machine.producer,
        policy=a_policy(),
        on_change=lambda: None,
    )
    yield inbox
    await inbox.close()


async def taps(inbox: Conversations, verb: Verb, sender: Sender, document: str = "") -> None:
    asked = sender.listener.mark
    data = Action(verb=verb, document=document[:16], asked=asked).encoded()
    await inbox.on_tap(sender, data, "")


def in_files(home: Path) -> list[tuple[str, str]]:
    """Which trace stands in which file. Opening a file of SQLite would change it: bytes do."""
    found = []
    for path in home.rglob("*"):
        if path.is_file():
            data = path.read_bytes().lower()
            found += [(trace, path.name) for trace in TRACES if trace.lower().encode() in data]
        found += [(trace, str(path)) for trace in TRACES if trace in path.name]
    return found


def in_tables(url: str) -> Iterator[tuple[str, str]]:
    """Every column of every table of every schema."""
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        names = connection.execute(
            sa.text(
                "SELECT table_schema, table_name FROM information_schema.tables WHERE table_schema "
                "NOT IN ('pg_catalog', 'information_schema') AND table_type = 'BASE TABLE'"
            )
        ).all()
        assert len(names) > 20
        for schema, table in names:
            for row in connection.execute(sa.text(f'SELECT * FROM "{schema}"."{table}"')):
                text = str(row).lower()
                yield from ((t, f"{schema}.{table}") for t in TRACES if t.lower() in text)
    engine.dispose()


async def has_come(machine: Machine, inbox: Conversations, sender: Sender) -> None:
    pdf = machine.home / "bees-of-ada.pdf"
    pdf.write_text(f"%PDF 3 {BEES}")
    try:
        await inbox.on_document(sender, pdf, "bees-of-ada.pdf")
    finally:
        pdf.unlink()


@pytest.fixture(params=["finished", "speaking"])
def gate(request: pytest.FixtureRequest) -> asyncio.Event | None:
    """Whether chapters are still being made when all is erased."""
    return asyncio.Event() if request.param == "speaking" else None


async def test_nothing_is_left(
    place: tuple[Path, str], gate: asyncio.Event | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, url = place
    monkeypatch.setattr("bot.handlers.documents._measured", lambda pdf: (pdf.stat().st_size, BEES))
    producer = MemoryProducer(gate=gate)
    async with open_machine(home, url, producer=producer) as machine, conversing(machine) as inbox:
        await has_come(machine, inbox, ADA)
        if gate is None:
            await machine.is_done(ADA, BEES)
            await machine.is_idle()
        else:
            await until(lambda: producer.speaks)
        await inbox.on_command(ADA, "say", "SQLite = ess cue lite")
        before = in_files(home) if machine.library.engine.dialect.name == "sqlite" else []
        before += in_tables(url) if not before else []
        assert {trace for trace, _ in before} >= {ADA.listener.account, BEES}  # it can be found
        await taps(inbox, Verb.ERASE, ADA)
        assert await machine.library.shelf(ADA.listener.id) == []
        assert in_files(home) == []
        if machine.library.engine.dialect.name == "postgresql":
            assert list(in_tables(url)) == []


async def test_what_others_hear_too_stays_and_does_not_know_who_brought_it(
    place: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    home, url = place
    monkeypatch.setattr("bot.handlers.documents._measured", lambda pdf: (pdf.stat().st_size, BEES))
    async with open_machine(home, url) as machine, conversing(machine) as inbox:
        await has_come(machine, inbox, ADA)
        await has_come(machine, inbox, TOM)
        await machine.is_done(TOM, BEES)
        await machine.is_idle()
        await taps(inbox, Verb.ERASE, ADA)
        assert (await machine.progress(TOM, BEES)).ready == 3
        assert await machine.files.has(pdf_key(BEES))
        found = in_files(home)
        if machine.library.engine.dialect.name == "postgresql":
            found += in_tables(url)
        assert [place for trace, place in found if trace == ADA.listener.account] == []


async def test_the_jobs_of_hundreds_of_documents_are_forgotten(place: tuple[Path, str]) -> None:
    async with open_machine(*place) as machine:
        await machine.takes(ADA, BEES, chapters=1)
        await machine.is_done(ADA, BEES)
        await machine.is_idle()
        assert await DBOS.list_workflows_async()
        await machine.jobs.forget([*(f"{number:064x}" for number in range(300)), BEES])
        assert await DBOS.list_workflows_async() == []
