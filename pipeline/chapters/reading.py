"""Pages and labels → `Document`: no file is opened here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from typing import Any

from pipeline.chapters.account import account_of, omissions_of, skipped_of
from pipeline.chapters.arrangement import arrangement_of
from pipeline.chapters.guard import verdict_on
from pipeline.chapters.kind import Look
from pipeline.chapters.rows import rows_of
from pipeline.chapters.sections import chosen, sections_of, topical
from pipeline.domain import EDITION, Chapter, Document, Kind, PassageKind, Reason
from pipeline.language.identification import language_of
from pipeline.language.vocabulary import CAPTION_LINE
from pipeline.pdf.layout import Label
from pipeline.pdf.lines import Line, Page
from pipeline.pdf.outline_entries import Entry
from pipeline.structure import outline
from pipeline.structure.contents import contents_lines
from pipeline.structure.cover_sheet import cover_sheet
from pipeline.structure.evidence import Evidence, evidence_of
from pipeline.structure.furniture import repeated_lines, without_sentences, without_titles
from pipeline.structure.headings import Scored, headings_of, scored
from pipeline.structure.levels import Heading, with_appendices
from pipeline.structure.line_groups import LineGroup, line_groups_of
from pipeline.structure.mail import messages_in, quoted_lines
from pipeline.structure.messages import with_messages
from pipeline.structure.overlays import slide_titles
from pipeline.structure.recurring import with_recurring_inside
from pipeline.structure.title import (
    authors_of,
    is_same_title,
    is_text,
    is_trusted,
    names_in,
    printed_title,
    stands_alone,
    title_group,
    title_of,
)
from pipeline.text import omissions as floats
from pipeline.text.fates import Fates
from pipeline.text.paragraphs import Vocabulary, passages_of
from pipeline.text.quotations import with_languages

BOOK_PAGES = 60  # from which on the model would take longer than it is worth
FIRST_OF_MANY = (Kind.SLIDES, Kind.MAGAZINE)  # what begins them is as big as what begins parts
DOUBT = (0.5, 4.4)  # scores that the layout model's vote could turn, from the threshold down


def warm_up() -> None:
    """Load what the first text of all would wait for, half a second long."""
    language_of("The first text of all takes half a second longer. " * 3)


def document_of(
    pages: Sequence[Page],
    entries: Sequence[Entry],
    metadata: Mapping[str, str | None],
    labels: Mapping[str, Sequence[Sequence[Any]]],
    *,
    name: str,
    digest: str,
    kind: Kind | None = None,
) -> Document:
    """The document, from its lines, its outline and the layout model's rows by page number.
    `kind`: what it is, by somebody's word."""
    rows = {int(page): [Label.from_row(list(r)) for r in found] for page, found in labels.items()}
    said = metadata.get("title") or ""
    reading = Reading(pages, rows, entries, said, is_trusted=is_trusted(metadata), kind=kind)
    return reading.document(metadata, name=name, digest=digest)


