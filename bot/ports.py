"""What the conversation needs from the outside. Each port has one contract suite in
`tests/contracts`, run over every implementation, the one in memory included."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bot.domain import (
    CardPlace,
    Conversation,
    Holding,
    Listener,
    ListeningState,
    Preferences,
    Progress,
    Question,
    Sender,
    Share,
    ShelfEntry,
    Statistics,
    Unfinished,
    Wish,
)
from bot.views import CardView, NoteView, NoticeView, Rows, View
from bot.words import Words
from pipeline.domain import Chapter, Document, Narration, Takeaway, Track, document_folder
from pipeline.ports import Answers, Usage

# --- the chat -----------------------------------------------------------------------------------


class ChatError(Exception):
    """Something the platform refused."""


class Throttled(ChatError):
    """Too fast: try again after `retry_after_s`."""

    def __init__(self, retry_after_s: float) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(f"retry after {retry_after_s} s")


class Unreachable(ChatError):
    """This conversation is closed to us: blocked, left, deleted. Stop quietly."""


class MessageGone(ChatError):
    """The message to edit is no longer there: send a new one."""


class TrackTooLarge(ChatError):
    """No file of this size goes through this chat."""


class ChatUnavailable(ChatError):
    """The platform or the network failed: the same again may work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A track that a platform already holds: what to send instead of the bytes."""

    platform: str
    kind: str  # the platform's own: "voice", "audio", "permalink"
    remote_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    message: str
    upload: Upload | None  # to be remembered for the next time
    has_begun: bool = True  # a chat cannot tell; a page says `Verb.STARTED` when it plays


class ChatPlatform(Protocol):
    """A chat that can show views and send voice notes. Raises `ChatError`s only."""

    @property
    def name(self) -> str:
        """`telegram`, `slack`, `web`: the `platform` of its listeners and conversations."""

    @property
    def menu_size(self) -> int:
        """How many chapters one page of its chapter menu shows."""

    @property
    def edit_interval_s(self) -> float:
        """The shortest time between two edits of one message."""

    @property
    def carries_files(self) -> bool:
        """Whether a track's bytes go through it; a page fetches what is in the file store."""

    async def show(
        self, conversation: Conversation, view: View, *, message: str | None = None
    ) -> str:
        """Send a view, or edit the message that shows it. Returns the message's id."""

    async def send_track(
        self, conversation: Conversation, note: NoteView, audio: Path, uploads: Sequence[Upload]
    ) -> Sent:
        """Send a chapter: one of `uploads` again when it is still good, else the file's bytes."""

    async def delete(self, conversation: Conversation, message: str) -> None:
        """Take a message away, where the platform lets us; one that is gone is no error."""

    async def set_note_buttons(
        self, conversation: Conversation, message: str, buttons: Rows
    ) -> None:
        """Exchange the buttons below a chapter that was sent. Gone or the same: no error."""

    @property
    def file_limit(self) -> int:
        """Bytes of the largest file that it carries."""

    async def send_file(self, conversation: Conversation, file: Path, *, caption: str) -> None:
        """Send a file as a document, under its own name."""

    def link(self, token: str) -> str | None:
        """An address that gives us `/start token` from whoever opens it; None: it has none."""


class Inbox(Protocol):
    """What a platform calls when a listener does something. `bot.conversation` answers.

    Nothing here waits for work: every call returns when what was asked for is durable and the
    immediate answer is shown. Raises nothing but `ChatError`s of the platform itself.
    """

    def words_for(self, sender: Sender) -> Words:
        """The sender's language, as far as it is known without waiting."""

    def refusal(
        self, sender: Sender, *, size: int | None, platform_limit: int | None
    ) -> NoticeView | None:
        """What to answer instead of downloading `size` bytes, with the way out; None: go on."""

    async def on_document(self, sender: Sender, pdf: Path, filename: str) -> None:
        """A file came. It is copied before this returns; the caller may then delete it."""

    async def on_tap(self, sender: Sender, data: str, message: str) -> None:
        """A button of `message` was tapped. The platform has acknowledged the tap already."""

    async def on_command(self, sender: Sender, name: str, argument: str, message: str = "") -> None:
        """`/name argument`, or a plain text (`name` empty); `message` is the one that said it."""

    async def on_open(self, sender: Sender) -> Sequence[CardView]:
        """A listener opened a page that shows their whole shelf: a card each, newest first."""

    async def track_of(self, sender: Sender, document: str, chapter: int) -> Track | None:
        """A finished track of something on the sender's shelf; None for anything else."""


