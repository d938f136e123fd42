"""Which units of text are headings: evidence that errs in different places, added up."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.language.phrases import appendix_label
from pipeline.language.vocabulary import KNOWN, OPENING
from pipeline.pdf.lines import Line
from pipeline.structure.evidence import Evidence
from pipeline.structure.heading_features import basic_score, neighbours, number_score, penalty
from pipeline.structure.line_groups import Unit
from pipeline.structure.numbering import Number, chain, number_of, without_number

MAX_LINES, MAX_CHARACTERS = 4, 180
THRESHOLD = 4.4
THRESHOLD_UNNUMBERED = 3.0  # there is less to be said for a heading where none is numbered
TITLE_OF_NUMBER = 2.0  # for what stands below "Chapter 7": the vote of the number it belongs to
FRONT_MATTER = 6.0  # what stands before the abstract or introduction: authors, their addresses


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A unit taken for a heading."""

    unit: Unit
    title: str  # without its number
    label: str = ""  # "Appendix A"
    level: int
    score: float
    number: Number | None = None

    @property
    def line(self) -> Line:
        return self.unit.first


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A unit that might be a heading, and what speaks for it."""

    unit: Unit
    score: float
    number: Number | None  # if it stands in the document's numbering


def headings_of(units: Sequence[Unit], known: Evidence, title: Unit | None) -> list[Heading]:
    """The units that are headings, with their levels, in order."""
    candidates = scored(units, known, title)
    is_numbered = any(candidate.number for candidate in candidates)
    threshold = THRESHOLD if is_numbered else THRESHOLD_UNNUMBERED
    headings = [
        _heading(candidate.unit, candidate.number, candidate.score)
        for candidate in candidates
        if candidate.score >= threshold
    ]
    return with_levels(_with_bare_numbers_joined(headings))


def _with_bare_numbers_joined(headings: Sequence[Heading]) -> list[Heading]:
    """ "Chapter 7" on a line of its own and the title below it are one heading."""
    joined: list[Heading] = []
    for heading in headings:
        before = joined[-1] if joined else None
        if before is not None and _is_bare_number_of(before, heading):
            unit = Unit((*before.unit.lines, *heading.unit.lines))
            joined[-1] = replace(before, unit=unit, title=heading.title)
        else:
            joined.append(heading)
    return joined


def _is_bare_number_of(before: Heading, heading: Heading) -> bool:
    is_next = heading.line.number == before.unit.last.number + 1
    is_bare = before.number is not None and not before.number.rest.strip()
    return is_bare and is_next and heading.number is None and heading.line.page == before.line.page


def scored(units: Sequence[Unit], known: Evidence, title: Unit | None) -> list[Scored]:
    """Every unit short enough to be a heading, with the sum of its votes."""
    rows = [
        (unit, basic_score(unit, before, after, known))
        for unit, before, after in neighbours(units)
        if _is_candidate(unit) and not _is_title(unit, title)
    ]
    units_, basic = [row[0] for row in rows], [row[1] for row in rows]
    numbers = [number_of(unit.text) for unit in units_]
    inside = _chains(numbers, basic)
    opening = _first_opening(units_, inside, basic)
    shared = _shared_styles(units_, inside)
    found = []
    for i, unit in enumerate(units_):
        score = basic[i] + penalty(unit, known, is_chained=i in inside)
        score += number_score(unit, numbers[i], i in inside, shared, bool(inside))
        if i < opening and i not in inside and not KNOWN.match(without_number(unit.text)):
            score -= FRONT_MATTER
        if i and i - 1 in inside and _is_title_of(units_[i - 1], numbers[i - 1], unit):
            score += TITLE_OF_NUMBER
        number = numbers[i] if i in inside else None
        found.append(Scored(unit=unit, score=score, number=number))
    return found


def _is_title_of(above: Unit, number: Number | None, unit: Unit) -> bool:
    """Whether a unit stands right below a number that has no title beside it."""
    is_bare = number is not None and not number.rest.strip()
    is_next = unit.first.number == above.last.number + 1 and unit.first.page == above.first.page
    return is_bare and is_next and number_of(unit.text) is None


def _heading(unit: Unit, number: Number | None, score: float) -> Heading:
    return Heading(
        unit=unit,
        title=heading_title(unit.text, is_numbered=number is not None),
        level=1,
        score=score,
        number=number,
    )


def heading_title(text: str, *, is_numbered: bool = False) -> str:
    """Without its number. A lone letter or Roman digit may be a word ("A survey", "I think"), so
    that it goes only with a period or where it `is_numbered`, in a sequence."""
    number = number_of(text)
    is_lone = number is not None and number.family in ("letter", "roman")
    is_sure = number is not None and (is_numbered or not is_lone or re.match(r"\w+[.)\d]", text))
    words = without_number(text) if is_sure else text
    words = words.strip().rstrip(":").strip()
    return words[:-1] if re.search(r"[^\W\d]{2}\.$", words) else words


def _is_candidate(unit: Unit) -> bool:
    if len(unit.lines) > MAX_LINES or len(unit.text) > MAX_CHARACTERS:
        return False
    return sum(sign.isalpha() for sign in unit.text) >= 2


def _is_title(unit: Unit, title: Unit | None) -> bool:
    if title is None or unit.first.page > title.first.page + 1:
        return False
    here, whole = _plain(unit.text), _plain(title.text)
    return bool(here) and (whole.startswith(here) and len(here) > 0.4 * len(whole))


def _plain(text: str) -> str:
    return re.sub(r"\W+", "", text).lower()


def _chains(numbers: Sequence[Number | None], weights: Sequence[float]) -> set[int]:
    """Decimal (with worded chapters), Roman, letters and Chinese numbers run separately."""
    families: dict[str, list[Number | None]] = defaultdict(lambda: [None] * len(numbers))
    for i, number in enumerate(numbers):
        if number is not None:
            family = "decimal" if number.family == "word" else number.family
            families["letter" if family == "appendix" else family][i] = number
    inside: set[int] = set()
    for family, row in families.items():
        run = chain(row, weights, restarts=family == "letter")
        if family in ("decimal", "cjk", "letter") or len(run) >= 2:
            inside |= run
    return inside


def _first_opening(units: Sequence[Unit], inside: set[int], scores: Sequence[float]) -> int:
    """The place of the first heading that certainly is one; what precedes it is front matter."""
    for i, unit in enumerate(units):
        if unit.first.page > 2:
            return 0
        if scores[i] > 1.5 and (i in inside or OPENING.match(without_number(unit.text))):
            return i
    return 0


def _shared_styles(units: Sequence[Unit], inside: set[int]) -> set[tuple[str, float, bool]]:
    """Looks that belong to headings: two certain ones have them, and a third of all that do."""
    all_, sure = Counter(unit.style for unit in units), Counter[tuple[str, float, bool]]()
    for i, unit in enumerate(units):
        if i in inside or KNOWN.match(without_number(unit.text)):
            sure[unit.style] += 1
    return {style for style, count in sure.items() if count >= 2 and count > 0.3 * all_[style]}


def with_levels(headings: Sequence[Heading]) -> list[Heading]:
    """Levels: the number's depth; else the usual one of that look; known names 1; else by size."""
    families = {heading.number.family for heading in headings if heading.number}
    offset = 1 if families & {"word", "cjk"} else 0
    has_parts = _are_divided(headings)
    numbered = {
        heading.line.number: _depth(heading.number, offset) + _nesting(headings, place)
        for place, heading in enumerate(headings)
        if heading.number is not None and (has_parts or heading.number.family != "part")
    }
    depths: dict[tuple[str, float, bool], Counter[int]] = defaultdict(Counter)
    for heading in headings:
        if heading.line.number in numbered:
            depths[heading.unit.style][numbered[heading.line.number]] += 1
    ranks = _style_ranks(headings)
    levelled = []
    for heading in headings:
        style = heading.unit.style
        if heading.line.number in numbered:
            level = numbered[heading.line.number]
        elif depths.get(style):
            level = depths[style].most_common(1)[0][0]
        elif KNOWN.match(without_number(heading.unit.text)):
            level = 1
        else:
            level = ranks[style]
        levelled.append(replace(heading, level=min(level, 6)))
    return _inside_parts(levelled) if has_parts else levelled


