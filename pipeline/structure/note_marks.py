"""Marks of notes that are set as figures of the text's own size: "the bridge.1 There".

Fonts have superior figures of their own, and a file then shows neither a smaller size nor a raised
line. What tells them is their place, close behind a word, and a note that has the same number; or
many of them, each one more than the one before.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from pipeline.domain import Reason
from pipeline.pdf.lines import Line, Page
from pipeline.structure.inline_numbers import InlineNumber, value_of, without_numbers

LEAST, MOST = 0.94, 1.4  # times the usual size, which is that of notes where there are many
SMALL = 0.95  # times the text's size: notes are set smaller
FOOT = 0.4  # of a page's height, from which on its notes may stand
PAGE_NUMBER = 0.93  # and from which on a lone number is the page's
SMALL_WORDS = 0.35  # of a line's words: fewer, and it may be a row of names
FEWEST_NOTES = 2
FEWEST_IN_LIST, FEWEST_RISING = 3, 5  # with a list of notes at the end; with no notes at all
USUAL = 0.5  # of the notes have a mark of this look
ALONE = 0.8  # of all figures behind words, where they are told by their counting
LISTED = 0.6  # of the marks have their numbers in a list of notes
ONE_WORD = 0.4  # of the marks stand behind one word: "Fig.1", "Fig.2" are none
MOST_OF_ONE_WORD = 0.6  # where they count without a gap
_CASELESS = "\u0590-\u06ff\u0900-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_STOPS = r".,;:!?…)\]”\"’»›“。、，！？」』）؟،"
_MARK = re.compile(
    rf"(?:(?P<word>[^\W\d_]{{2,}})(?:[{_STOPS}]{{0,3}}|\s»[.,]?)|(?<!\d)\d{{4}}[{_STOPS}]{{1,3}})"
    rf"(?P<mark>\d{{1,3}}|[⁰¹²³⁴-⁹]{{1,3}})(?=[\s{_STOPS}—–]|[{_CASELESS}]|$)"
)
_CLOSE = re.compile(r"[^\s\d(\[][0-9⁰¹²³⁴-⁹]")  # what any of them has, quickly found
_NOTE = re.compile(r"^[\[(]?(?P<number>\d{1,3})[.)\]]?(?:\s?[^\W\d_]|\s?[“\"„«‘¿¡(]|$)")
_CASELESS_SIGN = re.compile(f"[{_CASELESS}]")


def without_note_marks(pages: Sequence[Page], usual: float) -> Sequence[Page]:
    """The pages, such marks taken out of their lines and told as unread. `usual`: the size of the
    text."""
    lines = [line for page in pages for line in page.lines]
    marked = [line for line in lines if _CLOSE.search(line.text) and _is_text(line, usual)]
    marks = [mark for line in marked for mark in _marks(line)]
    if len(marks) < FEWEST_NOTES or _has_raised(pages):
        return pages
    notes = _notes(pages)
    sure = [mark for mark in marks if _has_note(mark, notes)]
    is_sure = (_are_varied(sure) or _count(sure)) and _are_usual(sure, notes)
    if len(sure) < FEWEST_NOTES or not is_sure:
        sure = _rising(marks, _listed(lines, marks[-1].line))
    return without_numbers(pages, sure, Reason.NOTE_MARK) if sure else pages


def _has_raised(pages: Sequence[Page]) -> bool:
    """Whether the document raises its marks: then figures in the line are none."""
    return any(unread.reason is Reason.NOTE_MARK for page in pages for unread in page.unread)


def _is_text(line: Line, usual: float) -> bool:
    """Whether a line is part of a running text, and no row of names or headings."""
    if not LEAST * usual <= line.size <= MOST * usual or line.is_bold or line.is_mono:
        return False
    words = line.text.split()
    small = sum(word[:1].islower() for word in words)
    return small >= SMALL_WORDS * len(words) or _CASELESS_SIGN.search(line.text) is not None


def _marks(line: Line) -> Iterator[InlineNumber]:
    for match in _MARK.finditer(line.text):
        value = value_of(match["mark"])
        if value:
            yield InlineNumber(line, *match.span("mark"), value, (match["word"] or "").lower())


def _notes(pages: Sequence[Page]) -> Mapping[int, dict[int, float]]:
    """By page the numbers that lines begin with at its foot, and the size of these lines; anywhere
    on it where at least three begin so."""
    found: dict[int, dict[int, float]] = defaultdict(dict)
    for page in pages:
        numbered = [(line, match) for line in page.lines if (match := _NOTE.match(line.text))]
        is_list = len(numbered) >= FEWEST_IN_LIST
        for line, match in numbered:
            is_alone = match.end("number") == len(line.text)
            is_foot = line.y0 > FOOT * page.height or is_list
            if is_foot and not (is_alone and line.y0 > PAGE_NUMBER * page.height):
                found[page.number].setdefault(int(match["number"]), line.size)
    return found


def _has_note(mark: InlineNumber, notes: Mapping[int, Mapping[int, float]]) -> bool:
    """Set smaller, on its page, or where that had no room left on the next one."""
    page = mark.line.page
    sizes = (notes.get(number, {}).get(mark.value) for number in (page, page + 1))
    return any(size is not None and size <= SMALL * mark.line.size for size in sizes)


def _listed(lines: Sequence[Line], last: Line) -> set[int]:
    """The numbers that lines behind the last mark begin with: a list of notes at the end."""
    at = next(place for place, line in enumerate(lines) if line is last)
    found = (_NOTE.match(line.text) for line in lines[at + 1 :])
    return {int(match["number"]) for match in found if match}


def _rising(marks: Sequence[InlineNumber], listed: set[int]) -> list[InlineNumber]:
    """Those that count from 1 on, again in each chapter: three of them where a list of notes has
    their numbers, else five."""
    run: list[InlineNumber] = []
    for mark in marks:
        last = run[-1].value if run else 0
        if mark.value in (1, last + 1) or (run and mark.value == last + 2):
            run.append(mark)
    has_list = sum(mark.value in listed for mark in run) > LISTED * len(run)
    fewest = FEWEST_IN_LIST if has_list else FEWEST_RISING
    counts = max((mark.value for mark in run), default=0) >= fewest
    counts = counts and len(run) >= ALONE * len(marks)
    is_sure = _are_varied(run) or (has_list and _count(run))
    return run if counts and is_sure else []


def _are_usual(marks: Sequence[InlineNumber], notes: Mapping[int, Mapping[int, float]]) -> bool:
    """Whether most notes at the feet of pages have a mark of this look: "python2" is none of them,
    though a page has a second note."""
    told = {(page, value) for page, values in notes.items() for value in values}
    marked = {(mark.line.page, mark.value) for mark in marks}
    marked |= {(page + 1, value) for page, value in marked}
    return len(told & marked) >= USUAL * len(told)


def _count(marks: Sequence[InlineNumber]) -> bool:
    """One by one, without a gap, and not behind one word."""
    steps = [after.value - before.value for before, after in pairwise(marks)]
    is_whole = len(marks) >= FEWEST_IN_LIST and all(step == 1 for step in steps)
    return is_whole and _share_of_one_word(marks) <= MOST_OF_ONE_WORD


def _are_varied(marks: Sequence[InlineNumber]) -> bool:
    """Behind other words: those of "Fig.1" and "Fig.2" are none."""
    return _share_of_one_word(marks) <= ONE_WORD or len({mark.word for mark in marks}) == len(marks)


def _share_of_one_word(marks: Sequence[InlineNumber]) -> float:
    words = Counter(mark.word for mark in marks)
    return max(words.values(), default=0) / max(1, len(marks))
