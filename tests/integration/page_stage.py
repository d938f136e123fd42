"""The local page over HTTP on loopback, over the real conversation, library and publisher."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from adapters.database import DatabaseLibrary, open_library
from adapters.memory import MemoryFiles, MemoryJobs, MemoryKeys
from adapters.web.chat import WebChat
from adapters.web.opening import open_web
from bot.conversation import Conversations
from bot.domain import Conversation, ListeningState
from bot.handlers.operating import EVERYBODY, Admission
from bot.ports import ChatPlatform, Keys
from bot.views import Action, Verb
from bot.work.publishing import Publisher
from tests.libraries import migrated_url
from tests.producing import MemoryProducer
from tests.samples import a_document, a_policy, a_track
from tests.waiting import wait_for

PDF = b"%PDF-1.7 bees"
SOUND = bytes(range(256)) * 1500
HERE = Conversation(platform="web", channel="local")

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """An open page: what the program tells it."""

    lines: AsyncIterator[str]

    async def next(self, kind: str) -> Json:
        """The next event of that kind; others are passed over."""
        return await wait_for(self._next(kind), kind)

    async def _next(self, kind: str) -> Json:
        found = ""
        async for line in self.lines:
            if line.startswith("event: "):
                found = line.removeprefix("event: ")
            if line.startswith("data: ") and found == kind:
                body: Json = json.loads(line.removeprefix("data: "))
                return body
        raise AssertionError("the stream ended")

    async def card(self, **wanted: object) -> Json:
        """The next card with these values."""
        while True:
            card = await self.next("card")
            if all(card[name] == value for name, value in wanted.items()):
                return card

    async def marks(self, *wanted: str) -> None:
        """Until a card's chapters have these marks."""
        while True:
            card = await self.next("card")
            if tuple(line["mark"] for line in card["chapters"]) == wanted:
                return

    async def ends(self) -> None:
        await wait_for(self._end(), "the end of the stream")

    async def _end(self) -> None:
        async for _ in self.lines:
            pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    page: WebChat
    client: httpx.AsyncClient  # a browser that stands on the page
    library: DatabaseLibrary
    files: MemoryFiles
    jobs: MemoryJobs
    folder: Path
    page_keys: Keys
    told: list[str] = field(default_factory=list)  # at the terminal

    @property
    def key(self) -> str:
        """That was made when the page opened."""
        (line,) = self.told
        return line.rpartition("#key=")[2]

    async def opens_with(self, key: str, client: httpx.AsyncClient | None = None) -> httpx.Response:
        """As the page's script shows what stands in the link."""
        return await (client or self.client).post("/key", json={"key": key})

    async def sends(self, data: Any = PDF, name: str = "bees%20%C3%BC.pdf") -> httpx.Response:
        return await self.client.post("/api/documents", content=data, headers={"X-Filename": name})

    def spooled(self) -> int:
        """Bytes of the file that is coming in; it may go away while one looks."""
        size = 0
        for folder, _, names in os.walk(self.folder):
            for name in names:
                with suppress(FileNotFoundError):
                    size += (Path(folder) / name).stat().st_size
        return size

    async def taps(self, verb: Verb, document: str, number: int = 0, message: str = "") -> None:
        data = Action(verb=verb, document=document[:16], number=number).encoded()
        answer = await self.client.post("/api/tap", json={"data": data, "message": message})
        assert answer.status_code == 204

    async def says(self, text: str) -> None:
        assert (await self.client.post("/api/say", json={"text": text})).status_code == 204

    @asynccontextmanager
    async def tab(self) -> AsyncIterator[Tab]:
        async with self.client.stream("GET", "/api/events") as stream:
            yield Tab(lines=stream.aiter_lines())

    async def has_read(self, *titles: str, data: bytes = PDF) -> str:
        """A document of that many chapters, none of them spoken."""
        await self.sends(data)
        document = self.jobs.reads[-1]
        await self.library.save_reading(a_document(document, *titles))
        return document

    async def has_spoken(self, document: str, chapter: int) -> None:
        track = a_track(document, chapter)
        self.files.files[track.key] = SOUND[: track.size]
        await self.library.save_track(track)

    async def states(self, document: str) -> dict[int, ListeningState]:
        progress = await self.library.progress("web:local", document)
        assert progress is not None
        return progress.listenings


@asynccontextmanager
async def opened_stage(
    folder: Path,
    *,
    host: str = "127.0.0.1",
    public_url: str = "",
    keys: Keys | None = None,
    admission: Admission = EVERYBODY,
    **about_keys: Any,
) -> AsyncIterator[Stage]:
    files, jobs, keys = MemoryFiles(), MemoryJobs(), keys or MemoryKeys()
    told: list[str] = []
    platforms: dict[str, ChatPlatform] = {}
    spool = folder / "incoming"
    spool.mkdir(exist_ok=True)
    async with open_library(migrated_url(folder)) as library:
        publisher = Publisher(library=library, files=files, platforms=platforms)
        inbox = Conversations(
            library=library,
            ledger=library,
            files=files,
            jobs=jobs,
            platforms=platforms,
            producer=MemoryProducer(),
            policy=a_policy(max_pdf_mb=1, admission=admission),
            on_change=publisher.notify,
        )
        async with open_web(
            inbox=inbox,
            files=files,
            host=host,
            port=0,
            folder=spool,
            max_pdf_mb=1,
            public_url=public_url,
            keys=keys,
            tell=told.append,
            **about_keys,
        ) as page:
            platforms["web"] = page
            publishing = asyncio.create_task(publisher.run())
            async with a_browser(page.url) as client:
                yield Stage(
                    page=page,
                    client=client,
                    library=library,
                    files=files,
                    jobs=jobs,
                    folder=spool,
                    page_keys=keys,
                    told=told,
                )
            publishing.cancel()
            await asyncio.gather(publishing, return_exceptions=True)


def a_browser(url: str) -> httpx.AsyncClient:
    """It says where its requests come from, as every browser does. On loopback there is no TLS."""
    own = {"Origin": url, "Sec-Fetch-Site": "same-origin"}
    return httpx.AsyncClient(base_url=url, headers=own, timeout=None, verify=False)
