"""Who sends documents at the page, asks for chapters, plays and marks them, while the program is
killed: one tab for all documents."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from bot.views import Action, Verb
from tests.integration.page_stage import a_browser
from tests.killing.people import HEARD
from tests.waiting import until

AGAIN_S = 0.2  # after which a browser or whoever sits before it tries again


@dataclass(slots=True)
class Page:
    """A tab that stays open, and comes back as a browser does."""

    client: httpx.AsyncClient
    cards: dict[str, Any] = field(default_factory=dict)
    messages: list[str] = field(default_factory=list)
    notes: list[tuple[str, int]] = field(default_factory=list)

    async def looks(self) -> None:
        """Until cancelled."""
        while True:
            with suppress(httpx.HTTPError):
                async with self.client.stream("GET", "/api/events") as stream:
                    await self._reads(stream.aiter_lines())
            await asyncio.sleep(AGAIN_S)

    async def _reads(self, lines: AsyncIterator[str]) -> None:
        kind = ""
        async for line in lines:
            if line.startswith("event: "):
                kind = line.removeprefix("event: ")
            elif line.startswith("data: "):
                self._takes(kind, json.loads(line.removeprefix("data: ")))

    def _takes(self, kind: str, body: Any) -> None:
        if kind == "state":
            self.cards = {card["document"]: card for card in body["cards"]}
        elif kind == "card":
            self.cards[body["document"]] = body
        elif kind == "message":
            self.messages.append(str(body.get("text")))
        elif kind == "note":
            self.notes.append((body["document"], body["number"]))

    async def insists(self, path: str, **body: Any) -> None:
        """Until it is taken."""
        while True:
            with suppress(httpx.HTTPError):
                if (await self.client.post(path, **body)).status_code == 204:
                    return
            await asyncio.sleep(AGAIN_S)


@asynccontextmanager
async def an_open_page(url: str) -> AsyncIterator[Page]:
    async with a_browser(url) as client:
        page = Page(client)
        looking = asyncio.create_task(page.looks())
        try:
            yield page
        finally:
            looking.cancel()
            await asyncio.gather(looking, return_exceptions=True)


@dataclass(slots=True)
class OnPage:
    """The browser plays what was asked for when it is ready, and says so."""

    page: Page
    document: str
    _played: dict[int, int] = field(default_factory=dict)

    listener = "web:local"

    @property
    def _card(self) -> dict[str, Any]:
        found: dict[str, Any] = self.page.cards.get(self.document, {})
        return found

    def _line(self, chapter: int) -> dict[str, Any]:
        lines = self._card.get("chapters", ())
        return next((line for line in lines if line["number"] == chapter), {})

    async def sends(self, pdf: Path) -> None:
        headers = {"X-Filename": pdf.name}
        await self.page.insists("/api/documents", content=pdf.read_bytes(), headers=headers)

    async def asks(self, chapter: int) -> None:
        await until(lambda: self._line(chapter), "a card on the page")
        await self._taps(Verb.PLAY, chapter)

    async def hears(self, chapter: int) -> bytes:
        line = await until(lambda: self._line(chapter).get("ready") and self._line(chapter))
        address = f"/audio/{self.document}/{chapter}/{line['filename']}"
        while True:
            with suppress(httpx.HTTPError):
                answer = await self.page.client.get(address)
                if answer.status_code == 200:
                    break
            await asyncio.sleep(AGAIN_S)
        self._played[chapter] = self._played.get(chapter, 0) + 1
        await self._taps(Verb.STARTED, chapter)
        return answer.content

    async def marks(self, chapter: int) -> None:
        await self._taps(Verb.HEARD, chapter)

    async def _taps(self, verb: Verb, chapter: int) -> None:
        action = Action(verb=verb, document=self.document[:16], number=chapter)
        await self.page.insists("/api/tap", json={"data": action.encoded(), "message": ""})

    def cards(self) -> int:
        return int(bool(self._card))

    def is_card_true(self, chapters: int, heard: Sequence[int]) -> bool:
        lines = self._card.get("chapters", ())
        ready = [line for line in lines if line["ready"]]
        return len(ready) == chapters and all(
            self._line(number)["mark"] == HEARD for number in heard
        )

    def sent(self) -> dict[int, int]:
        """What is asked for once is played once, however often the page is told of it."""
        return dict(self._played)

    def strange(self) -> list[str]:
        return self.page.messages
