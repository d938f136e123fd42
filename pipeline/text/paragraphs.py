"""Kept lines → paragraphs: joined over columns and pages, words mended, citations out."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import groupby

from pipeline.domain import Passage, PassageKind, Reason
from pipeline.language.phrases import notes_for
from pipeline.language.sentences import word_count
from pipeline.language.vocabulary import KEYWORDS, NOTICE, caption_label
from pipeline.pdf.lines import Line
from pipeline.structure.lists import BULLET, is_list_item
from pipeline.text.citations import without_addresses, without_citations
from pipeline.text.fates import Fates
from pipeline.text.tables import tables_in
from pipeline.text.traced import Traced

_BROKEN = re.compile(r"[^\W\d_]-$")
_SENTENCE_END = re.compile(r"[.!?:;。！？：؟][\"”’')\]]*$")
_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
NOTICE_WORDS = 45  # a longer text that begins like a notice is one about it
OTHER_SIZE_PT = 0.6  # a text does not go on beside itself in another size
SHORT_EM = 16  # a line that no column breaks off
_QUANTITY = re.compile(r"^[\d½¼¾⅓⅔⅛⅜⅝⅞][\d½¼¾⅓⅔⅛./,–-]*\s?[^\W\d_]")
_SOFT_HYPHEN = re.compile(r"(?<=[a-zà-ÿ])\u00ad(?=[a-zà-ÿ])")
UNREADABLE = re.compile(r"\s*\ufffd+\s*")  # a sign that its font does not name
_CJK_EDGE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uff00-\uffef\u3000-\u303f]")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The document's own words: they decide whether a hyphen at a line's end is part of one."""

    words: Set[str]

    @classmethod
    def of(cls, lines: Iterable[Line]) -> Vocabulary:
        return cls.of_texts(line.text for line in lines)

    @classmethod
    def of_texts(cls, texts: Iterable[str]) -> Vocabulary:
        words: set[str] = set()
        for text in texts:
            found = [word.lower() for word in _WORD.findall(text)]
            words.update(found[:-1] if text.endswith("-") else found)
        return cls(words)

    def keeps_hyphen(self, left: str, right: str) -> bool:
        """`left` ends in a hyphen. "distil-" "lation" is one word, "well-" "known" keeps it."""
        head = re.search(r"([^\W\d_]+(?:-[^\W\d_]+)*)-$", left)
        tail = re.match(r"[^\W\d_]+", right)
        if head is None or tail is None:
            return True
        whole = (head.group(1) + tail.group(0)).lower()
        compound = f"{head.group(1)}-{tail.group(0)}".lower()
        return compound in self.words and whole not in self.words


def passages_of(
    lines: Sequence[Line],
    dropped: Mapping[int, Reason],
    vocabulary: Vocabulary,
    language: str = "en",
    fates: Fates | None = None,
    *,
    distrusted: frozenset[Reason] = frozenset(),
) -> list[Passage]:
    """The passages of consecutive lines without those that are `dropped`. Where these were a
    table, code or a formula, a note says so behind the paragraph that they stand in.
    `distrusted`: rules that leave nothing out here."""
    fates = fates or Fates()
    passages: list[Passage] = []
    kept = [line for line in lines if line.number not in dropped]
    groups = list(_groups(kept))
    starts = [group[0].number for group in groups] + [lines[-1].number + 1 if lines else 0]
    out = [line for line in lines if line.number in dropped]

    def notes(start: int, end: int) -> list[Passage]:
        return _notes(out[_place(out, start) : _place(out, end)], dropped, language)

    passages.extend(notes(0, starts[0]))
    for group, start, end in zip(groups, starts, starts[1:], strict=False):
        passage = _passage(group, vocabulary, fates, distrusted)
        passages.extend([passage] if passage else [])
        passages.extend(notes(start, end))
    return passages


def _passage(
    group: Sequence[Line], vocabulary: Vocabulary, fates: Fates, distrusted: frozenset[Reason]
) -> Passage | None:
    text = _text_of(group, vocabulary)
    kind = PassageKind.ITEM if is_list_item(text.text) else PassageKind.PARAGRAPH
    text.tidy(BULLET, "")
    without_addresses(text)
    if Reason.CITATION not in distrusted:
        without_citations(text)
    reason = _reason_of(text.text, has_notices=Reason.NOTICE not in distrusted)
    if reason is not None:
        fates.leave_out(group, reason)
        return None
    fates.note(text.cuts)
    return Passage(
        text=text.text,
        page=group[0].page + 1,
        kind=kind,
        lines=tuple(line.number for line in group),
        stretches=fates.stretches(text, group),
    )


