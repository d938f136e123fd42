"""All that is remembered: documents, tracks, shelves, cards, wishes, people, costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from bot.domain import (
    Bookmark,
    CardPlace,
    Conversation,
    Holding,
    Listener,
    ListeningState,
    Preferences,
    Progress,
    Question,
    Share,
    ShelfEntry,
    Statistics,
    Unfinished,
    Wish,
)
from bot.ports.chat import Upload
from pipeline.domain import EDITION, Chapter, Document, Narration, Takeaway, Track
from pipeline.errors import TransientError
from pipeline.ports import AnswerCache, Usage

MAX_WORDS = 200  # that one listener has said how to pronounce
MAX_WORD = 60  # characters, written or spoken


class LibraryAway(TransientError):
    """It cannot be reached just now, or has no room. Nothing was changed, or all was; the same
    again does no harm. Every method of a library may raise it."""

    kind = "library_away"
    sentence = "The library cannot be reached just now. Nothing is lost; it goes on by itself."


class Documents(Protocol):
    async def receive(self, document: str, *, filename: str, size: int) -> Holding:
        """Know a document, once: a second call changes nothing. A failed one starts over, which
        marks its cards stale."""

    async def holding(self, document: str) -> Holding | None: ...

    async def newest_documents(self, most: int) -> Sequence[str]:
        """Ids, by when they were received, whatever became of them."""

    async def chapter(self, document: str, number: int) -> Chapter | None:
        """A chapter or an extra with its passages."""

    async def save_reading(self, document: Document) -> None:
        """The document was read; again changes nothing. Keeps the text of its extras too. Marks
        its cards stale."""

    async def renew_reading(self, document: str, again: Document | None) -> None:
        """It was read before and now once more. What `again` keeps and the reading before did not
        is taken over if the same chapters came out (`renewed`), with the text of its extras;
        otherwise all stays, and nobody tries once more. Marks its cards stale."""

    async def save_draft(self, draft: Document) -> None:
        """What is known while it is read: its chapters, without passages, may still change.
        Nothing once the reading is over. Marks its cards stale."""

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
        *,
        language: str = "",
    ) -> None:
        """Better ones came, and telling titles beside those that say little. In a `language` they
        are for listeners who want them in it, and the others keep theirs. Marks its cards
        stale."""

    async def has_takeaways(self, document: str, language: str) -> bool:
        """Whether there are some in a language that is not the document's."""

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

    async def ready_tracks(self, document: str) -> Sequence[Track]:
        """All that were spoken, in every narration."""

    async def forget_track(self, track: Track) -> None:
        """Its file is not what was stored: the chapter is to be spoken again, and sent anew where
        it was sent. Another one that came in its place stays. Marks cards stale."""

    async def uploads(self, track: Track, platform: str) -> Sequence[Upload]: ...

    async def save_upload(self, track: Track, upload: Upload) -> None:
        """In the place of what it had of this kind before: that may be gone there."""


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
        to. Nothing that was stopped, unless it was tapped since; nothing that failed; extras only
        where they were tapped."""

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

    async def save_bookmark(self, listener: str, document: str, bookmark: Bookmark) -> None:
        """Where the listener is in a document on their shelf: one place, the last on any device.
        Marks that listener's cards stale if it is another one."""


class Acts(Protocol):
    """What was done because of something that may be told again after a crash (`Sender.act`)."""

    async def has_acted(self, act: str) -> bool:
        """Whether it stands as done; nothing without a name does."""


