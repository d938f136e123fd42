"""PDF bytes → `Document`. Runs in a child process: nothing here may be called elsewhere.

In steps, so that pages can be read and laid out side by side in several children: `opened` (tells
what is wrong with a file), `extract` (the text of some pages), `survey` (tells which of them need
the model), `laid_out` (the model's labels for those), `composed`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from pipeline.chapters.reading import Reading, document_of, warm_up
from pipeline.domain import Chapter, Document, Kind, Narration
from pipeline.language.pace import seconds_to_say
from pipeline.pdf import layout, scans
from pipeline.pdf.cover import cover
from pipeline.pdf.drawn import drawn
from pipeline.pdf.extraction import extract, read_pages
from pipeline.pdf.health import check_text, opened
from pipeline.pdf.lines import Page
from pipeline.pdf.outline_entries import Entry, entries_of
from pipeline.pdf.page_files import in_order, pages_in
from pipeline.pdf.pages import PAGE_ERRORS
from pipeline.pdf.turned import faced
from pipeline.pdf.unlocking import unlock
from pipeline.process.child import allow_cpu
from pipeline.process.handover import write_document
from pipeline.spoken.script import estimated_seconds, script_of
from pipeline.takeaways.extracts import with_takeaways

Json = dict[str, Any]
Progress = Callable[[int, int], None]
Labels = Mapping[str, Sequence[Sequence[Any]]]
SAMPLE_SIGNS = 8_000  # some minutes
# Many times what honest files take (.011 s a crowded page): hosts differ, and so do pages.
CPU_S, MEGABYTE_CPU_S, PAGE_CPU_S, MOST_CPU_S = 15, 4.0, 0.2, 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What a first look tells. `scan_pages`: to be recognised before anything else is known.
    `document`: with `layout_pages`, a draft of it."""

    scan_pages: Sequence[int] = ()
    layout_pages: Sequence[int] = ()  # that the layout model should see
    document: Document | None = None


def survey(
    path: Path,
    *,
    max_pages: int | None = None,
    files: Sequence[Path] | None = None,
    recognised: Mapping[str, Json] | None = None,
    can_recognise: bool = False,
    wants_draft: bool = False,
    kind: Kind | None = None,
) -> Survey:
    """Look at a document's text, without the layout model. Raises what is wrong with it."""
    text = _opened_text(path, max_pages, files)
    scan_pages = scans.to_recognise(text.pages)
    if scan_pages and recognised is None and can_recognise:
        return Survey(scan_pages=scan_pages)
    text = _readable(text, recognised)
    said = text.metadata.get("title") or ""
    reading = Reading(text.pages, {}, text.entries, said, kind=kind)
    layout_pages = [page for page in reading.doubtful_pages() if page not in set(scan_pages)]
    document = None
    if wants_draft or not layout_pages:
        document = reading.document(text.metadata, name=path.name, digest=_digest(path))
    return Survey(layout_pages=layout_pages, document=document)


@dataclass(frozen=True, slots=True)
class _Text:
    """What is taken from a file; all that follows works on this."""

    pages: Sequence[Page]
    entries: Sequence[Entry]
    metadata: Mapping[str, str | None]


def _opened_text(
    path: Path, max_pages: int | None = None, files: Sequence[Path] | None = None
) -> _Text:
    """`files`: where other children have written the pages; without them they are read here."""
    with opened(path, max_pages=max_pages) as pdf:
        everything = range(pdf.page_count)
        found = read_pages(pdf, everything) if files is None else pages_in(files)
        pages = in_order((page for page in found if page is not None), len(everything))
        return _Text(scans.marked(faced(pages)), entries_of(pdf), dict(pdf.metadata or {}))


def _readable(text: _Text, recognised: Mapping[str, Json] | None = None) -> _Text:
    """With what was recognised on pages that cannot be read as they are. Raises what is wrong."""
    pages = scans.readable(text.pages, recognised or {})
    check_text(pages)
    return replace(text, pages=pages)


def laid_out(path: Path, pages: Sequence[int], on_progress: Progress | None = None) -> Json:
    """The model's labels for these pages, by page number, as plain rows."""
    labels: Json = {}
    with opened(path) as pdf:
        for done, number in enumerate(pages, start=1):
            with suppress(*PAGE_ERRORS):  # without labels the page is read all the same
                labels[str(number)] = [label.as_row() for label in layout.labels_of(pdf[number])]
            if on_progress is not None:
                on_progress(done, len(pages))
    return labels


def composed(
    path: Path,
    labels: Labels,
    files: Sequence[Path] | None = None,
    recognised: Mapping[str, Json] | None = None,
    kind: Kind | None = None,
) -> Document:
    """The document, from its text, the labels of `laid_out`, and what was recognised. `kind`: what
    it is, by somebody's word."""
    text = _readable(_opened_text(path, files=files), recognised)
    return document_of(
        text.pages,
        text.entries,
        text.metadata,
        labels,
        name=path.name,
        digest=_digest(path),
        kind=kind,
    )


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def with_seconds(document: Document) -> Document:
    """Each chapter with an estimate of how long it will be at speed 1. A script of all costs as
    much as the text itself, and is made anew when it is spoken: what a few passages from all over
    the document take longer than they would as they are written, all are taken to."""
    said_s = partial(_said_s, language=document.language)
    sample = _sample(document)
    if sample is None:
        told = ((chapter, said_s(chapter)) for chapter in document.chapters)
    else:
        as_written_s = _as_written_s(sample, document.language) or 1.0
        longer = (said_s(sample) - said_s(_bare(sample))) / as_written_s
        told = (
            (chapter, said_s(_bare(chapter)) + longer * _as_written_s(chapter, document.language))
            for chapter in document.chapters
        )
    return replace(
        document,
        chapters=tuple(replace(chapter, seconds=round(seconds, 1)) for chapter, seconds in told),
    )


