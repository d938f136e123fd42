"""Whether what was left out was left out rightly: prose that has a reason which does not fit it.

"Explained" is not "right": every loss that listeners met had a reason, a wrong one. So the reasons
are judged by the words they were given to (docs/reading.md). Some are never doubted: references,
captions, footnotes, tables, figures, contents, the title; and what nobody sees stays unread.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from pipeline.chapters.rows import Row
from pipeline.domain import Finding, Reason
from pipeline.language.terms import STOPWORDS
from pipeline.language.vocabulary import KEYWORDS
from pipeline.pdf.lines import Line

FEWEST_TOKENS, PLAIN, USUAL = 6, 0.75, 0.2  # of a text that is like a sentence
SMALL, SMALL_GERMAN = 0.6, 0.45  # of its words begin with a small letter
CJK_SIGNS = 10
USUAL_WORDS = 60  # that stand most often in a document are usual there
ENDED_WORDS = 15  # of sentences that end, from which on front matter is a text
FORMULA_WORDS, WORDY = 2, 0.7  # of a formula's signs are words: then it is none
HEAD_PAGES, HEAD_WORDS = 3, 4  # a running head of sentences that stands on fewer pages is none
SECTION_WORDS, SECTION_SHARE = 300, 0.4
MOST_CODE = 0.5
CODE_SHARE = 0.01  # of the document
LOST_SHARE = 0.05  # of the prose: then the rules that lost it are not trusted
RULE_SHARE = 0.01  # of the prose, that a rule lost of it
SHOWN_SIGNS = 120
_PLAIN_WORD = re.compile(r"[(\[“\"‘'«]*[^\W\d_]+(?:[-’'][^\W\d_]+)*[)\]”\"’'»]*[.,;:!?…]*")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_END = re.compile(r"[.!?:;。！？：；؟…][\"”’»)\]]*$")
_SENTENCE = re.compile(r"[.!?。！？؟…][\"”’»)\]]*(?=\s|$)")
_RIGHTS = re.compile(
    r"©|copyright|licen[cs]e|rights? reserved|permission|issn|isbn|doi\b|published by|https?:|@",
    re.I,
)
_DATED = re.compile(r"©|@|\bdoi\b|10\.\d{4}|\b(?:1[6-9]|20)\d\d\b", re.I)
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was lost, and of which rules that makes one doubt the whole."""

    findings: tuple[Finding, ...] = ()
    share: float = 0.0  # of the prose that was lost
    distrusted: frozenset[Reason] = frozenset()

    @property
    def missing_pages(self) -> tuple[int, ...]:
        """Where text is missing, if it is much."""
        if self.share < LOST_SHARE:
            return ()
        return tuple(sorted({finding.page for finding in self.findings}))


@dataclass(frozen=True, kw_only=True)
class Run:
    """Rows that follow each other on a page and are left out for one reason."""

    reason: Reason
    rows: Sequence[Row]
    before: Line | None  # the line that is read before it, on the same page

    @cached_property
    def text(self) -> str:
        return " ".join(row.text for row in self.rows)

    @property
    def words(self) -> int:
        return len(self.text.split())


def verdict_on(rows: Sequence[Row], language: str) -> Verdict:
    runs = list(_runs(rows))
    if not any(run.reason in _JUDGES for run in runs):
        return Verdict()
    facts = _Facts(rows, runs, language)
    found = [run for run in runs if _is_lost(run, facts)]
    lost: Counter[Reason] = Counter()
    for run in found:
        lost[run.reason] += run.words
    prose = lost.total() + sum(len(row.text.split()) for row in rows if row.is_read)
    share = lost.total() / prose if prose else 0.0
    doubted = {reason for reason, words in lost.items() if words >= RULE_SHARE * prose}
    return Verdict(
        findings=tuple(_finding(run) for run in found),
        share=share,
        distrusted=frozenset(doubted) if share >= LOST_SHARE else frozenset(),
    )


def is_like_sentences(text: str, usual: frozenset[str], language: str) -> bool:
    """Whether words are part of a running text, by their look."""
    if len(_CJK.findall(text)) >= CJK_SIGNS:
        return True
    tokens = text.split()
    if len(tokens) < FEWEST_TOKENS:
        return False
    plain = [token for token in tokens if _PLAIN_WORD.fullmatch(token)]
    small = sum(token.lstrip("([“\"‘'«")[:1].islower() for token in tokens)
    known = sum(token.strip("()[]“”\"‘’'«».,;:!?…").lower() in usual for token in tokens)
    fewest_small = SMALL_GERMAN if language == "de" else SMALL
    return (
        len(plain) >= PLAIN * len(tokens)
        and small >= fewest_small * len(tokens)
        and known >= USUAL * len(tokens)
    )


def _finding(run: Run) -> Finding:
    return Finding(
        page=run.rows[0].page, reason=run.reason, words=run.words, text=run.text[:SHOWN_SIGNS]
    )


def _runs(rows: Sequence[Row]) -> Iterator[Run]:
    before: Line | None = None
    for (page, reason), group in groupby(rows, key=_fate):
        run = list(group)
        if reason is None:
            before = run[-1].line or before
            continue
        near = before if before is not None and before.page + 1 == page else None
        if reason is Reason.FORMULA:  # they stand below each other, and one may be a sentence's end
            yield from (Run(reason=reason, rows=[row], before=near) for row in run)
        else:
            yield Run(reason=reason, rows=run, before=near)