class Cards(Protocol):
    async def save_card(self, card: CardPlace, *, act: str = "") -> None:
        """A card stands (one per listener, document and conversation): replaces the former. From
        now on its `act` stands as done."""

    async def stale_cards(self, platforms: Sequence[str]) -> Sequence[tuple[CardPlace, int]]:
        """Cards whose document, tracks or listenings changed since they were shown, with the
        version that a caller about to show them should hand back to `mark_card_shown`. Those that
        wait longest come first; a showing ends the wait, even one that a change overtook. Some
        hundreds of each platform at most, and none that was put off."""

    async def mark_card_shown(self, card: CardPlace, version: int) -> None:
        """It shows that version. A change since then leaves it stale."""

    async def turn_page(self, card: CardPlace, page: int) -> None:
        """Remember which page of the menu it shows. Marks it stale."""

    async def card_at(self, conversation: Conversation, message: str) -> CardPlace | None:
        """The card that is this message of the conversation's channel, whoever's it is. None: the
        message is no card, or one that another has replaced."""

    async def others_card(
        self, conversation: Conversation, listener: str, document_prefix: str
    ) -> CardPlace | None:
        """A card of a document that somebody else has in the conversation's channel, in whatever
        thread, the conversation's own first: whoever reads there may have the document. None that
        its owner alone sees."""

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
        act: str = "",
    ) -> None:
        """Owe it; the same wish open already is one wish, and a deleted document none, nor is one
        whose `act` stands as done: it may have been fulfilled since. Tapping an unasked one makes
        it asked. Marks that listener's cards stale if it changes how many
        chapters are coming, as every method here does."""

    async def drop_unasked(self, listener: str, document: str) -> None:
        """No more chapters in order. Marks that listener's cards stale."""

    async def due_wishes(self, platforms: Sequence[str]) -> Sequence[tuple[Wish, Track | None]]:
        """Oldest first; with None where the chapter could not be spoken. An unasked one is due
        when none before it is open: no wish of that listener, there, for an earlier chapter of the
        document, so that chapters in order stay in order. Some hundreds of each platform at most,
        and none that was put off."""

    async def put_off(self, conversation: Conversation, pause_s: float) -> None:
        """What is to be shown or sent there now is not due before this time is over: neither it,
        nor how much of it there is, may hold up other conversations."""

    async def fulfil_wish(self, wish: Wish) -> None:
        """Sent: it is owed no more. Marks the chapter started, if it was asked for, and cards
        stale if it was new."""

    async def drop_wish(self, wish: Wish) -> None: ...

    async def forget_wishes(self, older_than_s: float) -> int:
        """Those that nobody could be sent for so long: their chat is not served any more. How
        many there were. One that was tapped again is as new as the tap."""


class Listeners(Protocol):
    """What is known of a listener beside the shelf."""

    async def preferences(self, listener: str) -> Preferences:
        """The defaults for somebody unknown."""

    async def save_preferences(self, listener: Listener, preferences: Preferences) -> None:
        """Marks all cards of the listener stale if they would read otherwise now."""

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

    async def take_question(self, conversation: Conversation, listener: str) -> Question | None:
        """What was asked, once: it is forgotten with this."""

    async def forget_questions(self, older_than_s: float) -> None:
        """Those that nobody answered for so long: what is written now answers something else."""


def renewed(before: Document, again: Document | None) -> Document:
    """A reading with what one of this edition knows of the same chapters: where their words stand,
    and what is left out. What a model wrote of it stays, and so do all words that were shown or
    spoken. Where other words came out it stays as it was."""
    if again is None or [*map(_words, before.chapters)] != [*map(_words, again.chapters)]:
        return replace(before, edition=EDITION)
    chapters = tuple(
        replace(new, takeaway=old.takeaway, telling_title=old.telling_title, seconds=old.seconds)
        for old, new in zip(before.chapters, again.chapters, strict=True)
    )
    return replace(
        before,
        chapters=chapters,
        skipped=again.skipped,
        account=again.account,
        omissions=again.omissions,
        left_out=again.left_out,
        edition=EDITION,
    )


def _words(chapter: Chapter) -> tuple[object, ...]:
    texts = [passage.text for passage in chapter.passages]
    return chapter.number, chapter.label, chapter.title, texts


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

    async def share_of(self, token: str) -> Share | None:
        """None if it was revoked, or its document is gone, from its owner's shelf or altogether."""

    async def revoke(self, owner: str, document: str) -> None:
        """Its address opens nothing any more; the next one is another."""


class Bookkeeping(Protocol):
    async def spend(self, listener: str, day: str, seconds: float) -> float:
        """Add to what was made for a listener on a day (`2026-11-25`); returns the day's sum."""

    async def forget_days(self, before: str) -> None:
        """What was made for whom, and what was done because of what, on days before this one: no
        limit asks for it any more, and nothing so old is told again."""

    async def statistics(self) -> Statistics: ...


class Library(
    Documents, Tracks, Shelves, Acts, Cards, Wishes, Listeners, Shares, Bookkeeping, Protocol
):
    """Everything that is remembered. Each method is one transaction."""

    @property
    def is_away(self) -> bool:
        """Whether it could not be reached when somebody last asked."""

    async def overwrite_deleted(self) -> None:
        """What was deleted is in no file of the library any more."""

    def within(self, transaction: object) -> Library:
        """The same library inside a transaction that somebody else opened and will end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """A server was used for a document."""

    usage: Usage
    month: str  # "2026-11"
    micro_usd: int  # millionths of a US dollar


class Ledger(AnswerCache, Protocol):
    """What was spent, which outlives the documents, and what was bought, which goes with them."""

    async def record_cost(self, cost: Cost) -> None:
        """Put it down, for the document and the listener who brought it."""

    async def cost_of(self, month: str) -> int:
        """Millionths of a US dollar, by all documents."""

    async def forget_costs(self, before: str) -> None:
        """What was spent in months before this one."""
