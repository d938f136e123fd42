"""The values that travel through the pipeline: Document → Chapter → Script → Track.

Every value is frozen; change one with `dataclasses.replace`. They cross process borders as JSON
(`to_json`, `from_json`): what a child that opened an untrusted PDF sends back is parsed and
validated, never unpickled.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from hashlib import sha256
from typing import Annotated, Any, Literal, NamedTuple, TypeVar
from unicodedata import bidirectional

from pydantic import Field, TypeAdapter

from pipeline.times import Span, Times

T = TypeVar("T")
WHOLE_PAGE = 10_000  # a page's width, and its height, in the unit of places
FIRST_EXTRA = 1_000_000  # from here on the numbers of extras; no document has so many chapters
PageUnit = Annotated[int, Field(ge=0, le=WHOLE_PAGE)]


class PassageKind(StrEnum):
    """What a passage is for the ear: it decides the pause around it and how it is announced."""

    PARAGRAPH = "paragraph"
    ITEM = "item"  # of a list
    HEADING = "heading"  # of a section too short to be a chapter of its own
    CAPTION = "caption"
    NOTE = "note"  # ours, in place of something that cannot be read aloud: "A table is left out."


class Reason(StrEnum):
    """Why words are not read; the names are those of `Skipped`'s fields, where it has one."""

    RUNNING_HEAD = "running_heads"
    TABLE = "tables"
    FIGURE = "figures"
    CAPTION = "captions"
    FORMULA = "formulas"
    FOOTNOTE = "footnotes"
    CODE = "code"
    CONTENTS = "contents"  # a table of contents, lists of figures, an index: not counted by lines
    REFERENCES = "references"
    CITATION = "citations"
    NOTE_MARK = "note_marks"  # the raised number that points to a footnote
    ADDRESS = "addresses"  # of the web and of mail; of the former the host is read
    NOTICE = "notices"  # keywords, dates of receipt, copyright
    TITLE = "title"  # it stands on the card
    FRONT_MATTER = "front_matter"  # before the first heading: names, addresses, labels
    BACK_MATTER = "back_matter"  # sections such as acknowledgements
    LABEL = "labels"  # "Abstract" where it is no heading; the number of a heading
    EMPTY_SECTION = "empty_sections"  # a heading under which nothing is read
    REPEATED = "repeated"  # what is read elsewhere: slides that grow, quotations set large
    WORDLESS = "wordless"  # signs without a letter or digit
    QUOTED = "quoted"  # of a message what another one says too
    TURNED = "turned"  # set otherwise than the text
    HIDDEN = "hidden"  # nobody sees it on the page
    TINY = "tiny"
    UNREADABLE = "unreadable"  # signs that their font does not name
    SCAN = "scanned_pages"
    ILLEGIBLE = "illegible_pages"
    RECOGNISED = "recognised"  # a scan's own layer of text, of which a better one was made
    UNEXPLAINED = "unexplained"  # a fault of ours


class Spot(NamedTuple):
    """A rectangle on a page as it is shown, turned and cropped; from its top left corner, in
    1/10,000 of the page's width and height."""

    page: Annotated[int, Field(ge=1)]  # 1-based
    x: PageUnit
    y: PageUnit
    w: PageUnit
    h: PageUnit


Place = Spot  # a document that flows and has no pages will have an anchor of its own kind