def _fate(row: Row) -> tuple[int, Reason | None]:
    return row.page, None if row.is_read or not row.omissions else row.omissions[0].reason


class _Facts:
    """What is known of the document as a whole."""

    def __init__(self, rows: Sequence[Row], runs: Sequence[Run], language: str) -> None:
        self.language = language
        self.words = sum(len(row.text.split()) for row in rows)
        prose, code = self._prose_and_code(rows)
        rarer = code.total() / max(1, prose.total())
        usual = {word for word, n in prose.most_common(USUAL_WORDS) if n * rarer >= code[word]}
        self.usual = STOPWORDS | usual
        self._runs = runs

    def _prose_and_code(self, rows: Sequence[Row]) -> tuple[Counter[str], Counter[str]]:
        """The words of each: what stands oftener in code than in sentences is not usual. Where most
        of the document would be code, none is."""
        prose, code = Counter[str](), Counter[str]()
        for row in rows:
            (code if _fate(row)[1] is Reason.CODE else prose).update(row.text.split())
        is_most = code.total() >= (1 - MOST_CODE) * self.words
        return (prose + code, Counter()) if is_most else (prose, code)

    def is_prose(self, text: str) -> bool:
        return is_like_sentences(text, self.usual, self.language)

    @cached_property
    def head_pages(self) -> Mapping[str, set[int]]:
        """By a running head's words, its digits aside, the pages that it stands on."""
        pages: dict[str, set[int]] = defaultdict(set)
        for run in self._runs:
            if run.reason is Reason.RUNNING_HEAD:
                for row in run.rows:
                    pages[_masked(row.text)].add(row.page)
        return pages

    @cached_property
    def code_words(self) -> int:
        """In code that is like sentences."""
        runs = [run for run in self._runs if run.reason is Reason.CODE]
        return sum(run.words for run in runs if self.is_prose(run.text))

    @cached_property
    def sections(self) -> Mapping[int, int]:
        """By the number of a line in it, how many words a section has that is left out whole."""
        found: dict[int, int] = {}
        section: list[Row] = []
        for run in self._runs:
            if run.reason is not Reason.BACK_MATTER:
                continue
            for row in run.rows:
                if row.omissions[0].works and section:
                    found |= _sized(section)
                    section = []
                section.append(row)
        return found | _sized(section)


def _sized(section: Sequence[Row]) -> dict[int, int]:
    words = sum(len(row.text.split()) for row in section)
    return {row.line.number: words for row in section if row.line is not None}


def _masked(text: str) -> str:
    return _DIGITS.sub("#", text.lower())


def _is_lost(run: Run, facts: _Facts) -> bool:
    judge = _JUDGES.get(run.reason)
    if judge is None:
        return False
    is_text = run.reason is not Reason.CODE or facts.is_prose(run.text)  # a listing goes on anyhow
    return judge(run, facts) or (is_text and _is_torn(run))


def _is_torn(run: Run) -> bool:
    """Whether a sentence that is read breaks off where the run begins, and goes on in it."""
    first, before = run.rows[0].line, run.before
    if first is None or before is None or before.number + 1 != first.number:
        return False
    is_alike = before.font == first.font and abs(before.size - first.size) < 0.4
    goes_on = not _END.search(before.text) and first.text[:1].islower()
    return is_alike and goes_on and _is_of_words(first.text)


def _is_of_words(text: str) -> bool:
    """Words, and not signs with a name among them."""
    words = [token for token in text.split() if _PLAIN_WORD.fullmatch(token) and len(token) > 2]
    return len(words) >= FORMULA_WORDS and sum(map(len, words)) >= WORDY * len(
        "".join(text.split())
    )


def _is_text_before(run: Run, facts: _Facts) -> bool:
    """Sentences before the first heading that no lawyer wrote."""
    if _RIGHTS.search(run.text) or not facts.is_prose(run.text):
        return False
    ends = [match.end() for match in _SENTENCE.finditer(run.text)]
    return bool(ends) and len(run.text[: ends[-1]].split()) >= ENDED_WORDS


def _is_no_notice(run: Run, facts: _Facts) -> bool:
    is_official = _DATED.search(run.text) or _RIGHTS.search(run.text) or KEYWORDS.match(run.text)
    return not is_official and facts.is_prose(run.text)


def _is_wordy(run: Run, facts: _Facts) -> bool:
    return any(_is_of_words(row.text) for row in run.rows)


def _is_no_head(run: Run, facts: _Facts) -> bool:
    rows = [row for row in run.rows if len(facts.head_pages[_masked(row.text)]) < HEAD_PAGES]
    return any(_END.search(row.text) and len(row.text.split()) >= HEAD_WORDS for row in rows)


def _is_long_section(run: Run, facts: _Facts) -> bool:
    line = run.rows[0].line
    words = facts.sections.get(line.number, 0) if line is not None else 0
    is_long = words > SECTION_WORDS or words > SECTION_SHARE * facts.words
    return is_long and facts.is_prose(run.text)


def _is_no_code(run: Run, facts: _Facts) -> bool:
    return facts.code_words >= CODE_SHARE * facts.words and facts.is_prose(run.text)


_JUDGES: Mapping[Reason, Callable[[Run, _Facts], bool]] = {
    Reason.FRONT_MATTER: _is_text_before,
    Reason.NOTICE: _is_no_notice,
    Reason.FORMULA: _is_wordy,
    Reason.RUNNING_HEAD: _is_no_head,
    Reason.BACK_MATTER: _is_long_section,
    Reason.CODE: _is_no_code,
}
