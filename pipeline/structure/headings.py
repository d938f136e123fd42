"""Which groups of text are headings: evidence that errs in different places, added up."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pipeline.language.vocabulary import KNOWN, OPENING
from pipeline.structure.alike import alike, capitals, company
from pipeline.structure.evidence import Evidence
from pipeline.structure.heading_features import basic_score, neighbours, number_score, penalty
from pipeline.structure.levels import Heading, with_levels
from pipeline.structure.line_groups import LineGroup
from pipeline.structure.numbering import Number, chain, number_of, without_number

MAX_LINES, MAX_CHARACTERS = 4, 180
THRESHOLD = 4.4
THRESHOLD_UNNUMBERED = 3.0  # there is less to be said for a heading where none is numbered
SET_OFF, FAR_IN_EM = 1.08, 4.0  # of a numeral above its chapter: times the text's size; ems
FEWEST_NUMERALS = 3  # alone, that follow each other
TITLED_SHARE = 0.8
COUNTED = 1.5  # "Day 2" between "Day 1" and "Day 3"
ALIKE = 1.5  # one of three and more that look alike, each above a text
_WORD_AND_NUMBER = re.compile(r"^([^\W\d_]{2,15})\s+(\d{1,3})\.?$")
CAPITALS = 5.0  # in nothing but capitals, though in the look of the text, as others of its kind
TITLE_OF_NUMBER = 2.0  # for what stands below "Chapter 7": the vote of the number it belongs to
SUBLINE, BIGGER = 1.05, 1.15  # times the text's size; a headline's, times that of what is below
FRONT_MATTER = 6.0  # what stands before the abstract or introduction: authors, their addresses


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A group that might be a heading, and what speaks for it."""

    group: LineGroup
    score: float
    number: Number | None  # if it stands in the document's numbering


def headings_of(
    groups: Sequence[LineGroup],
    known: Evidence,
    title: LineGroup | None,
    *,
    is_paperlike: bool = True,
) -> list[Heading]:
    """The groups that are headings, with their levels, in order."""
    candidates = scored(groups, known, title, is_paperlike=is_paperlike)
    is_numbered = any(
        candidate.number and (is_paperlike or candidate.score >= THRESHOLD)
        for candidate in candidates
    )
    threshold = THRESHOLD if is_numbered else THRESHOLD_UNNUMBERED
    usual = Counter() if is_paperlike else _usual_looks(candidates, threshold)
    headings = [
        _heading(candidate.group, candidate.number, candidate.score)
        for before, candidate, after in zip(
            [None, *candidates], candidates, [*candidates[1:], None], strict=False
        )
        if candidate.score >= threshold
        or _is_number_of_next(candidate, after, threshold)
        or _is_title_of_last(before, candidate, threshold)
        or _is_like_its_neighbours(candidate, usual)
    ]
    if not is_paperlike:
        headings = _without_sublines(headings, known)
    return with_levels(_with_bare_numbers_joined(headings), is_paperlike=is_paperlike)


def _usual_looks(candidates: Sequence[Scored], threshold: float) -> Counter[object]:
    """How many more of each look in the numbering are headings than are not."""
    looks: Counter[object] = Counter()
    for each in candidates:
        if each.number is not None:
            looks[_look(each)] += 1 if each.score >= threshold else -1
    return looks


def _look(here: Scored) -> object:
    return here.group.style, here.number and here.number.family


def _is_like_its_neighbours(here: Scored, usual: Counter[object]) -> bool:
    """Whether the others of its numbering that look as it does are headings."""
    is_numbered = here.number is not None and here.score >= THRESHOLD_UNNUMBERED
    return is_numbered and usual[_look(here)] >= 1


def _is_number_of_next(here: Scored, after: Scored | None, threshold: float) -> bool:
    """Whether it is the number, in the document's sequence, of a heading right below it, however
    small it is set."""
    if here.number is None or after is None or after.score < threshold:
        return False
    return _is_title_of(here.group, here.number, after.group)


def _is_title_of_last(before: Scored | None, here: Scored, threshold: float) -> bool:
    """Whether a heading that is nothing but a number stands right above: then less need be said
    for what it numbers."""
    if before is None or before.number is None or before.score < threshold:
        return False
    is_one = here.score >= THRESHOLD_UNNUMBERED
    return is_one and _is_title_of(before.group, before.number, here.group)


