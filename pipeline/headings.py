"""Which units of text are headings: evidence that errs in different places, added up.

The votes and their weights are explained and measured in docs/reading.md.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.layout import Label
from pipeline.numbering import Number, chain, number_of, without_number
from pipeline.pages import Line, Page
from pipeline.sentences import word_count

MAX_LINES, MAX_CHARACTERS = 4, 180
THRESHOLD = 4.4
THRESHOLD_UNNUMBERED = 3.6

KNOWN = re.compile(
    r"^(?:abstract|summary|executive summary|introduction|background|related works?|methods?|"
    r"materials and methods|methodology|results?|results and discussion|discussion|conclusions?|"
    r"concluding remarks|conclusions? and future work|future work|references|bibliography|"
    r"literature cited|works cited|acknowledge?ments?|appendix|appendices|preface|foreword|"
    r"contents|table of contents|index|glossary|statement of need|limitations|evaluation|"
    r"zusammenfassung|einleitung|einführung|literatur(?:verzeichnis)?|quellen|danksagung|anhang|"
    r"fazit|schluss|vorwort|inhaltsverzeichnis|stichwortverzeichnis|"
    r"résumé|introduction générale|conclusion générale|bibliographie|références|remerciements|"
    r"annexes?|avant-propos|sommaire|table des matières|"
    r"resumen|introducción|conclusión|conclusiones|referencias|bibliografía|agradecimientos|"
    r"índice|resumo|introdução|conclusão|considerações finais|referências|agradecimentos|"
    r"riassunto|introduzione|conclusioni|riferimenti|ringraziamenti|"
    r"摘要|引言|绪论|前言|结论|总结|参考文献|致谢|附录|目录|はじめに|おわりに|概要|序論|結論|まとめ|"
    r"参考文献|謝辞|付録|目次|مقدمة|ملخص|الخاتمة|المراجع|введение|заключение|аннотация|"
    r"список литературы|литература|выводы)\s*[.:]?$",
    re.I,
)
OPENING = re.compile(
    r"^(?:abstract|summary|executive summary|introduction|zusammenfassung|einleitung|résumé|"
    r"resumen|introducción|resumo|introdução|riassunto|摘要|引言|绪论|はじめに|概要|مقدمة|ملخص|"
    r"preface|foreword|vorwort|statement of need|background|introduction)\b",
    re.I,
)
REFERENCES = re.compile(
    r"^(?:references?(?: and notes)?|bibliography|literature cited|works cited|cited literature|"
    r"literature|literatur(?:verzeichnis)?|quellen(?:verzeichnis)?|bibliographie|références(?: "
    r"bibliographiques)?|referencias(?: bibliográficas)?|bibliografía|referências(?: "
    r"bibliográficas)?|bibliografia|riferimenti|参考文献|引用文献|文献|المراجع|список литературы|"
    r"литература)\s*[.:]?$",
    re.I,
)
LEFT_OUT = re.compile(
    r"^(?:(?:table of )?contents|list of (?:figures|tables|abbreviations|symbols|algorithms)|index|"
    r"acknowledge?ments?(?: and .*)?|danksagung|remerciements|agradecimientos|agradecimentos|"
    r"ringraziamenti|inhaltsverzeichnis|inhalt|abbildungsverzeichnis|tabellenverzeichnis|"
    r"stichwortverzeichnis|sommaire|table des matières|índice(?: general)?|sumário|indice|"
    r"目录|目次|致谢|謝辞|"
    r"copyright(?: notice)?|imprint|impressum|about the authors?|author contributions?|"
    r"authors['’] contributions?|competing interests?|conflicts? of interests?|funding|"
    r"data availability(?: statement)?|ethics(?: statement| declarations?)?|orcid|keywords?|"
    r"key words|ccs concepts)\s*[.:]?$",
    re.I,
)
CAPTION = re.compile(
    r"^(?:table|figure|fig\.?|algorithm|listing|scheme|chart|plate|box|exhibit|tabelle|abbildung|"
    r"abb\.|tab\.|tableau|tabla|figura|tabela|图|表|図|рис\.?|таблица)\s*\d+",
    re.I,
)
THEOREM = re.compile(
    r"^(?:theorem|lemma|proof|definition|proposition|corollary|remark|example|exercise|claim|"
    r"conjecture|axiom|assumption|problem|question|satz|beweis|théorème|preuve|teorema)\b"
    r"(?:\s*\d|\s*[.:(]|\s+of\b|$)",
    re.I,
)
ADMINISTRATIVE = re.compile(
    r"^(?:affiliations?|ccs concepts?|key ?words|keywords?|index terms|pvldb|acm reference|"
    r"reference format|additional key|general terms|categories and subject|permission to|"
    r"copyright|corresponding author|e-?mail|received|accepted|published|submitted|editor|"
    r"reviewers?|doi|software|licen[cs]e|schlüsselwörter|mots[- ]clés|palabras clave|"
    r"palavras-chave|关键词|キーワード)\b\s*[:.;]?",
    re.I,
)
_LEADERS = re.compile(r"(?:\.\s?){4,}|…{2,}|\.{3,}\s*\d+\s*$")
_MAIL = re.compile(r"\S@\S|https?://|www\.|doi\.org", re.I)
_MATH = re.compile(r"[=≤≥∑∫∏√∂∇⊂⊆∈∀∃⟨⟩]|\\[a-z]")
_BULLET = re.compile(r"^\s*[•·‣▪◦●○■□–—*►▶➢]\s")
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Unit:
    """Consecutive lines that look alike: a heading, or a piece of body text."""

    lines: tuple[Line, ...]

    @property
    def first(self) -> Line:
        return self.lines[0]

    @property
    def last(self) -> Line:
        return self.lines[-1]

    @property
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A unit taken for a heading."""

    unit: Unit
    title: str  # without its number
    level: int
    score: float
    number: Number | None = None

    @property
    def line(self) -> Line:
        return self.unit.first


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is known of the document as a whole before its units are judged."""

    body_size: float
    is_bold: bool  # most of the text is bold
    style_share: Mapping[tuple[str, float], float]
    repeated: frozenset[int]  # line numbers of running heads
    labels: Mapping[int, Sequence[Label]]  # by page
    heights: Mapping[int, float]  # of the pages
    label_of_line: Mapping[int, Label] = field(default_factory=dict)


def body_size(lines: Sequence[Line]) -> float:
    """The size of most characters, among lines long enough to be text and not code."""
    sizes: Counter[float] = Counter()
    for line in lines:
        if line.words >= 7 and not line.is_mono:
            sizes[line.size] += len(line.text)
    if not sizes:
        for line in lines:
            sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 10.0


def evidence_of(
    pages: Sequence[Page],
    lines: Sequence[Line],
    repeated: frozenset[int],
    labels: Mapping[int, Sequence[Label]],
) -> Evidence:
    total = sum(len(line.text) for line in lines) or 1
    styles: Counter[tuple[str, float]] = Counter()
    for line in lines:
        styles[line.font, line.size] += len(line.text)
    return Evidence(
        body_size=body_size(lines),
        is_bold=sum(len(line.text) for line in lines if line.is_bold) > 0.5 * total,
        style_share={style: count / total for style, count in styles.items()},
        repeated=repeated,
        labels=labels,
        heights={page.number: page.height for page in pages},
        label_of_line=labels_by_line(lines, labels),
    )


def labels_by_line(
    lines: Iterable[Line], labels: Mapping[int, Sequence[Label]]
) -> dict[int, Label]:
    """For each line the label that covers most of it."""
    found: dict[int, Label] = {}
    for line in lines:
        best, share = None, 0.3
        for label in labels.get(line.page, ()):
            overlap = _overlap(line, label)
            if overlap > share:
                best, share = label, overlap
        if best is not None:
            found[line.number] = best
    return found


def _overlap(line: Line, label: Label) -> float:
    width = min(line.x1, label.x1) - max(line.x0, label.x0)
    height = min(line.y1, label.y1) - max(line.y0, label.y0)
    if width <= 0 or height <= 0:
        return 0.0
    area = (line.x1 - line.x0) * line.height
    return width * height / area if area > 0 else 0.0


def units_of(lines: Sequence[Line], repeated: frozenset[int]) -> list[Unit]:
    """Lines gathered into units, in order; running heads stand alone."""
    units: list[list[Line]] = []
    for line in lines:
        if units and _continues(units[-1], line, repeated):
            units[-1].append(line)
        else:
            units.append([line])
    return [Unit(tuple(unit)) for unit in units]


def _continues(unit: Sequence[Line], line: Line, repeated: frozenset[int]) -> bool:
    last = unit[-1]
    if line.page != last.page or line.number in repeated or last.number in repeated:
        return False
    if abs(line.size - last.size) > 0.6 or line.is_bold != last.is_bold:
        return False
    if line.is_italic != last.is_italic and not line.is_bold:
        return False
    if min(line.x1, last.x1) <= max(line.x0, last.x0):
        return False
    step = line.y0 - last.y0
    if not 0 < step < 1.45 * max(last.height, line.height):
        return False
    return number_of(line.text) is None


def headings_of(units: Sequence[Unit], known: Evidence, title: Unit | None) -> list[Heading]:
    """The units that are headings, with their levels, in order."""
    rows = [
        (unit, _basic_score(unit, before, after, known))
        for unit, before, after in _neighbours(units)
        if _is_candidate(unit) and not _is_title(unit, title)
    ]
    units_, basic = [row[0] for row in rows], [row[1] for row in rows]
    numbers = [number_of(unit.text) for unit in units_]
    inside = _chains(numbers, basic)
    opening = _first_opening(units_, inside, basic)
    shared = _shared_styles(units_, inside)
    threshold = THRESHOLD if inside else THRESHOLD_UNNUMBERED
    headings = []
    for i, unit in enumerate(units_):
        score = basic[i] + _penalty(unit, known, is_chained=i in inside)
        score += _number_score(unit, numbers[i], i in inside, shared, bool(inside))
        if i < opening and i not in inside and not KNOWN.match(without_number(unit.text)):
            score -= 2.0
        if score >= threshold:
            number = numbers[i] if i in inside else None
            headings.append(_heading(unit, number, score))
    return with_levels(headings)


def _heading(unit: Unit, number: Number | None, score: float) -> Heading:
    title = without_number(unit.text) if number_of(unit.text) and number else unit.text
    return Heading(
        unit=unit, title=title.strip().rstrip(":").strip(), level=1, score=score, number=number
    )


def _neighbours(units: Sequence[Unit]) -> Iterable[tuple[Unit, Unit | None, Unit | None]]:
    for i, unit in enumerate(units):
        before = units[i - 1] if i else None
        after = units[i + 1] if i + 1 < len(units) else None
        yield unit, before, after


def _is_candidate(unit: Unit) -> bool:
    text = unit.text
    if len(unit.lines) > MAX_LINES or len(text) > MAX_CHARACTERS:
        return False
    return sum(sign.isalpha() for sign in text) >= 2


def _is_title(unit: Unit, title: Unit | None) -> bool:
    if title is None or unit.first.page > title.first.page + 1:
        return False
    here, whole = _plain(unit.text), _plain(title.text)
    return bool(here) and (whole.startswith(here) and len(here) > 0.4 * len(whole))


def _plain(text: str) -> str:
    return re.sub(r"\W+", "", text).lower()


def _basic_score(unit: Unit, before: Unit | None, after: Unit | None, known: Evidence) -> float:
    """What the unit's own look says."""
    return (
        3.0 * _layout_probability(unit, known)
        + _size_score(unit.first.size / known.body_size)
        + _weight_score(unit, known)
        + _spacing_score(unit, before, after)
        + _wording_score(unit)
    )


