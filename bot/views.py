"""What a listener sees, free of any platform. `bot.presenters` builds it, adapters render it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.domain import MARK_DIGITS, Listener, ListeningState


class Verb(StrEnum):
    """What a button does. The values are short: they travel in 64 bytes of callback data."""

    PLAY = "p"  # a chapter
    STARTED = "b"  # a player began: mark a chapter started
    HEARD = "h"  # mark a chapter heard
    UNHEARD = "u"  # it is new again
    UNDO = "z"  # below a note: heard after all not; it was sent, so it is started
    UP_TO = "t"  # mark this chapter and all before it heard
    NEXT = "n"  # mark this chapter heard and play the next one
    TEXT = "w"  # read a chapter: 100 times its number, and the page; page 0 begins anew
    TAKEAWAYS = "a"  # of all chapters: a page of them; page 0 begins anew
    ALL = "A"  # send what is left, in order
    STOP_ALL = "X"
    PAGE = "g"  # of the chapter menu
    OPEN = "o"  # a document's card
    CONTINUE = "c"  # a document where it was left
    CANCEL = "x"  # stop making this document's tracks
    RESUME = "r"  # make the missing tracks after Cancel, or retry the failed ones
    ASK_DELETE = "d"
    DELETE = "D"
    KEEP = "k"  # nothing is deleted after all
    RENAME = "N"  # ask for a name
    UNLOCK = "U"  # ask for a locked document's password
    SHARE = "S"
    REVOKE = "R"  # stop sharing
    EXPORT = "E"  # 0 asks how, 1 as a ZIP, 2 as an audiobook
    ASK_ERASE = "q"  # all that is known of a listener
    ERASE = "Q"
    SHELF_PAGE = "s"  # of /library
    SETTINGS = "e"  # of a document, or without one of what comes next; likewise the three below
    VOICE = "v"  # the number is its place among those that there are
    SAMPLED_VOICE = "V"  # as VOICE, below a sample of it: that message cannot become a text
    SPEED = "y"  # percent
    MODE = "m"  # its place
    CHOSEN_MODE = "M"  # as MODE, below the settings, which then tell it; a card does by itself
    FORMAT = "f"  # of chapters: 0 voice notes, 1 audio files
    TAKEAWAYS_IN = "i"  # 0 each document's language, 1 the listener's
    LANGUAGE = "l"  # of the interface: 0 as the chat tells, else its place


_ENCODED = re.compile(
    r"(?P<verb>[^.]+)\.(?P<document>[0-9a-f]{16})?\.(?P<number>[0-9]{1,6})"
    rf"(?:\.(?P<asked>[0-9a-f]{{{MARK_DIGITS}}}))?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """A tap's meaning. `document` is the first 16 digits of a document's id; who taps it reaches
    only what lies on their own shelf, so a forged action gains nothing."""

    verb: Verb
    document: str = ""
    number: int = 0  # a chapter or a page
    asked: str = ""  # the mark of the one listener who was asked; empty: anybody may tap

    def encoded(self) -> str:
        """At most 37 ASCII bytes."""
        written = f"{self.verb}.{self.document[:16]}.{self.number}"
        return f"{written}.{self.asked}" if self.asked else written

    @classmethod
    def decoded(cls, data: str) -> Action | None:
        """None for anything that `encoded` did not write."""
        found = _ENCODED.fullmatch(data)
        if found is None or found["verb"] not in set(Verb):
            return None
        return cls(
            verb=Verb(found["verb"]),
            document=found["document"] or "",
            number=int(found["number"]),
            asked=found["asked"] or "",
        )

    def is_for(self, listener: Listener) -> bool:
        """Whether this listener's tap counts."""
        return self.asked in ("", listener.mark)


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    label: str
    action: Action


Rows = tuple[tuple[Button, ...], ...]


def asking(listener: Listener, rows: Rows) -> Rows:
    """The same buttons; where many see them, only that listener's tap counts."""
    return tuple(
        tuple(replace(one, action=replace(one.action, asked=listener.mark)) for one in row)
        for row in rows
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ChapterLine:
    """A line of the chapter menu. Tapping it plays the chapter (`Verb.PLAY`)."""

    number: int
    title: str
    level: int
    seconds: float
    length: str  # "4:28"
    state: ListeningState
    mark: str  # ○ ▶ ✓
    is_ready: bool
    has_failed: bool
    takeaway: str
    action: Action
    filename: str = ""  # "03-distillation.mp3"


@dataclass(frozen=True, slots=True, kw_only=True)
class CardView:
    """A document: title, summary, facts, chapter menu. Also the status message while it is made."""

    document: str
    title: str
    summary: str
    facts: str  # "26 min · 17 chapters · 17 ready · Original · 0 % heard"
    status: str  # "Reading …", "9 of 17 ready, about 12 s left"; empty when nothing is going on
    done: float | None  # 0..1 while working, for a bar; None otherwise
    skipped: str  # "Left out: 9 references, 5 tables."
    chapters: tuple[ChapterLine, ...]  # of this page of the menu
    buttons: Rows  # below the menu: pages, Continue, Cancel …
    language: str = "en"  # of the words around the document's own
    written_in: str = ""  # the document's language; empty before it is read


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """What a chat with windows shows where something is to be answered in words."""

    label: str
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeView:
    """A sentence or a few, with buttons. `field`: it asks for an answer in words. `is_aside`: it is
    looked at and put away, so a chat with windows opens one for it."""

    text: str
    buttons: Rows = ()
    field: Field | None = None
    is_aside: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelfLine:
    """A document in `/progress` or `/library`."""

    document: str
    title: str
    percent: int
    text: str  # "7 of 17 heard (11 of 26 min), 2 started"
    buttons: tuple[Button, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelfView:
    """`/progress` and `/library`."""

    heading: str
    lines: tuple[ShelfLine, ...]
    buttons: Rows = ()


View = CardView | NoticeView | ShelfView


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteView:
    """A chapter as a voice note."""

    document: str
    chapter: int
    title: str
    album: str  # the document's title
    performer: str  # its authors
    takeaway: str
    position: str  # "3 of 17"
    seconds: float
    size: int  # bytes
    filename: str  # "03-distillation.mp3"
    buttons: Rows
    is_file: bool = False  # the listener wants an audio file rather than a voice note