def _without_sublines(headings: Sequence[Heading], known: Evidence) -> list[Heading]:
    """Not what stands right below a bigger headline in the size of the text and no bolder: who
    wrote it, or what it is about."""
    return [
        heading
        for above, heading in zip([None, *headings], headings, strict=False)
        if above is None or not _is_subline(above, heading, known)
    ]


def _is_subline(above: Heading, heading: Heading, known: Evidence) -> bool:
    is_next = heading.line.number == above.group.last.number + 1
    is_below = is_next and heading.line.page == above.line.page and heading.line.y0 > above.line.y0
    is_modest = heading.line.size <= SUBLINE * known.body_size and not heading.line.is_bold
    is_smaller = above.line.size >= BIGGER * heading.line.size
    return is_below and is_modest and is_smaller and heading.number is None


def _with_bare_numbers_joined(headings: Sequence[Heading]) -> list[Heading]:
    """ "Chapter 7" on a line of its own and the title below it are one heading."""
    joined: list[Heading] = []
    for heading in headings:
        before = joined[-1] if joined else None
        if before is not None and _is_bare_number_of(before, heading):
            group = LineGroup((*before.group.lines, *heading.group.lines))
            joined[-1] = replace(before, group=group, title=heading.title)
        else:
            joined.append(heading)
    return joined


def _is_bare_number_of(before: Heading, heading: Heading) -> bool:
    is_next = heading.line.number == before.group.last.number + 1
    is_bare = before.number is not None and not before.number.rest.strip()
    return is_bare and is_next and heading.number is None and heading.line.page == before.line.page


def scored(
    groups: Sequence[LineGroup],
    known: Evidence,
    title: LineGroup | None,
    *,
    is_paperlike: bool = True,
) -> list[Scored]:
    """Every group short enough to be a heading, with the sum of its votes. What stands before the
    abstract or introduction of a paper is front matter."""
    rows = [
        (group, basic_score(group, before, after, known))
        for group, before, after in neighbours(groups)
        if (_is_candidate(group) or (not is_paperlike and _is_numeral(group, after, known)))
        and not _is_title(group, title)
    ]
    units_, basic = [row[0] for row in rows], [row[1] for row in rows]
    counted = set() if is_paperlike else _counted(units_)
    numbers = [_number_of(group, is_paperlike=is_paperlike) for group in units_]
    numbers = _with_numbers_of_titles(numbers, units_, counted)
    inside = _chains(numbers, basic)
    opening = _first_opening(units_, inside, basic) if is_paperlike else 0
    shared = _shared_styles(units_, inside)
    several = frozenset() if is_paperlike else alike(groups, known)
    capital = frozenset() if is_paperlike else capitals(groups, known)
    followed = {a.first.number: b for a, b in pairwise(groups)}
    headed = company(units_, opening, followed, known)
    found = []
    for i, group in enumerate(units_):
        score = basic[i] + penalty(group, known, is_chained=i in inside)
        score += number_score(group, numbers[i], i in inside, shared, bool(inside))
        if i < opening and i not in inside | headed and not _is_known(group):
            score -= FRONT_MATTER
        if i and i - 1 in inside and _is_title_of(units_[i - 1], numbers[i - 1], group):
            score += TITLE_OF_NUMBER
        score += COUNTED if i in counted else 0.0
        if group.first.number in capital:
            score += CAPITALS
        elif group.first.number in several and i not in inside:
            score += ALIKE
        number = numbers[i] if i in inside else None
        found.append(Scored(group=group, score=score, number=number))
    return found


def _is_known(group: LineGroup) -> bool:
    return KNOWN.match(without_number(group.text)) is not None


def _is_title_of(above: LineGroup, number: Number | None, group: LineGroup) -> bool:
    """Whether a group stands right below a number that has no title beside it."""
    is_bare = number is not None and not number.rest.strip()
    is_next = group.first.number == above.last.number + 1 and group.first.page == above.first.page
    return is_bare and is_next and not _is_surely_numbered(group.text)


def _with_numbers_of_titles(
    numbers: Sequence[Number | None], groups: Sequence[LineGroup], counted: set[int]
) -> list[Number | None]:
    """ "Capítol 1", "Capítol 2" in whatever language number the titles that stand right below them,
    set at least as big, below four of five."""
    titled = {
        i
        for i in counted
        if i + 1 < len(groups)
        and groups[i + 1].first.number == groups[i].last.number + 1
        and groups[i + 1].first.page == groups[i].first.page
        and groups[i + 1].first.size >= groups[i].first.size
    }
    if len(titled) < TITLED_SHARE * len(counted):
        return list(numbers)
    return [
        _word_number(groups[i].text) if i in titled and number is None else number
        for i, number in enumerate(numbers)
    ]


