"""Rows are not believed over files: what is gone is found, and made again."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import pytest
from structlog.testing import capture_logs

from adapters.memory import MemoryFiles, MemoryJobs, MemoryLibrary
from bot.ports import cover_key, pdf_key
from bot.work.covers import Covers
from bot.work.mending import Inspection, Mending
from pipeline.domain import Track
from tests import producing
from tests.producing import JPEG, MemoryProducer
from tests.samples import ENGLISH, a_document, a_sender, a_track

BEES = "be" * 32
ADA, TOM = a_sender("ada"), a_sender("tom")
PDF = b"%PDF 3"


@dataclass(slots=True)
class Bench:
    library: MemoryLibrary = field(default_factory=MemoryLibrary)
    files: MemoryFiles = field(default_factory=MemoryFiles)
    jobs: MemoryJobs = field(default_factory=MemoryJobs)
    producer: MemoryProducer = field(default_factory=MemoryProducer)

    @property
    def mending(self) -> Mending:
        return Mending(library=self.library, files=self.files, jobs=lambda: self.jobs)

    @property
    def covers(self) -> Covers:
        return Covers(library=self.library, files=self.files, producer=self.producer)

    async def inspects(self) -> list[str]:
        """What the log is told."""
        with capture_logs() as logs:
            await Inspection(
                library=self.library, files=self.files, covers=self.covers, mending=self.mending
            ).run()
        return [entry["event"] for entry in logs]

    async def spoken(self, *chapters: int) -> list[Track]:
        tracks = [a_track(BEES, chapter, size=6) for chapter in chapters]
        for track in tracks:
            self.files.files[track.key] = b"ID3 ..".ljust(6)
            await self.library.save_track(track)
        return tracks


@pytest.fixture
async def bench() -> Bench:
    bench = Bench()
    await bench.library.receive(BEES, filename="bees.pdf", size=len(PDF))
    await bench.library.shelve(ADA.listener, BEES, ENGLISH)
    await bench.library.save_reading(a_document(BEES))
    bench.files.files = {pdf_key(BEES): PDF, cover_key(BEES): JPEG}
    return bench


async def test_tracks_that_are_gone_or_short_are_made_again_and_whole_ones_are_not(
    bench: Bench,
) -> None:
    gone, short, _ = await bench.spoken(1, 2, 3)
    del bench.files.files[gone.key]
    bench.files.files[short.key] = b"ID3"
    assert "tracks to be made again" in await bench.inspects()
    assert bench.jobs.chapters == [(BEES, 1), (BEES, 2)]
    assert [track.chapter for track in await bench.library.ready_tracks(BEES)] == [3]


async def test_what_nobody_has_made_unasked_is_made_when_it_is_asked_for(bench: Bench) -> None:
    (gone,) = await bench.spoken(1)
    del bench.files.files[gone.key]
    await bench.library.stop(ADA.listener.id, BEES)
    await bench.inspects()
    assert bench.jobs.speaks == []
    assert await bench.library.ready_tracks(BEES) == []


async def test_a_store_that_holds_all_is_left_alone(bench: Bench) -> None:
    await bench.spoken(1, 2, 3)
    assert await bench.inspects() == []
    assert bench.jobs.speaks == []


async def test_a_cover_is_drawn_again_and_a_lost_pdf_is_told(bench: Bench) -> None:
    del bench.files.files[cover_key(BEES)]
    assert await bench.inspects() == []
    assert bench.files.files[cover_key(BEES)] == JPEG
    bench.files.files[pdf_key(BEES)] = PDF[:2]
    assert await bench.inspects() == ["pdf gone"]


async def test_a_cover_that_is_gone_is_drawn_by_the_first_of_many_who_want_it(
    bench: Bench,
) -> None:
    del bench.files.files[cover_key(BEES)]
    covers = bench.covers

    async def wanted() -> bytes:
        async with covers.local(BEES) as cover:
            assert cover is not None
            return cover.read_bytes()

    assert await asyncio.gather(*(wanted() for _ in range(3))) == [JPEG] * 3
    assert len(bench.producer.covers) == 1
    assert bench.files.files[cover_key(BEES)] == JPEG


@pytest.mark.parametrize("damaged", [JPEG[:-1], b"\0" * len(JPEG), JPEG[:2], b"", JPEG + b"\0"])
async def test_a_cover_that_is_damaged_is_drawn_again(bench: Bench, damaged: bytes) -> None:
    bench.files.files[cover_key(BEES)] = damaged
    async with bench.covers.local(BEES) as cover:
        assert cover is not None
        assert cover.read_bytes() == JPEG
    assert bench.files.files[cover_key(BEES)] == JPEG


async def test_what_was_drawn_and_is_no_picture_is_not_kept_nor_drawn_for_ever(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(producing, "JPEG", JPEG[:9])
    del bench.files.files[cover_key(BEES)]
    covers = bench.covers
    for _ in range(2):
        async with covers.local(BEES) as cover:
            assert cover is None
    assert len(bench.producer.covers) == 1
    assert cover_key(BEES) not in bench.files.files


async def test_a_document_that_has_no_picture_is_tried_once(bench: Bench) -> None:
    del bench.files.files[cover_key(BEES)]
    bench.producer.has_covers = False
    covers = bench.covers
    for _ in range(2):
        async with covers.local(BEES) as cover:
            assert cover is None
    assert len(bench.producer.covers) == 1
    assert not await covers.is_pdf_gone(BEES)


async def test_without_its_pdf_no_cover_can_be_drawn_until_it_is_sent_again(bench: Bench) -> None:
    del bench.files.files[cover_key(BEES)]
    bench.files.files[pdf_key(BEES)] = PDF[:2]
    covers = bench.covers
    with capture_logs() as logs:
        async with covers.local(BEES) as cover:
            assert cover is None
    assert [entry["event"] for entry in logs] == ["pdf gone"]
    assert await covers.is_pdf_gone(BEES)
    bench.files.files[pdf_key(BEES)] = PDF
    async with covers.local(BEES) as cover:
        assert cover is not None


async def test_of_a_deleted_document_nothing_is_drawn(bench: Bench) -> None:
    await bench.library.unshelve(ADA.listener.id, BEES)
    await bench.library.forget_document(BEES)
    bench.files.files.clear()
    async with bench.covers.local(BEES) as cover:
        assert cover is None
    assert bench.files.files == {}


async def test_who_taps_a_chapter_that_is_gone_gets_it_before_all_others(bench: Bench) -> None:
    (gone,) = await bench.spoken(2)
    assert await bench.mending.is_whole(gone)
    bench.files.files[gone.key] = b""
    assert not await bench.mending.is_whole(gone)
    await bench.mending.remake(gone, TOM.listener.id, is_awaited=True)
    assert bench.jobs.hurried == [(BEES, 2)]


async def test_one_document_that_cannot_be_looked_at_hides_no_other(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    (gone,) = await bench.spoken(1)
    del bench.files.files[gone.key]
    other = "c0" * 32
    await bench.library.receive(other, filename="x.pdf", size=1)
    sizes = bench.files.sizes

    async def broken(folder: str) -> object:
        if other in folder:
            raise OSError("a bad sector")
        return await sizes(folder)

    monkeypatch.setattr(bench.files, "sizes", broken)
    assert "document not inspected" in await bench.inspects()
    assert bench.jobs.chapters == [(BEES, 1)]
