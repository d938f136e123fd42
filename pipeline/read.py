"""PDF bytes → `Document`. Runs in a child process: nothing here may be called elsewhere.

Three steps, so that pages can be laid out side by side in several children: `survey` (text only,
tells what is wrong with a file), `laid_out` (the model's labels for some pages), `composed`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pymupdf

from pipeline import furniture, layout, outline
from pipeline.chapters import chosen, sections_of, topical
from pipeline.domain import Chapter, Document, Narration, Skipped, to_json
from pipeline.furniture import Reason, repeated_lines
from pipeline.headings import (
    KNOWN,
    Evidence,
    Heading,
    Unit,
    evidence_of,
    headings_of,
    units_of,
)
from pipeline.health import check_text, opened
from pipeline.layout import Label
from pipeline.numbering import without_number
from pipeline.pages import Line, Page, numbered, page_of
from pipeline.paragraphs import Vocabulary, passages_of
from pipeline.speakable import estimated_seconds, script_of
from pipeline.takeaways import with_takeaways
from pipeline.title import authors_of, language_of, title_of, title_unit

Json = dict[str, Any]
Progress = Callable[[int, int], None]
LAID_OUT_PAGES = 60  # a longer document asks the model only where it helps most
COVER_WIDTH = 600


def read_pdf(path: Path, *, max_pages: int, on_progress: Progress | None = None) -> Document:
    """Everything in one process. Raises the `UserError`s of `pipeline.errors`."""
    pages = survey(path, max_pages=max_pages)["layout_pages"]
    return with_seconds(with_takeaways(composed(path, laid_out(path, pages, on_progress))))


def survey(path: Path, *, max_pages: int) -> Json:
    """What a first look tells: the pages, and which of them the layout model should see."""
    with opened(path, max_pages=max_pages) as pdf:
        pages = _pages(pdf)
        check_text(pages, pdf)
        return {"pages": pdf.page_count, "layout_pages": _layout_pages(pdf, pages)}


def _layout_pages(pdf: Any, pages: Sequence[Page]) -> list[int]:
    """Every page of a paper. Of a book, those where the text alone leaves a doubt."""
    written = [page.number for page in pages if page.lines]
    if len(written) <= LAID_OUT_PAGES:
        return written
    has_outline = len(outline.entries_of(pdf)) >= max(5, len(pages) // 40)
    doubtful = [page.number for page in pages if _is_doubtful(page, has_outline=has_outline)]
    return doubtful[: 2 * LAID_OUT_PAGES]


def _is_doubtful(page: Page, *, has_outline: bool) -> bool:
    if has_outline:
        return page.number < 3
    sizes = [line.size for line in page.lines if line.words >= 5]
    usual = max(set(sizes), key=sizes.count) if sizes else 10.0
    return page.number < 3 or any(
        line.words <= 12 and (line.size > 1.08 * usual or line.is_bold) for line in page.lines
    )


def laid_out(path: Path, pages: Sequence[int], on_progress: Progress | None = None) -> Json:
    """The model's labels for these pages, by page number, as plain rows."""
    labels: Json = {}
    with opened(path) as pdf:
        for done, number in enumerate(pages, start=1):
            labels[str(number)] = [label.as_row() for label in layout.labels_of(pdf[number])]
            if on_progress is not None:
                on_progress(done, len(pages))
    return labels


def composed(path: Path, labels: Mapping[str, Sequence[Sequence[Any]]]) -> Document:
    """The document, from its text and the labels of `laid_out`."""
    with opened(path) as pdf:
        pages = _pages(pdf)
        metadata = dict(pdf.metadata or {})
        entries = outline.entries_of(pdf)
        page_count = pdf.page_count
    rows = {int(page): [Label.from_row(list(r)) for r in found] for page, found in labels.items()}
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    found = _Reading(pages, rows, entries)
    chapters = found.chapters()
    return Document(
        id=digest,
        title=title_of(found.title, metadata, path.name),
        authors=authors_of(found.units, found.title, found.first_heading, metadata),
        language=found.language,
        pages=page_count,
        chapters=tuple(chapters),
        skipped=found.skipped,
    )


def with_seconds(document: Document) -> Document:
    """Each chapter with an estimate of how long it will be at speed 1."""
    language = document.language
    narration = Narration(voice="any:any", language=language)

    def seconds(chapter: Chapter) -> float:
        return round(estimated_seconds(script_of(chapter, narration), language=language), 1)

    chapters = (replace(chapter, seconds=seconds(chapter)) for chapter in document.chapters)
    return replace(document, chapters=tuple(chapters))


def _pages(pdf: Any) -> list[Page]:
    return [page_of(pdf[number], number) for number in range(pdf.page_count)]


