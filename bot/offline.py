"""`listendock chapters` and `listendock narrate`: files in, JSON or MP3s out, no server."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

import structlog
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from bot.presenters.accounts import account_text
from bot.presenters.lines import slug
from bot.terminal import name_write_errors, sentence_of, tell_of_another_voice, write_whole
from bot.words import ENGLISH, composed
from bot.work.tellings import telling_by
from pipeline.audio.audiobook import Part, whole_m4b, whole_mp3, whole_tags
from pipeline.audio.captions import lines_of, vtt_of
from pipeline.audio.mp3 import RATE
from pipeline.domain import Account, Chapter, Document, Kind, Mode, Narration, Telling, Track
from pipeline.errors import (
    ChildDied,
    DiskFull,
    ListenDockError,
    NotTranslated,
    PdfTooLarge,
    SpeechFailed,
    UserError,
)
from pipeline.ports import Summarizer, Teller
from pipeline.producer import Producer
from pipeline.spoken.script import script_from
from pipeline.takeaways.digest import with_digest
from pipeline.takeaways.tellings import telling_of

log = structlog.get_logger()
Json = dict[str, Any]
Form = Literal["text", "json", "account"]


class NoSuchFile(UserError):
    kind = "not_found"
    sentence = "There is no file {name}."


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLimits:
    pages: int
    megabytes: int


async def read_file(
    producer: Producer, file: Path, limits: FileLimits, kind: Kind | None = None
) -> Document:
    """Read a PDF from disk. Raises `ListenDockError`s only. `kind`: what it is; None: as it
    looks."""
    if not file.is_file():
        raise NoSuchFile(name=str(file))
    size = file.stat().st_size
    if size > limits.megabytes * 1024 * 1024:
        megabytes = -(-size // (1024 * 1024))
        raise PdfTooLarge(megabytes=megabytes, limit=limits.megabytes)
    return await producer.read(file, max_pages=limits.pages, kind=kind)


def failure(file: str, error: ListenDockError) -> Json:
    """A document that fails, as the contract words it."""
    return {"file": file, "error": {"kind": error.kind, "message": sentence_of(error)}}


def described(
    file: str,
    document: Document,
    narration: Narration,
    words: Mapping[str, str],
    tellings: Mapping[int, Telling] | None = None,
) -> Json:
    """One line of `chapters --json`. `words`: how the operator wants words said; `tellings`: what
    a model made of chapters, by number."""
    told = tellings or {}
    return {
        "file": file,
        "document": document.id,
        "title": document.title,
        "authors": list(document.authors),
        "language": document.language,
        "kind": document.kind,
        "pages": document.pages,
        "summary": document.summary,
        "seconds": round(document.seconds, 1),
        "chapters": [
            _chapter(c, told.get(c.number) or telling_of(c, narration.mode), narration, words)
            for c in document.chapters
        ],
        "skipped": asdict(document.skipped),
        "account": _account(document.account),
    }


def _account(account: Account) -> Json:
    return {
        "words": account.words,
        "spoken": account.spoken,
        "left_out": dict(account.left_out),
        "unexplained": account.unexplained,
        "findings": [asdict(finding) for finding in account.findings],
    }


def _chapter(
    chapter: Chapter, telling: Telling, narration: Narration, words: Mapping[str, str]
) -> Json:
    entry = {
        "number": chapter.number,
        "title": chapter.title,
        "label": chapter.label,
        "level": chapter.level,
        "page": chapter.page,
        "takeaway": chapter.takeaway.text,
        "takeaway_source": chapter.takeaway.source,
        "text": chapter.text,
        "script": script_from(telling, narration.language, words).text,
        "seconds": round(chapter.seconds, 1),
    }
    if chapter.takeaway.source == "model":
        entry["takeaway_page"] = chapter.takeaway.page
    if chapter.telling_title:
        entry["telling_title"] = chapter.telling_title
    return entry


async def improve(document: Document, summarizer: Summarizer | None) -> Document:
    """With what a model says of it, where there is one; at most two minutes later."""
    if summarizer is None:
        return document
    return with_digest(document, await summarizer.digest(document))


async def chapters(
    producer: Producer,
    files: Sequence[str],
    limits: FileLimits,
    *,
    form: Form = "text",
    kind: Kind | None = None,
    pages: Path | None = None,
    summarizer: Summarizer | None = None,
) -> int:
    """Print what would be read of each file, in the order given. `kind`: what all of them are;
    `pages`: a folder for the pages, drawn with what is read and left out. Returns how many
    failed."""
    slots = asyncio.Semaphore(producer.reading_children)
    drawn: dict[Path, str] = {}  # whose pages lie in a folder
    with _progress() as bar:
        task = bar.add_task("reading", total=len(files))

        async def answer(file: str) -> Json:
            async with slots:
                try:
                    document = await read_file(producer, Path(file), limits, kind)
                    if pages is not None:
                        with name_write_errors():
                            await _draw(producer, Path(file), document, pages, drawn)
                except ListenDockError as err:
                    return failure(file, err)
                finally:
                    bar.advance(task)
            if form == "account":
                return {"file": file, "account": account_text(document)}
            document = await improve(document, summarizer)
            narration = Narration(voice="any:any", language=document.language)
            return await asyncio.to_thread(described, file, document, narration, producer.words)

        return await _print_all([answer(file) for file in files], _FORMS[form])


async def _draw(
    producer: Producer, pdf: Path, document: Document, pages: Path, drawn: dict[Path, str]
) -> None:
    """Each page as `pages/<slug>/page-007.png`; of another document with that title, beside it."""
    folder = _folder(pages, document)
    if drawn.setdefault(folder, document.id) != document.id:
        folder = folder.with_name(f"{folder.name}-{document.id[:8]}")
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    await producer.draw_account(pdf, document, folder)


async def _print_all(answers: Sequence[Awaitable[Json]], form: Callable[[Json], str]) -> int:
    """Each answer as soon as all before it are out."""
    failures = 0
    for pending in [asyncio.ensure_future(answer) for answer in answers]:
        answer = await pending
        failures += "error" in answer
        sys.stdout.write(form(answer) + "\n")
        sys.stdout.flush()
    return failures


def _as_json(answer: Json) -> str:
    return json.dumps(answer, ensure_ascii=False)


def _as_text(answer: Json) -> str:
    if "error" in answer:
        return f"{answer['file']}: {answer['error']['message']}"
    minutes = composed.minutes(ENGLISH, answer["seconds"])
    lines = [
        answer["title"],
        f"  {minutes} · {answer['pages']} pages · {answer['language']} · {answer['kind']}",
        f"  {answer['summary']}",
    ]
    for chapter in answer["chapters"]:
        indent = "  " * chapter["level"]
        length = composed.length(chapter["seconds"])
        beside = f" – {chapter['telling_title']}" if "telling_title" in chapter else ""
        lines.append(f"{chapter['number']:4}{indent}{chapter['title']}{beside}  {length}")
        lines.append(f"    {indent}{chapter['takeaway']}")
    return "\n".join(line for line in lines if line.strip())


def _as_account(answer: Json) -> str:
    return _as_text(answer) if "error" in answer else str(answer["account"])


_FORMS: Mapping[Form, Callable[[Json], str]] = {
    "text": _as_text,
    "json": _as_json,
    "account": _as_account,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What `narrate` was asked for. `whole`: one more file with all chapters, "mp3" or "m4b"."""

    limits: FileLimits
    out: Path
    narration: Narration
    kind: Kind | None = None  # of all the files; None: as each looks
    whole: str = ""
    summarizer: Summarizer | None = None
    teller: Teller | None = None


