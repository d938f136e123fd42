"""ListenDock at home in the loopback's Slack: the real conversation, publisher and library, and
jobs that finish at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from adapters.database import DatabaseLibrary, open_library
from adapters.memory import MemoryFiles, MemoryJobs
from adapters.slack import windows
from adapters.slack.access import SlackAccess
from adapters.slack.chat import SlackChat
from adapters.slack.opening import open_slack
from bot.conversation import Conversations
from bot.ports import ChatPlatform, pdf_key
from bot.work.publishing import Publisher
from pipeline.domain import Narration
from pipeline.errors import EncryptedPdf
from tests.libraries import migrated_url
from tests.loopback.slack import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, LoopbackSlack
from tests.loopback.slack_member import Member
from tests.producing import LOCKED, MemoryProducer
from tests.samples import ENGLISH, a_document, a_policy, a_track
from tests.waiting import until

windows.TRIGGER_S = 3600.0  # nobody is hurried here
TITLES = ("Abstract", "Introduction", "How bees dance", "Discussion")


@dataclass(slots=True)
class QuickJobs(MemoryJobs):
    """Reads and speaks at once, unless `is_idle`; every document has the same chapters."""

    library: DatabaseLibrary | None = None
    files: MemoryFiles = field(default_factory=MemoryFiles)
    titles: Sequence[str] = TITLES
    on_change: Callable[[], None] = lambda: None
    is_idle: bool = False

    async def read(self, document: str, listener: str) -> None:
        await MemoryJobs.read(self, document, listener)
        if self.is_idle:
            return
        assert self.library is not None
        if self.files.files[pdf_key(document)].startswith(LOCKED.encode()):
            locked = EncryptedPdf()
            await self.library.save_failure(document, kind=locked.kind, sentence=str(locked))
            self.on_change()
            return
        await self.library.save_reading(a_document(document, *self.titles))
        await self.speak(document, range(1, len(self.titles) + 1), listener, ENGLISH)

    async def speak(
        self, document: str, chapters: Sequence[int], listener: str, narration: Narration
    ) -> None:
        await MemoryJobs.speak(self, document, chapters, listener, narration)
        assert self.library is not None
        for chapter in chapters:
            sound = b"ID3 chapter %d" % chapter
            track = a_track(document, chapter, size=len(sound))
            self.files.files[track.key] = sound
            await self.library.save_track(track)
        self.on_change()


@dataclass(slots=True)
class SlackStage:
    slack: LoopbackSlack
    folder: Path
    chat: SlackChat
    library: DatabaseLibrary
    files: MemoryFiles
    jobs: QuickJobs
    ada: Member
    tom: Member

    async def settled(self) -> None:
        """Nothing that was asked for is still to come."""
        await until(self._is_settled)

    async def _is_settled(self) -> bool:
        if any((self.folder / "slack" / "todo").iterdir()):
            return False
        return not (
            await self.library.due_wishes(["slack"]) or await self.library.stale_cards(["slack"])
        )


def access_to(slack: LoopbackSlack, *, events_port: int = 0) -> SlackAccess:
    """Through a socket, or over HTTP if a port is given."""
    return SlackAccess(
        bot_token=BOT_TOKEN,
        app_token="" if events_port else APP_TOKEN,
        signing_secret=SIGNING_SECRET if events_port else "",
        api_url=f"{slack.url}/api",
        port=events_port,
    )


@asynccontextmanager
async def opened_stage(
    slack: LoopbackSlack,
    folder: Path,
    *,
    events_port: int = 0,
    max_pdf_mb: int = 1,
    access: SlackAccess | None = None,
) -> AsyncIterator[SlackStage]:
    files = MemoryFiles()
    platforms: dict[str, ChatPlatform] = {}
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
        access = access or access_to(slack, events_port=events_port)
        if events_port:
            slack.events_url = f"http://127.0.0.1:{events_port}/slack/events"
        async with open_slack(access, inbox=inbox, folder=folder) as chat:
            chat.edit_interval_s = 0.05  # the loopback's members are quick
            platforms["slack"] = chat
            publishing = asyncio.create_task(publisher.run())
            try:
                yield SlackStage(
                    slack,
                    folder,
                    chat,
                    library,
                    files,
                    jobs,
                    Member(slack, "U0ADA"),
                    Member(slack, "U0TOM"),
                )
            finally:
                publishing.cancel()
                await asyncio.gather(publishing, return_exceptions=True)