# --- the library: documents, tracks, shelves, cards ----------------------------------------------

MAX_WORDS = 200  # that one listener has said how to pronounce
MAX_WORD = 60  # characters, written or spoken


class Documents(Protocol):
    async def receive(self, document: str, *, filename: str, size: int) -> Holding:
        """Know a document, once: a second call changes nothing. A failed one starts over, which
        marks its cards stale."""

    async def holding(self, document: str) -> Holding | None: ...

    async def chapter(self, document: str, number: int) -> Chapter | None:
        """A chapter with its passages."""

    async def save_reading(self, document: Document) -> None:
        """The document was read; again changes nothing. Marks its cards stale."""

    async def save_failure(
        self,
        document: str,
        *,
        kind: str,
        sentence: str,
        facts: Mapping[str, str | int] | None = None,
    ) -> None:
        """It cannot be read; one that was read stays read. Marks its cards stale."""

    async def save_takeaways(
        self,
        document: str,
        summary: str,
        takeaways: Mapping[int, Takeaway],
        titles: Mapping[int, str] | None = None,
    ) -> None:
        """Better ones came, and telling titles beside those that say little. Marks its cards
        stale."""

    async def mark_reading(self, document: str) -> None:
        """Somebody began to read it. Marks its cards stale."""

    async def save_read_share(self, document: str, share: float) -> None:
        """How far the reading is, 0 to 1; nothing once it is over. Marks its cards stale."""


class Tracks(Protocol):
    async def save_track(self, track: Track) -> None:
        """A chapter was spoken; again changes nothing. Makes its wishes due, cards stale."""

    async def save_track_failure(self, document: str, chapter: int, narration: Narration) -> None:
        """It could not be spoken; a track that is ready stays ready. Makes its wishes due, so
        that who waits is told. Marks cards stale."""

    async def forget_track_failures(self, document: str, narration: Narration) -> None:
        """Before a retry."""

    async def track(self, document: str, chapter: int, narration: Narration) -> Track | None: ...

    async def uploads(self, track: Track, platform: str) -> Sequence[Upload]: ...

    async def save_upload(self, track: Track, upload: Upload) -> None: ...

    async def forget_uploads(self, track: Track, platform: str) -> None:
        """The platform no longer knows them."""


class Shelves(Protocol):
    async def shelve(self, listener: Listener, document: str, narration: Narration) -> ShelfEntry:
        """Put a document on a listener's shelf, once; takes a Cancel back. The narration of the
        first time stays. Raises `LookupError` for a document that was never received."""

    async def shelf(self, listener: str) -> Sequence[Progress]:
        """Newest first."""

    async def progress(self, listener: str, document_prefix: str) -> Progress | None:
        """None unless it lies on that listener's shelf."""

    async def listeners_of(self, document: str) -> Sequence[ShelfEntry]:
        """Who has it, longest first."""

    async def unfinished(self) -> Sequence[Unfinished]:
        """All that listeners wait for and no track answers: what a program that starts must see
        to. Nothing that was stopped, unless it was tapped since; nothing that failed."""

    async def renarrate(self, document: str, before: Narration, after: Narration) -> None:
        """Every shelf and wish that has the document in `before` gets it in `after`: its language
        is known now. Marks cards stale."""

    async def narrate_as(self, listener: str, document: str, narration: Narration) -> None:
        """One listener wants it otherwise, open wishes too. Marks that listener's cards stale."""

    async def rename(self, listener: str, document: str, name: str) -> None:
        """What a listener calls it; empty: its own title. Marks that listener's cards stale."""

    async def stop(self, listener: str, document: str) -> None:
        """Nothing more is made of it until the listener asks. Marks that listener's cards
        stale."""

    async def unshelve(self, listener: str, document: str) -> bool:
        """Take it off, with progress, cards, wishes, its share and questions about it. True if
        nobody holds the document now."""

    async def forget_document(self, document: str) -> bool:
        """Remove all that is known of a document nobody holds; its files are then the caller's
        to remove. False, and nothing removed, if somebody shelved it meanwhile."""

    async def mark(
        self, listener: str, document: str, chapters: Sequence[int], state: ListeningState
    ) -> None:
        """Set listenings of a document on the listener's shelf. `STARTED` never takes a `HEARD`
        back. Marks cards stale."""


