"""What is left out, by kind, and as chapters of its own for whoever wants to hear it after all.

Made of the omissions alone: the same file gives the same extras, with the same numbers, for ever.
They are read as they stand; nothing is cut out of them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import accumulate, groupby, pairwise

from pipeline.domain import (
    FIRST_EXTRA,
    Chapter,
    Document,
    LeftOut,
    Omission,
    PageRun,
    Passage,
    PassageKind,
    Place,
    Reason,
    Stretch,
)
from pipeline.language.pace import seconds_to_say
from pipeline.language.phrases import left_out_title
from pipeline.language.vocabulary import LEFT_OUT, REFERENCES
from pipeline.structure.lists import is_list_item
from pipeline.structure.numbering import without_number
from pipeline.text.paragraphs import UNREADABLE, Vocabulary, is_one_word
from pipeline.text.references import entry_starts
from pipeline.text.traced import Traced

# What can be heard, in the order of the list. A kind's place in it is part of its numbers, which
# stand in buttons and in the names of files: a new kind goes to the end, and none is taken out.
HEARD = (
    Reason.REFERENCES,
    Reason.FOOTNOTE,
    Reason.CAPTION,
    Reason.TABLE,
    Reason.FIGURE,
    Reason.FORMULA,
    Reason.CODE,
    Reason.CONTENTS,
    Reason.BACK_MATTER,
    Reason.NOTICE,
    Reason.FRONT_MATTER,
    Reason.RUNNING_HEAD,
    Reason.TURNED,
    Reason.EMPTY_SECTION,
    Reason.UNEXPLAINED,
    Reason.QUOTED,
)
# What is told and is nothing to hear: pieces of sentences that are read, what is
# read elsewhere, and pages without words.
# What nobody sees (hidden, tiny) or misses (the title, ornaments) is not told at all.
TOLD = (
    Reason.CITATION,
    Reason.NOTE_MARK,
    Reason.ADDRESS,
    Reason.LABEL,
    Reason.REPEATED,
    Reason.UNREADABLE,
    Reason.SCAN,
    Reason.ILLEGIBLE,
)
PIECES = 1000  # that one kind can have numbers for
LONG_WORDS, PIECE_WORDS = 3300, 2000  # about 20 minutes, and what they are cut into
PARAGRAPH_GAP = 0.9  # of a line's height: what follows after more is another paragraph
_CELLS = frozenset({Reason.TABLE, Reason.FIGURE})  # read in rows: what stands beside each other
_ROWS = _CELLS | {  # a line is a line of its own
    *(Reason.CODE, Reason.CONTENTS, Reason.FORMULA, Reason.EMPTY_SECTION)
}
_BY_PIECES = frozenset({Reason.NOTE_MARK, Reason.ADDRESS, Reason.LABEL})  # each is one
_SENTENCE_END = re.compile(r"[.!?:;。！？：；؟][\"”’')\]]*$")
_NUMBER = re.compile(r"\d+|\b[ivxlc]+\b")
_LEADERS = re.compile(r"\s*(?:[.·…_]\s*){3,}")  # of a line of contents, up to its page

Entries = Iterable[Sequence[Omission]]


def with_left_out(document: Document) -> Document:
    """The same, telling by kind what of it is left out. Blocks."""
    return replace(document, left_out=left_out_of(document))


def left_out_of(document: Document) -> tuple[LeftOut, ...]:
    by_reason: dict[Reason, list[Omission]] = defaultdict(list)
    for omission in document.omissions:
        by_reason[omission.reason].append(omission)
    writer = _Writer(document)
    return tuple(
        LeftOut(
            reason=reason,
            count=_count(document, reason, by_reason[reason]),
            pages=tuple(_runs(omission.page for omission in by_reason[reason])),
            extras=writer.extras(reason, by_reason[reason]) if reason in HEARD else (),
        )
        for reason in (*HEARD, *TOLD)
        if by_reason[reason]
    )


def _count(document: Document, reason: Reason, omissions: Sequence[Omission]) -> int:
    """As the card counts, where it does; 0 for what is a text and no number of things."""
    if reason in _BY_PIECES:
        return len(omissions)
    told = getattr(document.skipped, reason.value, 0)
    return told or sum(omission.works for omission in omissions)


def _runs(pages: Iterable[int]) -> Iterator[PageRun]:
    ordered = sorted(set(pages))
    for _, group in groupby(enumerate(ordered), key=lambda pair: pair[1] - pair[0]):
        run = [page for _, page in group]
        yield PageRun(run[0], run[-1])


class _Writer:
    """Makes chapters of one document's omissions."""

    def __init__(self, document: Document) -> None:
        self._document = document

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        """Asked for at broken words only."""
        return Vocabulary.of_texts(p.text for c in self._document.chapters for p in c.passages)

    def extras(self, reason: Reason, omissions: Sequence[Omission]) -> tuple[Chapter, ...]:
        worded = [one for one in omissions if one.words and any(map(str.isalnum, one.text))]
        found = (self._passage(reason, entry) for entry in _entries(reason, worded))
        passages = [passage for passage in found if any(map(str.isalnum, passage.text))]
        first = FIRST_EXTRA + PIECES * HEARD.index(reason)
        return tuple(
            self._chapter(reason, piece, first + piece, told)
            for piece, told in enumerate(_pieces(passages), start=1)
        )

    def _chapter(
        self, reason: Reason, piece: int, number: int, passages: Sequence[Passage]
    ) -> Chapter:
        language = self._document.language
        seconds = sum(seconds_to_say(passage.text, language) for passage in passages)
        return Chapter(
            number=number,
            title=left_out_title(language, reason, piece),
            level=1,
            page=passages[0].page,
            passages=tuple(passages),
            seconds=round(seconds, 1),
        )

    def _passage(self, reason: Reason, entry: Sequence[Omission]) -> Passage:
        text = self._joined_row(entry) if reason in _CELLS else self._joined(entry)
        if reason is Reason.CONTENTS:
            text.tidy(_LEADERS, ", ")
        text.tidy(UNREADABLE, " ")
        text.strip()
        return Passage(
            text=text.text,
            page=entry[0].page,
            kind=_kind(reason, entry, text.text),
            stretches=_stretches(text, [one.place for one in entry]),
        )

    def _joined(self, entry: Sequence[Omission]) -> Traced:
        text = Traced(entry[0].text, 0)
        for number, omission in enumerate(entry[1:], start=1):
            is_broken = is_one_word(text.text, omission.text)
            if is_broken and not self._vocabulary.keeps_hyphen(text.text, omission.text):
                text.drop_last_sign()
            text.add(omission.text, number, glue="" if is_broken else " ")
        return text

    @staticmethod
    def _joined_row(entry: Sequence[Omission]) -> Traced:
        """Cells, told apart by a comma."""
        text = Traced(entry[0].text, 0)
        for number, omission in enumerate(entry[1:], start=1):
            text.add(omission.text, number, glue=" " if text.text.endswith(",") else ", ")
        return text