def _layout_probability(unit: Unit, known: Evidence) -> float:
    """The model's mean over the unit's lines; 0 for a page it did not see."""
    found = [
        known.label_of_line[line.number].heading
        for line in unit.lines
        if line.number in known.label_of_line
    ]
    return sum(found) / len(found) if found else 0.0


def _size_score(ratio: float) -> float:
    if ratio < 0.93:
        return -1.0
    return 1.7 if ratio >= 1.25 else (1.0 if ratio >= 1.08 else 0.0)


def _weight_score(unit: Unit, known: Evidence) -> float:
    score = 0.0
    if unit.first.is_bold and not known.is_bold:
        score += 1.2
    if unit.text.isupper() and len(unit.text) > 3:
        score += 0.6
    if unit.first.is_italic:
        score += 0.2
    share = known.style_share.get((unit.first.font, unit.first.size), 0.0)
    return score + (0.5 if share < 0.02 else 0.2 if share < 0.05 else -0.6 if share > 0.3 else 0.0)


def _spacing_score(unit: Unit, before: Unit | None, after: Unit | None) -> float:
    score, em = 0.0, max(unit.first.height, 1.0)
    if before is not None and before.first.page == unit.first.page:
        gap = unit.first.y0 - before.last.y1
        score += 0.5 if gap >= 0.6 * em or gap < -em else -0.4 if gap < 0.2 * em else 0.0
    if after is not None and after.first.page == unit.first.page:
        score += 0.2 if after.first.y0 - unit.last.y1 >= 0.35 * em else 0.0
        if _stands_beside(unit, after) or (before is not None and _stands_beside(unit, before)):
            score -= 1.0
    return score


