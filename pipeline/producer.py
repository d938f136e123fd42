"""The pipeline as the rest of the program sees it: read a PDF, speak a chapter, in children."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

import structlog

from pipeline.audio.outcome import believed_times, check_track, log_faults
from pipeline.audio.voices import VoiceCard, Voices
from pipeline.chapters.left_out import with_left_out
from pipeline.chapters.marks import marks_of
from pipeline.domain import (
    Chapter,
    Document,
    Kind,
    Narration,
    Script,
    Telling,
    Track,
    from_json,
    to_json,
)
from pipeline.errors import (
    ChildDied,
    ListenDockError,
    NoFfmpeg,
    ReadingTookTooLong,
    ReadingTookTooMuchMemory,
    SpeechFailed,
    WrongPassword,
)
from pipeline.ports import RemoteVoice
from pipeline.process.handover import document_in
from pipeline.process.programs import ffmpeg
from pipeline.process.sandbox import Given, Limits, Means, Sandbox, Wanted
from pipeline.process.sharding import extract_pages

log = structlog.get_logger()
Json = dict[str, Any]
OnDraft = Callable[[Document], Awaitable[None]]
# Half as much again as they use at their peak (docs/reading.md, "Speed and memory").
READING = Limits(memory_mb=1000, cpu_s=600)
RECOGNISING = Limits(memory_mb=1200, cpu_s=120)
SPEAKING = Limits(memory_mb=1500, cpu_s=900)
MOST_READERS = 4
# By the clock, wide enough for a busy host: children are stopped by the CPU time they use.
SURVEY_S, COMPOSE_S, COVER_S = 60.0, 60.0, 15.0  # for a small file; each megabyte adds
MEGABYTE_S, PAGE_S, LONGEST_S = 12.0, 0.4, 600.0
LAYOUT_S, LAYOUT_PAGE_S = 30.0, 6.0
KEPT = 1  # of each kind: the card after a quiet hour waits for no library to load
RECOGNISE_S, RECOGNISERS_IDLE_S = 240.0, 30.0  # a page
DRAWN_AT_ONCE = 20  # pages
MOST_COVER = 4 * 1024 * 1024  # bytes
SPEAK_S, PLAYERS_IDLE_S = 900.0, 30.0
MOST_HELPED = 0.25  # of a chapter's signs: where a server failed on more, one voice says it all


def recognition_is_installed() -> bool:
    """Whether the extra `ocr` is here. Asked without loading anything."""
    return all(find_spec(name) is not None for name in ("rapidocr", "cv2", "onnxruntime"))


class Producer:
    """Async context manager. `voices`: best first; `default_voice` where it speaks the language;
    `words`: how the operator wants words said; `can_recognise`: whether scanned pages
    are; the extra must be installed; `must_lock`: children
    that cannot be locked up do not work."""

    def __init__(
        self,
        *,
        voices: Sequence[VoiceCard],
        default_voice: str,
        workers: int,
        words: Mapping[str, str] | None = None,
        can_recognise: bool = False,
        must_lock: bool = False,
    ) -> None:
        self.words = dict(words or {})
        self._voices = Voices(voices, default_voice)
        self.reading_children = max(1, min(MOST_READERS, os.cpu_count() or 1, workers))
        self._readers = Sandbox(
            module="pipeline.read",
            size=self.reading_children,
            limits=READING,
            warm_up="read.warm_up",
            blames_input=True,
            kept=KEPT,
            means=Means(must_hold=must_lock),
        )
        self._can_recognise = can_recognise
        self._recognisers = Sandbox(
            module="pipeline.pdf.recognition",
            size=self.reading_children,
            limits=RECOGNISING,
            blames_input=True,
            idle_s=RECOGNISERS_IDLE_S,
            means=Means(must_hold=must_lock),
        )
        means = Means(
            packages={voice.package for voice in voices},
            readable={file for voice in voices for file in voice.files},
            environment={name for voice in voices for name in voice.environment},
            must_hold=must_lock,
        )
        self._speakers = Sandbox(
            module="pipeline.speak",
            size=workers,
            limits=SPEAKING,
            warm_up="speak.warm_up",
            kept=KEPT,
            means=means,
        )
        self._players = Sandbox(
            module="pipeline.speak",
            size=workers,
            limits=SPEAKING,
            idle_s=PLAYERS_IDLE_S,
            means=replace(means, runs=_decoders(voices)),
        )
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await self._stack.enter_async_context(self._readers)
        await self._stack.enter_async_context(self._recognisers)
        await self._stack.enter_async_context(self._speakers)
        await self._stack.enter_async_context(self._players)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    def start_warming(self) -> None:
        """Children are ready when the first document comes; a command that may not need them
        does not ask for it."""
        self._readers.start_warming(self.reading_children)
        self.start_warming_voice()

    def start_warming_voice(self) -> None:
        """Speaking children with the default voice, while there is nothing to speak yet."""
        voice = self._voices.default
        places = [] if voice.remote else [voice.place]
        self._speakers.start_warming(self._speakers.size, {"voices": places})

    # --- reading --------------------------------------------------------------------------------

    async def read(
        self,
        path: Path,
        *,
        max_pages: int,
        on_progress: Callable[[int, int], None] | None = None,
        on_draft: OnDraft | None = None,
        kind: Kind | None = None,
    ) -> Document:
        """The document in a PDF file. Raises `UserError`s, `ChildDied`, `DiskFull`.

        `on_draft`: is given what the text alone tells, if the layout model, which takes most of the
        time, may still change it: heads of chapters, and all of the first. `kind`: what it is, by
        somebody's word; None: as it looks."""
        extra_s = _extra_s(path)
        file: Json = {"path": Given(path)}
        with TemporaryDirectory(prefix="listendock-") as folder:
            out, draft = Path(folder) / "document", Path(folder) / "draft"
            opened = await self._readers.run(
                "read.open", file | {"max_pages": max_pages}, timeout_s=SURVEY_S + extra_s
            )
            total = min(max_pages, int(opened["pages"]))  # whatever a child says
            extra_s = min(LONGEST_S, extra_s + PAGE_S * total)
            files = await extract_pages(
                self._readers,
                file,
                pages=total,
                folder=Path(folder),
                timeout_s=SURVEY_S + extra_s,
            )
            text = file | {
                "total": total,
                "files": [Given(file) for file in files],
                "out": Wanted(out),
                "can_recognise": self._can_recognise,
                "draft": Wanted(draft) if on_draft is not None else None,
                "kind": kind,
            }
            found = await self._survey(text, SURVEY_S + extra_s)
            if pages := found.get("scan_pages"):
                text["recognised"] = await self._recognise(file["path"], pages, on_progress)
                on_progress = None  # it has been told to the end
                found = await self._survey(text, SURVEY_S + extra_s)
            if pages := found["layout_pages"]:
                if on_draft is not None and draft.is_file():
                    await self._tell(draft, on_draft)
                labels = await self._lay_out(file["path"], pages, on_progress)
                request = text | {"labels": labels}
                await self._readers.run("read.compose", request, timeout_s=COMPOSE_S + extra_s)
            document = await asyncio.to_thread(lambda: with_left_out(document_in(out)))
            log_findings(document)
            return document

    async def _tell(self, draft: Path, on_draft: OnDraft) -> None:
        """A draft that cannot be is done without."""
        try:
            told = await asyncio.to_thread(document_in, draft)
        except ChildDied:
            log.warning("draft not believed")
        else:
            await on_draft(told)

    async def _survey(self, text: Json, timeout_s: float) -> Json:
        """What a draft breaks, the labels may mend: it is done without."""
        try:
            return await self._readers.run("read.survey", text, timeout_s=timeout_s)
        except (ChildDied, ReadingTookTooLong, ReadingTookTooMuchMemory):
            if text["draft"] is None:
                raise
        text["draft"] = None
        return await self._readers.run("read.survey", text, timeout_s=timeout_s)

    async def _recognise(
        self, file: Given, pages: list[int], on_progress: Callable[[int, int], None] | None
    ) -> Json:
        """What was recognised on these pages, by number. Each is a job of its own, so that a page
        that breaks its child is lost alone."""
        found: Json = {}

        async def recognise(page: int) -> None:
            request = {"path": file, "page": page}
            try:
                found[str(page)] = await self._recognisers.run(
                    "recognise", request, timeout_s=RECOGNISE_S
                )
            except ListenDockError as err:
                log.warning("page not recognised", page=page + 1, error=err.kind)
                found[str(page)] = {"is_hopeless": True}
            if on_progress is not None:
                on_progress(len(found), len(pages))

        async with asyncio.TaskGroup() as group:
            for page in pages:
                group.create_task(recognise(page))
        return found

    async def _lay_out(
        self, file: Given, pages: list[int], on_progress: Callable[[int, int], None] | None
    ) -> Json:
        """The layout model over several children: pages are dealt out like cards."""
        hands = min(self.reading_children, max(1, len(pages) // 2))
        done = [0] * hands

        async def lay_out(hand: int) -> Json:
            def on_pages(count: int, _total: int) -> None:
                done[hand] = count
                if on_progress is not None:
                    on_progress(sum(done), len(pages))

            share = pages[hand::hands]
            request = {"path": file, "pages": share}
            timeout_s = LAYOUT_S + LAYOUT_PAGE_S * len(share)
            try:
                answer = await self._readers.run(
                    "read.layout", request, timeout_s=timeout_s, on_progress=on_pages
                )
            except ListenDockError as err:  # the text alone will do
                log.warning("pages not laid out", pages=len(share), error=err.kind)
                return {}
            return dict(answer["labels"])

        labels: Json = {}
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(lay_out(hand)) for hand in range(hands)]
        for task in tasks:
            labels |= task.result()
        return labels

    async def unlock(self, pdf: Path, password: str, out: Path) -> None:
        """A copy without a password at `out`, whole or not at all; the same bytes each time.

        The password, the user's or the owner's, is written nowhere: it travels by a pipe to the
        child and stands in no error. Raises `WrongPassword`, as `read` does else."""
        if not _is_text(password):  # no pipe carries it
            raise WrongPassword
        request = {"path": Given(pdf), "password": password, "out": Wanted(out)}
        await self._readers.run("read.unlock", request, timeout_s=SURVEY_S + _extra_s(pdf))

    async def cover(self, pdf: Path, out: Path) -> bool:
        """Page 1 as a JPEG at `out`; False where it cannot be had, which harms nothing."""
        request = {"path": Given(pdf), "out": Wanted(out, most_bytes=MOST_COVER)}
        try:
            answer = await self._readers.run("read.cover", request, timeout_s=COVER_S)
        except ListenDockError:
            return False
        return bool(answer.get("has_cover")) and out.is_file()

    async def draw_account(self, pdf: Path, document: Document, folder: Path) -> list[Path]:
        """Each page as a PNG in a folder: what is read in green, what is left out in grey with
        the reason beside it. Raises `ChildDied`, `DiskFull`."""
        marks = marks_of(document)
        files = [folder / f"page-{number:03d}.png" for number in range(1, document.pages + 1)]
        for start in range(0, document.pages, DRAWN_AT_ONCE):
            pages = [
                [number, [[*mark.place[1:], mark.reason] for mark in marks.get(number + 1, ())],
                 Wanted(files[number])]
                for number in range(start, min(start + DRAWN_AT_ONCE, document.pages))
            ]  # fmt: skip
            request = {"path": Given(pdf), "pages": pages}
            await self._readers.run("read.draw", request, timeout_s=SURVEY_S + _extra_s(pdf))
        return [file for file in files if file.is_file()]

    # --- speaking -------------------------------------------------------------------------------

    def voices(self) -> Sequence[VoiceCard]:
        """All of them, in a fixed order."""
        return self._voices.cards

    def voice_for(self, language: str, wanted: str = "") -> VoiceCard:
        """The wanted voice, else the default, else the best that speaks it. Raises `NoVoice`."""
        return self._voices.best_for(language, wanted)

    def narration_for(self, document: Document, wanted: Narration) -> Narration:
        """The wanted narration in the document's language, or translated, with a voice that speaks
        it. Raises `NoVoice`."""
        return self._voices.narration_for(document.language, wanted)

    async def speak(
        self,
        document: Document,
        chapter: Chapter,
        narration: Narration,
        out: Path,
        cover: Path | None,
        telling: Telling | None = None,
    ) -> Track:
        """One chapter as a tagged MP3 at `out`. Raises `SpeechFailed`, `ChildDied`, `DiskFull`.

        `telling`: what a model made of it; None: its own words. A voice behind a network that
        fails is stood in for, for the whole chapter, by one of ours; the track tells."""
        voice = self._voices.named(narration.voice)
        if voice is None:
            raise SpeechFailed
        head = replace(document, chapters=(), left_out=())
        request = {
            "chapter": to_json(chapter).decode(),
            "head": to_json(head).decode(),
            "total": len(document.chapters),
            "narration": to_json(narration).decode(),
            "telling": to_json(telling).decode() if telling is not None else None,
            "foreign": _foreign(telling or chapter, narration.language),
            "words": {**self.words, **dict(narration.lexicon)},
            "out": Wanted(out),
            "cover": Given(cover) if cover is not None and cover.is_file() else None,
        }
        spoken_by = ""
        if voice.remote is None:
            answer = await self._speak_here(voice, narration, request)
        else:
            try:
                answer = await self._speak_there(voice, voice.remote, narration, request, document)
            except SpeechFailed:
                own = self._voices.own_for(narration.language)
                log.warning("another voice steps in", chapter=chapter.number, voice=own.id)
                answer = await self._speak_here(own, narration, request)
                spoken_by = own.id
        return Track(
            document=document.id,
            chapter=chapter.number,
            narration=narration,
            seconds=answer["samples"] / answer["rate"],
            size=out.stat().st_size,
            spoken_by=spoken_by,
            times=await believed_times(answer, telling, chapter, narration),
        )

    def has_room_for(self, narration: Narration) -> bool:
        """Whether a voice of ours that has nothing to do speaks it, on a processor that reading
        leaves free: else the chapters would come later by what the first one comes earlier."""
        if (os.cpu_count() or 1) <= self.reading_children:
            return False
        voice = self._voices.named(narration.voice)
        return voice is not None and voice.remote is None and not self._speakers.is_busy

    async def _speak_here(self, voice: VoiceCard, narration: Narration, request: Json) -> Json:
        wanted = {
            **request,
            "voices": [card.place for card in self._voices.with_helpers(voice, narration.language)],
            "foreign_voices": self._voices.guests_of(voice, request["foreign"]),
        }
        answer = await self._speakers.run("speak", wanted, timeout_s=SPEAK_S)
        check_track(answer, Path(request["out"].path))
        log_faults(voice.id, answer)
        return answer

    async def _speak_there(
        self,
        voice: VoiceCard,
        remote: RemoteVoice,
        narration: Narration,
        request: Json,
        document: Document,
    ) -> Json:
        """Fetched by the program, checked and encoded by a child that knows no key. A sentence that
        is no speech is said by one of ours. Raises `SpeechFailed` where there are many."""
        wanted = {**request, "longest": remote.longest_piece}
        found = await self._speakers.run("speak.script", wanted, timeout_s=SPEAK_S)
        script = from_json(Script, found["script"])
        async with remote.fetch(script, narration, document=document.id) as folder:
            place = {"factory": voice.factory, "speaker": Given(folder), "is_fetched": True}
            voices = [place, *(card.place for card in self._voices.own(narration.language))]
            wanted = {**request, "script": found["script"], "voices": voices}
            answer = await self._players.run("speak", wanted, timeout_s=SPEAK_S)
            check_track(answer, Path(request["out"].path))
            log_faults(voice.id, answer)
            if answer["helped_share"] > MOST_HELPED:
                raise SpeechFailed
            return answer


def log_findings(document: Document) -> None:
    """Prose that was left out for a reason that does not fit it: how much and why, not what."""
    account = document.account
    if account.unexplained:
        log.error("words unaccounted for", document=document.id, words=account.unexplained)
    if not account.findings:
        return
    words: Counter[str] = Counter()
    for finding in account.findings:
        words[finding.reason.value] += finding.words
    tell = log.warning if account.missing_pages else log.info
    tell("prose may be missing", document=document.id, words=dict(words))


def _decoders(voices: Sequence[VoiceCard]) -> list[Path]:
    """What whoever plays fetched sounds must start; nobody else may start anything. Raises
    `NoFfmpeg`."""
    if not any(voice.remote for voice in voices):
        return []
    try:
        return [Path(ffmpeg()).resolve()]
    except FileNotFoundError:
        raise NoFfmpeg from None


def _extra_s(pdf: Path) -> float:
    """What the size of a file adds to the time that it may take."""
    return min(LONGEST_S, MEGABYTE_S * pdf.stat().st_size / 1e6)


def _is_text(password: str) -> bool:
    """Whether it can be written at all: half a surrogate pair cannot."""
    return password.encode(errors="replace").decode() == password


def _foreign(told: Telling | Chapter, language: str) -> list[str]:
    """Languages of its passages that are not the narration's."""
    return sorted({passage.language for passage in told.passages} - {"", language})
