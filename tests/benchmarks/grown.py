"""What a large library costs a listener: milliseconds a call, on 50,000 documents.

`python -m tests.benchmarks.grown [DOCUMENTS] [DATABASE_URL]`: a million listenings, chapters and
tracks at the usual number, made in bulk in an empty database (a SQLite file without a URL). Each
call is made as often as a handful of taps would, on documents all over the library; with 600 cards
stale on another platform, which nobody can show.
"""

from __future__ import annotations

import asyncio
import hashlib
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from adapters.database import DatabaseLibrary, open_library, schema
from adapters.database.queries import place_of
from bot.domain import CardPlace, ListeningState, Sender, Stage
from pipeline.domain import Document, to_json
from tests.samples import ENGLISH, a_chapter, a_document, a_sender, a_track

DOCUMENTS, CHAPTERS, SHELF = 50_000, 20, 10  # chapters of a document, documents on a shelf
STALE, RUNS = 600, 25
BATCH = 10_000


def id_of(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()


def sender_of(number: int) -> Sender:
    """Whose shelf a document lies on."""
    return a_sender(f"u{number // SHELF}")


async def grow(library: DatabaseLibrary, documents: int) -> None:
    """Documents, each read, spoken, on one shelf, heard to the end, with a card that shows it."""
    head = to_json(replace(a_document(id_of(0)), chapters=())).decode()
    narration = to_json(ENGLISH).decode()
    for start in range(0, documents, BATCH):
        numbers = range(start, min(start + BATCH, documents))
        rows = {
            schema.documents: [_document(number, head) for number in numbers],
            schema.listeners: [_listener(number) for number in numbers if number % SHELF == 0],
            schema.shelf: [_shelved(number, narration) for number in numbers],
            schema.cards: [_card(number) for number in numbers],
        }
        async with library.engine.begin() as connection:
            for table, found in rows.items():
                await connection.execute(sa.insert(table), found)
    async with library.engine.begin() as connection:
        for statement in _of_each_chapter(narration):
            await connection.execute(statement)
    async with library.engine.begin() as connection:
        await connection.execute(sa.text("ANALYZE"))


def _document(number: int, head: str) -> dict[str, object]:
    document = id_of(number)
    received = datetime.fromtimestamp(1_700_000_000 + number, UTC)
    return {
        "id": document,
        "filename": "bees.pdf",
        "size": 9,
        "stage": Stage.READ,
        "head": head.replace(id_of(0), document),
        "received_at": received,
    }


def _listener(number: int) -> dict[str, object]:
    listener = sender_of(number).listener
    return {"id": listener.id, "body": to_json(listener).decode()}


def _shelved(number: int, narration: str) -> dict[str, object]:
    return {
        "listener": sender_of(number).listener.id,
        "document": id_of(number),
        "narration": narration,
        "narration_key": ENGLISH.key,
        "added_at": datetime.fromtimestamp(1_700_000_000 + number, UTC),
    }


def _card(number: int, *, platform: str = "memory", shown: int = 1) -> dict[str, object]:
    sender = sender_of(number)
    place = place_of(replace(sender.conversation, platform=platform))
    keys = {"listener": sender.listener.id, "document": id_of(number), "message": str(number)}
    return keys | place | {"version": 1, "shown": shown, "stale_since": float(number)}


def _of_each_chapter(narration: str) -> list[sa.Insert]:
    """The database multiplies by itself."""
    numbers = sa.union_all(*(sa.select(sa.literal(n).label("n")) for n in range(1, CHAPTERS + 1)))
    chapter = numbers.subquery()
    text = to_json(a_chapter(1, "Bees")).decode()
    before, _, after = text.partition('"number":1')
    whole = sa.literal(before + '"number":') + sa.cast(chapter.c.n, sa.Text) + sa.literal(after)
    every = sa.true()
    shelved = sa.join(schema.shelf, chapter, every)
    chapters = sa.select(schema.shelf.c.document, chapter.c.n, whole, whole).select_from(shelved)
    tracks = sa.select(
        schema.shelf.c.document,
        sa.literal(ENGLISH.key),
        chapter.c.n,
        sa.literal(narration),
        sa.literal("ready"),
        sa.literal(60.0),
        sa.literal(9),
    ).select_from(shelved)
    heard = sa.select(
        schema.shelf.c.listener, schema.shelf.c.document, chapter.c.n, sa.literal("heard")
    ).select_from(shelved)
    track_columns = ["document", "narration_key", "chapter", "narration", "stage", "seconds"]
    return [
        sa.insert(schema.chapters).from_select(["document", "number", "head", "body"], chapters),
        sa.insert(schema.tracks).from_select([*track_columns, "size"], tracks),
        sa.insert(schema.listenings).from_select(
            ["listener", "document", "chapter", "state"], heard
        ),
    ]


Call = Callable[[int], Awaitable[object]]


def calls(library: DatabaseLibrary) -> dict[str, Call]:
    """By name, each for the document of a number."""

    def card(number: int) -> CardPlace:
        sender = sender_of(number)
        return CardPlace(
            conversation=sender.conversation,
            message=str(number),
            document=id_of(number),
            listener=sender.listener,
        )

    async def wished(number: int) -> None:
        sender = sender_of(number)
        await library.wish(sender.conversation, sender.listener, id_of(number), 3, ENGLISH)

    async def granted(_number: int) -> None:
        for wish, _ in (await library.due_wishes(["memory"]))[:1]:
            await library.fulfil_wish(wish)

    async def read(number: int) -> None:
        document = Document(id=id_of(number), title="Bees", pages=1, chapters=())
        await library.receive(f"f{number:063}", filename="x.pdf", size=1)
        await library.save_reading(replace(document, id=f"f{number:063}"))

    async def deleted(number: int) -> None:
        await library.unshelve(sender_of(number).listener.id, id_of(number))
        await library.forget_document(id_of(number))

    def of(number: int) -> str:
        return sender_of(number).listener.id

    return {
        "progress": lambda n: library.progress(of(n), id_of(n)[:16]),
        "shelf": lambda n: library.shelf(of(n)),
        "card_at": lambda n: library.card_at(sender_of(n).conversation, str(n)),
        "others_card": lambda n: library.others_card(sender_of(n).conversation, "x", id_of(n)[:16]),
        "wish": wished,
        "due_wishes, fulfil_wish": granted,
        "mark": lambda n: library.mark(of(n), id_of(n), [2], ListeningState.NEW),
        "stale_cards": lambda _: library.stale_cards(["memory", "slack"]),
        "mark_card_shown": lambda n: library.mark_card_shown(card(n), 9),
        "put_off": lambda n: library.put_off(sender_of(n).conversation, 0.0),
        "save_track": lambda n: library.save_track(a_track(id_of(n), 3, size=n + 10)),
        "receive, save_reading": read,
        "unfinished (start)": lambda _: library.unfinished(),
        "statistics (/stats)": lambda _: library.statistics(),
        "unshelve, forget_document": deleted,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """Milliseconds of one call: by the clock, which a busy machine stretches, and of a
    processor."""

    clock: float
    processor: float


async def measure(call: Call, documents: int, runs: int) -> list[Taken]:
    taken = []
    for run in range(runs):
        began, worked = time.perf_counter(), time.process_time()
        await call((run * 7919 + 13) % documents)
        clock, processor = time.perf_counter() - began, time.process_time() - worked
        taken.append(Taken(clock=clock * 1000, processor=processor * 1000))
    return taken


async def run(url: str, documents: int) -> None:
    async with open_library(url) as library:
        began = time.perf_counter()
        await grow(library, documents)
        sys.stdout.write(f"grown in {time.perf_counter() - began:.0f} s\n")
        many = [_card(number, platform="slack", shown=0) for number in range(min(STALE, documents))]
        async with library.engine.begin() as connection:
            await connection.execute(sa.insert(schema.cards), many)
        for name, call in calls(library).items():
            is_seldom = "(" in name
            taken = await measure(call, documents, 3 if is_seldom else RUNS)
            clock = statistics.median(one.clock for one in taken)
            most = max(one.clock for one in taken)
            processor = statistics.median(one.processor for one in taken)
            told = f"{clock:8.1f} ms, at most {most:8.1f}; of a processor {processor:8.1f}"
            sys.stdout.write(f"{name:<28}{told}\n")
            sys.stdout.flush()


def main() -> None:
    documents = int(sys.argv[1]) if len(sys.argv) > 1 else DOCUMENTS
    with tempfile.TemporaryDirectory() as folder:
        url = sys.argv[2] if len(sys.argv) > 2 else f"sqlite+aiosqlite:///{Path(folder) / 'app.db'}"
        asyncio.run(run(url, documents))


if __name__ == "__main__":
    main()