def _stands_beside(unit: Unit, other: Unit) -> bool:
    a, b = unit.first, other.last if other.first.number < unit.first.number else other.first
    if a.page != b.page:
        return False
    overlap = min(a.y1, b.y1) - max(a.y0, b.y0)
    gap = max(a.x0, b.x0) - min(a.x1, b.x1)
    return overlap > 0.6 * min(a.height, b.height) and 0 < gap < 30


def _wording_score(unit: Unit) -> float:
    text = unit.text
    words = without_number(text)
    score = 1.5 if KNOWN.match(words) else 0.0
    extra = word_count(words) - 12
    if extra > 0:
        score -= 0.125 * extra
    if text[-1] in ",;-":
        score -= 0.8
    if text.endswith(".") and word_count(text) > 3:
        score -= 0.7
    if words[:1].islower():
        score -= 1.2
    return score


def _penalty(unit: Unit, known: Evidence, *, is_chained: bool) -> float:
    """What speaks against it. A unit in the numbering chain is spared the model's classes."""
    text = unit.text
    score = _word_penalty(text)
    if any(line.number in known.repeated for line in unit.lines):
        score -= 4.0
    if all(line.is_mono for line in unit.lines):
        score -= 2.0
    letters = sum(sign.isalpha() for sign in text)
    if letters < 0.4 * len(text.replace(" ", "")):
        score -= 2.0
    return score if is_chained else score + _class_penalty(unit, known)


