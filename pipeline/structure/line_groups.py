"""Lines that look alike and follow each other: what a heading, or a piece of text, is made of."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from pipeline.pdf.layout import Label
from pipeline.pdf.lines import Line
from pipeline.structure.numbering import number_of

ENDED = re.compile(r"[.!?:;。！？…][\"”’»)\]]*$")
IN_BRACKETS = re.compile(r"【[^【】\d０-９]{2,30}】")  # a heading of Japanese patents


@dataclass(frozen=True)
class LineGroup:
    """Consecutive lines that look alike: a heading, or a piece of body text."""

    lines: tuple[Line, ...]

    @property
    def first(self) -> Line:
        return self.lines[0]

    @property
    def last(self) -> Line:
        return self.lines[-1]

    @cached_property  # asked by every vote
    def text(self) -> str:
        return joined_heading([line.text for line in self.lines])

    @property
    def style(self) -> tuple[str, float, bool]:
        return (self.first.font, self.first.size, self.text.isupper())


def joined_heading(texts: Sequence[str]) -> str:
    """A heading's lines as one; a word broken at a line's end is mended."""
    whole = texts[0]
    for text in texts[1:]:
        if re.search(r"[a-zà-ÿ]-$", whole) and text[:1].islower():
            whole = whole[:-1] + text
        else:
            whole = f"{whole} {text}"
    return whole


def line_groups_of(
    lines: Sequence[Line],
    repeated: frozenset[int],
    labels: Mapping[int, Label],
) -> list[LineGroup]:
    """Lines gathered into groups, in order; running heads stand alone. `labels` by line number."""
    groups: list[list[Line]] = []
    for line in lines:
        if (
            groups
            and _continues(groups[-1], line, repeated)
            and not _parts(groups[-1], line, labels)
        ):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [LineGroup(tuple(group)) for group in groups]


def _continues(group: Sequence[Line], line: Line, repeated: frozenset[int]) -> bool:
    last = group[-1]
    if line.page != last.page or line.number in repeated or last.number in repeated:
        return False
    if abs(line.size - last.size) > 0.6 or line.is_bold != last.is_bold:
        return False
    if line.is_italic != last.is_italic and not line.is_bold:
        return False
    if min(line.x1, last.x1) <= max(line.x0, last.x0):
        return False
    step = line.y0 - last.y0
    tall = max(last.height, line.height, 1.15 * line.size)  # some fonts state a flat box
    if not 0 < step < 1.45 * tall:
        return False
    if last.text.lower() == "chapter":  # its number stands on the next line, and then its title
        return _is_bare(line.text)
    return not _begins_numbered(line.text) and not _is_bare(last.text)


def _begins_numbered(text: str) -> bool:
    """Not where it is nothing but a number, which may be torn off what it numbers."""
    number = number_of(text)
    return number is not None and number.family != "bare"


def _is_bare(text: str) -> bool:
    """Nothing but a chapter's number, in words."""
    number = number_of(text)
    return number is not None and number.family == "word" and not number.rest


def _parts(group: Sequence[Line], line: Line, labels: Mapping[int, Label]) -> bool:
    """Whether a heading in the text's own size and weight ends here: its capitals end, or the
    model sees a heading above and none below; or one begins, in capitals behind a sentence."""
    if any(IN_BRACKETS.fullmatch(text) for text in (group[-1].text, line.text)):
        return True
    if _is_line_of_capitals(line.text) and not group[-1].text.isupper():
        return ENDED.search(group[-1].text) is not None
    if line.is_bold or len(group) > 3:
        return False
    if _is_upper(group[-1].text) and not _is_upper(line.text):
        return True
    above, below = labels.get(group[-1].number), labels.get(line.number)
    return above is not None and below is not None and above.heading - below.heading > 0.5


def _is_line_of_capitals(text: str) -> bool:
    return text.isupper() and sum(sign.isalpha() for sign in text) >= 8 and text[-1] not in ".,;"


def _is_upper(text: str) -> bool:
    return text.isupper() and sum(sign.isalpha() for sign in text) > 3
