"""The PDF's own outline, believed only where the pages bear it out."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect
from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import replace
from difflib import SequenceMatcher
from functools import lru_cache

from pipeline.language.vocabulary import KNOWN
from pipeline.pdf.outline_entries import Entry
from pipeline.structure.headings import heading_title
from pipeline.structure.levels import Heading
from pipeline.structure.line_groups import LineGroup
from pipeline.structure.numbering import Number, number_of, without_number

BELIEVED_SHARE = 0.6
ALIKE = 0.82  # two titles that are one, up to their spelling
LONG_WORDS = 3300  # about twenty minutes: a chapter in which the outline is not fine enough


@lru_cache(maxsize=4096)  # each is held against all that stand on its pages
def plain(text: str) -> str:
    """What two spellings of one heading have in common."""
    text = unicodedata.normalize("NFKC", text).lower()
    return re.sub(r"[\W_]+", "", text)


def _similar(a: str, b: str) -> float:
    """How much alike two titles are, 0..1; below `ALIKE`, where it is quickly told, 0."""
    if not a or not b:
        return 0.0
    if a == b:
        return 1.0
    compared = SequenceMatcher(None, a, b, autojunk=False)
    if compared.real_quick_ratio() < ALIKE or compared.quick_ratio() < ALIKE:
        return 0.0
    return compared.ratio()


def believed(
    entries: Sequence[Entry],
    groups: Sequence[LineGroup],
    title: LineGroup | None,
    voted: Sequence[Heading] = (),
) -> list[Heading]:
    """Headings at the lines the outline means; empty when too few of its titles stand there.

    A title is looked for on its page and the one after (a heading can slip), before it on the one
    before; if it is on none of them, among the headings `voted` for by the pages themselves, since
    targets can be broken. One that is found nowhere keeps its place by height, where that lies
    between its neighbours.
    """
    by_page: dict[int, list[LineGroup]] = {}
    for group in groups:
        by_page.setdefault(group.first.page, []).append(group)
    looks = {heading.line.number for heading in voted}
    found = _all_located(entries, by_page, looks)
    found = _found_elsewhere(entries, found, voted)
    hits = sum(group is not None for group in found)
    if len(entries) < 2 or hits < BELIEVED_SHARE * len(entries):
        return []
    headings = [
        _heading(entry, spot)
        for entry, spot in zip(entries, _filled(entries, found, by_page), strict=True)
        if spot is not None and not _is_document_title(entry, title, entries)
    ]
    return _ordered(_promoted(headings))


def _all_located(
    entries: Sequence[Entry], by_page: Mapping[int, Sequence[LineGroup]], looks: Set[int]
) -> list[LineGroup | None]:
    """Each entry's place; of two with the same words (an appendix and its only section) the second
    gets the next one."""
    found: list[LineGroup | None] = []
    taken: set[int] = set()
    for entry in entries:
        group = _located(entry, by_page, looks, taken) or _located(entry, by_page, looks, set())
        if group is not None:
            taken.add(group.first.number)
        found.append(group)
    return found


def _found_elsewhere(
    entries: Sequence[Entry], found: Sequence[LineGroup | None], voted: Sequence[Heading]
) -> list[LineGroup | None]:
    taken = {group.first.number for group in found if group is not None}
    by_title: dict[str, list[LineGroup]] = {}
    for heading in voted:
        if heading.line.number not in taken:
            by_title.setdefault(plain(heading.title), []).append(heading.group)
    result = list(found)
    for place, entry in enumerate(entries):
        same = by_title.get(plain(without_number(entry.title)), [])
        if result[place] is None and same:
            result[place] = same.pop(0)
    return result


def _filled(
    entries: Sequence[Entry],
    found: Sequence[LineGroup | None],
    by_page: Mapping[int, Sequence[LineGroup]],
) -> list[LineGroup | None]:
    """What was not found by its words, by its height, if that lies between its neighbours."""
    taken = {group.first.number for group in found if group is not None}
    filled = list(found)
    for place, entry in enumerate(entries):
        if filled[place] is not None:
            continue
        before = [group.first.number for group in filled[:place] if group is not None]
        after = [group.first.number for group in found[place + 1 :] if group is not None]
        spot = _by_height(entry, by_page)
        if spot is None or spot.first.number in taken:
            continue
        if max(before, default=-1) <= spot.first.number < min(after, default=1 << 60):
            filled[place] = spot
    return filled


def _located(
    entry: Entry, by_page: Mapping[int, Sequence[LineGroup]], looks: Set[int], taken: Set[int]
) -> LineGroup | None:
    best: LineGroup | None = None
    score = 0.0
    for offset, bonus in ((0, 0.06), (1, 0.0), (-1, 0.0)):
        for group in by_page.get(entry.page + offset, ()):
            if group.first.number in taken:
                continue
            similarity = _match(entry, group)
            if group.first.number in looks and _begins(entry, group):
                similarity = max(similarity, 0.9)
            if similarity >= ALIKE:
                value = similarity + bonus + _closeness(entry, group, offset)
                if value > score:
                    best, score = _heading_part(entry, group), value
        if score > 1.0:
            break
    return best


def _heading_part(entry: Entry, group: LineGroup) -> LineGroup:
    """A heading that looks like the text below it is only the first line of its group."""
    if len(group.text) < 2 * len(entry.title) + 40 and not _is_first_line(entry, group):
        return group
    return LineGroup((group.first,))


def _is_first_line(entry: Entry, group: LineGroup) -> bool:
    wanted = plain(without_number(entry.title))
    return len(group.lines) > 1 and plain(without_number(group.first.text)) == wanted


def _closeness(entry: Entry, group: LineGroup, offset: int) -> float:
    if entry.y is None or offset:
        return 0.0
    return 0.05 if abs(group.first.y0 - entry.y) < 60 else 0.0


def _match(entry: Entry, group: LineGroup) -> float:
    """How much of a group's text is the entry's title. A run-in heading begins its paragraph."""
    wanted = plain(without_number(entry.title))
    text = group.text[: 2 * len(entry.title) + 40]
    here = plain(without_number(text))
    if len(group.lines) <= 4 and len(group.text) < 2 * len(entry.title) + 40:
        return max(_similar(wanted, here), _similar(plain(entry.title), plain(text)))
    first = plain(without_number(group.first.text))
    return _similar(wanted, first) if abs(len(first) - len(wanted)) <= 4 else 0.0


def _begins(entry: Entry, group: LineGroup) -> bool:
    """Outlines leave out what was set in code or as a formula: "Model class" for what is printed
    as "Model class: twinSIR"."""
    wanted = plain(without_number(entry.title))
    return len(wanted) >= 4 and plain(without_number(group.text)).startswith(wanted)


def _by_height(entry: Entry, by_page: Mapping[int, Sequence[LineGroup]]) -> LineGroup | None:
    groups = by_page.get(entry.page, [])
    if not groups:
        return None
    if entry.y is None:
        return min(groups, key=lambda group: group.first.number)
    below = [group for group in groups if group.first.y0 >= entry.y - 6]
    return min(below, key=lambda group: group.first.number) if below else None


def _is_document_title(entry: Entry, title: LineGroup | None, entries: Sequence[Entry]) -> bool:
    if title is None or entry.page > 1 or entry is not entries[0]:
        return False
    return _similar(plain(entry.title), plain(title.text)) > 0.85


def _heading(entry: Entry, group: LineGroup) -> Heading:
    number = number_of(entry.title)
    title = number.rest if number and number.rest and _is_sure(number, entry) else entry.title
    if _begins(entry, group) and len(group.lines) <= 3 and len(group.text) < len(title) + 60:
        printed = heading_title(group.text)
        title = printed if len(plain(printed)) > len(plain(title)) else title
    return Heading(group=group, title=title.strip(), level=entry.level, score=10.0, number=number)


def _is_sure(number: Number, entry: Entry) -> bool:
    """ "A survey" begins with a word, "A. Proofs" and "A Proofs" with a letter."""
    return number.family != "letter" or not number.rest[:1].islower()


def _promoted(headings: list[Heading]) -> list[Heading]:
    """If all stands under one entry (the document's title), its children are the chapters."""
    levels = Counter(heading.level for heading in headings)
    top = min(levels, default=1)
    if levels[top] == 1 and len(headings) > 2 and headings[0].level == top:
        rest = [replace(heading, level=heading.level - top) for heading in headings[1:]]
        lone = headings[0]
        keep = number_of(lone.group.text) is not None
        return [replace(lone, level=1), *rest] if keep else rest
    return [replace(heading, level=heading.level - top + 1) for heading in headings]


def _ordered(headings: list[Heading]) -> list[Heading]:
    """In the text's order; of two at one line the last stays (a chapter's first section)."""
    by_line: dict[int, Heading] = {}
    for heading in headings:
        former = by_line.get(heading.line.number)
        if former is None or heading.score >= former.score:
            by_line[heading.line.number] = heading
    return [by_line[number] for number in sorted(by_line)]


def merged(
    told: Sequence[Heading], voted: Sequence[Heading], words: Callable[[int, int], int]
) -> list[Heading]:
    """The outline, and what the pages show beyond it: references and the like that it leaves out,
    headings that look like those it names, and inside a chapter that would be endless the
    numbered sections it does not go down to. `words(a, b)`: how many stand from line a to b."""
    covered = {line.number for heading in told for line in heading.group.lines}
    level_of_style = _levels_of_styles(told)
    starts = [heading.line.number for heading in told]
    deepest = max(heading.level for heading in told)
    extra: list[Heading] = []
    for heading in voted:
        if heading.line.number in covered:
            continue
        place = bisect(starts, heading.line.number)
        end = starts[place] if place < len(starts) else 1 << 60
        is_deeper = heading.number is not None and heading.number.depth > deepest
        if KNOWN.match(without_number(heading.group.text)):
            extra.append(heading)
        elif heading.group.style in level_of_style:
            extra.append(replace(heading, level=level_of_style[heading.group.style]))
        elif is_deeper and place and words(starts[place - 1], end) > LONG_WORDS:
            extra.append(heading)
    return sorted([*told, *extra], key=lambda heading: heading.line.number)


def _levels_of_styles(told: Sequence[Heading]) -> dict[tuple[str, float, bool], int]:
    """The level of each look that at least two of the outline's headings share, if it has one."""
    levels: dict[tuple[str, float, bool], Counter[int]] = {}
    for heading in told:
        levels.setdefault(heading.group.style, Counter())[heading.level] += 1
    return {
        style: counted.most_common(1)[0][0]
        for style, counted in levels.items()
        if counted.most_common(1)[0][1] >= 2 and len(counted) == 1
    }