_WORD_PENALTIES = (
    (CAPTION, 4.0),
    (THEOREM, 3.0),
    (_MAIL, 3.0),
    (_LEADERS, 3.0),
    (ADMINISTRATIVE, 4.0),
    (_MATH, 1.2),
    (_BULLET, 2.0),
)


def _word_penalty(text: str) -> float:
    words = without_number(text)
    score = 0.0
    for pattern, price in _WORD_PENALTIES:
        if pattern.search(text) or (pattern in (ADMINISTRATIVE, THEOREM) and pattern.search(words)):
            score -= price
    return score


_CLASS_PENALTIES = {
    "table": 2.5,
    "picture": 2.5,
    "formula": 2.5,
    "caption": 2.0,
    "footnote": 2.0,
    "page-header": 1.5,
    "page-footer": 1.5,
    "list-item": 0.7,
}


def _class_penalty(unit: Unit, known: Evidence) -> float:
    label = known.label_of_line.get(unit.first.number)
    return -_CLASS_PENALTIES.get(label.name, 0.0) if label else 0.0


def _chains(numbers: Sequence[Number | None], weights: Sequence[float]) -> set[int]:
    """Decimal (with worded chapters), Roman, letters and Chinese numbers run separately."""
    families: dict[str, list[Number | None]] = defaultdict(lambda: [None] * len(numbers))
    for i, number in enumerate(numbers):
        if number is not None:
            family = "decimal" if number.family == "word" else number.family
            families["letter" if family == "appendix" else family][i] = number
    inside: set[int] = set()
    for family, row in families.items():
        run = chain(row, weights)
        if family in ("decimal", "cjk") or len(run) >= 2:
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


def _number_score(
    unit: Unit,
    number: Number | None,
    is_chained: bool,
    shared: set[tuple[str, float, bool]],
    has_chain: bool,
) -> float:
    score = 1.0 if unit.style in shared else 0.0
    if number is not None:
        score += 0.5 + (1.2 if is_chained else -0.5)
    elif has_chain and not KNOWN.match(without_number(unit.text)):
        score -= 0.4 if unit.style in shared else 0.8
    return score


def with_levels(headings: Sequence[Heading]) -> list[Heading]:
    """Levels: the number's depth; else the usual one of that look; known names 1; else by size."""
    depths: dict[tuple[str, float, bool], Counter[int]] = defaultdict(Counter)
    offset = 1 if any(h.number and h.number.family in ("word", "cjk") for h in headings) else 0
    for heading in headings:
        if heading.number is not None:
            depths[heading.unit.style][_depth(heading.number, offset)] += 1
    ranks = _style_ranks(headings)
    levelled = []
    for heading in headings:
        style = heading.unit.style
        if heading.number is not None:
            level = _depth(heading.number, offset)
        elif depths.get(style):
            level = depths[style].most_common(1)[0][0]
        elif KNOWN.match(without_number(heading.unit.text)):
            level = 1
        else:
            level = ranks[style]
        levelled.append(
            Heading(
                unit=heading.unit,
                title=heading.title,
                level=min(level, 6),
                score=heading.score,
                number=heading.number,
            )
        )
    return levelled


def _depth(number: Number, offset: int) -> int:
    """Where chapters are worded ("Chapter 3"), a bare `3.1` is their child all the same."""
    if number.family in ("word", "cjk", "appendix"):
        return 1
    return number.depth + (offset if number.depth == 1 else 0)


def _style_ranks(headings: Sequence[Heading]) -> dict[tuple[str, float, bool], int]:
    """Bigger is higher; among equals bold before plain."""
    styles = {heading.unit.style: heading.unit.first for heading in headings}
    looks = sorted({(-line.size, not line.is_bold) for line in styles.values()})
    return {
        style: 1 + looks.index((-line.size, not line.is_bold)) for style, line in styles.items()
    }
