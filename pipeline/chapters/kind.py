"""What kind of document lies before us, from its words and its pages, before any rule is applied.

Rules that were made for papers are trusted in papers. So a paper must show itself as one, by two of
its marks at least; what shows nothing is `OTHER`, in which nothing is left out for its wording.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

from pipeline.domain import Kind, Reason
from pipeline.language.vocabulary import BY_LINE, JUMP, KNOWN, REFERENCES, SUMMARY
from pipeline.pdf.lines import Line, Page
from pipeline.structure.numbering import number_of, without_number
from pipeline.text.references import is_reference_list

BOOK_PAGES = 60
PAPER_POINTS = 3
FIRST_PAGES = 3  # of a paper, on which its summary stands
MOST_LINES = 1500  # some 35 pages: what does not show in them is seldom told by the rest
SHORT_SIGNS = 60  # of a heading
LIST_LINES = 40  # behind the heading of references, that must be some
FEW_CITATIONS, SOME_CITATIONS, MANY_CITATIONS = 3, 5, 8  # lines that cite
SLIDE_RATIO, SLIDE_WORDS, FEWEST_SLIDES = 1.2, 120, 3  # width to height; words of the usual page
LETTER_PAGES = 8
SAID_SHARE, FEWEST_SAID = 0.12, 8  # lines of a transcript or of a novel that begin somebody's words
CLAUSES, CLAUSE_SHARE = 4, 0.02
BLANKS_SHARE = 0.25  # lines of a form that are to be filled in
_OF_PAPERS = frozenset({Reason.NOTICE, Reason.FRONT_MATTER, Reason.BACK_MATTER, Reason.CITATION})
_CITATION = re.compile(
    r"\bet al\b|\[\d{1,3}(?:\s*[,–-]\s*\d{1,3})*\]|"
    r"\([^\W\d_a-zß-ÿ][^()]{2,60},? (?:19|20)\d\d[a-z]?\)"
)
_SOURCE = re.compile(r"\bdoi\b|10\.\d{4,}/|arxiv", re.I)
_SUMMARY_LABEL = re.compile(r"\s*(?:[.:：】\]·—–-]|$)")
_SALUTATION = re.compile(
    r"^(?:dear\b|to whom it may concern|sehr geehrte|liebe[rs]?\s|chère?s?\s|madame, monsieur|"
    r"estimad[oa]s?\b|querid[oa]s?\b|gentile\b|egregi[oa]?\b|prezad[oa]s?\b|уважаем|"
    r"beste\b|geachte\b|"
    r"szanown|拝啓|尊敬的)",
    re.I,
)
_CLOSING = re.compile(
    r"^(?:yours\b|sincerely|(?:kind|best|warm) regards|respectfully|mit freundlichen|"
    r"hochachtungsvoll|"
    r"herzliche grüße|cordialement|veuillez agréer|atentamente|un saludo|cordiali saluti|"
    r"distinti saluti|"
    r"atenciosamente|с уважением|met vriendelijke|z poważaniem|敬具|此致)",
    re.I,
)
_CLAUSE = re.compile(
    r"^(?:§+\s*\d|(?:article|section|clause|art\.|artikel|artículo|artigo|articolo|"
    r"статья)\s+\d|第[0-9一二三四五六七八九十百]+条)",
    re.I,
)
_LEGAL = re.compile(
    r"\b(?:shall|hereby|herein|hereinafter|pursuant|thereof|whereas|notwithstanding|lessee|lessor|"
    r"tenant|landlord|gemäß|vertragspartei|mieter|vermieter|arrendatario|locataire|bailleur)\b",
    re.I,
)
_SPEAKER = re.compile(
    r"^(?:[QA][.:]\s|[A-ZÀ-ÞА-Я][A-ZÀ-ÞА-Я .’'-]{1,30}:\s|(?:Mr|Mrs|Ms|Dr)\.? [A-Z][a-z]+:\s)"
)
_MINUTES = re.compile(
    r"^(?:minutes of\b|present\s*:|apologies\b|in attendance\b|any other business|resolved\b|"
    r"protokoll (?:der|des)\b|anwesend\s*:|entschuldigt\s*:|procès-verbal|acta de\b|"
    r"asistentes\s*:|notulen\b)",
    re.I,
)
_BLANK = re.compile(r"_{3,}|\.{6,}\s*$|:\s*$|[☐☑□]|\[\s*\]")
_SPOKEN = re.compile(r"^\s*[“\"„«–—]\s?\w")
_REPORT = re.compile(
    r"\breport\b|executive summary|\bbericht\b|\brapport\b|\binforme\b|\brelatório\b|отчёт", re.I
)


class Look:
    """What a document shows of its kind. `told`: what it is by the word of somebody who knows."""

    def __init__(
        self, pages: Sequence[Page], lines: Sequence[Line], told: Kind | None = None
    ) -> None:
        self.told = told
        self.pages = pages
        self.lines = lines
        self.texts = [line.text for line in lines[:MOST_LINES]]
        self._short = [
            (place, line.text) for place, line in enumerate(lines) if len(line.text) < SHORT_SIGNS
        ]

    @cached_property
    def kind(self) -> Kind:
        """The first that shows itself, those that show it best first."""
        if self.told is not None:
            return self.told
        return next((kind for kind, is_it in _KINDS if is_it(self)), Kind.OTHER)

    @property
    def is_paperlike(self) -> bool:
        """Built as papers are: front matter, a summary, sections with names or numbers."""
        return self.kind is Kind.PAPER or (self.told is None and self.has_summary)

    @property
    def distrusted(self) -> frozenset[Reason]:
        """Rules that leave nothing out of it: those that go by words alone, and by what such words
        mean in a paper. What looks like a citation is one where works are listed, or where there
        are more of them."""
        if self.kind is Kind.PAPER:
            return frozenset()
        cites = self.has_references or self._citations >= SOME_CITATIONS
        return _OF_PAPERS - {Reason.CITATION} if cites else _OF_PAPERS

    def _count(self, pattern: re.Pattern[str]) -> int:
        return sum(pattern.search(text) is not None for text in self.texts)

    def _share(self, pattern: re.Pattern[str]) -> float:
        return self._count(pattern) / max(1, len(self.texts))

    @cached_property
    def is_slides(self) -> bool:
        if len(self.pages) < FEWEST_SLIDES:
            return False
        wide = sum(page.width > SLIDE_RATIO * page.height for page in self.pages)
        words = Counter[int]()
        for line in self.lines:
            words[line.page] += line.words
        usual = sorted(words[page.number] for page in self.pages)[len(self.pages) // 2]
        return wide >= 0.8 * len(self.pages) and usual <= SLIDE_WORDS

    @cached_property
    def is_paper(self) -> bool:
        points = 2 * self.has_summary + 2 * self.has_references
        points += (self._citations >= FEW_CITATIONS) + (self._citations >= MANY_CITATIONS)
        points += self._count(_SOURCE) > 0
        points += self._known() >= 2
        return points >= PAPER_POINTS

    @cached_property
    def _citations(self) -> int:
        return sum(_CITATION.search(line.text) is not None for line in self.lines)

    @cached_property
    def has_summary(self) -> bool:
        """One that is labelled; what stands before it is front matter."""
        for line in self.lines:
            if line.page >= FIRST_PAGES:
                return False
            text = line.text.lstrip("【[ ")
            found = SUMMARY.match(text)
            if found and _SUMMARY_LABEL.match(text[found.end() :]):
                return True
        return False

    @cached_property
    def has_references(self) -> bool:
        return any(
            REFERENCES.match(without_number(text))
            and is_reference_list(self.lines[place + 1 : place + 1 + LIST_LINES])
            for place, text in self._short
        )

    def _known(self) -> int:
        """Names that sections of papers have, each once."""
        names = (without_number(text) for _, text in self._short)
        return len({name.lower() for name in names if KNOWN.match(name)})

    @cached_property
    def is_transcript(self) -> bool:
        return self._count(_SPEAKER) >= FEWEST_SAID and self._share(_SPEAKER) >= SAID_SHARE

    @cached_property
    def is_minutes(self) -> bool:
        return len({text.split()[0].lower() for text in self.texts if _MINUTES.match(text)}) >= 2

    @cached_property
    def is_letter(self) -> bool:
        if len(self.pages) > LETTER_PAGES:
            return False
        greetings = [
            line.text for line in self.lines if _SALUTATION.match(line.text) and line.words <= 12
        ]
        closes = any(_CLOSING.match(line.text) and line.words <= 8 for line in self.lines)
        is_set_off = any(text.rstrip()[-1] in ",:!;，：！、" for text in greetings)
        return bool(greetings) and (closes or (is_set_off and len(self.pages) <= 2))

    @cached_property
    def is_law(self) -> bool:
        clauses = self._count(_CLAUSE)
        is_worded = self._share(_LEGAL) >= CLAUSE_SHARE
        return clauses >= CLAUSES and (is_worded or clauses >= CLAUSE_SHARE * len(self.texts))

    @cached_property
    def is_form(self) -> bool:
        return len(self.texts) >= FEWEST_SAID and self._share(_BLANK) >= BLANKS_SHARE

    @cached_property
    def is_magazine(self) -> bool:
        return self._count(BY_LINE) + self._count(JUMP) >= 2

    @cached_property
    def is_novel(self) -> bool:
        if self._count(_SPOKEN) < FEWEST_SAID or self._share(_SPOKEN) < SAID_SHARE / 2:
            return False
        return _numbered(self.texts) < CLAUSES  # whose dashes are items of lists

    @cached_property
    def is_manual(self) -> bool:
        return sum(line.is_mono for line in self.lines) >= 0.03 * len(self.lines) and (
            _numbered(self.texts) >= CLAUSES
        )

    @cached_property
    def is_report(self) -> bool:
        first = (line.text for line in self.lines if line.page == 0)
        return any(_REPORT.search(text) for text in first) or _numbered(self.texts) >= CLAUSES

    @property
    def is_book(self) -> bool:
        return len(self.pages) > BOOK_PAGES


_KINDS: tuple[tuple[Kind, Callable[[Look], bool]], ...] = (
    (Kind.SLIDES, lambda look: look.is_slides),
    (Kind.PAPER, lambda look: look.is_paper),
    (Kind.TRANSCRIPT, lambda look: look.is_transcript),
    (Kind.MINUTES, lambda look: look.is_minutes),
    (Kind.LETTER, lambda look: look.is_letter),
    (Kind.LAW, lambda look: look.is_law),
    (Kind.FORM, lambda look: look.is_form),
    (Kind.MAGAZINE, lambda look: look.is_magazine),
    (Kind.NOVEL, lambda look: look.is_novel),
    (Kind.MANUAL, lambda look: look.is_manual),
    (Kind.BOOK, lambda look: look.is_book),
    (Kind.REPORT, lambda look: look.is_report),
)


def _numbered(texts: Iterable[str]) -> int:
    """Short lines that begin with a decimal number, as numbered sections do."""
    found = (number_of(text) for text in texts if len(text) < SHORT_SIGNS)
    return sum(number is not None and number.family == "decimal" for number in found)
