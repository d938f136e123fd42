"""Headings and kept lines → the chapters a person would choose."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from pipeline.chapters.segmentation import cut_points, keyphrase
from pipeline.domain import Chapter, Passage, PassageKind, Reason
from pipeline.language.phrases import opening_title, part_title, whole_title
from pipeline.language.sentences import word_count
from pipeline.language.vocabulary import LEFT_OUT, REFERENCES, SUMMARY
from pipeline.pdf.lines import Line
from pipeline.structure.headings import Heading
from pipeline.structure.lists import is_contents_line
from pipeline.structure.numbering import without_number
from pipeline.text import references
from pipeline.text.paragraphs import Vocabulary, passages_of

FEW_WORDS = 25  # a subsection of a few seconds joins its neighbour
DEEPEST = 3  # level of chapters: 2.1.3 is one, 2.1.3.4 a heading inside
ABSTRACT_WORDS = 450  # at most
OPENING_WORDS = 40  # text before the first heading that is worth a chapter
LONG_WORDS = 3300  # about 20 minutes: cut at topic borders when no heading does
SENTENCE_SIGNS = '.!?:;。！？：；؟…"”’»)'
CASELESS = re.compile(
    r"[\u0590-\u06ff\u0900-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"  # no capitals there
)


@dataclass(slots=True)
class Sections:
    """What the lines became, before numbering: the chapters and what was left out."""

    chapters: list[Chapter] = field(default_factory=list)
    citations: int = 0
    references: int = 0
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class _Span:
    """A heading (None: before the first) and the lines up to the next."""

    heading: Heading | None
    lines: tuple[Line, ...]


def sections_of(
    lines: Sequence[Line],
    headings: Sequence[Heading],
    dropped: Mapping[int, Reason],
    *,
    after: int,
    language: str,
) -> Sections:
    """Chapters in order. `after`: the line number behind the title, where text may begin."""
    vocabulary = Vocabulary.of(lines)
    sections = Sections()
    skipping: Heading | None = None
    for span in _spans(lines, headings, after):
        if skipping is not None and _is_inside(skipping, span.heading):
            continue
        skipping = None
        kept = [line for line in span.lines if line.number not in dropped]
        kind = _left_out_kind(span, kept)
        if kind is not None:
            skipping = span.heading
            _count_left_out(sections, kind, kept)
            continue
        read = [line for line in span.lines if not is_contents_line(line.text)]
        if span.heading is None:  # where "Abstract" is no heading, it is no part of the text
            read = [line for line in read if not SUMMARY.fullmatch(line.text)]
        if not sections.references:
            read = read[: _reference_start(sections, read, dropped)]
        prose = passages_of(read, dropped, vocabulary, language)
        sections.citations += prose.citations
        _add(sections.chapters, span, prose.passages, headings[0] if headings else None, language)
    return sections


def _spans(lines: Sequence[Line], headings: Sequence[Heading], after: int) -> list[_Span]:
    spans: list[_Span] = []
    ordered = sorted(headings, key=lambda heading: heading.line.number)
    begins = [heading.line.number for heading in ordered] + [len(lines)]
    if begins[0] > after:
        spans.append(_Span(None, tuple(lines[after : begins[0]])))
    for heading, end in zip(ordered, begins[1:], strict=True):
        spans.append(_Span(heading, tuple(lines[heading.group.last.number + 1 : end])))
    return spans


def _is_inside(skipped: Heading, heading: Heading | None) -> bool:
    """Sub-headings of a section that is left out go with it, unless they are numbered on."""
    return heading is not None and heading.level > skipped.level and heading.number is None


def _left_out_kind(span: _Span, kept: Sequence[Line]) -> str | None:
    if span.heading is None:
        return None
    title = without_number(
        span.heading.group.text if span.heading.number is None else span.heading.title
    )
    title = title.strip()
    if REFERENCES.match(title):
        return "references" if references.is_reference_list(kept) else None
    return "other" if LEFT_OUT.match(title) else None


def _count_left_out(sections: Sections, kind: str, kept: Sequence[Line]) -> None:
    if kind == "references":
        sections.references += references.entries(kept)
    else:
        sections.left_out += 1


def _reference_start(
    sections: Sections, lines: Sequence[Line], dropped: Mapping[int, Reason]
) -> int:
    """Where references begin that stand at the end of these lines without a heading."""
    kept = [(place, line) for place, line in enumerate(lines) if line.number not in dropped]
    start = references.list_start([line for _, line in kept])
    if start is None:
        return len(lines)
    sections.references += references.entries([line for _, line in kept[start:]])
    return kept[start][0]


def _add(
    chapters: list[Chapter],
    span: _Span,
    passages: list[Passage],
    first: Heading | None,
    language: str,
) -> None:
    if span.heading is None:
        running = [passage for passage in passages if is_running_text(passage.text)]
        words = sum(word_count(passage.text) for passage in running)
        if words >= OPENING_WORDS and not (first and SUMMARY.match(first.title)):
            title = opening_title(language, is_short=words < ABSTRACT_WORDS)
            chapters.append(_chapter(title, 1, 1, running))
        return
    heading = span.heading
    chapter = _chapter(heading.title, heading.level, heading.line.page + 1, passages)
    chapters.append(replace(chapter, label=heading.label))


def is_running_text(text: str) -> bool:
    """Sentences, and not the names, addresses and notices that stand before them."""
    words = text.split()
    if not CASELESS.search(text) and sum(w[:1].islower() for w in words) < 0.55 * len(words):
        return False
    return word_count(text) >= 15 and text.rstrip()[-1] in SENTENCE_SIGNS


def _chapter(title: str, level: int, page: int, passages: Sequence[Passage]) -> Chapter:
    return Chapter(number=1, title=title, level=level, page=page, passages=tuple(passages))


def chosen(chapters: Sequence[Chapter]) -> list[Chapter]:
    """The chapters as a listener gets them: tiny ones joined, endless ones cut, numbered."""
    joined = _joined(chapters)
    cut = [part for chapter in joined for part in _cut(chapter)]
    return [replace(chapter, number=place) for place, chapter in enumerate(cut, start=1)]


def _joined(chapters: Sequence[Chapter]) -> list[Chapter]:
    """A heading with (almost) nothing under it takes its first child in; a child of a few
    seconds goes to what stands before it."""
    result: list[Chapter] = []
    for chapter in chapters:
        words = word_count(chapter.text)
        before = result[-1] if result else None
        if before is not None and (_takes_child(before, chapter) or _is_fine(before, chapter)):
            result[-1] = _with_inner(before, chapter)
        elif words == 0 and before is None:
            result.append(chapter)
        elif words < FEW_WORDS and chapter.level > 1 and before is not None and before.text:
            result[-1] = _with_inner(before, chapter)
        else:
            result.append(chapter)
    return [chapter for chapter in result if chapter.text]


def _takes_child(parent: Chapter, child: Chapter) -> bool:
    return child.level > parent.level and word_count(parent.text) < FEW_WORDS


def _is_fine(before: Chapter, chapter: Chapter) -> bool:
    """A division finer than sections of sections: inside, unless that makes a chapter endless."""
    if chapter.level <= DEEPEST or before.level >= chapter.level:
        return False
    return word_count(before.text) + word_count(chapter.text) <= LONG_WORDS


def _with_inner(outer: Chapter, inner: Chapter) -> Chapter:
    """The inner heading is then spoken inside."""
    heading = Passage(text=inner.title, page=inner.page, kind=PassageKind.HEADING)
    return replace(outer, passages=(*outer.passages, heading, *inner.passages))


def _cut(chapter: Chapter) -> list[Chapter]:
    """A chapter much longer than a quarter of an hour, at its topic borders."""
    words = [word_count(passage.text) for passage in chapter.passages]
    if sum(words) <= LONG_WORDS or len(words) < 4:
        return [chapter]
    pieces = _balanced(cut_points([p.text for p in chapter.passages]), words)
    if len(pieces) < 2:
        return [chapter]
    return [
        replace(
            chapter,
            title=chapter.title if place == 0 else f"{chapter.title} (part {place + 1})",
            page=chapter.passages[start].page if place else chapter.page,
            passages=chapter.passages[start:end],
        )
        for place, (start, end) in enumerate(pieces)
    ]


def _balanced(cuts: Sequence[int], words: Sequence[int]) -> list[tuple[int, int]]:
    """Topic borders thinned out so that each piece is five to fifteen minutes."""
    total = sum(words)
    wanted = total / max(2, round(total / 2000))
    pieces, start, sofar = [], 0, 0
    for place in range(len(words)):
        if place in cuts and sofar >= 0.7 * wanted and sum(words[place:]) >= 0.5 * wanted:
            pieces.append((start, place))
            start, sofar = place, 0
        sofar += words[place]
    return [*pieces, (start, len(words))]


def topical(passages: Sequence[Passage], language: str = "en") -> list[Chapter]:
    """Chapters of a document without headings: `Part 3: key phrase`."""
    texts = [passage.text for passage in passages]
    starts = [*cut_points(texts), len(texts)]
    parts = [passages[a:b] for a, b in pairwise(starts) if b > a]
    bodies = [" ".join(passage.text for passage in part) for part in parts]
    if len(parts) == 1:
        return [_chapter(whole_title(language), 1, parts[0][0].page, parts[0])]
    return [
        _chapter(part_title(language, place, _phrase(body, bodies)), 1, part[0].page, part)
        for place, (part, body) in enumerate(zip(parts, bodies, strict=True), start=1)
    ]


def _phrase(body: str, bodies: Sequence[str]) -> str:
    return keyphrase(body, [other for other in bodies if other is not body])