class Reading:
    """One document on its way from pages to chapters."""

    def __init__(
        self,
        pages: Sequence[Page],
        labels: Mapping[int, Sequence[Label]],
        entries: Sequence[Entry],
        said: str = "",  # the title, by the PDF's own word
        *,
        is_trusted: bool = False,  # nothing else is the title
        distrusted: frozenset[Reason] = frozenset(),  # rules that would lose text of this one
        kind: Kind | None = None,  # None: as it looks
        look: Look | None = None,  # None: it is looked at
    ) -> None:
        arranged = arrangement_of(pages, look, kind)
        self.pages, look = arranged.pages, arranged.look
        self.lines: Sequence[Line] = arranged.lines
        self._cuts = arranged.cuts
        self.kind = look.kind
        self._is_paperlike = look.is_paperlike
        self._again = partial(
            Reading, pages, labels, entries, said, is_trusted=is_trusted, look=look
        )
        self._distrusted = distrusted | look.distrusted
        if Reason.CODE in distrusted:
            self.lines = [replace(line, is_mono=False) for line in self.lines]
        repeated = repeated_lines(self.pages, self.lines)
        if Reason.RUNNING_HEAD in distrusted:
            repeated = without_sentences(repeated, self.lines)
        if self.kind is Kind.SLIDES:
            repeated = without_titles(repeated, self.pages, self.lines)
        self.known: Evidence = evidence_of(self.lines, repeated, labels)
        if self.kind is Kind.SLIDES:
            self.known = replace(self.known, titles=slide_titles(self.lines, self.known))
        contents = contents_lines(self.lines, repeated)
        self._sheet = cover_sheet(self.pages, self.lines, repeated)
        sheet = self._sheet.lines if self._sheet else frozenset()
        groups = line_groups_of(self.lines, repeated, self.known.label_of_line)
        self.groups: list[LineGroup] = [
            group for group in groups if group.first.number not in contents | sheet
        ]
        biggest = title_group(self.groups, self.pages, repeated)
        self.named: LineGroup | None = printed_title(
            said, self.groups, biggest, self.known.body_size
        )
        if is_trusted and self.named and not is_same_title(self.named.text, said):
            self.named = None
        if self.named and is_text(self.named, self.known.body_size):
            self.named = None
        self.title: LineGroup | None = self.named
        alike = 0 if self.kind in FIRST_OF_MANY else 1
        if self.named and not stands_alone(
            self.named, self.groups, self.known.body_size, most_alike=alike
        ):
            self.title = None
        self._messages = [] if self._is_paperlike else messages_in(self.lines, repeated)
        self.headings: list[Heading] = self._headings(entries)
        quoted = quoted_lines(self.lines, self._messages, repeated)
        unread = dict.fromkeys(sheet, Reason.NOTICE) | dict.fromkeys(quoted, Reason.QUOTED)
        floating = self._floating(repeated)
        self._dropped = unread | floating | dict.fromkeys(contents, Reason.CONTENTS)

    def _floating(self, repeated: frozenset[int]) -> dict[int, Reason]:
        """By number, the lines that are no part of the text, and why."""
        spared = frozenset(line.number for heading in self.headings for line in heading.group.lines)
        found = floats.reasons(
            self.pages, self.lines, repeated, self.known.label_of_line, self.known.body_size, spared
        )
        if Reason.FORMULA in self._distrusted:
            floats.spare_wordy_formulas(self.lines, found)
        return found

    def doubtful_pages(self) -> list[int]:
        """Where the text alone leaves a doubt about a heading, and where captions tell of tables
        and figures. A book's outline leaves no doubt that would be worth the time; a book without
        one gets the model where there is most."""
        is_book = len(self.pages) > BOOK_PAGES
        if is_book and self.is_outlined:
            return []
        doubts = Counter(
            candidate.group.first.page
            for candidate in self._scored()
            if DOUBT[0] <= candidate.score <= DOUBT[1]
        )
        if is_book:
            return sorted(page for page, _ in doubts.most_common(BOOK_PAGES))
        captioned = {line.page for line in self.lines if CAPTION_LINE.match(line.text)}
        chosen_pages = captioned | set(doubts)
        return [
            page.number
            for page in self.pages
            if page.number in chosen_pages and not page.quarters  # the model does not turn pages
        ]

    def document(self, metadata: Mapping[str, str | None], *, name: str, digest: str) -> Document:
        """The document; where it lost much of its prose to a rule, as it is without that rule."""
        chapters = with_languages(self.chapters(), self.language)
        rows = rows_of(self.pages, self.lines, chapters, self._fates)
        verdict = verdict_on(rows, self.language)
        if verdict.distrusted - self._distrusted:
            again = self._again(distrusted=self._distrusted | verdict.distrusted)
            return again.document(metadata, name=name, digest=digest)
        omissions = omissions_of(rows)
        return Document(
            id=digest,
            title=(self._sheet and self._sheet.title) or title_of(self.named, metadata, name),
            authors=self._authors(metadata),
            language=self.language,
            pages=len(self.pages),
            chapters=tuple(chapters),
            skipped=skipped_of(omissions),
            account=account_of(rows, verdict),
            omissions=omissions,
            kind=self.kind,
            edition=EDITION,
        )

    def _authors(self, metadata: Mapping[str, str | None]) -> tuple[str, ...]:
        labelled = names_in(self._sheet.authors) if self._sheet else ()
        return labelled or authors_of(self._unrepeated, self.title, self.first_heading, metadata)

    @property
    def _unrepeated(self) -> list[LineGroup]:
        """A running head names no author."""
        return [group for group in self.groups if group.first.number not in self.known.repeated]

    @cached_property
    def language(self) -> str:
        """ISO 639-1, from what is read; not asked where only pages are chosen."""
        sample = [line.text for line in self.lines if line.number not in self._dropped]
        return language_of("\n".join(sample[len(sample) // 10 :][:600]))

    def _headings(self, entries: Sequence[Entry]) -> list[Heading]:
        voted = headings_of(self.groups, self.known, self.title, is_paperlike=self._is_paperlike)
        told = outline.believed(entries, self.groups, self.title, voted)
        self.is_outlined = bool(told)
        if told:
            return outline.merged(told, voted, self._words)
        return with_messages(voted, self._messages)

    def _scored(self) -> list[Scored]:
        return scored(self.groups, self.known, self.title, is_paperlike=self._is_paperlike)

    def _words(self, start: int, end: int) -> int:
        return sum(line.words for line in self.lines[start:end])

    @property
    def first_heading(self) -> int:
        return min((h.line.number for h in self.headings), default=len(self.lines))

    def chapters(self) -> list[Chapter]:
        """The chapters; the fates is written while they are made."""
        after = self.title.last.number + 1 if self.title and self._title_leads() else 0
        self._fates = self._opened_fates(after, self._dropped)
        chapters: list[Chapter] = []
        if self.headings:
            headings = with_appendices(self.headings, self.language)
            if not (self._is_paperlike or self.is_outlined):
                headings = with_recurring_inside(headings, self._words, len(self.lines))
            found = sections_of(
                self.lines,
                headings,
                self._dropped,
                after=after,
                language=self.language,
                fates=self._fates,
                distrusted=self._distrusted,
                is_paperlike=self._is_paperlike,
            )
            chapters = chosen(found, self._fates)
        return chapters or self._parts(after)

    def _parts(self, after: int) -> list[Chapter]:
        """A text without headings in parts by topic."""
        vocabulary = Vocabulary.of(self.lines)
        self._fates = self._opened_fates(after, self._dropped)
        prose = passages_of(
            self.lines[after:],
            self._dropped,
            vocabulary,
            self.language,
            self._fates,
            distrusted=self._distrusted,
        )
        if not any(passage.kind is not PassageKind.NOTE for passage in prose):
            self._fates = self._opened_fates(0, {})
            prose = passages_of(self.lines, {}, vocabulary, self.language, self._fates)
        parts = topical(prose, self.language) if prose else []
        return chosen(parts, self._fates)

    def _opened_fates(self, after: int, dropped: Mapping[int, Reason]) -> Fates:
        """With what is left out whatever the chapters: `dropped`, and what stands before line
        `after`, up to the title."""
        works = floats.works(self.lines, dropped, after=after, first=self.first_heading)
        fates = Fates(self.pages, dropped, works)
        fates.note(self._cuts)
        title = self.title.lines if self.title else ()
        fates.leave_out([line for line in title if line.number < after], Reason.TITLE)
        fates.leave_out(self.lines[:after], Reason.FRONT_MATTER)
        return fates

    def _title_leads(self) -> bool:
        """Whether the title stands before the first heading, as titles do."""
        return self.title is not None and self.title.last.number < self.first_heading