class Cards(Protocol):
    async def save_card(self, card: CardPlace) -> None:
        """A card stands (one per listener, document and conversation): replaces the former."""

    async def stale_cards(self, platforms: Sequence[str]) -> Sequence[tuple[CardPlace, int]]:
        """Cards whose document, tracks or listenings changed since they were shown, with the
        version that a caller about to show them should hand back to `card_shown`. Those that
        wait longest come first; a showing ends the wait, even one that a change overtook."""

    async def card_shown(self, card: CardPlace, version: int) -> None:
        """It shows that version. A change since then leaves it stale."""

    async def turn_page(self, card: CardPlace, page: int) -> None:
        """Remember which page of the menu it shows. Marks it stale."""

    async def card_at(self, conversation: Conversation, message: str) -> CardPlace | None: ...

    async def card_in(self, conversation: Conversation, document_prefix: str) -> CardPlace | None:
        """A card of a document that stands in the conversation's channel, in whatever thread:
        whoever reads there may have the document."""

    async def forget_card(self, card: CardPlace) -> None: ...


class Wishes(Protocol):
    """Voice notes owed. A wish is due once its track is ready, or will not come."""

    async def wish(
        self,
        conversation: Conversation,
        listener: Listener,
        document: str,
        chapter: int,
        narration: Narration,
        *,
        is_unasked: bool = False,
    ) -> None:
        """Owe it; the same wish open already is one wish, and a deleted document none. Tapping an
        unasked one makes it asked. Marks that listener's cards stale if it changes how many
        chapters are coming, as every method here does."""

    async def drop_unasked(self, listener: str, document: str) -> None:
        """No more chapters in order. Marks that listener's cards stale."""

    async def due_wishes(self, platforms: Sequence[str]) -> Sequence[tuple[Wish, Track | None]]:
        """Oldest first; with None where the chapter could not be spoken. An unasked one is due
        when none before it is open: no wish of that listener, there, for an earlier chapter of the
        document, so that chapters in order stay in order."""

    async def granted(self, wish: Wish, message: str) -> None:
        """Sent: it is owed no more. Marks the chapter started, if it was asked for, and cards
        stale if it was new."""

    async def drop_wish(self, wish: Wish) -> None: ...


class Listeners(Protocol):
    """What is known of a listener beside the shelf."""

    async def preferences(self, listener: str) -> Preferences:
        """The defaults for somebody unknown."""

    async def save_preferences(self, listener: Listener, preferences: Preferences) -> None: ...

    async def words(self, listener: str) -> dict[str, str]:
        """How this listener wants words to be spoken, by how they are written."""

    async def save_word(self, listener: str, written: str, spoken: str) -> None:
        """Say `written` as `spoken` from now on; empty: as everybody does. Raises `ValueError` for
        a word that is empty or longer than `MAX_WORD`, and for one more than `MAX_WORDS`."""

    async def forget_listener(self, listener: str) -> None:
        """Preferences, questions, shares, listenings: all that is left when the shelf is empty."""

    async def ask(self, question: Question) -> None:
        """The next plain text answers it. Replaces an older question in the same place. None is
        asked about a deleted document."""

    async def question(self, conversation: Conversation, listener: str) -> Question | None:
        """What was asked, once: it is forgotten with this."""


def with_word(words: Mapping[str, str], written: str, spoken: str) -> dict[str, str]:
    """A listener's words with this one said otherwise. Raises `ValueError` as `save_word` does."""
    if not written or max(len(written), len(spoken)) > MAX_WORD:
        raise ValueError(f"a word has 1 to {MAX_WORD} characters")
    others = {known: words[known] for known in words if known != written}
    if not spoken:
        return others
    if len(others) >= MAX_WORDS:
        raise ValueError(f"no more than {MAX_WORDS} words")
    return others | {written: spoken}


