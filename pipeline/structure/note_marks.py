"""Marks of notes that are set as figures of the text's own size: "the bridge.1 There".

Fonts have superior figures of their own, and a file then shows neither a smaller size nor a raised
line. What tells them is their place, close behind a word, and a note that has the same number; or
many of them, each one more than the one before.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.domain import Reason
from pipeline.pdf.lines import Line, Page, Unread
from pipeline.structure.evidence import body_size

SAME_SIZE_PT = 0.6
SMALL = 0.95  # notes are set smaller than the text
FOOT = 0.4  # of a page's height, from which on its notes may stand
PAGE_NUMBER = 0.93  # and from which on a lone number is the page's
SMALL_WORDS = 0.35  # of a line's words: fewer, and it may be a row of names
FEWEST_NOTES = 2
FEWEST_IN_LIST, FEWEST_RISING = 3, 5  # with a list of notes at the end; with no notes at all
OTHER_WORDS = 0.6  # of those that rise: "Fig.1", "Fig.2" stand behind one word
_FIGURES = "0123456789"
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", _FIGURES)
_CASELESS = "\u0590-\u06ff\u0900-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_STOPS = r".,;:!?…)\]”\"’»›“。、，！？」』）؟،"
_MARK = re.compile(
    rf"(?:(?P<word>[^\W\d_]{{2,}})(?:[{_STOPS}]{{0,3}}|\s»[.,]?)|(?<!\d)\d{{4}}[{_STOPS}]{{1,3}})"
    rf"(?P<mark>\d{{1,3}}|[⁰¹²³⁴-⁹]{{1,3}})(?=[\s{_STOPS}—–]|[{_CASELESS}]|$)"
)
_NOTE = re.compile(r"^[\[(]?(?P<number>\d{1,3})[.)\]]?(?:\s?[^\W\d_]|\s?[“\"„«‘¿¡(]|$)")
_CASELESS_SIGN = re.compile(f"[{_CASELESS}]")


@dataclass(frozen=True, slots=True)
class _Mark:
    line: Line
    start: int
    end: int
    value: int
    word: str


def without_note_marks(pages: Sequence[Page]) -> Sequence[Page]:
    """The pages, such marks taken out of their lines and told as unread."""
    lines = [line for page in pages for line in page.lines]
    usual = body_size(lines)
    marks = [mark for line in lines if _is_text(line, usual) for mark in _marks(line)]
    if len(marks) < FEWEST_NOTES or _has_raised(pages):
        return pages
    notes = _notes(pages, usual)
    sure = [mark for mark in marks if _has_note(mark, notes)]
    if len(sure) < FEWEST_NOTES or not _are_varied(sure):
        sure = _rising(marks, _listed(lines, marks[-1].line))
    return _taken_out(pages, sure) if sure else pages


def _has_raised(pages: Sequence[Page]) -> bool:
    """Whether the document raises its marks: then figures in the line are none."""
    return any(unread.reason is Reason.NOTE_MARK for page in pages for unread in page.unread)


def _is_text(line: Line, usual: float) -> bool:
    """Whether a line is part of a running text, and no row of names or headings."""
    if abs(line.size - usual) > SAME_SIZE_PT or line.is_bold or line.is_mono:
        return False
    words = line.text.split()
    small = sum(word[:1].islower() for word in words)
    return small >= SMALL_WORDS * len(words) or _CASELESS_SIGN.search(line.text) is not None


def _marks(line: Line) -> Iterator[_Mark]:
    for match in _MARK.finditer(line.text):
        value = int(match["mark"].translate(_RAISED))
        if value:
            yield _Mark(line, *match.span("mark"), value, (match["word"] or "").lower())


def _notes(pages: Sequence[Page], usual: float) -> Mapping[int, set[int]]:
    """By page the numbers that its notes begin with: small print at its foot, or anywhere on it
    where at least three begin so."""
    found: dict[int, set[int]] = defaultdict(set)
    for page in pages:
        small = [line for line in page.lines if line.size <= SMALL * usual]
        numbered = [(line, match) for line in small if (match := _NOTE.match(line.text))]
        is_list = len(numbered) >= FEWEST_IN_LIST
        for line, match in numbered:
            is_alone = match.end("number") == len(line.text)
            is_foot = line.y0 > FOOT * page.height or is_list
            if is_foot and not (is_alone and line.y0 > PAGE_NUMBER * page.height):
                found[page.number].add(int(match["number"]))
    return found


def _has_note(mark: _Mark, notes: Mapping[int, set[int]]) -> bool:
    """On its page, or where that had no room left on the next one."""
    page = mark.line.page
    return mark.value in notes.get(page, ()) or mark.value in notes.get(page + 1, ())


def _listed(lines: Sequence[Line], last: Line) -> set[int]:
    """The numbers that lines behind the last mark begin with: a list of notes at the end."""
    at = next(place for place, line in enumerate(lines) if line is last)
    found = (_NOTE.match(line.text) for line in lines[at + 1 :])
    return {int(match["number"]) for match in found if match}


def _rising(marks: Sequence[_Mark], listed: set[int]) -> list[_Mark]:
    """Those that count from 1 on, again in each chapter: three of them where a list of notes has
    their numbers, else five."""
    run: list[_Mark] = []
    for mark in marks:
        last = run[-1].value if run else 0
        if mark.value in (1, last + 1) or (run and mark.value == last + 2):
            run.append(mark)
    has_list = sum(mark.value in listed for mark in run) > OTHER_WORDS * len(run)
    fewest = FEWEST_IN_LIST if has_list else FEWEST_RISING
    counts = max((mark.value for mark in run), default=0) >= fewest
    return run if counts and _are_varied(run) else []


def _are_varied(marks: Sequence[_Mark]) -> bool:
    """Behind other words each: "Fig.1" and "Fig.2" are none."""
    return len({mark.word for mark in marks}) > OTHER_WORDS * len(marks)


def _taken_out(pages: Sequence[Page], marks: Sequence[_Mark]) -> list[Page]:
    by_line: dict[int, list[_Mark]] = defaultdict(list)
    for mark in marks:
        by_line[id(mark.line)].append(mark)
    return [
        replace(
            page,
            lines=tuple(_without(line, by_line.get(id(line), ())) for line in page.lines),
            unread=(
                *page.unread,
                *(_unread(m) for line in page.lines for m in by_line.get(id(line), ())),
            ),
        )
        if any(id(line) in by_line for line in page.lines)
        else page
        for page in pages
    ]


def _without(line: Line, marks: Sequence[_Mark]) -> Line:
    text = line.text
    for mark in reversed(marks):
        text = text[: mark.start] + text[mark.end :]
    return replace(line, text=text) if marks else line


def _unread(mark: _Mark) -> Unread:
    x0, y0, x1, y1 = mark.line.box
    step = (x1 - x0) / len(mark.line.text)
    box = x0 + step * mark.start, y0, x0 + step * mark.end, y1
    text = mark.line.text[mark.start : mark.end]
    return Unread(text=text, box=box, reason=Reason.NOTE_MARK)