def _sample(document: Document) -> Chapter | None:
    """Passages at equal distances, as one chapter; None where there is little more than that."""
    passages = [passage for chapter in document.chapters for passage in chapter.passages]
    signs = sum(len(passage.text) for passage in passages)
    step = min(signs // SAMPLE_SIGNS, len(passages))
    if step < 2:
        return None
    return replace(document.chapters[0], passages=tuple(passages[step // 2 :: step]))


def _bare(chapter: Chapter) -> Chapter:
    """All that is said of it but its text."""
    return replace(chapter, passages=())


def _said_s(chapter: Chapter, *, language: str) -> float:
    narration = Narration(voice="any:any", language=language)
    return estimated_seconds(script_of(chapter, narration), language=language)


def _as_written_s(chapter: Chapter, language: str) -> float:
    """How long it would be if it were said as it is written."""
    return sum(seconds_to_say(passage.text, language) for passage in chapter.passages)


def cpu_for(size: int, pages: int = 0) -> int:
    """CPU seconds that a file of so many bytes and pages may take before it is stopped: a thousand
    pages of text are a megabyte. Seconds of a clock would stop honest files on a busy host."""
    return min(MOST_CPU_S, CPU_S + int(MEGABYTE_CPU_S * size / 1e6 + PAGE_CPU_S * pages))


def _open_task(request: Json, progress: Progress) -> Json:
    path = _allowed(request)
    with opened(path, max_pages=request["max_pages"]) as pdf:
        return {"pages": pdf.page_count}


def _pages_task(request: Json, progress: Progress) -> Json:
    numbers = range(request["start"], request["stop"])
    extract(_allowed(request), numbers, Path(request["out"]), progress)
    return {}


def _survey_task(request: Json, progress: Progress) -> Json:
    """Which pages the layout model should see; the whole document where it has nothing to add, and
    else a draft of it, if one is wanted. Pages that must be recognised first are all that it tells
    if they can be and are not yet."""
    found = survey(
        _allowed(request),
        files=_files(request),
        recognised=request.get("recognised"),
        can_recognise=bool(request.get("can_recognise")),
        wants_draft=bool(request.get("draft")),
        kind=_kind(request),
    )
    if found.scan_pages:
        return {"scan_pages": found.scan_pages}
    if found.document is not None:
        document = with_seconds(with_takeaways(found.document))
        if found.layout_pages:
            write_document(_heads(document), Path(request["draft"]))
        else:
            write_document(document, Path(request["out"]))
    return {"layout_pages": found.layout_pages}


def _heads(document: Document) -> Document:
    """All that a card tells of it, and the first chapter, which may be spoken meanwhile."""
    heads = (replace(each, passages=()) for each in document.chapters[1:])
    return replace(document, chapters=(*document.chapters[:1], *heads))


def _layout_task(request: Json, progress: Progress) -> Json:
    return {"labels": laid_out(Path(request["path"]), request["pages"], progress)}


def _compose_task(request: Json, progress: Progress) -> Json:
    document = composed(
        _allowed(request),
        request["labels"],
        _files(request),
        request.get("recognised"),
        _kind(request),
    )
    write_document(with_seconds(with_takeaways(document)), Path(request["out"]))
    return {}


def _allowed(request: Json) -> Path:
    """The file, with the processor time that one of its size may take."""
    path = Path(request["path"])
    allow_cpu(cpu_for(path.stat().st_size, int(request.get("total", 0))))
    return path


def _kind(request: Json) -> Kind | None:
    return Kind(request["kind"]) if request.get("kind") else None


def _files(request: Json) -> list[Path]:
    return [Path(file) for file in request["files"]]


def _cover_task(request: Json, progress: Progress) -> Json:
    return {"has_cover": cover(Path(request["path"]), Path(request["out"]))}


def _draw_task(request: Json, progress: Progress) -> Json:
    """Pages with their account, each into a file of its own."""
    with opened(_allowed(request)) as pdf:
        for number, rows, out in request["pages"]:
            with suppress(*PAGE_ERRORS):  # the others are drawn all the same
                Path(out).write_bytes(drawn(pdf[number], rows))
    return {}


def _unlock_task(request: Json, progress: Progress) -> Json:
    unlock(_allowed(request), request["password"], Path(request["out"]))
    return {}


def _warm_up_task(request: Json, progress: Progress) -> Json:
    layout.warm_up()
    warm_up()
    return {}


TASKS: dict[str, Callable[[Json, Progress], Json]] = {
    "read.open": _open_task,
    "read.pages": _pages_task,
    "read.survey": _survey_task,
    "read.layout": _layout_task,
    "read.compose": _compose_task,
    "read.cover": _cover_task,
    "read.draw": _draw_task,
    "read.unlock": _unlock_task,
    "read.warm_up": _warm_up_task,
}