class Shares(Protocol):
    async def share(self, share: Share) -> Share:
        """Open an address; the one that the owner shares the document by already is returned.
        Raises `LookupError` for what is not on the owner's shelf."""

    async def shared(self, token: str) -> Share | None:
        """None if it was revoked, or its document is gone, from its owner's shelf or altogether."""

    async def revoke(self, owner: str, document: str) -> None:
        """Its address opens nothing any more; the next one is another."""


class Bookkeeping(Protocol):
    async def spend(self, listener: str, day: str, seconds: float) -> float:
        """Add to what was made for a listener on a day (`2026-11-25`); returns the day's sum."""

    async def statistics(self) -> Statistics: ...


class Library(Documents, Tracks, Shelves, Cards, Wishes, Listeners, Shares, Bookkeeping, Protocol):
    """Everything that is remembered. Each method is one transaction."""

    def within(self, transaction: object) -> Library:
        """The same library inside a transaction that somebody else opened and will end."""


# --- what servers cost ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """A server was used for a document."""

    usage: Usage
    month: str  # "2026-11"
    micro_usd: int  # millionths of a US dollar


class Ledger(Answers, Protocol):
    """What was spent, which outlives the documents, and what was bought, which goes with them."""

    async def record_cost(self, cost: Cost) -> None:
        """Put it down, for the document and the listener who brought it."""

    async def spent(self, month: str) -> int:
        """Millionths of a US dollar, by all documents."""


# --- files and jobs -------------------------------------------------------------------------


class FileStore(Protocol):
    """PDFs, readings and tracks by key, on a local folder or in a bucket. Whatever would not be
    a key (`checked_key`) raises `ValueError`."""

    async def put(self, key: str, source: Path) -> None:
        """Store a file's bytes, whole or not at all, in place of any former. Raises `DiskFull`."""

    def local(self, key: str) -> AbstractAsyncContextManager[Path]:
        """The file on this machine while the block runs. Raises `FileNotFoundError`."""

    async def has(self, key: str) -> bool: ...

    def chunks(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        """The bytes [start, end), fewer where the file ends. Raises `FileNotFoundError`."""

    async def delete(self, keys: Sequence[str]) -> None:
        """Missing ones are no error."""

    async def delete_under(self, folder: str) -> None:
        """Everything whose key begins with `folder/`."""


class Links(Protocol):
    async def fetch(self, address: str, into: Path, *, limit: int) -> str:
        """The PDF or EPUB behind an address, at most `limit` bytes, into a file. Returns a file
        name for it, which tells what it is: `.pdf` or `.epub`. Raises `messages.LinkError`s, and
        `DiskFull`; no file is left then."""


class Jobs(Protocol):
    """Work that outlives the program. Every call returns as soon as the wish is durable."""

    async def read(self, document: str, listener: str) -> None:
        """Read a document, then speak it for all who hold it. One at a time per document: a
        second call joins."""

    async def speak(
        self, document: str, chapters: Sequence[int], listener: str, narration: Narration
    ) -> None:
        """Speak chapters, in that order; those under way are joined, not repeated."""

    async def hurry(self, document: str, chapter: int, narration: Narration) -> None:
        """A listener waits for it: before all that only might be wanted."""

    async def cancel(self, document: str, narration: Narration | None = None) -> None:
        """Stop what is queued or running for this document in this narration; without one, the
        reading of it and everything else too."""


_KEY = re.compile(r"[\w-][\w.-]*(?:/[\w-][\w.-]*)*")


def checked_key(key: str) -> str:
    """Keys are ours, but they end in file names: nothing may climb out of the folder or be
    hidden in it. Raises `ValueError`."""
    if not _KEY.fullmatch(key):
        raise ValueError("not a key of the file store")
    return key


def pdf_key(document: str) -> str:
    """Where a PDF lies in the file store."""
    return f"{document_folder(document)}/document.pdf"


def cover_key(document: str) -> str:
    """Where the picture of its first page lies."""
    return f"{document_folder(document)}/cover.jpg"


def reading_key(document: str) -> str:
    """Where a reading (`Document` as JSON) lies in the file store until it is in the library."""
    return f"{document_folder(document)}/reading.json"