def _word_number(text: str) -> Number | None:
    match = _WORD_AND_NUMBER.match(text)
    return match and Number(family="word", parts=(int(match[2]),), rest="", printed=match[0])


def _is_surely_numbered(text: str) -> bool:
    """ "A Bridge of Stone" begins with a word."""
    number = number_of(text)
    is_lone = number is not None and number.family in ("letter", "roman")
    return number is not None and (not is_lone or re.match(r"\w+[.)\d]", text) is not None)


def _heading(group: LineGroup, number: Number | None, score: float) -> Heading:
    return Heading(
        group=group,
        title=heading_title(group.text, is_numbered=number is not None),
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
    words = words.strip().rstrip(":").strip().removeprefix("【").removesuffix("】")
    return words[:-1] if re.search(r"[^\W\d]{2}\.$", words) else words


def _is_candidate(group: LineGroup) -> bool:
    if len(group.lines) > MAX_LINES or len(group.text) > MAX_CHARACTERS:
        return False
    return sum(sign.isalpha() for sign in group.text) >= 2


def _number_of(group: LineGroup, *, is_paperlike: bool) -> Number | None:
    """In papers a number alone is none of a section."""
    number = number_of(group.text)
    return None if is_paperlike and number and number.family == "bare" else number


def _is_numeral(group: LineGroup, after: LineGroup | None, known: Evidence) -> bool:
    """A chapter's number alone above its text, set off: bigger, bold, or far in from the edge."""
    number = number_of(group.text)
    if number is None or number.family != "bare" or after is None:
        return False
    if group.first.number in known.repeated or after.first.page != group.first.page:
        return False
    line, text = group.first, after.first
    is_above = text.y0 - line.y1 >= 0.35 * line.height
    is_far_in = line.x0 - text.x0 > FAR_IN_EM * line.size
    is_set_off = line.size >= SET_OFF * known.body_size or (line.is_bold and not known.is_bold)
    return is_above and (is_set_off or is_far_in) and len(after.text) > len(group.text)


def _is_title(group: LineGroup, title: LineGroup | None) -> bool:
    if title is None or group.first.page > title.first.page + 1:
        return False
    here, whole = _plain(group.text), _plain(title.text)
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
        if family == "bare" and len(run) < FEWEST_NUMERALS:
            continue
        if family in ("decimal", "cjk", "letter") or len(run) >= 2:
            inside |= run
    return inside


def _first_opening(groups: Sequence[LineGroup], inside: set[int], scores: Sequence[float]) -> int:
    """The place of the first heading that certainly is one; what precedes it is front matter."""
    for i, group in enumerate(groups):
        if group.first.page > 2:
            return 0
        if scores[i] > 1.5 and (i in inside or OPENING.match(without_number(group.text))):
            return i
    return 0


def _counted(groups: Sequence[LineGroup]) -> set[int]:
    """The places of "Day 1", "Day 2", "Day 3": nothing but a word and a number, in one look, each
    number once and rising by one from the first."""
    alike: dict[tuple[object, ...], list[tuple[int, int]]] = defaultdict(list)
    for i, group in enumerate(groups):
        match = _WORD_AND_NUMBER.match(group.text)
        if match:
            alike[match[1].lower(), group.first.font, group.first.size].append((i, int(match[2])))
    return {
        i
        for found in alike.values()
        if len(found) >= FEWEST_NUMERALS and found[0][1] <= 2
        if all(after[1] - before[1] == 1 for before, after in pairwise(found))
        for i, _ in found
    }


def _shared_styles(groups: Sequence[LineGroup], inside: set[int]) -> set[tuple[str, float, bool]]:
    """Looks that belong to headings: two certain ones have them, and a third of all that do."""
    all_, sure = Counter(group.style for group in groups), Counter[tuple[str, float, bool]]()
    for i, group in enumerate(groups):
        if i in inside or KNOWN.match(without_number(group.text)):
            sure[group.style] += 1
    return {style for style, count in sure.items() if count >= 2 and count > 0.3 * all_[style]}