def _reason_of(text: str, *, has_notices: bool) -> Reason | None:
    """Why a paragraph is none that would be read."""
    if not any(sign.isalnum() for sign in text):
        return Reason.WORDLESS
    return Reason.NOTICE if has_notices and _is_notice(text) else None


def _is_notice(text: str) -> bool:
    """Keywords, dates of receipt, copyright: what publishers put around a paper."""
    return bool(KEYWORDS.match(text) or (NOTICE.match(text) and word_count(text) <= NOTICE_WORDS))


def _place(lines: Sequence[Line], number: int) -> int:
    return bisect_left(lines, number, key=lambda line: line.number)


def _notes(out: Sequence[Line], dropped: Mapping[int, Reason], language: str) -> list[Passage]:
    """The notes for lines that were left out at one place."""
    runs = [reason for reason, _ in groupby(dropped[line.number] for line in out)]
    tables = tables_in(out, dropped)
    notes = [
        Passage(text=text, page=out[0].page + 1, kind=PassageKind.NOTE)
        for text in notes_for(runs, language, [caption_label(table) for table in tables])
    ]
    return [replace(note, tables=tables) for note in notes[:1]] + notes[1:]


def _groups(lines: Sequence[Line]) -> Iterable[list[Line]]:
    """Lines of one paragraph each."""
    group: list[Line] = []
    for line in lines:
        if group and _starts_paragraph(group, line):
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _starts_paragraph(group: Sequence[Line], line: Line) -> bool:
    last = group[-1]
    if is_one_word(last.text, line.text) or last.is_run_in:
        return False
    if is_list_item(line.text) or last.is_verse or line.is_verse:
        return True
    if line.text[:1].islower():
        return False
    if _is_quantity(last):
        return True
    is_ended = bool(_SENTENCE_END.search(last.text))
    if not _is_below(last, line):
        return is_ended or abs(line.size - last.size) > OTHER_SIZE_PT
    if _is_otherwise(last, line):
        return True
    if line.block == last.block and line.page == last.page:
        return _is_indented(group, line) and is_ended
    gap = line.y0 - last.y1
    return is_ended or gap > 0.9 * last.height


def _is_quantity(line: Line) -> bool:
    """ "200 g flour", "1½ tsp salt": an item of a list, though nothing marks it."""
    is_short = line.x1 - line.x0 <= SHORT_EM * line.size
    return is_short and _QUANTITY.match(line.text) is not None


def _is_otherwise(last: Line, line: Line) -> bool:
    """Set in another slant, in another block: a by-line above its article."""
    return line.is_italic != last.is_italic and line.block != last.block


def _is_below(last: Line, line: Line) -> bool:
    """In the same column of the same page, further down."""
    if line.page != last.page or line.y0 <= last.y0:
        return False
    return min(line.x1, last.x1) > max(line.x0, last.x0)


def _is_indented(group: Sequence[Line], line: Line) -> bool:
    left = min(other.x0 for other in group if other.page == line.page)
    return line.x0 - left > 0.8 * line.size


def is_one_word(before: str, line: str) -> bool:
    """Whether a line goes on in the word that the one before it broke off."""
    return line[:1].islower() and _BROKEN.search(_last_word(before)) is not None


def _last_word(text: str) -> str:
    """With its signs. A paragraph may be a whole book: nobody searches it anew for each line."""
    return text.rpartition(" ")[2]


def _text_of(group: Sequence[Line], vocabulary: Vocabulary) -> Traced:
    text = Traced(group[0].text, group[0].number)
    for line in group[1:]:
        if is_one_word(text.text, line.text):
            if not vocabulary.keeps_hyphen(_last_word(text.text), line.text):
                text.drop_last_sign()
            text.add(line.text, line.number)
        elif _CJK_EDGE.match(text.text[-1]) and _CJK_EDGE.match(line.text[0]):
            text.add(line.text, line.number)
        else:
            text.add(line.text, line.number, glue=" ")
    text.tidy(UNREADABLE, " ")
    text.strip()
    text.tidy(_SOFT_HYPHEN, "")
    return text
