"""Headings and kept lines → the chapters a person would choose."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, takewhile

from pipeline.chapters.segmentation import cut_points, keyphrase
from pipeline.domain import Chapter, Passage, PassageKind, Place, Reason, Stretch
from pipeline.language.phrases import opening_title, part_title, whole_title
from pipeline.language.sentences import word_count
from pipeline.language.vocabulary import KNOWN, LEFT_OUT, LISTING, REFERENCES, SUMMARY
from pipeline.pdf.lines import Line
from pipeline.structure.levels import Heading
from pipeline.structure.lists import is_contents_line
from pipeline.structure.numbering import without_number
from pipeline.text import references
from pipeline.text.fates import Fates
from pipeline.text.paragraphs import Vocabulary, passages_of

FEW_WORDS = 25  # a subsection of a few seconds joins its neighbour
FEWEST_ALIKE = 3  # sections of one name in several chapters
DEEPEST = 3  # level of chapters: 2.1.3 is one, 2.1.3.4 a heading inside
ABSTRACT_WORDS = 450  # at most
OPENING_WORDS = 40  # text before the first heading that is worth a chapter
SHORT_SECTION = 300  # words of a section that is believed to be back matter by its name alone
SHORT_ELSEWHERE = 60  # in what is no paper, where such a name says less
NAMED_WORDS = 12  # before the first heading of what is no paper, from which on they are read
LONG_WORDS = 3300  # about 20 minutes: cut at topic borders when no heading does
SENTENCE_SIGNS = '.!?:;。！？：；؟…"”’»)'
CASELESS = re.compile(
    r"[\u0590-\u06ff\u0900-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"  # no capitals there
)


@dataclass(frozen=True, slots=True)
class _Headed:
    """A heading (None: before the first) and the lines up to the next."""

    heading: Heading | None
    lines: tuple[Line, ...]

    @property
    def all_lines(self) -> tuple[Line, ...]:
        return (*self.heading.group.lines, *self.lines) if self.heading else self.lines


def sections_of(
    lines: Sequence[Line],
    headings: Sequence[Heading],
    dropped: Mapping[int, Reason],
    *,
    after: int,
    language: str,
    fates: Fates,
    distrusted: frozenset[Reason] = frozenset(),
    is_paperlike: bool = True,
) -> list[Chapter]:
    """Chapters in order, before they are joined and numbered. `after`: the line number behind the
    title, where text may begin."""
    vocabulary = Vocabulary.of(lines)
    chapters: list[Chapter] = []
    has_references = False
    skipping: Heading | None = None
    reason = Reason.BACK_MATTER
    for span in _spans(lines, headings, after):
        if skipping is not None and _is_inside(skipping, span.heading):
            fates.leave_out(span.all_lines, reason)
            continue
        skipping = None
        kept = [line for line in span.lines if line.number not in dropped]
        found = _left_out_reason(span, kept, distrusted, is_paperlike=is_paperlike)
        if found is not None:
            is_closed = is_paperlike or found is not Reason.BACK_MATTER
            skipping, reason = (span.heading if is_closed else None), found
            has_references |= reason is Reason.REFERENCES and bool(kept)
            _leave_out(span, kept, reason, fates)
            continue
        read = _without_labels(span, fates)
        if not has_references:
            text = _without_references(read, dropped, fates)
            has_references = len(text) < len(read)
            read = text
        passages = passages_of(
            read,
            dropped,
            vocabulary,
            language,
            fates,
            distrusted=distrusted,
        )
        is_picky = Reason.FRONT_MATTER not in distrusted
        if span.heading is None:
            chapters.extend(
                _opening(passages, headings, language, fates, is_picky=is_picky)
                if is_paperlike
                else _whole_opening(passages, language, fates)
            )
        else:
            chapters.append(_headed(span.heading, passages, fates))
    return chapters


def _without_labels(span: _Headed, fates: Fates) -> list[Line]:
    """Where "Abstract" is no heading, it is no part of the text; nor are lines of contents."""
    read: list[Line] = []
    for line in span.lines:
        if is_contents_line(line.text):
            fates.leave_out([line], Reason.CONTENTS)
        elif span.heading is None and SUMMARY.fullmatch(line.text):
            fates.leave_out([line], Reason.LABEL)
        else:
            read.append(line)
    return read


def _spans(lines: Sequence[Line], headings: Sequence[Heading], after: int) -> list[_Headed]:
    spans: list[_Headed] = []
    ordered = sorted(headings, key=lambda heading: heading.line.number)
    begins = [heading.line.number for heading in ordered] + [len(lines)]
    if begins[0] > after:
        spans.append(_Headed(None, tuple(lines[after : begins[0]])))
    for heading, end in zip(ordered, begins[1:], strict=True):
        spans.append(_Headed(heading, tuple(lines[heading.group.last.number + 1 : end])))
    return spans


def _is_inside(skipped: Heading, heading: Heading | None) -> bool:
    """Sub-headings of a section that is left out go with it, unless they are numbered on."""
    return heading is not None and heading.level > skipped.level and heading.number is None


def _left_out_reason(
    span: _Headed, kept: Sequence[Line], distrusted: frozenset[Reason], *, is_paperlike: bool
) -> Reason | None:
    if span.heading is None:
        return None
    title = without_number(
        span.heading.group.text if span.heading.number is None else span.heading.title
    )
    title = title.strip()
    if REFERENCES.match(title):
        return Reason.REFERENCES if references.is_reference_list(kept) else None
    if not LEFT_OUT.match(title):
        return None
    if LISTING.match(title):
        return Reason.CONTENTS
    if Reason.BACK_MATTER not in distrusted:
        return Reason.BACK_MATTER
    is_numbered = span.heading.number is not None and not is_paperlike
    most = SHORT_SECTION if is_paperlike else SHORT_ELSEWHERE
    is_text = is_numbered or sum(line.words for line in kept) > most
    return None if is_text else Reason.BACK_MATTER


def _leave_out(span: _Headed, kept: Sequence[Line], reason: Reason, fates: Fates) -> None:
    """A whole section; references are counted, other sections are one each."""
    works = references.entries(kept) if reason is Reason.REFERENCES else 1
    fates.leave_out(span.all_lines, reason, works)


def _without_references(
    lines: list[Line], dropped: Mapping[int, Reason], fates: Fates
) -> list[Line]:
    """The lines up to where references begin that stand at their end without a heading."""
    kept = [(place, line) for place, line in enumerate(lines) if line.number not in dropped]
    start = references.list_start([line for _, line in kept])
    if start is None:
        return lines
    works = references.entries([line for _, line in kept[start:]])
    fates.leave_out(lines[kept[start][0] :], Reason.REFERENCES, works)
    return lines[: kept[start][0]]


def _headed(heading: Heading, passages: Sequence[Passage], fates: Fates) -> Chapter:
    chapter = _chapter(heading.title, heading.level, heading.line.page + 1, passages)
    lines = heading.group.lines
    fates.note_heading(lines, heading.title)
    return replace(
        chapter,
        label=heading.label,
        lines=tuple(line.number for line in lines),
        places=tuple(spot for line in lines for spot in fates.spots(line)),
    )


def _whole_opening(passages: Sequence[Passage], language: str, fates: Fates) -> list[Chapter]:
    """In what is no paper all of it is read, but for a few words: a name, a date."""
    if sum(word_count(passage.text) for passage in passages) >= NAMED_WORDS:
        return [_chapter(opening_title(language, is_short=False), 1, 1, passages)]
    for passage in passages:
        fates.leave_out_passage(passage.lines, Reason.FRONT_MATTER)
    return []


def _opening(
    passages: Sequence[Passage],
    headings: Sequence[Heading],
    language: str,
    fates: Fates,
    *,
    is_picky: bool,
) -> list[Chapter]:
    """What stands before the first heading, where it is a text: none or one chapter. Where that
    lost much of the document, any sentences are a text."""
    running = [passage for passage in passages if is_running_text(passage.text)]
    words = sum(word_count(passage.text) for passage in running)
    is_abstract_next = bool(headings) and SUMMARY.match(headings[0].title) is not None
    is_read = bool(running) and not is_picky
    is_read = is_read or (words >= OPENING_WORDS and not is_abstract_next)
    for passage in passages:
        if not is_read or not is_running_text(passage.text):
            fates.leave_out_passage(passage.lines, Reason.FRONT_MATTER)
    title = opening_title(language, is_short=words < ABSTRACT_WORDS)
    return [_chapter(title, 1, 1, running)] if is_read else []


def is_running_text(text: str) -> bool:
    """Sentences, and not the names, addresses and notices that stand before them."""
    words = text.split()
    if not CASELESS.search(text) and sum(w[:1].islower() for w in words) < 0.55 * len(words):
        return False
    return word_count(text) >= 15 and text.rstrip()[-1] in SENTENCE_SIGNS


def _chapter(title: str, level: int, page: int, passages: Sequence[Passage]) -> Chapter:
    return Chapter(number=1, title=title, level=level, page=page, passages=tuple(passages))


def chosen(chapters: Sequence[Chapter], fates: Fates) -> list[Chapter]:
    """The chapters as a listener gets them: tiny ones joined, endless ones cut, numbered."""
    joined: list[Chapter] = []
    for chapter in _joined(chapters):
        if chapter.text:
            joined.append(chapter)
        else:
            fates.leave_out_passage(lines_of(chapter), Reason.EMPTY_SECTION)
    cut = [part for chapter in joined for part in _cut(chapter)]
    return [replace(chapter, number=place) for place, chapter in enumerate(cut, start=1)]


def lines_of(chapter: Chapter) -> list[int]:
    """The numbers of all lines that a chapter reads."""
    return [*chapter.lines, *(line for passage in chapter.passages for line in passage.lines)]


def _joined(chapters: Sequence[Chapter]) -> list[Chapter]:
    """A heading with (almost) nothing under it takes its first child in; one of a few seconds with
    all its parts goes to what stands before it."""
    result: list[Chapter] = []
    times = Counter(chapter.title.casefold() for chapter in chapters if chapter.level > 1)
    for place, chapter in enumerate(chapters):
        words = word_count(chapter.text)
        before = result[-1] if result else None
        if before is not None and _is_bare_above(before, chapter, times):
            result[-1] = _labelled(chapter, before)
        elif before is not None and (_takes_child(before, chapter) or _is_fine(before, chapter)):
            result[-1] = _with_inner(before, chapter)
        elif words == 0 and before is None:
            result.append(chapter)
        elif (
            chapter.level > 1
            and _words_within(chapters, place) < FEW_WORDS
            and before is not None
            and before.text
        ):
            result[-1] = _with_inner(before, chapter)
        else:
            result.append(chapter)
    return result


def _is_bare_above(before: Chapter, chapter: Chapter, times: Mapping[str, int]) -> bool:
    """Whether the first section of a chapter without a text of its own is called as those of other
    chapters are ("What it is" in each): then it is the chapter, and its chapter's name is said with
    it. What sections of papers are called says nothing beside that."""
    is_first = (
        DEEPEST >= chapter.level > before.level == 1 and not before.passages and not before.label
    )
    is_alike = times[chapter.title.casefold()] >= FEWEST_ALIKE
    is_text = word_count(chapter.text) >= FEW_WORDS
    return is_first and is_alike and is_text and not KNOWN.match(chapter.title)


def _labelled(inner: Chapter, outer: Chapter) -> Chapter:
    return replace(
        inner,
        label=outer.title,
        level=outer.level,
        page=outer.page,
        lines=(*outer.lines, *inner.lines),
        places=(*outer.places, *inner.places),
    )


def _words_within(chapters: Sequence[Chapter], place: int) -> int:
    """Of a section with all its parts."""
    level = chapters[place].level
    parts = takewhile(lambda part: part.level > level, chapters[place + 1 :])
    return sum(word_count(each.text) for each in (chapters[place], *parts))


def _takes_child(parent: Chapter, child: Chapter) -> bool:
    return child.level > parent.level and word_count(parent.text) < FEW_WORDS


def _is_fine(before: Chapter, chapter: Chapter) -> bool:
    """A division finer than sections of sections: inside, unless that makes a chapter endless."""
    if chapter.level <= DEEPEST or before.level >= chapter.level:
        return False
    return word_count(before.text) + word_count(chapter.text) <= LONG_WORDS


def _with_inner(outer: Chapter, inner: Chapter) -> Chapter:
    """The inner heading is then spoken inside."""
    heading = Passage(
        text=inner.title,
        page=inner.page,
        kind=PassageKind.HEADING,
        lines=inner.lines,
        stretches=_spread(inner.title, inner.places),
    )
    return replace(outer, passages=(*outer.passages, heading, *inner.passages))


def _spread(title: str, places: Sequence[Place]) -> tuple[Stretch, ...]:
    """A title over the lines that it stands on, an equal part on each."""
    return tuple(
        Stretch(len(title) * number // len(places), place) for number, place in enumerate(places)
    )


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
            lines=() if place else chapter.lines,
            places=() if place else chapter.places,
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