def _kind(reason: Reason, entry: Sequence[Omission], text: str) -> PassageKind:
    if reason is Reason.BACK_MATTER and entry[0].works and _is_heading(LEFT_OUT, entry[0]):
        return PassageKind.HEADING
    if reason in (Reason.BACK_MATTER, Reason.UNEXPLAINED) and not is_list_item(text):
        return PassageKind.PARAGRAPH
    return PassageKind.ITEM


def _stretches(text: Traced, places: Sequence[Place | None]) -> tuple[Stretch, ...]:
    """None at all where a line has no place: a page without size."""
    found = [(piece.start, places[piece.line]) for piece in text.pieces]
    known = tuple(Stretch(start, place) for start, place in found if place is not None)
    return known if len(known) == len(found) else ()


# --- what is one thing ----------------------------------------------------------------------------


def _entries(reason: Reason, omissions: Sequence[Omission]) -> Entries:
    """What makes a passage each."""
    if reason is Reason.RUNNING_HEAD:
        return [[omission] for omission in _distinct(omissions)]
    if reason is Reason.REFERENCES:  # their heading is the title already
        listed = [one for one in omissions if not (one.works and _is_heading(REFERENCES, one))]
        return _split(listed, entry_starts([one.text for one in listed]))
    if reason in _ROWS - _CELLS:
        return [[omission] for omission in omissions]
    is_another = _is_another_row if reason in _CELLS else _is_another_paragraph
    return _split(omissions, [True, *(is_another(a, b) for a, b in pairwise(omissions))])


def _split(omissions: Sequence[Omission], starts: Sequence[bool]) -> Iterator[list[Omission]]:
    group: list[Omission] = []
    for omission, is_start in zip(omissions, starts, strict=False):
        if is_start and group:
            yield group
            group = []
        group.append(omission)
    if group:
        yield group


def _is_heading(titles: re.Pattern[str], omission: Omission) -> bool:
    return titles.match(without_number(omission.text).strip()) is not None


def _distinct(omissions: Iterable[Omission]) -> list[Omission]:
    """Each running head once, whatever page it numbers; a bare number is none."""
    found: dict[str, Omission] = {}
    for omission in omissions:
        words = " ".join(_NUMBER.sub("", omission.text).casefold().split())
        if any(map(str.isalpha, words)):
            found.setdefault(words, omission)
    return list(found.values())


def _is_another_row(before: Omission, one: Omission) -> bool:
    """Not beside it."""
    if before.place is None or one.place is None or before.page != one.page or one.works:
        return True
    middle = one.place.y + one.place.h / 2
    return not before.place.y <= middle <= before.place.y + before.place.h


def _is_another_paragraph(before: Omission, one: Omission) -> bool:
    if one.works or is_list_item(one.text) or (before.works and _is_heading(LEFT_OUT, before)):
        return True
    if is_one_word(before.text, one.text) or one.text[:1].islower():
        return False
    is_ended = bool(_SENTENCE_END.search(before.text))
    if before.place is None or one.place is None or before.page != one.page:
        return is_ended
    gap = one.place.y - before.place.y - before.place.h
    is_beside = gap < -before.place.h  # in the next column
    return is_ended if is_beside else gap > PARAGRAPH_GAP * before.place.h


# --- what is long ---------------------------------------------------------------------------------


def _pieces(passages: Sequence[Passage]) -> Iterator[Sequence[Passage]]:
    """Cut as long chapters are, into pieces of like length, between two passages."""
    words = [len(passage.text.split()) for passage in passages]
    total = sum(words)
    count = 1 if total <= LONG_WORDS else min(PIECES - 1, max(2, round(total / PIECE_WORDS)))
    before = [0, *accumulate(words)]  # each passage
    numbers = [min(count - 1, count * sofar // max(1, total)) for sofar in before[:-1]]
    for _, piece in groupby(zip(numbers, passages, strict=True), key=lambda pair: pair[0]):
        yield [passage for _, passage in piece]
