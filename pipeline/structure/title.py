"""A document's title and authors."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set

from pipeline.pdf.lines import Line, Page
from pipeline.structure.line_groups import LineGroup
from pipeline.structure.numbering import Number, number_of

UPPER_SHARE = 0.75
MAX_TITLE = 300
MAX_HEADING = 120
MOST_WORDS = 40
PROSE_WORDS = 20
_DIVIDING = ("part", "word", "cjk", "appendix")  # families of numbers
_JUNK_TITLE = re.compile(
    r"^(?:untitled|microsoft word|document\d*|\S+\.(?:docx?|tex|dvi|pdf|indd|rtf|odt|pptx?)|"
    r"arxiv:.*|.*\.dvi|title|template|no title|slide \d+)",
    re.I,
)
_STAMP = re.compile(
    r"^(?:arxiv:|preprint|draft|submitted|published|vol(?:ume|\.)?\s*\d|issn|doi)", re.I
)
_BANNER = re.compile(
    r"^(?:(?:the )?journal (?:of|for)\b.{0,60}|(?:ieee |acm )?transactions on\b.{0,60}|"
    r"proceedings of\b.{0,80}|technical report.{0,20}|working paper.{0,20}|preprint|"
    r"(?:original |research |review |short )*"
    r"(?:article|paper|communication|review|report|letter)s?|"
    r"open access|manuscript|case report|editorial|perspective|jss)$",
    re.I,
)
_NAME = re.compile(
    r"^(?:[A-ZÀ-ÞŁŚŽŠČĆĐ](?:[\w’'`-]*|\.)(?:-[A-Z]\.?)?\s+){1,4}(?:(?:van|von|de|der|den|del|di|da)\s+)*"
    r"[A-ZÀ-ÞŁŚŽŠČĆĐ][\w’'`-]+(?:\s+(?:Jr\.?|I{1,3}))?$"
)
_SMALL_WORD = re.compile(r"\b(?:OF|TO|THE|FOR|IN|ON|WITH|BY|AN|AND|OR|ZUR|ZUM|DES|ET|AU|AUX)\b")
_BY = re.compile(r"^(?:[Bb]y|BY|Par|Por|Von|Di)\s+(?=[A-ZÀ-ÞŁŚŽŠČĆĐ])")
_NO_NAME = re.compile(
    r"universit|institut|department|google|research|school|college|laborator|inc\b|abstract|"
    r"introduction|center|centre|street|usa\b|germany|faculty|journal|society|version|company|"
    r"january|february|march|april|may\b|june|july|august|september|october|november|december|"
    r"januar|februar|märz|juni|juli|oktober|dezember|janvier|février|avril|juillet|octobre|enero|"
    r"febrero|agosto|octubre|gennaio|febbraio|giugno|luglio|ottobre|dicembre|janeiro|fevereiro|"
    r"junho|julho|outubro|januari|februari|augustus|^published|^publi[ée]|^veröffentlicht",
    re.I,
)


def title_group(
    groups: Sequence[LineGroup], pages: Sequence[Page], repeated: frozenset[int]
) -> LineGroup | None:
    """The biggest text in the upper part of page 1 (page 2 if that is empty), its neighbours of
    the same look joined to it. Code that was run there and the journal's own name are none."""
    heights = {page.number: page.height for page in pages}
    for page in sorted(heights)[:2]:
        rows = [
            group
            for group in groups
            if group.first.page == page
            and group.first.y0 < UPPER_SHARE * heights[page]
            and len(group.text) < MAX_TITLE
            and sum(sign.isalpha() for sign in group.text) >= 3
            and not _STAMP.match(group.text)
            and not (group.first.number in repeated and len(pages) > 2)
        ]
        rows = [group for group in rows if not group.first.is_mono] or rows
        divisions = _divisions(rows, groups)
        undivided = [group for group in rows if group.first.number not in divisions]
        if rows and not undivided:
            return None
        rows = [group for group in undivided if not _BANNER.match(group.text)] or undivided
        if rows:
            return _biggest(rows)
    return None


def _divisions(rows: Sequence[LineGroup], groups: Sequence[LineGroup]) -> frozenset[int]:
    """The first lines of those that begin a part of the text. "Part I", "Chapter 1" do in a text
    without a title page; so does "1.1 What it is" beside "1.2 …" in the same look; alone it may be
    a title ("12 Angry Men")."""
    numbers = {group.first.number: number_of(group.text) for group in rows}
    looks = {_look(group) for group in rows if numbers[group.first.number]}
    others = {
        (_look(group), number.family, number.parts)
        for group in groups
        if _look(group) in looks and len(group.text) < MAX_HEADING
        if (number := number_of(group.text)) is not None and number.rest
    }
    return frozenset(
        group.first.number
        for group in rows
        if (number := numbers[group.first.number]) is not None
        and (number.family in _DIVIDING or _has_neighbour(_look(group), number, others))
    )


def _look(group: LineGroup) -> tuple[str, float]:
    return group.first.font, group.first.size


def _has_neighbour(look: tuple[str, float], number: Number, others: Set[object]) -> bool:
    """Whether its successor or its predecessor is there."""
    *outer, last = number.parts
    return bool(number.rest) and any(
        (look, number.family, (*outer, last + step)) in others for step in (1, -1)
    )


