"""Kept lines → paragraphs: joined over columns and pages, words mended, citations out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

from pipeline.citations import without_addresses, without_citations
from pipeline.domain import Passage, PassageKind
from pipeline.lines import Line
from pipeline.lists import is_list_item, without_bullet

_BROKEN = re.compile(r"[^\W\d_]-$")
_SENTENCE_END = re.compile(r"[.!?:;。！？：؟][\"”’')\]]*$")
_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
_CJK_EDGE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uff00-\uffef\u3000-\u303f]")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The document's own words: they decide whether a hyphen at a line's end is part of one."""

    words: Set[str]

    @classmethod
    def of(cls, lines: Iterable[Line]) -> Vocabulary:
        words: set[str] = set()
        for line in lines:
            found = [word.lower() for word in _WORD.findall(line.text)]
            words.update(found[:-1] if line.text.endswith("-") else found)
        return cls(words)

    def joined(self, left: str, right: str) -> str:
        """`left` ends in a hyphen. "distil-" "lation" is one word, "well-" "known" keeps it."""
        head = re.search(r"([^\W\d_]+(?:-[^\W\d_]+)*)-$", left)
        tail = re.match(r"[^\W\d_]+", right)
        if head is None or tail is None:
            return left + right
        whole = (head.group(1) + tail.group(0)).lower()
        compound = f"{head.group(1)}-{tail.group(0)}".lower()
        if compound in self.words and whole not in self.words:
            return left + right
        return left[:-1] + right


def passages_of(lines: Sequence[Line], vocabulary: Vocabulary) -> tuple[list[Passage], int]:
    """The passages of consecutive kept lines, and how many citations were taken out."""
    passages: list[Passage] = []
    citations = 0
    for group in _groups(lines):
        raw = _text_of(group, vocabulary)
        is_item = is_list_item(raw)
        text, count = without_citations(without_addresses(without_bullet(raw)))
        citations += count
        if any(sign.isalnum() for sign in text):
            kind = PassageKind.ITEM if is_item else PassageKind.PARAGRAPH
            passages.append(Passage(text=text, page=group[0].page + 1, kind=kind))
    return passages, citations


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
    if _BROKEN.search(last.text) and line.text[:1].islower():
        return False
    if is_list_item(line.text):
        return True
    if line.text[:1].islower():
        return False
    is_ended = bool(_SENTENCE_END.search(last.text))
    if not _is_below(last, line):
        return is_ended
    if line.block == last.block and line.page == last.page:
        return _is_indented(group, line) and is_ended
    gap = line.y0 - last.y1
    return is_ended or gap > 0.9 * last.height


def _is_below(last: Line, line: Line) -> bool:
    """In the same column of the same page, further down."""
    if line.page != last.page or line.y0 <= last.y0:
        return False
    return min(line.x1, last.x1) > max(line.x0, last.x0)


def _is_indented(group: Sequence[Line], line: Line) -> bool:
    left = min(other.x0 for other in group if other.page == line.page)
    return line.x0 - left > 0.8 * line.size


def _text_of(group: Sequence[Line], vocabulary: Vocabulary) -> str:
    text = group[0].text
    for line in group[1:]:
        if _BROKEN.search(text) and line.text[:1].islower():
            text = vocabulary.joined(text, line.text)
        elif _CJK_EDGE.match(text[-1]) and _CJK_EDGE.match(line.text[0]):
            text += line.text
        else:
            text = f"{text} {line.text}"
    return re.sub(r"(?<=[a-zà-ÿ])\u00ad(?=[a-zà-ÿ])", "", text)
