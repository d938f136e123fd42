"""What a listener sees, free of any platform. `bot.presenters` builds it, adapters render it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

from bot.domain import MARK_DIGITS, Listener, ListeningState
from bot.words import messages


class Verb(StrEnum):
    """What a button does; with it the label where that is always the same, and what a chat shows
    for a moment where it was tapped.

    The values are short: they travel in 64 bytes of callback data. They stay what they are, for old
    buttons stand in chats for ever.
    """

    _value_: str
    label: str  # empty: it depends on what the button is for
    toast: str  # empty: none

    def __new__(cls, value: str, label: str = "", toast: str = "") -> Self:
        verb = str.__new__(cls, value)
        verb._value_, verb.label, verb.toast = value, label, toast
        return verb

    PLAY = "p", "", messages.TOAST_COMING  # a chapter
    STARTED = "b"  # a player began: mark a chapter started
    HEARD = "h", messages.BUTTON_HEARD, messages.TOAST_HEARD  # mark a chapter heard
    UNHEARD = "u", "", messages.TOAST_UNHEARD  # it is new again
    # below a note: heard after all not; it was sent, so it is started
    UNDO = "z", messages.BUTTON_UNDO, messages.TOAST_UNDO
    UP_TO = "t", messages.BUTTON_UP_TO, messages.TOAST_UP_TO  # this chapter and all before it
    NEXT = "n", messages.BUTTON_NEXT, messages.TOAST_NEXT  # heard, and play the next one
    # read a chapter: 100 times its number, and the page; page 0 begins anew
    TEXT = "w", messages.BUTTON_TEXT
    TAKEAWAYS = "a", messages.BUTTON_TAKEAWAYS  # of all chapters: a page; page 0 begins anew
    # what is not read, by kind: 0 begins anew, 1 shows it all; else an extra's number, of its kind
    # the extras from that one on
    LEFT_OUT = "L", messages.BUTTON_LEFT_OUT
    ALL = "A", messages.BUTTON_ALL, messages.TOAST_ALL  # send what is left, in order
    STOP_ALL = "X", messages.BUTTON_STOP_ALL, messages.TOAST_STOP_ALL
    PAGE = "g"  # of the chapter menu
    OPEN = "o", messages.BUTTON_OPEN  # a document's card
    CONTINUE = "c", "", messages.TOAST_COMING  # a document where it was left
    CANCEL = "x", messages.BUTTON_CANCEL, messages.TOAST_CANCEL  # of making a document's tracks
    # make the missing tracks after Cancel, or retry the failed ones
    RESUME = "r", "", messages.TOAST_RESUME
    ASK_DELETE = "d", messages.BUTTON_DELETE
    DELETE = "D", messages.BUTTON_DELETE
    KEEP = "k", messages.BUTTON_KEEP  # nothing is deleted after all
    RENAME = "N", messages.BUTTON_RENAME  # ask for a name
    UNLOCK = "U", messages.BUTTON_UNLOCK  # ask for a locked document's password
    SHARE = "S", messages.BUTTON_SHARE
    REVOKE = "R", messages.BUTTON_STOP_SHARING
    EXPORT = "E", messages.BUTTON_EXPORT  # 0 asks how, 1 as a ZIP, 2 as an audiobook
    ASK_ERASE = "q", messages.BUTTON_ERASE  # all that is known of a listener
    ERASE = "Q", messages.BUTTON_ERASE
    SHELF_PAGE = "s"  # of /library
    # of a document, or without one of what comes next; likewise the three below
    SETTINGS = "e", messages.BUTTON_SETTINGS
    VOICE = "v", "", messages.TOAST_VOICE  # the number is its place among those that there are
    # as VOICE, below a sample of it: that message cannot become a text
    SAMPLED_VOICE = "V", messages.BUTTON_THIS_VOICE, messages.TOAST_VOICE
    SPEED = "y", "", messages.TOAST_SPEED  # percent
    MODE = "m", "", messages.TOAST_MODE  # its place
    # as MODE, below the settings, which then tell it; a card does by itself
    CHOSEN_MODE = "M", "", messages.TOAST_MODE
    FORMAT = "f"  # of chapters: 0 voice notes, 1 audio files
    TAKEAWAYS_IN = "i"  # 0 each document's language, 1 the listener's
    LANGUAGE = "l"  # of the interface: 0 as the chat tells, else its place


_ENCODED = re.compile(
    r"(?P<verb>[^.]+)\.(?P<document>[0-9a-f]{16})?\.(?P<number>[0-9]{1,9})"
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
        """At most 40 ASCII bytes."""
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


# Buttons that choose, show or change what is one listener's own, wherever a notice shows them.
PERSONAL = frozenset(
    {
        *(Verb.SETTINGS, Verb.VOICE, Verb.SPEED, Verb.CHOSEN_MODE, Verb.FORMAT),
        *(Verb.TAKEAWAYS_IN, Verb.LANGUAGE, Verb.SHELF_PAGE, Verb.EXPORT, Verb.REVOKE),
        *(Verb.ASK_DELETE, Verb.DELETE, Verb.KEEP, Verb.ASK_ERASE, Verb.ERASE, Verb.RENAME),
    }
)


def for_their_listener(listener: Listener, rows: Rows) -> Rows:
    """The same buttons, of which the personal ones are that listener's alone."""
    return tuple(
        tuple(
            asking(listener, ((one,),))[0][0] if one.action.verb in PERSONAL else one for one in row
        )
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
class LeftOutLine:
    """A kind of what is not read. Tapping an extra of it plays it (`Verb.PLAY`)."""

    title: str
    text: str  # "9, pages 8–9"
    extras: tuple[ChapterLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CardView:
    """A document: title, summary, facts, chapter menu. Also the status message while it is made.
    `delivery`: as a note's, of a card that is sent."""

    document: str
    title: str
    summary: str
    facts: str  # "26 min · 17 chapters · 17 ready · Original · 0 % heard"
    status: str  # "Reading …", "9 of 17 ready, about 12 s left"; empty when nothing is going on
    done: float | None  # 0..1 while working, for a bar; None otherwise
    skipped: str  # "Left out: 9 references, 5 tables."
    chapters: tuple[ChapterLine, ...]  # of this page of the menu
    buttons: Rows  # below the menu: pages, Continue, Cancel …
    left_out: tuple[LeftOutLine, ...] = ()  # where the card has room for it
    resumes_in: int = 0  # the chapter where the listener stopped; 0: nowhere in the middle of one
    resumes_at_s: float = 0.0  # and how far into it
    resumes_until_s: float = 0.0  # where what sounds there ends: no place is told more exactly
    language: str = "en"  # of the words around the document's own
    written_in: str = ""  # the document's language; empty before it is read
    delivery: str = ""


class CaptionForm(StrEnum):
    """How a track's words and times are written; the values end file names."""

    VTT = "vtt"
    GUIDED = "json"  # Readium's guided navigation

    @property
    def media_type(self) -> str:
        is_vtt = self is CaptionForm.VTT
        return "text/vtt; charset=utf-8" if is_vtt else "application/guided-navigation+json"


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
    """A chapter as a voice note. `delivery`: the same when the very same sending is tried again, in
    the next life too: a chat that can find out whether it arrived does not repeat it."""

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
    delivery: str = ""