def _are_divided(headings: Sequence[Heading]) -> bool:
    """Whether "Part I", "Part II" are the document's largest divisions: nothing is set bigger."""
    parts = [h.line.size for h in headings if h.number and h.number.family == "part"]
    return bool(parts) and min(parts) >= max(h.line.size for h in headings) - 0.2


def with_appendices(headings: Sequence[Heading], language: str) -> list[Heading]:
    """Appendices are labelled: "A. Proofs" behind chapter 7 is "Appendix A"."""
    mains = [i for i, h in enumerate(headings) if h.number and h.number.family in _MAIN]
    last = mains[-1] if mains else len(headings)
    return [
        replace(heading, label=appendix_label(language, letter))
        if (letter := _appendix_letter(heading, is_behind=place > last))
        else heading
        for place, heading in enumerate(headings)
    ]


def _appendix_letter(heading: Heading, *, is_behind: bool) -> str:
    number = heading.number
    if number is None or number.depth > 1 or number.parts[0] > 26:
        return ""
    is_one = number.family == "appendix" or (number.family == "letter" and is_behind)
    is_named = heading.title and not heading.title[:1].islower()
    return chr(64 + number.parts[0]) if is_one and heading.level <= 2 and is_named else ""


def _inside_parts(headings: Sequence[Heading]) -> list[Heading]:
    """Behind a "Part I" everything but the next part is one level further in."""
    inside = False
    found = []
    for heading in headings:
        is_part = heading.number is not None and heading.number.family == "part"
        found.append(heading if is_part or not inside else _deeper(heading))
        inside = inside or is_part
    return found


def _deeper(heading: Heading) -> Heading:
    return replace(heading, level=min(heading.level + 1, 6))


def _nesting(headings: Sequence[Heading], place: int) -> int:
    """1 for a letter between numbered chapters (IV, then A, B), which is a section; 0 for one
    behind the last of them, an appendix, unless it looks like the sections before it."""
    here = headings[place]
    if here.number is None or here.number.family != "letter" or here.number.depth > 1:
        return 0
    mains = [i for i, h in enumerate(headings) if h.number and h.number.family in _MAIN]
    if not mains or place < mains[0]:
        return 0
    nested = [h for h in headings[: mains[-1]] if h.number and h.number.family == "letter"]
    is_inner = place < mains[-1] or any(h.unit.style == here.unit.style for h in nested)
    return int(is_inner)


_MAIN = ("decimal", "roman", "word", "cjk")


def _depth(number: Number, offset: int) -> int:
    """Where chapters are worded ("Chapter 3"), a bare `3.1` is their child all the same."""
    if number.family in ("part", "word", "cjk", "appendix"):
        return 1
    return number.depth + (offset if number.depth == 1 else 0)


def _style_ranks(headings: Sequence[Heading]) -> dict[tuple[str, float, bool], int]:
    """Bigger is higher; among equals bold before plain."""
    styles = {heading.unit.style: heading.unit.first for heading in headings}
    looks = sorted({(-line.size, not line.is_bold) for line in styles.values()})
    return {
        style: 1 + looks.index((-line.size, not line.is_bold)) for style, line in styles.items()
    }
