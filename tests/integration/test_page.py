"""The local page over HTTP: who may come in, uploads, events, taps, sound."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from adapters.database import DatabaseLibrary, open_library
from adapters.memory import MemoryFiles, MemoryJobs
from adapters.web import WebChat, open_web
from adapters.web.ranges import span_of
from bot.conversation import Conversations
from bot.domain import Conversation
from bot.ports import ChatPlatform, Unreachable
from bot.publish import Publisher
from bot.views import Action, NoticeView, Verb
from pipeline.errors import ConfigurationError
from tests.samples import ENGLISH, a_document, a_track

PDF = b"%PDF-1.7 bees"
SOUND = bytes(range(256)) * 1500


@dataclass(slots=True)
class Stage:
    page: WebChat
    client: httpx.AsyncClient
    library: DatabaseLibrary
    files: MemoryFiles
    jobs: MemoryJobs

    async def upload(self, data: bytes = PDF, **headers: str) -> httpx.Response:
        named = {"X-Filename": "bees%20%C3%BC.pdf", **headers}
        return await self.client.post("/api/documents", content=data, headers=named)

    async def tap(self, verb: Verb, document: str, number: int = 0) -> None:
        data = Action(verb=verb, document=document[:16], number=number).encoded()
        answer = await self.client.post("/api/tap", json={"data": data, "message": ""})
        assert answer.status_code == 204

    @asynccontextmanager
    async def events(self) -> AsyncIterator[AsyncIterator[dict[str, Any]]]:
        async with self.client.stream("GET", "/api/events") as stream:
            lines = stream.aiter_lines()

            async def found() -> AsyncIterator[dict[str, Any]]:
                async for line in lines:
                    if line.startswith("data: "):
                        yield json.loads(line.removeprefix("data: "))

            yield found()

    async def with_sound(self) -> str:
        """A document with one chapter that is spoken."""
        await self.upload()
        (document,) = self.jobs.reads
        await self.library.save_reading(a_document(document, "One", "Two"))
        track = a_track(document, 1)
        self.files.files[track.key] = SOUND[: track.size]
        await self.library.save_track(track)
        return document


@asynccontextmanager
async def opened(folder: Path, host: str = "127.0.0.1") -> AsyncIterator[Stage]:
    files, jobs = MemoryFiles(), MemoryJobs()
    platforms: dict[str, ChatPlatform] = {}
    async with open_library(f"sqlite+aiosqlite:///{folder / 'app.db'}") as library:
        publisher = Publisher(library=library, files=files, platforms=platforms)
        inbox = Conversations(
            library=library,
            files=files,
            jobs=jobs,
            platforms=platforms,
            narration=ENGLISH,
            narration_for=lambda _document, wanted: wanted,
            max_pdf_mb=1,
            on_change=publisher.notify,
        )
        async with open_web(
            inbox=inbox, files=files, host=host, port=0, folder=folder, max_pdf_mb=1
        ) as page:
            platforms["web"] = page
            publishing = asyncio.create_task(publisher.run())
            address = page.url.replace("0.0.0.0", "127.0.0.1")
            async with httpx.AsyncClient(base_url=address) as client:
                yield Stage(page, client, library, files, jobs)
            publishing.cancel()
            await asyncio.gather(publishing, return_exceptions=True)


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with opened(tmp_path) as found:
        yield found


async def test_the_page_comes_with_headers_that_keep_it_alone(stage: Stage) -> None:
    answer = await stage.client.get("/")
    assert answer.status_code == 200
    assert "ListenDock" in answer.text
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    for path in ("app.js", "cards.js", "player.js", "style.css", "icon.svg"):
        assert (await stage.client.get(f"/static/{path}")).status_code == 200


async def test_nothing_on_the_page_asks_another_host(stage: Stage) -> None:
    for path in ("/", "/static/app.js", "/static/player.js", "/static/style.css"):
        text = (await stage.client.get(path)).text.replace("http://www.w3.org/2000/svg", "")
        assert "http://" not in text
        assert "https://" not in text


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "localhost:1", ""])
async def test_a_foreign_name_for_us_is_turned_away(stage: Stage, host: str) -> None:
    answer = await stage.client.get("/", headers={"Host": host})
    assert answer.status_code == 403


async def test_localhost_is_a_name_of_ours(stage: Stage) -> None:
    port = stage.page.url.rpartition(":")[2]
    assert (await stage.client.get("/", headers={"Host": f"localhost:{port}"})).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_another_sites_page_can_do_nothing(stage: Stage, headers: dict[str, str]) -> None:
    for path in ("/api/documents", "/api/tap", "/api/say"):
        answer = await stage.client.post(path, content=b"{}", headers=headers)
        assert answer.status_code == 403
    assert stage.jobs.reads == []


async def test_the_pages_own_requests_come_through(stage: Stage) -> None:
    own = {"Origin": stage.page.url, "Sec-Fetch-Site": "same-origin"}
    assert (await stage.upload(**own)).status_code == 202


async def test_an_upload_is_kept_and_its_card_comes_as_an_event(stage: Stage) -> None:
    async with stage.events() as events:
        assert (await anext(events))["cards"] == []
        assert (await stage.upload()).status_code == 202
        event = await anext(events)
        assert event["view"]["kind"] == "card"
        assert event["view"]["title"] == "bees ü.pdf"
    assert len(stage.jobs.reads) == 1
    assert PDF in stage.files.files.values()


@pytest.mark.parametrize("has_length", [True, False])
async def test_a_file_over_the_limit_is_refused_while_it_comes(
    stage: Stage, tmp_path: Path, has_length: bool
) -> None:
    async def body() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b"x" * 65536

    content: Any = b"x" * 40 * 65536 if has_length else body()
    answer = await stage.client.post("/api/documents", content=content)
    assert answer.status_code == 413
    assert "the limit here is 1 MB" in answer.json()["text"]
    assert stage.files.files == {}
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == []


async def test_reloading_shows_everything_as_it_was(stage: Stage) -> None:
    document = await stage.with_sound()
    await stage.tap(Verb.HEARD, document, 1)
    async with stage.events() as events:
        (card,) = (await anext(events))["cards"]
    assert [line["mark"] for line in card["view"]["chapters"]] == ["✓", "○"]
    assert card["view"]["chapters"][0]["is_ready"]


async def test_a_change_reaches_every_open_tab(stage: Stage) -> None:
    document = await stage.with_sound()
    async with stage.events() as one, stage.events() as two:
        await anext(one)
        await anext(two)
        await stage.tap(Verb.HEARD, document, 1)
        for events in (one, two):
            async with asyncio.timeout(10):
                async for event in events:
                    if event["view"]["chapters"] and event["view"]["chapters"][0]["mark"] == "✓":
                        break


async def test_a_wished_chapter_is_announced_when_it_is_spoken(stage: Stage) -> None:
    document = await stage.with_sound()
    async with stage.events() as events:
        await anext(events)
        await stage.tap(Verb.PLAY, document, 2)
        assert stage.jobs.hurried == [(document, 2)]
        track = a_track(document, 2)
        stage.files.files[track.key] = SOUND
        await stage.library.save_track(track)
        async with asyncio.timeout(10):
            async for event in events:
                if event["kind"] == "note":
                    break
    assert (event["note"]["chapter"], event["note"]["position"]) == (2, "2 of 2")


async def test_a_page_that_is_closed_is_owed_nothing(stage: Stage) -> None:
    note: Any = None
    with pytest.raises(Unreachable):
        await stage.page.send_track(
            Conversation(platform="web", channel="local"), note, Path("x"), []
        )


async def test_a_deleted_document_leaves_every_tab(stage: Stage) -> None:
    document = await stage.with_sound()
    async with stage.events() as events:
        await anext(events)
        await stage.tap(Verb.DELETE, document)
        async with asyncio.timeout(10):
            async for event in events:
                if event["kind"] == "shelf":
                    break
    assert event["cards"] == []


async def test_commands_answer_with_views(stage: Stage) -> None:
    await stage.with_sound()
    async with stage.events() as events:
        await anext(events)
        await stage.client.post("/api/say", json={"text": "/progress"})
        async with asyncio.timeout(10):
            async for event in events:
                if event["kind"] == "view" and event["view"]["kind"] == "shelf":
                    break
    assert event["view"]["lines"][0]["text"] == "0 of 2 heard (0 of 2 min)"


async def test_sound_comes_whole_and_in_parts(stage: Stage) -> None:
    document = await stage.with_sound()
    size = a_track(document, 1).size
    address = f"/audio/{document}/1.mp3"
    whole = await stage.client.get(address)
    assert (whole.status_code, whole.headers["content-type"]) == (200, "audio/mpeg")
    assert whole.content == SOUND[:size]
    part = await stage.client.get(address, headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, SOUND[100:200])
    assert part.headers["content-range"] == f"bytes 100-199/{size}"
    beyond = await stage.client.get(address, headers={"Range": f"bytes={size}-"})
    assert beyond.status_code == 416


async def test_sound_of_what_is_not_on_the_shelf_is_not_there(stage: Stage) -> None:
    document = await stage.with_sound()
    for address in (f"/audio/{document}/2.mp3", f"/audio/{'0' * 64}/1.mp3", "/audio/..%2f/1.mp3"):
        assert (await stage.client.get(address)).status_code == 404


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'"text"', b"{" + b" " * 70_000])
async def test_nonsense_is_refused(stage: Stage, body: bytes) -> None:
    for path in ("/api/tap", "/api/say"):
        assert (await stage.client.post(path, content=body)).status_code == 400


async def test_on_another_address_each_browser_is_a_listener_of_its_own(tmp_path: Path) -> None:
    async with opened(tmp_path, host="0.0.0.0") as stage:
        assert (await stage.upload()).status_code == 400
        answer = await stage.client.get("/")
        cookie = answer.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "samesite=strict" in cookie.lower()
        document = await stage.with_sound()
        assert (await stage.client.get(f"/audio/{document}/1.mp3")).status_code == 200
        stage.client.cookies.clear()
        await stage.client.get("/")  # another browser
        assert (await stage.client.get(f"/audio/{document}/1.mp3")).status_code == 404


async def test_an_open_page_does_not_hold_the_program_up(tmp_path: Path) -> None:
    async with opened(tmp_path) as stage:
        request = stage.client.build_request("GET", "/api/events")
        stream = await stage.client.send(request, stream=True)
        lines = stream.aiter_lines()
        await anext(lines)
        stage.page.close()
        async with asyncio.timeout(5):
            async for _ in lines:
                pass


async def test_a_taken_port_is_said_with_the_way_out(stage: Stage, tmp_path: Path) -> None:
    port = int(stage.page.url.rpartition(":")[2])
    inbox: Any = None
    with pytest.raises(ConfigurationError, match="--port 0"):
        async with open_web(
            inbox=inbox,
            files=MemoryFiles(),
            host="127.0.0.1",
            port=port,
            folder=tmp_path,
            max_pdf_mb=1,
        ):
            pass


async def test_a_slow_tab_starts_anew_instead_of_filling_memory(stage: Stage) -> None:
    place = Conversation(platform="web", channel="local")
    with stage.page.tab("local") as tab:
        for number in range(1000):
            await stage.page.show(place, NoticeView(text=str(number)))
        left = [event async for event in tab.events(0.1) if event is not None]
    assert len(left) < 500


@pytest.mark.parametrize(
    ("header", "span"),
    [
        (None, (0, 100)),
        ("bytes=0-", (0, 100)),
        ("bytes=10-19", (10, 20)),
        ("bytes=90-200", (90, 100)),
        ("bytes=-10", (90, 100)),
        ("bytes=-200", (0, 100)),
        ("bytes=100-", None),
        ("bytes=-0", None),
        ("bytes=5-4", None),
        ("bytes=-", (0, 100)),
        ("lines=1-2", (0, 100)),
        ("bytes=0-1,5-6", (0, 100)),
    ],
)
def test_ranges(header: str | None, span: tuple[int, int] | None) -> None:
    assert span_of(header, 100) == span
