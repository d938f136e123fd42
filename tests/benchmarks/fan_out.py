"""How long a tap waits while one track is done for many: seconds to its voice note.

`python -m tests.benchmarks.fan_out [LISTENERS]`: as many (500) have a document's card in a chat of
their own, in a library on SQLite; a chapter is ready, so all cards are to be edited; then somebody
taps. Once with as many edits at once as there may be, and once with all of them at once. An edit
takes the time of a call to a chat.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from pathlib import Path
from unittest.mock import patch

from adapters.database import open_library
from adapters.memory import MemoryChat, MemoryFiles
from bot.domain import CardPlace, Conversation
from bot.views import NoticeView, View
from bot.work import publishing
from bot.work.publishing import Publisher
from tests.samples import ENGLISH, a_document, a_sender, a_track

LISTENERS, CALL_S = 500, 0.1
BEES = "be" * 32


class DistantChat(MemoryChat):
    """Each call takes a moment."""

    async def show(
        self, conversation: Conversation, view: View, *, message: str | None = None
    ) -> str:
        if message is not None:
            await asyncio.sleep(CALL_S)
        return await super().show(conversation, view, message=message)


async def tap_s(folder: Path, listeners: int) -> tuple[float, float]:
    """Until the note was sent, and until all cards were edited."""
    files, chat = MemoryFiles(), DistantChat()
    async with open_library(f"sqlite+aiosqlite:///{folder / 'app.db'}") as library:
        await library.receive(BEES, filename="bees.pdf", size=9)
        senders = [a_sender(f"u{number}") for number in range(listeners)]
        for sender in senders:
            await library.shelve(sender.listener, BEES, ENGLISH)
            message = await chat.show(sender.conversation, NoticeView(text="new"))
            await library.save_card(
                CardPlace(
                    conversation=sender.conversation,
                    message=message,
                    document=BEES,
                    listener=sender.listener,
                )
            )
        await library.save_reading(a_document(BEES))
        track = a_track(BEES, 1, size=3)
        files.files[track.key] = b"ID3"
        await library.save_track(track)
        publisher = Publisher(library=library, files=files, platforms={"memory": chat})
        publishing_all = asyncio.create_task(publisher.run())
        while not chat.edits:  # it is under way
            await asyncio.sleep(0.001)
        began, last = time.perf_counter(), senders[-1]
        await library.wish(last.conversation, last.listener, BEES, 1, ENGLISH)
        publisher.notify()
        while not chat.tracks:
            await asyncio.sleep(0.001)
        tapped_s = time.perf_counter() - began
        while await library.stale_cards(["memory"]):
            await asyncio.sleep(0.1)
        publishing_all.cancel()
        await asyncio.gather(publishing_all, return_exceptions=True)
        return tapped_s, time.perf_counter() - began


def main() -> None:
    listeners = int(sys.argv[1]) if len(sys.argv) > 1 else LISTENERS
    for at_once in (publishing.EDITS_AT_ONCE, 10**6):
        with tempfile.TemporaryDirectory() as folder:
            with patch.object(publishing, "EDITS_AT_ONCE", at_once):
                tapped_s, all_s = asyncio.run(tap_s(Path(folder), listeners))
            name = f"{min(at_once, listeners)} at once"
            sys.stdout.write(f"{name:<16}tap {tapped_s:6.2f} s, all cards {all_s:6.1f} s\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