class _Reading:
    """One document on its way from pages to chapters."""

    def __init__(
        self,
        pages: Sequence[Page],
        labels: Mapping[int, Sequence[Label]],
        entries: Sequence[outline.Entry],
    ) -> None:
        self.lines: list[Line] = numbered(pages)
        repeated = repeated_lines(pages, self.lines)
        self._known: Evidence = evidence_of(pages, self.lines, repeated, labels)
        self.units: list[Unit] = units_of(self.lines, repeated)
        self.title: Unit | None = title_unit(self.units, pages, repeated)
        self.headings: list[Heading] = self._headings(entries)
        spared = frozenset(line.number for heading in self.headings for line in heading.unit.lines)
        self._dropped: dict[int, Reason] = furniture.reasons(
            pages, self.lines, repeated, self._known.label_of_line, self._known.body_size, spared
        )
        self.skipped = Skipped()
        sample = [line.text for line in self.lines if line.number not in self._dropped]
        self.language = language_of("\n".join(sample[len(sample) // 10 :][:600]))

    def _headings(self, entries: Sequence[outline.Entry]) -> list[Heading]:
        voted = headings_of(self.units, self._known, self.title)
        told = outline.believed(entries, self.units, self.title)
        return merged(told, voted) if told else voted

    @property
    def first_heading(self) -> int:
        return min((h.line.number for h in self.headings), default=len(self.lines))

    def chapters(self) -> list[Chapter]:
        """The chapters; `skipped` is known afterwards."""
        after = self.title.last.number + 1 if self.title and self._title_leads() else 0
        sections = sections_of(self.lines, self.headings, self._dropped, after=after)
        chapters = chosen(sections.chapters)
        citations = sections.citations
        if not chapters:
            kept = [line for line in self.lines[after:] if line.number not in self._dropped]
            kept = kept or list(self.lines)
            passages, citations = passages_of(kept, Vocabulary.of(self.lines))
            chapters = chosen(topical(passages)) if passages else []
        counted = furniture.counts(self.lines, self._dropped)
        names = {name for name in Skipped.__dataclass_fields__ if name in counted}
        self.skipped = replace(
            Skipped(**{name: counted[name] for name in names}),
            citations=citations,
            references=sections.references,
            other=sections.left_out,
        )
        return chapters

    def _title_leads(self) -> bool:
        """Whether the title stands before the first heading, as titles do."""
        return self.title is not None and self.title.last.number < self.first_heading


def merged(told: Sequence[Heading], voted: Sequence[Heading]) -> list[Heading]:
    """The outline, and what the pages show beyond it: an abstract before its first entry,
    references and the like it leaves out, and numbered sections it does not go down to."""
    have = {heading.line.number for heading in told}
    covered = {line.number for heading in told for line in heading.unit.lines}
    first = min(have)
    deepest = max(heading.level for heading in told)
    extra = []
    for heading in voted:
        if heading.line.number in covered:
            continue
        is_known = bool(KNOWN.match(without_number(heading.unit.text)))
        is_deeper = heading.number is not None and heading.number.depth > deepest
        if (heading.line.number < first and is_known) or is_known or is_deeper:
            extra.append(heading)
    return sorted([*told, *extra], key=lambda heading: heading.line.number)


def cover(path: Path, out: Path) -> bool:
    """Page 1 as a JPEG, 600 pixels wide. False if it cannot be drawn."""
    with opened(path) as pdf:
        page = pdf[0]
        zoom = min(4.0, COVER_WIDTH / max(page.rect.width, 1.0))
        if page.rect.height * zoom > 4 * COVER_WIDTH:
            return False
        pixels = page.get_pixmap(matrix=pymupdf.Matrix(zoom, zoom), alpha=False)
        pixels.save(out, output="jpeg", jpg_quality=80)
    return True


def _survey_task(request: Json, progress: Progress) -> Json:
    return survey(Path(request["path"]), max_pages=request["max_pages"])


def _layout_task(request: Json, progress: Progress) -> Json:
    return {"labels": laid_out(Path(request["path"]), request["pages"], progress)}


def _compose_task(request: Json, progress: Progress) -> Json:
    document = with_seconds(with_takeaways(composed(Path(request["path"]), request["labels"])))
    return {"document": to_json(document).decode()}


def _cover_task(request: Json, progress: Progress) -> Json:
    return {"has_cover": cover(Path(request["path"]), Path(request["out"]))}


def _warm_up_task(request: Json, progress: Progress) -> Json:
    layout.warm_up()
    return {}


TASKS: dict[str, Callable[[Json, Progress], Json]] = {
    "read.survey": _survey_task,
    "read.layout": _layout_task,
    "read.compose": _compose_task,
    "read.cover": _cover_task,
    "read.warm_up": _warm_up_task,
}
