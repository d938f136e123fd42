"""Lives of `tests.program` that end early, and what must be true when the last one is over."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from random import Random

import sqlalchemy as sa

from adapters.database import DatabaseLibrary, open_library, schema
from adapters.files import FolderFiles
from bot.domain import Sender, Stage
from bot.ports import pdf_key, reading_key
from bot.work.folders import Folders
from pipeline.domain import Narration, to_json
from tests.producing import a_pdf
from tests.program import Life, started
from tests.samples import ENGLISH, a_sender
from tests.waiting import ended

LISTENERS = (a_sender("ada"), a_sender("tom"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What the library holds before the first life: documents on shelves, taps on chapters."""

    documents: tuple[str, ...]
    chapters: int
    wishes: int  # of each listener for each document: its first chapters
    extras: tuple[int, ...] = ()  # that each listener wishes of each document once it is read

    @property
    def tracks(self) -> set[tuple[str, int]]:
        numbers = (*range(1, self.chapters + 1), *self.extras)
        return {(document, number) for document in self.documents for number in numbers}

    @property
    def notes(self) -> set[tuple[str, str, int]]:
        """The voice notes that are owed."""
        return {
            (sender.conversation.channel, document, chapter)
            for sender in LISTENERS
            for document in self.documents
            for chapter in (*range(1, self.wishes + 1), *self.extras)
        }


def given(*, documents: int, chapters: int, wishes: int, extras: tuple[int, ...] = ()) -> Given:
    names = tuple(f"{number:02x}" * 32 for number in range(documents))
    return Given(documents=names, chapters=chapters, wishes=wishes, extras=extras)


async def set_up(
    home: Path, url: str, what: Given, *, pdfs: Sequence[Path] = (), voice: Narration = ENGLISH
) -> None:
    """`pdfs`: real ones, in the order of the documents, instead of ours in memory."""
    files = FolderFiles(home / "files")
    async with open_library(url) as library:
        for number, document in enumerate(what.documents):
            pdf = pdfs[number] if pdfs else a_pdf(home, document, what.chapters)
            await files.put(pdf_key(document), pdf)
            await library.receive(document, filename="x.pdf", size=1)
            for sender in LISTENERS:
                await library.shelve(sender.listener, document, voice)
    await wish_each(url, what, range(1, what.wishes + 1), voice)


async def wish_each(
    url: str, what: Given, chapters: Iterable[int], voice: Narration = ENGLISH
) -> None:
    async with open_library(url) as library:
        for sender, document, chapter in product(LISTENERS, what.documents, chapters):
            await library.wish(sender.conversation, sender.listener, document, chapter, voice)


async def read_by_an_earlier_version(
    library: DatabaseLibrary, files: FolderFiles, document: str
) -> None:
    """As one without editions would have left it, in the library and beside the PDF."""
    reading = await Folders(library, files).reading(document)
    assert reading is not None
    with tempfile.NamedTemporaryFile() as old:
        old.write(to_json(replace(reading, edition=0)))
        old.flush()
        await files.put(reading_key(document), Path(old.name))
    async with library.engine.begin() as connection:
        head = (await connection.execute(sa.select(schema.documents.c.head))).scalar_one()
        kept = {name: value for name, value in json.loads(head).items() if name != "edition"}
        await connection.execute(sa.update(schema.documents).values(head=json.dumps(kept)))
    holding = await library.holding(document)
    assert holding is not None
    assert holding.is_outdated


NOTING = {
    "sqlite": [
        f"CREATE TRIGGER on_{verb} AFTER {verb} ON tracks BEGIN "
        "INSERT INTO applied VALUES (new.document, new.chapter); END"
        for verb in ("INSERT", "UPDATE")
    ],
    "postgresql": [
        "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN "
        "INSERT INTO applied VALUES (NEW.document, NEW.chapter); RETURN NEW; END'",
        "CREATE TRIGGER on_both AFTER INSERT OR UPDATE ON tracks "
        "FOR EACH ROW EXECUTE FUNCTION note()",
    ],
}


async def count_applications(url: str) -> None:
    """From now on, every row of a track that is written leaves a trace of its own."""
    async with open_library(url) as library, library.engine.begin() as connection:
        await connection.execute(
            sa.text("CREATE TABLE applied (document VARCHAR(64), chapter INTEGER)")
        )
        for statement in NOTING[library.engine.dialect.name]:
            await connection.execute(sa.text(statement))


async def applications(url: str) -> Counter[tuple[str, int]]:
    async with open_library(url) as library, library.engine.connect() as connection:
        rows = await connection.execute(sa.text("SELECT document, chapter FROM applied"))
        return Counter((row.document, row.chapter) for row in rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What the chat's file tells."""

    sent: Counter[tuple[str, str, int]]
    unrecorded: Counter[tuple[str, str, int]]  # sends whose life ended before they were granted

    @property
    def repeated(self) -> Counter[tuple[str, str, int]]:
        return Counter({note: count - 1 for note, count in self.sent.items() if count > 1})


def record_of(path: Path) -> Record:
    sent: Counter[tuple[str, str, int]] = Counter()
    open_in: Counter[tuple[str, str, str, int]] = Counter()
    for line in path.read_text().splitlines() if path.exists() else []:
        life, what, channel, document, chapter = line.split()
        note = (channel, document, int(chapter))
        if what == "sent":
            sent[note] += 1
        open_in[(life, *note)] += 1 if what == "sent" else -1
    unrecorded: Counter[tuple[str, str, int]] = Counter()
    for (_, channel, document, number), count in open_in.items():
        unrecorded[channel, document, number] += count
    return Record(sent=sent, unrecorded=+unrecorded)


async def check(home: Path, url: str, what: Given) -> Record:
    """Nothing was lost, nothing applied twice; a note was repeated only where a life ended between
    its sending and its recording."""
    files = FolderFiles(home / "files")
    async with open_library(url) as library:
        for sender in LISTENERS:
            for document in what.documents:
                await _check_document(library, files, sender, document, what)
        assert await library.due_wishes(["memory"]) == []
        assert await library.unfinished() == []
    record = record_of(home / "record")
    assert set(record.sent) == what.notes
    assert record.repeated <= record.unrecorded
    return record


async def _check_document(
    library: object, files: FolderFiles, sender: Sender, document: str, what: Given
) -> None:
    progress = await library.progress(sender.listener.id, document)  # type: ignore[attr-defined]
    assert progress is not None
    assert progress.holding.stage is Stage.READ
    assert (progress.ready, progress.failed) == (what.chapters, 0)
    for chapter in (*range(1, what.chapters + 1), *what.extras):
        track = await library.track(document, chapter, progress.narration)  # type: ignore[attr-defined]
        async with files.local(track.key) as path:
            assert path.stat().st_size == track.size


async def killed_lives(
    life: Life, *, kills: int, random: Random, lasting: tuple[float, float]
) -> list[int]:
    """Live and be killed at a random moment, again and again, then live to the end. Returns the
    processes, of which all but the last were killed; fewer if it was done before."""
    processes = []
    for _ in range(kills):
        process = started(life)
        assert process.pid is not None
        processes.append(process.pid)
        process.join(random.uniform(*lasting))
        if process.exitcode == 0:
            return processes
        process.kill()
        process.join()
    process = started(life)
    assert process.pid is not None
    assert await ended(process) == 0
    return [*processes, process.pid]
