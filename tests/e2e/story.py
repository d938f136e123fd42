"""One story for all chats: a paper of seventeen chapters is sent, heard, found and deleted."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from bot.words import messages
from pipeline.domain import Reason
from tests import drawing, hearing
from tests.drawing import BEES, DANCE, HONEY, WINTER, Sheet

CHAPTERS = 17
TITLE = "Seventeen Things That Bees Do"
HEADS = messages.LEFT_OUT_KINDS[Reason.RUNNING_HEAD]


class Person(Protocol):
    """Somebody in a chat with the bot. Whatever they wait for, they wait for patiently."""

    async def sends(self, paper: Path) -> None:
        """A file, as one sends it there."""

    async def sees_card(self, *words: str) -> None:
        """The document's card says all that."""

    async def taps(self, label: str) -> None:
        """A button of the card."""

    async def taps_chapter(self, title: str) -> None:
        """A line of the card's menu."""

    async def hears(self, title: str, *, times: int = 1) -> bytes:
        """A chapter came, for the so-manieth time; its MP3."""

    async def taps_left_out(self, kind: str) -> None:
        """The card's door, and there what is left out of that kind, to be heard."""

    async def taps_note(self, label: str) -> None:
        """A button of the chapter that came last. It has been noted."""

    async def says(self, command: str) -> None:
        """`/progress`, and the like."""

    async def reads(self, *words: str) -> None:
        """Something new that is no card says all that."""

    async def taps_there(self, label: str) -> None:
        """A button of what was read last."""

    async def brings_another(self) -> Person | None:
        """Somebody else comes to the document; None where there is nobody else."""


def a_long_paper(path: Path) -> Path:
    """Seventeen chapters of a few sentences."""
    sheet = Sheet(header="Journal of Small Animals 12 (2026)", has_page_numbers=True)
    sheet.line(TITLE, size=20, font=drawing.BOLD)
    sheet.space(8)
    for number in range(1, CHAPTERS + 1):
        sheet.heading(f"{number} {thing(number)}")
        sheet.paragraph((BEES, DANCE, HONEY, WINTER)[number % 4])
    return sheet.save(path)


def thing(number: int) -> str:
    """A chapter's title."""
    return f"Thing {number} of bees"


async def live_through(ada: Person, folder: Path) -> None:
    """The whole story. `folder`: for the paper and the sounds."""
    tom = await begin(ada, folder)
    await find_it_again(ada)
    await end(ada, tom)


async def begin(ada: Person, folder: Path) -> Person | None:
    """A paper is sent, three chapters of it are heard and what is left out, which counts for
    nothing; somebody else hears one too."""
    await ada.sends(a_long_paper(folder / "things.pdf"))
    await ada.sees_card(TITLE, f" · {CHAPTERS} ready · ")
    await listen_to_three(ada, folder)
    await ada.taps_left_out(HEADS)
    await ada.hears(HEADS)
    await ada.says("/progress")
    await ada.reads(messages.PROGRESS_HEADING, TITLE, "3 of 17 heard")
    tom = await ada.brings_another()
    if tom is not None:
        await tom.taps_chapter(thing(1))
        await tom.hears(thing(1))
    return tom


async def listen_to_three(ada: Person, folder: Path) -> None:
    await ada.taps(messages.BUTTON_START)
    for number in (1, 2, 3):
        sound = await ada.hears(thing(number))
        heard = folder / f"{number}.mp3"
        heard.write_bytes(sound)
        assert hearing.seconds(heard) > 3
        await ada.taps_note(messages.BUTTON_HEARD)
        if number < 3:
            await ada.taps(messages.BUTTON_CONTINUE)


async def find_it_again(ada: Person) -> None:
    """What was heard is heard again; the document is searched for and renamed."""
    await ada.taps_chapter(thing(1))
    await ada.hears(thing(1), times=2)
    await ada.says("/search things bees")
    await ada.reads("Found for", TITLE)
    await ada.says("/rename Bees at home")
    await ada.reads("is called “Bees at home”")
    await ada.sees_card("Bees at home", f" · {CHAPTERS} ready · ")


async def end(ada: Person, tom: Person | None) -> None:
    """It is deleted, and still there for whoever else has it, with a progress of their own."""
    await ada.says("/delete")
    await ada.reads(messages.DELETE_WHICH)
    await ada.taps_there(messages.BUTTON_DELETE)
    await ada.reads("Delete “Bees at home”")
    await ada.taps_there(messages.BUTTON_DELETE)
    await ada.reads("“Bees at home” is gone")
    await ada.says("/progress")
    await ada.reads(messages.NOTHING_YET)
    if tom is not None:
        await tom.taps_note(messages.BUTTON_HEARD)
        await tom.says("/progress")
        await tom.reads(TITLE, "1 of 17 heard")
