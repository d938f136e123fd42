"""People, places and states of the conversation."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from pipeline.domain import EDITION, Chapter, Document, LeftOut, Mode, Narration, is_extra

MARK_DIGITS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """A person on a platform."""

    platform: str  # "telegram", "slack", "web"
    account: str  # the platform's own id
    name: str = ""
    language: str = "en"  # of the interface, ISO 639-1

    @property
    def id(self) -> str:
        return f"{self.platform}:{self.account}"

    @property
    def mark(self) -> str:
        """What a button knows them by: short, and no account can be told from it."""
        return hashlib.sha256(self.id.encode()).hexdigest()[:MARK_DIGITS]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """What a listener chose for the documents to come. Empty: the program's default."""

    voice: str = ""
    speed: float = 1.0
    mode: Mode = Mode.ORIGINAL
    is_file: bool = False  # chapters as audio files instead of voice notes
    language: str = ""  # of the interface; empty: the one that the chat client tells
    takeaways: str = ""  # the language to have them in; empty: each document's own

    def reads_like(self, other: Preferences) -> bool:
        """Whether cards that stand say the same under both."""
        return (self.language, self.takeaways) == (other.language, other.takeaways)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """Where to answer: a platform, a channel and, where there is one, a thread; and who alone sees
    it. Cards and chapters in a thread are for all who read it; everything else is not."""

    platform: str
    channel: str
    thread: str = ""
    workspace: str = ""  # where one program serves several of the platform's
    seen_by: str = ""  # the platform's id of a person; empty: whoever reads there

    @property
    def is_private(self) -> bool:
        """Whether nothing at all that is answered here is for others to see."""
        return bool(self.seen_by) and not self.thread

    def is_in_channel_of(self, other: Conversation) -> bool:
        """In the same channel, in whatever thread and for whomever."""
        mine, theirs = ((c.platform, c.workspace, c.channel) for c in (self, other))
        return mine == theirs


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who says something, and where the answer goes. `cause`: by what the platform knows that it
    was said, the same when it is told again; empty where nothing is told twice."""

    listener: Listener
    conversation: Conversation
    is_among_others: bool = False  # in a group or channel, where files are everybody's
    cause: str = ""

    def act(self, *what: object) -> str:
        """The name of something that is done because of it; empty where it cannot be told again.
        Nobody can be known by it."""
        if not self.cause:
            return ""
        platform, workspace = self.conversation.platform, self.conversation.workspace
        words = " ".join(map(str, (platform, workspace, self.cause, *what)))
        return hashlib.sha256(words.encode()).hexdigest()


BRIEF_S = 35.0  # about what three to six sentences take
LONG_S = 3 * 3600.0  # a document longer than this is not spoken unasked


class ListeningState(StrEnum):
    NEW = "new"
    STARTED = "started"
    HEARD = "heard"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bookmark:
    """Where a listener is in a document: a sign of a passage (0: the chapter's heading). It holds
    in every narration; seconds would not."""

    chapter: int
    passage: int
    sign: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointed:
    """What is read at a spot of a page: a sign of a passage. `passage` 0 is the chapter's heading.
    `second` is where the sentence with this sign begins in the narration's track; None: there is
    none, or it knows no times."""

    chapter: int
    passage: int
    sign: int
    second: float | None = None


class Stage(StrEnum):
    """How far a document is. `FAILED` carries a sentence; the others need none."""

    RECEIVED = "received"
    READING = "reading"
    READ = "read"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """A document in the library: what is known of it whether it has been read or not."""

    id: str  # SHA-256 of its bytes
    filename: str
    size: int  # bytes
    stage: Stage = Stage.RECEIVED
    failure_kind: str = ""
    failure: str = ""  # the sentence a listener reads, in English
    failure_facts: dict[str, str | int] = field(default_factory=dict)  # what fills its gaps
    read_share: float = 0.0  # how far the reading is, 0 to 1; meaningless in any other stage
    document: Document | None = None  # its chapters carry no passages here
    draft: Document | None = None  # what is known of it while it is read; it may change

    @property
    def title(self) -> str:
        known = self.document or self.draft
        return known.title if known else self.filename

    @property
    def is_outdated(self) -> bool:
        """Whether a version before this one read it, which kept less of what it read."""
        return self.document is not None and self.document.edition < EDITION

    @property
    def result(self) -> str:
        """What has come of reading it; empty: nothing yet."""
        if self.stage in (Stage.READ, Stage.FAILED):
            return self.stage
        return "draft" if self.draft else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelfEntry:
    """A document on a listener's shelf. `is_stopped`: nothing more is made of it unasked, because
    the listener tapped Cancel or because it is long."""

    listener: str
    document: str
    narration: Narration
    is_stopped: bool = False
    added_at: datetime


class TrackStage(StrEnum):
    MISSING = "missing"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackState:
    """What is known of one chapter's track in one narration."""

    chapter: int
    stage: TrackStage
    seconds: float = 0.0  # measured; 0 unless ready
    size: int = 0


def of_chapters(tracks: Mapping[int, TrackState]) -> dict[int, TrackState]:
    return {number: track for number, track in tracks.items() if not is_extra(number)}


def of_extras(tracks: Mapping[int, TrackState]) -> dict[int, TrackState]:
    return {number: track for number, track in tracks.items() if is_extra(number)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """A listener's way through one document: everything a card or `/progress` shows."""

    holding: Holding
    narration: Narration
    tracks: dict[int, TrackState] = field(default_factory=dict)
    extra_tracks: dict[int, TrackState] = field(default_factory=dict)  # they count for nothing
    listenings: dict[int, ListeningState] = field(default_factory=dict)
    is_stopped: bool = False
    name: str = ""  # what the listener calls it
    coming: int = 0  # chapters still to be sent in order
    awaited: frozenset[int] = frozenset()  # chapters and extras that were tapped and not sent yet
    bookmark: Bookmark | None = None
    bookmark_s: float | None = None  # where it is in this narration's track; None: not known
    bookmark_ends_s: float | None = None  # until where a player is at this very place

    @property
    def title(self) -> str:
        return self.name or self.holding.title

    @property
    def chapters(self) -> tuple[Chapter, ...]:
        return self.holding.document.chapters if self.holding.document else ()

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        return self.holding.document.left_out if self.holding.document else ()

    def find(self, number: int) -> Chapter | None:
        """A chapter or an extra. None: there is none, for buttons may be old or forged."""
        if 1 <= number <= len(self.chapters):
            return self.chapters[number - 1]
        extras = (extra for kind in self.left_out for extra in kind.extras)
        return next((extra for extra in extras if extra.number == number), None)

    def stage_of(self, number: int) -> TrackStage:
        """How far the track of a chapter or an extra is."""
        known = self.tracks.get(number) or self.extra_tracks.get(number)
        return known.stage if known is not None else TrackStage.MISSING

    @property
    def ready(self) -> int:
        return sum(track.stage is TrackStage.READY for track in self.tracks.values())

    @property
    def failed(self) -> int:
        return sum(track.stage is TrackStage.FAILED for track in self.tracks.values())

    @property
    def is_working(self) -> bool:
        """Whether something is still to come without the listener doing anything."""
        return self.is_unfinished and not self.is_stopped and not self._has_only_failures_left

    @property
    def is_unfinished(self) -> bool:
        """Whether anything is still to be made, by itself or on request."""
        if self.holding.stage is Stage.READ:
            return self.ready < len(self.chapters)
        return self.holding.stage is not Stage.FAILED

    @property
    def _has_only_failures_left(self) -> bool:
        return bool(self.chapters) and self.ready + self.failed >= len(self.chapters)

    @property
    def is_waiting_for_choice(self) -> bool:
        """A long document of which nothing is made yet: the listener chooses."""
        is_untouched = not self.tracks and self.is_stopped and bool(self.chapters)
        return is_untouched and self.seconds > LONG_S

    def seconds_of(self, chapter: Chapter) -> float:
        """Measured where spoken, else estimated."""
        track = self.tracks.get(chapter.number) or self.extra_tracks.get(chapter.number)
        if track and track.seconds:
            return track.seconds
        is_brief = self.narration.mode is Mode.BRIEF and not is_extra(chapter.number)
        seconds = min(chapter.seconds, BRIEF_S) if is_brief else chapter.seconds
        return seconds / self.narration.speed

    def state_of(self, chapter: Chapter) -> ListeningState:
        return self.listenings.get(chapter.number, ListeningState.NEW)

    @property
    def seconds(self) -> float:
        return sum(self.seconds_of(chapter) for chapter in self.chapters)

    @property
    def seconds_heard(self) -> float:
        return sum(
            self.seconds_of(chapter)
            for chapter in self.chapters
            if self.state_of(chapter) is ListeningState.HEARD
        )

    @property
    def percent(self) -> int:
        """Heard, by minutes. 100 only when nothing is left."""
        if not self.seconds:
            return 0
        share = int(100 * self.seconds_heard / self.seconds)
        return share if self.count(ListeningState.HEARD) == len(self.chapters) else min(share, 99)

    def count(self, state: ListeningState) -> int:
        return sum(self.state_of(chapter) is state for chapter in self.chapters)

    @property
    def stopped_in(self) -> Chapter | None:
        """The chapter where the listener stopped, unless it was heard since."""
        mark = self.bookmark
        found = (c for c in self.chapters if mark is not None and c.number == mark.chapter)
        chapter = next(found, None)
        is_over = chapter is not None and self.state_of(chapter) is ListeningState.HEARD
        return None if is_over else chapter

    @property
    def resumes_in(self) -> int:
        """The chapter that Continue leads into the middle of; 0: none, or nobody knows where."""
        is_known = self.stopped_in is not None and self.bookmark_s is not None
        return self.stopped_in.number if is_known and self.stopped_in else 0

    @property
    def resumes_at_s(self) -> float:
        """How far into the next chapter Continue leads; 0 for its beginning."""
        return (self.bookmark_s or 0.0) if self.stopped_in is not None else 0.0

    @property
    def next_chapter(self) -> Chapter | None:
        """Where Continue leads: where the listener stopped, else the first unheard chapter from the
        last one touched, else any."""
        if self.stopped_in is not None:
            return self.stopped_in
        touched = [c.number for c in self.chapters if self.state_of(c) is not ListeningState.NEW]
        left = [c for c in self.chapters if self.state_of(c) is not ListeningState.HEARD]
        after = [c for c in left if c.number >= max(touched, default=1)]
        return next(iter(after or left), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfinished:
    """Work that a listener waits for: tracks that are missing, or the reading of the document."""

    document: str
    listener: str
    narration: Narration
    chapters: tuple[int, ...] = ()  # empty: the document is not read yet
    is_awaited: bool = False  # the listener tapped these chapters


@dataclass(frozen=True, slots=True, kw_only=True)
class CardPlace:
    """A card that stands in a conversation and is edited as things change."""

    conversation: Conversation
    message: str  # the platform's id
    document: str
    listener: Listener
    menu_page: int = 1


class Asked(StrEnum):
    """What the next plain text of a listener answers."""

    PASSWORD = "password"  # noqa: S105 - the name of a question
    NAME = "name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Asked in a conversation, of one listener, about a document."""

    asked: Asked
    conversation: Conversation
    listener: str
    document: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """An address that opens a document to whoever has it."""

    token: str  # 22 letters, digits, `-` and `_`
    owner: str  # a listener's id
    document: str
    narration: Narration


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """What an operator wants to know."""

    documents: int
    listeners: int
    failed_documents: int
    tracks: int
    failed_tracks: int
    waiting_tracks: int  # of documents on shelves that are not stopped
    seconds: float  # of all tracks
    bytes: int  # of all tracks and PDFs


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A listener tapped a chapter: its voice note is owed to that conversation, exactly once.

    `is_unasked`: it comes because all were wished in order; it is sent when those before it were,
    and does not count as started."""

    id: int
    conversation: Conversation
    listener: Listener
    document: str
    chapter: int
    narration: Narration
    is_unasked: bool = False