async def narrate(producer: Producer, files: Sequence[str], order: Order) -> int:
    """Write `out/<slug>/` for each file and print the folder's path. Returns how many failed."""
    failures = 0
    producer.start_warming_voice()  # while the first file is read
    with _progress() as bar:
        for file in files:
            try:
                with name_write_errors():
                    folder = await _narrate(producer, Path(file), order, bar)
            except ListenDockError as err:
                failures += 1
                sys.stderr.write(f"{file}: {sentence_of(err)}\n")
            else:
                sys.stdout.write(f"{folder}\n")
                sys.stdout.flush()
    return failures


async def _narrate(producer: Producer, file: Path, order: Order, bar: Progress) -> Path:
    task = bar.add_task(f"reading {file.name}", total=None)
    document = await read_file(producer, file, order.limits, order.kind)
    if order.narration.mode is Mode.TRANSLATION:
        producer.voice_for(order.narration.language)  # raises NoVoice
    narration = producer.narration_for(document, order.narration)
    tell_of_another_voice(file, wanted=order.narration.voice, narration=narration)
    folder = _folder(order.out, document)
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    cover = folder / "cover.jpg"
    if not await producer.cover(file, cover):
        cover = folder / "none"
    bar.update(task, description=file.name, total=document.seconds, completed=0)
    recording = Recording(
        document=document, narration=narration, folder=folder, cover=cover, teller=order.teller
    )
    tracks, document = await asyncio.gather(
        _speak(producer, recording, lambda seconds: bar.advance(task, seconds)),
        improve(document, order.summarizer),
    )
    await asyncio.to_thread(_write_captions, recording, tracks)
    description = described(str(file), document, narration, producer.words, recording.tellings)
    if len(tracks) == len(document.chapters) and order.whole:
        description["whole"] = await asyncio.to_thread(_joined, recording, tracks, order.whole)
    _write_description(recording, description, tracks)
    if len(tracks) < len(document.chapters):
        raise SpeechFailed  # what was spoken stays in the folder
    return folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A document on its way into a folder."""

    document: Document
    narration: Narration
    folder: Path
    cover: Path  # may not be there
    teller: Teller | None = None
    tellings: dict[int, Telling] = field(default_factory=dict)  # by chapter, as they come


async def _speak(
    producer: Producer, recording: Recording, on_done: Callable[[float], None]
) -> list[Track]:
    cover = recording.cover if recording.cover.is_file() else None
    full: list[DiskFull] = []

    async def speak(chapter: Chapter) -> Track | None:
        out = recording.folder / audio_name(chapter)
        out.with_suffix(".vtt").unlink(missing_ok=True)  # of another run: it had other times
        try:
            telling = await _find_telling(recording, chapter)
            return await producer.speak(
                recording.document, chapter, recording.narration, out, cover, telling
            )
        except DiskFull as err:  # the others may be shorter; none is left running
            full.append(err)
            return None
        except (SpeechFailed, ChildDied, NotTranslated) as err:
            log.error("chapter not spoken", chapter=chapter.number, reason=type(err).__name__)
            return None
        finally:
            on_done(chapter.seconds)

    spoken = await asyncio.gather(*(speak(chapter) for chapter in recording.document.chapters))
    if full:
        raise full[0]
    return [track for track in spoken if track is not None]


async def _find_telling(recording: Recording, chapter: Chapter) -> Telling | None:
    """What a model makes of a chapter, where one is wanted and there is one. Raises
    `NotTranslated`."""
    document, narration, teller = recording.document, recording.narration, recording.teller
    if teller is not None:
        await teller.write(document, chapter, narration)
    telling = await telling_by(teller, document, chapter, narration)
    if telling is not None:
        recording.tellings[chapter.number] = telling
    return telling


def _joined(recording: Recording, tracks: Sequence[Track], kind: str) -> str:
    """All tracks in one file beside them; its name."""
    document, folder = recording.document, recording.folder
    parts = [
        Part(
            file=folder / audio_name(chapter),
            title=chapter.full_title,
            samples=round(track.seconds * RATE),
        )
        for chapter, track in zip(document.chapters, tracks, strict=True)
    ]
    out = folder / f"{slug(document.title)}.{kind}"
    tags = whole_tags(document, recording.narration, recording.cover)
    (whole_m4b if kind == "m4b" else whole_mp3)(parts, out, tags)
    return out.name


def _write_captions(recording: Recording, tracks: Sequence[Track]) -> None:
    """`NN-<slug>.vtt` beside each MP3: its words, as they are written, and when they are said."""
    chapters = {chapter.number: chapter for chapter in recording.document.chapters}
    narration = recording.narration
    for track in tracks:
        chapter = chapters[track.chapter]
        told = recording.tellings.get(chapter.number) or telling_of(chapter, narration.mode)
        lines = lines_of(track.times, told)
        out = (recording.folder / audio_name(chapter)).with_suffix(".vtt")
        if lines:
            title, language = chapter.full_title, narration.language
            write_whole(out, vtt_of(lines, title=title, language=language))


def audio_name(chapter: Chapter) -> str:
    return f"{chapter.number:02d}-{slug(chapter.title)}.mp3"


def _folder(out: Path, document: Document) -> Path:
    """`out/<slug>`; a folder that holds another document is left alone."""
    folder = out / slug(document.title)
    description = folder / "document.json"
    if description.exists():
        former = json.loads(description.read_text(encoding="utf-8")).get("document")
        if former != document.id:
            return out / f"{slug(document.title)}-{document.id[:8]}"
    return folder


def _write_description(recording: Recording, answer: Json, tracks: Sequence[Track]) -> None:
    """`document.json`: as `chapters --json`, with measured seconds and the audio's names."""
    seconds = {track.chapter: track.seconds for track in tracks}
    for entry, chapter in zip(answer["chapters"], recording.document.chapters, strict=True):
        if chapter.number in seconds:
            entry["audio"] = audio_name(chapter)
            entry["seconds"] = round(seconds[chapter.number], 3)
    answer["seconds"] = round(sum(entry["seconds"] for entry in answer["chapters"]), 3)
    text = json.dumps(answer, ensure_ascii=False, indent=1)
    write_whole(recording.folder / "document.json", text)


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