def printed_title(
    said: str, groups: Sequence[LineGroup], found: LineGroup | None, body_size: float
) -> LineGroup | None:
    """What the PDF says its title is, where page 1 prints the same words and not in the look of
    its text: two that agree outdo the biggest letters. Else `found`."""
    wanted = _plain(said)
    if len(wanted) < 8 or _JUNK_TITLE.match(said) or found is None:
        return found
    if wanted in _plain(found.text) or _plain(found.text) in wanted:
        return found
    page = [group for group in groups if group.first.page == found.first.page]
    for place in range(len(page)):
        lines: list[Line] = []
        for group in page[place : place + 4]:
            lines.extend(group.lines)
            whole = LineGroup(tuple(lines))
            if _plain(whole.text) == wanted:
                is_set_off = whole.first.size > 1.04 * body_size or whole.first.is_bold
                return whole if is_set_off else found
            if not wanted.startswith(_plain(whole.text)):
                break
    return found


def _plain(text: str) -> str:
    return re.sub(r"\W+", "", text).lower()


def is_same_title(printed: str, said: str) -> bool:
    return _plain(printed) == _plain(said)


def is_trusted(metadata: Mapping[str, str | None]) -> bool:
    """Whether the file's own word for its title holds: an EPUB must have one, and each of its
    chapters may begin as large as a title."""
    return metadata.get("format") == "EPUB" and bool((metadata.get("title") or "").strip())


def stands_alone(
    title: LineGroup, groups: Sequence[LineGroup], body_size: float, *, most_alike: int = 1
) -> bool:
    """Whether a title looks like one: short, no sentence in the look of the text, and not as more
    than `most_alike` other short texts do, which would make it the first heading of many."""
    if is_text(title, body_size) or len(title.text.split()) > MOST_WORDS:
        return False
    alike = [
        group
        for group in groups
        if group.style == title.style
        and group.first.number > title.last.number
        and group.first.page >= title.first.page
        and len(group.text) < MAX_HEADING
    ]
    return len(alike) <= most_alike


def is_text(title: LineGroup, body_size: float) -> bool:
    """Whether the biggest letters of a page are those of its text, and what they say is no title:
    long, or a sentence."""
    is_set_off = title.first.size > 1.04 * body_size or title.first.is_bold or title.text.isupper()
    is_long = len(title.text.split()) > MOST_WORDS // 2
    return not is_set_off and (is_long or title.text[-1] in ".:;,")


def _biggest(rows: Sequence[LineGroup]) -> LineGroup:
    size = max(group.first.size for group in rows)
    at = next(i for i, group in enumerate(rows) if group.first.size == size)
    lines = list(rows[at].lines)
    for group in rows[at + 1 :]:
        is_alike = abs(group.first.size - size) < 0.6 and group.first.is_bold == lines[0].is_bold
        is_near = group.first.y0 - lines[-1].y1 < 1.5 * lines[-1].height
        number = number_of(group.text)
        if not (is_alike and is_near) or (number and number.family != "bare"):
            break
        lines.extend(group.lines)
    return LineGroup(tuple(lines))


def title_of(group: LineGroup | None, metadata: Mapping[str, str | None], filename: str) -> str:
    """The title as printed, in the spacing that the PDF says if both agree; else what the PDF
    says of itself; else the file's name. An EPUB has to say it, and prints it as it likes."""
    said = re.sub(r"\s+", " ", metadata.get("title") or "").strip()
    if is_trusted(metadata):
        return said
    if group is not None and sum(sign.isalpha() for sign in group.text) >= 3:
        printed = re.sub(r"\s*[*†‡∗⋆]+$", "", group.text).strip()
        has_same_words = _plain(said) == _plain(printed) and said.count(" ") > printed.count(" ")
        return said if has_same_words else printed
    if len(said) >= 4 and not _JUNK_TITLE.match(said):
        return said
    return (
        re.sub(r"[_-]+", " ", filename.removesuffix(".pdf").removesuffix(".epub")).strip()
        or "Untitled"
    )


def authors_of(
    groups: Sequence[LineGroup],
    title: LineGroup | None,
    before: int,
    metadata: Mapping[str, str | None],
) -> tuple[str, ...]:
    """Names printed under the title, before the first heading at line `before`; else those that
    the PDF says of itself."""
    if title is not None:
        names = _printed_names(groups, title, before)
        if names:
            return tuple(dict.fromkeys(names))[:20]
    return names_in(metadata.get("author") or "")


def names_in(text: str) -> tuple[str, ...]:
    """Each once."""
    return tuple(dict.fromkeys(_names(text)))[:20]


def _printed_names(groups: Sequence[LineGroup], title: LineGroup, before: int) -> list[str]:
    """Names are all set alike: what looks otherwise than the first is a place or a notice."""
    names: list[str] = []
    look: tuple[str, float] | None = None
    for group in groups:
        if not (title.last.number < group.first.number < before and group.first.page <= 1):
            continue
        if _is_prose(group.text):  # they stand before it; behind it are senders and speakers
            break
        for line in group.lines:
            found = _names(line.text)
            if found and look in (None, (line.font, line.size)):
                look = (line.font, line.size)
                names.extend(found)
    return names


def _is_prose(text: str) -> bool:
    words = text.split()
    return len(words) >= PROSE_WORDS and sum(w[:1].islower() for w in words) >= 0.6 * len(words)


def _names(text: str) -> list[str]:
    text = _BY.sub("", text)
    text = re.sub(r"[\d*†‡§¶∗⋆,]*[*†‡§¶∗⋆\d]+", " , ", text)
    parts = re.split(r"\s*[,;·•|]\s*|\s+(?:and|und|et|y|e|&)\s+", text)
    names = [re.sub(r"\s+", " ", part).strip() for part in parts]
    return [
        name
        for name in names
        if 4 < len(name) < 45 and _NAME.match(name) and not _NO_NAME.search(name)
        if not (name.isupper() and _SMALL_WORD.search(name))
    ]