class Stretch(NamedTuple):
    """Part of a passage: the signs from `start` to the next stretch's start stand at one place."""

    start: Annotated[int, Field(ge=0)]
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A paragraph of a chapter, cleaned for the ear, as written.

    `lines` are the numbers of the document's lines that it was made of: its identity, the same
    whenever the same file is read. What is ours (a note) has none, and no places.
    """

    text: str
    page: int  # 1-based
    kind: PassageKind = PassageKind.PARAGRAPH
    language: str = ""  # ISO 639-1 of a long quotation; empty: the document's
    tables: tuple[str, ...] = ()  # of a note in their place: captions and rows, as printed
    lines: tuple[int, ...] = ()
    stretches: tuple[Stretch, ...] = ()

    def places(self, start: int = 0, end: int | None = None) -> tuple[Place, ...]:
        """Where the signs from `start` to before `end` stand, a place a line."""
        if not self.stretches:
            return ()
        stop = len(self.text) if end is None else end
        ends = [stretch.start for stretch in self.stretches[1:]] + [len(self.text)]
        is_leftward = _is_leftward(self.text)
        found: list[Place] = []
        for (begin, place), after in zip(self.stretches, ends, strict=True):
            if begin < stop and after > start:
                length = after - begin
                first, last = max(0, start - begin), min(stop - begin, length)
                if is_leftward:
                    first, last = length - last, length - first
                found = _with_place(found, _part(place, first, last, length))
        return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Takeaway:
    """The one sentence a chapter comes down to, and who wrote it."""

    text: str = ""
    source: Literal["extract", "model"] = "extract"
    page: int = 0  # 1-based, where it comes from or what it speaks of stands; 0: not known


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """A numbered part of a document. `seconds` is an estimate at speed 1.0 until it is spoken."""

    number: int  # 1-based, without gaps
    title: str
    label: str = ""  # what kind of chapter it is, if that must be said: "Appendix A"
    level: int  # 1 = top
    page: int  # 1-based page of its heading
    passages: tuple[Passage, ...] = ()
    takeaway: Takeaway = field(default_factory=Takeaway)
    seconds: float = 0.0
    telling_title: str = ""  # what a model adds to a title that says little
    lines: tuple[int, ...] = ()  # the numbers of its heading's lines; none: the title is ours
    places: tuple[Place, ...] = ()  # of its heading

    @property
    def full_title(self) -> str:
        """As it is spoken: words of the document's own only."""
        return f"{self.label}: {self.title}" if self.label else self.title

    @property
    def shown_title(self) -> str:
        """`Results – Distillation keeps unseen classes`: its own title always stands first."""
        return (
            f"{self.full_title} – {self.telling_title}" if self.telling_title else self.full_title
        )

    @property
    def text(self) -> str:
        """The chapter as written and cleaned, paragraphs separated by an empty line. Notes are
        ours: they are spoken, and no part of it."""
        return "\n\n".join(p.text for p in self.passages if p.kind is not PassageKind.NOTE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """What is not read aloud, counted, so that the listener can be told."""

    references: int = 0
    citations: int = 0
    tables: int = 0
    figures: int = 0
    formulas: int = 0
    footnotes: int = 0
    running_heads: int = 0
    code: int = 0
    scanned_pages: int = 0  # pictures or nonsense, with no text recognition installed
    illegible_pages: int = 0  # tried to be recognised, in vain
    other: int = 0  # whole sections left out: contents, acknowledgements, index …


@dataclass(frozen=True, slots=True, kw_only=True)
class Omission:
    """Words of a line that are not read, or what is left out without words: a page."""

    page: int  # 1-based
    place: Place | None = None  # None: on a page without size
    text: str = ""
    words: int = 0
    reason: Reason
    works: int = 0  # how many things of its kind begin here: references, tables, sections …


class PageRun(NamedTuple):
    """Pages that follow each other, 1-based."""

    first: Annotated[int, Field(ge=1)]
    last: Annotated[int, Field(ge=1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Everything of one kind that is not read, and where it can be heard all the same.

    `extras` are chapters made of it, whose numbers no chapter has: they are spoken, kept and sent
    as chapters are, and are none. They count for nothing."""

    reason: Reason
    count: int = 0  # how many things; 0: nobody counts them
    pages: tuple[PageRun, ...] = ()
    extras: tuple[Chapter, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Prose that was left out for a reason that does not fit it."""

    page: int  # 1-based
    reason: Reason
    words: int
    text: str  # how it begins


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What became of a document's words, in figures: `words` are those read, those left out and
    those that nobody can tell of. Nothing is counted that was not accounted for line by line."""

    words: int = 0
    spoken: int = 0
    left_out: Mapping[Reason, int] = field(default_factory=dict)  # words by reason
    unexplained: int = 0
    findings: tuple[Finding, ...] = ()
    missing_pages: tuple[int, ...] = ()  # 1-based: where much of the text may be missing


class Kind(StrEnum):
    """What kind of document it is: which rules hold in it."""

    PAPER = "paper"
    BOOK = "book"
    NOVEL = "novel"
    LAW = "law"  # laws and contracts
    LETTER = "letter"
    REPORT = "report"
    SLIDES = "slides"
    FORM = "form"
    MAGAZINE = "magazine"  # newspapers too
    TRANSCRIPT = "transcript"
    MINUTES = "minutes"
    MANUAL = "manual"
    OTHER = "other"


EDITION = 1  # with places, and with what is left out


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One PDF, known by the SHA-256 of its bytes, as it was read."""

    id: str  # 64 hexadecimal digits
    title: str
    authors: tuple[str, ...] = ()
    language: str = "en"  # ISO 639-1
    pages: int
    summary: str = ""  # one sentence
    chapters: tuple[Chapter, ...] = ()
    skipped: Skipped = field(default_factory=Skipped)  # counted from the omissions
    account: Account = field(default_factory=Account)
    omissions: tuple[Omission, ...] = ()  # in the document's order
    left_out: tuple[LeftOut, ...] = ()  # the same by kind; empty too where nobody kept it
    kind: Kind = Kind.OTHER
    edition: int = 0  # what its reading keeps; below `EDITION`: less than readings do now

    @property
    def extras(self) -> tuple[Chapter, ...]:
        return tuple(extra for kind in self.left_out for extra in kind.extras)

    @property
    def seconds(self) -> float:
        return sum(chapter.seconds for chapter in self.chapters)


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What was written about a document. What it does not name stays as it was read.

    `is_partial`: the writer could not be reached for the rest, so that asking again may help.
    """

    title: str = ""  # only for a document that has none of its own
    summary: str = ""
    takeaways: Mapping[int, Takeaway] = field(default_factory=dict)  # by chapter number
    titles: Mapping[int, str] = field(default_factory=dict)  # beside titles that say little
    is_partial: bool = False


class Mode(StrEnum):
    ORIGINAL = "original"
    BRIEF = "brief"
    TRANSLATION = "translation"  # the whole text in the narration's language; needs a model


@dataclass(frozen=True, slots=True, kw_only=True)
class Narration:
    """How a document is spoken. Two narrations that are equal share their tracks."""

    voice: str  # "engine:speaker", for example "hibari:heart"
    mode: Mode = Mode.ORIGINAL
    speed: float = 1.0
    language: str = "en"  # ISO 639-1, the language that is spoken
    lexicon: tuple[tuple[str, str], ...] = ()  # a listener's own words: (written, spoken)

    @property
    def key(self) -> str:
        """A name for folders, workflow ids and rows: letters, digits, `.` and `-` only."""
        name = f"{self.mode}-{self.voice.replace(':', '.')}-{self.speed:.2f}-{self.language}"
        if not self.lexicon:
            return name
        digest = sha256(repr(self.lexicon).encode()).hexdigest()
        return f"{name}-{digest[:12]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """A chapter in the words of a narration, its heading first: its own, in brief, or translated.
    A passage in another language than the narration's names it. `sources` as in `Times`: empty for
    its own words."""

    passages: tuple[Passage, ...]
    sources: tuple[int, ...] = ()

    @property
    def text(self) -> str:
        return "\n\n".join(passage.text for passage in self.passages)

    @property
    def mark(self) -> str:
        """Another one for any other words or another order of them."""
        words = "\0".join(passage.text for passage in self.passages)
        return sha256(words.encode(errors="replace")).hexdigest()[:12]


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """What a voice speaks in one breath (at most 300 characters), and the silence after it."""

    text: str
    pause_s: float
    language: str = ""  # ISO 639-1 of a quotation; empty: the narration's
    said: tuple[Span, ...] = ()  # of the telling, in order; more than one where breaths were joined


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A chapter's text as it will be spoken."""

    utterances: tuple[Utterance, ...]

    @property
    def text(self) -> str:
        return " ".join(utterance.text for utterance in self.utterances)


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """One chapter's tagged MP3 in one narration. `seconds` is measured from samples."""

    document: str
    chapter: int
    narration: Narration
    seconds: float
    size: int  # bytes
    spoken_by: str = ""  # another voice than the narration's, where that one failed
    times: Times = field(default_factory=Times)

    @property
    def key(self) -> str:
        """Where the MP3 lies in the file store."""
        return track_key(self.document, self.chapter, self.narration)


def _part(place: Place, start: int, end: int, length: int) -> Place:
    """Of a place that holds `length` signs, where those from `start` to `end` stand: by their
    proportion, which errs by two points at the median. All of it where the page shows it upright,
    since that does not tell its beginning."""
    if place.h > place.w:
        return place
    left, right = place.w * start // length, -(-place.w * end // length)
    return place._replace(x=place.x + left, w=right - left)


def _is_leftward(text: str) -> bool:
    """Whether it is written from right to left, by its first letter."""
    if text.isascii():
        return False
    strong = (d for d in map(bidirectional, text) if d in ("L", "R", "AL"))
    return next(strong, "L") != "L"


def _with_place(found: list[Place], place: Place) -> list[Place]:
    """What was cut into pieces on one line is one place again."""
    last = found[-1] if found else None
    if last is None or (last.page, last.y, last.h) != (place.page, place.y, place.h):
        return [*found, place]
    x = min(last.x, place.x)
    w = max(last.x + last.w, place.x + place.w) - x
    return [*found[:-1], place._replace(x=x, w=w)]


def is_extra(chapter: int) -> bool:
    """Whether that is the number of what is heard on request only."""
    return chapter >= FIRST_EXTRA


def bare(document: Document) -> Document:
    """All that cards tell of it: its chapters and extras without their passages."""
    left_out = tuple(
        replace(kind, extras=tuple(replace(extra, passages=()) for extra in kind.extras))
        for kind in document.left_out
    )
    chapters = tuple(replace(chapter, passages=()) for chapter in document.chapters)
    return replace(document, chapters=chapters, omissions=(), left_out=left_out)


def document_folder(document: str) -> str:
    """What the keys of all files of a document begin with."""
    return f"documents/{document}"


def track_key(document: str, chapter: int, narration: Narration) -> str:
    return f"{document_folder(document)}/{narration.key}/{chapter:04d}.mp3"


def to_json(value: object) -> bytes:
    """Any value of this module as JSON."""
    return _adapter(type(value)).dump_json(value)


def from_json(kind: type[T], data: bytes | str) -> T:
    """A value of this module out of JSON. Raises `pydantic.ValidationError` on anything else."""
    return _adapter(kind).validate_json(data)


_ADAPTERS: dict[type, TypeAdapter[Any]] = {}


def _adapter(kind: type[T]) -> TypeAdapter[T]:
    """Building one takes a millisecond: longer than a chapter takes to be parsed."""
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]
