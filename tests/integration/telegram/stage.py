"""ListenDock at home in the loopback's Telegram: the real adapter, conversation, publisher and
library, and jobs that finish at once."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from starlette.types import ASGIApp

from adapters.database import DatabaseLibrary, open_library
from adapters.memory import MemoryFiles, MemoryJobs
from adapters.telegram.access import TelegramAccess
from adapters.telegram.chat import TelegramChat
from adapters.telegram.opening import open_telegram
from bot.conversation import Conversations
from bot.ports import ChatPlatform, Inbox
from bot.work.publishing import Publisher
from tests.libraries import migrated_url
from tests.loopback.telegram import TOKEN, LoopbackTelegram
from tests.loopback.telegram_api import BOT
from tests.loopback.telegram_chats import Chat
from tests.loopback.telegram_person import Person
from tests.producing import MemoryProducer
from tests.samples import ENGLISH, a_document, a_policy, a_track
from tests.waiting import until

TITLES = ("Abstract", "Introduction", "The dance", "Discussion")
EDITED_EVERY_S = 0.2  # the loopback's readers are quick
_groups = itertools.count(-1001)
_fresh = itertools.count(1)


@dataclass(slots=True)
class QuickJobs(MemoryJobs):
    """Reads and speaks at once, unless `is_idle`; every document has the same chapters, those in
    `failing` cannot be spoken. Tracks begin with `sound`."""

    library: DatabaseLibrary | None = None
    files: MemoryFiles = field(default_factory=MemoryFiles)
    on_change: Callable[[], None] = lambda: None
    is_idle: bool = False
    is_done: bool = False  # with the latest document
    failing: set[int] = field(default_factory=set)
    sound: bytes = b"ID3 sound of chapter "
    titles: tuple[str, ...] = TITLES

    async def read(self, document: str, *_: object) -> None:
        self.reads.append(document)
        if not self.is_idle:
            await self.finish(document)

    async def speak(self, document: str, chapters: Sequence[int], *_: object) -> None:
        if not self.is_idle:
            await self.spoken(document, *chapters)

    async def hurry(self, *_: object) -> None:
        return

    async def finish(self, document: str) -> None:
        assert self.library is not None
        await self.library.save_reading(a_document(document, *self.titles))
        await self.spoken(document, *range(1, len(self.titles) + 1))
        self.is_done = True

    async def spoken(self, document: str, *chapters: int) -> None:
        assert self.library is not None
        for chapter in chapters:
            if chapter in self.failing:
                await self.library.save_track_failure(document, chapter, ENGLISH)
                continue
            sound = self.sound + str(chapter).encode()
            track = a_track(document, chapter, size=len(sound))
            self.files.files[track.key] = sound
            await self.library.save_track(track)
        self.on_change()


@dataclass(slots=True)
class Stage:
    telegram: LoopbackTelegram
    folder: Path
    library: DatabaseLibrary
    files: MemoryFiles
    jobs: QuickJobs
    inbox: Conversations
    publisher: Publisher
    platforms: dict[str, ChatPlatform]
    ada: Person
    tom: Person
    is_local: bool = False
    public_url: str = ""
    routes: dict[str, ASGIApp] = field(default_factory=dict)

    @property
    def access(self) -> TelegramAccess:
        return TelegramAccess(
            token=TOKEN,
            api_url=self.telegram.url,
            is_local=self.is_local,
            public_url=self.public_url,
        )

    def group(self, *, is_forum: bool = False) -> Chat:
        """A group that the bot is in."""
        kind = "supergroup" if is_forum else "group"
        chat = self.telegram.chat(next(_groups), kind=kind, title="Readers")
        chat.is_forum = is_forum
        return chat

    async def settled(self) -> None:
        """All that came is handled, nothing is due."""
        await until(self._is_settled)

    async def looks_again(self) -> None:
        """The publisher, which sends whatever it finds."""
        await self.publisher.publish_due()
        await until(lambda: not self.publisher._serving)

    @asynccontextmanager
    async def unhurried(self) -> AsyncIterator[None]:
        """Cards are edited once, when all of it is done, however long that takes."""
        chat = self.platforms["telegram"]
        chat.edit_interval_s = 3600.0
        yield
        await self.handled()
        chat.edit_interval_s = EDITED_EVERY_S
        await self.settled()

    async def handled(self) -> None:
        """All that came; what is owed because of it may still be due."""
        await until(self._is_handled)

    def _is_handled(self) -> bool:
        journal = self.folder / "incoming" / "telegram" / "todo"
        return not (self.telegram.pending or any(journal.glob("*.json")))

    async def _is_settled(self) -> bool:
        return self._is_handled() and not (
            await self.library.due_wishes(["telegram"])
            or await self.library.stale_cards(["telegram"])
        )

    @asynccontextmanager
    async def living(self, inbox: Inbox | None = None) -> AsyncIterator[TelegramChat]:
        """The bot, from start to stop."""
        spool = self.folder / "incoming"
        spool.mkdir(exist_ok=True)
        async with open_telegram(
            self.access,
            inbox=inbox or self.inbox,
            folder=spool,
            routes=self.routes,
        ) as chat:
            chat.edit_interval_s = EDITED_EVERY_S
            self.platforms["telegram"] = chat
            publishing = asyncio.create_task(self.publisher.run())
            try:
                yield chat
            finally:
                publishing.cancel()
                await asyncio.gather(publishing, return_exceptions=True)


@asynccontextmanager
async def opened_stage(
    telegram: LoopbackTelegram, folder: Path, *, max_pdf_mb: int = 100
) -> AsyncIterator[Stage]:
    files, platforms = MemoryFiles(), dict[str, ChatPlatform]()
    async with open_library(migrated_url(folder)) as library:
        publisher = Publisher(library=library, files=files, platforms=platforms)
        jobs = QuickJobs(library=library, files=files, on_change=publisher.notify)
        inbox = Conversations(
            library=library,
            ledger=library,
            files=files,
            jobs=jobs,
            platforms=platforms,
            producer=MemoryProducer(),
            policy=a_policy(max_pdf_mb=max_pdf_mb),
            on_change=publisher.notify,
        )
        ada, tom = Person(telegram, 7, "Ada"), Person(telegram, 8, "Tom")
        yield Stage(telegram, folder, library, files, jobs, inbox, publisher, platforms, ada, tom)


def a_pdf(folder: Path, name: str = "bees.pdf") -> Path:
    """Bytes that no other has: what is in them is the jobs' business, and these do not look."""
    path = folder / name
    path.write_bytes(b"%PDF-1.7 " + f"{name} {next(_fresh)} ".encode() * 40)
    return path


def is_card(title: str = "On Bees") -> Callable[[Chat], object]:
    """For `sees`: a finished card."""
    return lambda chat: next(
        (m for m in chat.texts if m.words.startswith(title) and "4 ready" in m.words), None
    )


BOT_NAME = str(BOT["username"])
