"""The whole program beside a model: extracts at once, better ones in place, nothing waits."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from mutagen.id3 import ID3

from adapters.database import open_library, schema
from adapters.memory import MemoryChat
from bot.app.program import Program, open_program
from bot.domain import Sender
from bot.settings import Settings
from bot.views import Action, CardView, NoticeView, Verb
from pipeline.domain import Mode
from tests.commands import run_listendock
from tests.loopback.openai import KEY, OpenAiServer, Trouble, in_german, running
from tests.samples import a_sender
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("warm_children")
SENDER = a_sender("7")
GERMAN = replace(SENDER, listener=replace(SENDER.listener, language="de"))


@pytest.fixture
def home(home: Path, sqlite_home: Path) -> Path:
    """One where a program was once: its tables are there."""
    assert home == sqlite_home
    return home


@dataclass(slots=True)
class Scene:
    chat: MemoryChat
    program: Program
    sender: Sender

    @property
    def card(self) -> CardView | None:
        cards = [view for view in self.chat.messages.values() if isinstance(view, CardView)]
        return cards[0] if cards else None

    async def taps(self, verb: Verb, number: int) -> None:
        assert self.card is not None
        action = Action(verb=verb, document=self.card.document[:16], number=number)
        await self.program.inbox.on_tap(self.sender, action.encoded(), "1")

    async def taps_loose(self, verb: Verb, number: int) -> None:
        await self.program.inbox.on_tap(self.sender, Action(verb=verb, number=number).encoded(), "")

    async def lyrics(self, chapter: int) -> str:
        """What the file of a chapter says that it says."""
        assert self.card is not None
        track = await self.program.inbox.track_of(self.sender, self.card.document, chapter)
        assert track is not None
        async with self.program.files.local(track.key) as path:
            return str(ID3(path).getall("USLT")[0].text)

    async def until(self, is_so: Callable[[CardView], bool]) -> CardView:
        def card() -> CardView | None:
            card = self.card
            return card if card is not None and is_so(card) else None

        return await until(card, lambda: f"such a card, where there is {self.card}")


def settings(home: Path, server: OpenAiServer, **others: object) -> Settings:
    given: dict[str, object] = {
        "listendock_home": home,
        "openai_api_key": KEY,
        "openai_base_url": server.url,
        "workers": 1,
        **others,
    }
    if "speech_voice" not in others:
        given["voice"] = "espeak:default"  # a quick one: the sound says nothing here
    return Settings(_env_file=None, **given)


@asynccontextmanager
async def a_scene(wanted: Settings, paper: Path, sender: Sender = SENDER) -> AsyncIterator[Scene]:
    """A program that has just been sent a paper."""
    chat = MemoryChat()
    async with open_program(wanted) as program:
        program.platforms["memory"] = chat
        publishing = asyncio.create_task(program.publisher.run())
        await program.inbox.on_document(sender, paper, "bees.pdf")
        try:
            yield Scene(chat, program, sender)
        finally:
            publishing.cancel()
            await asyncio.gather(publishing, return_exceptions=True)


def has_sound(card: CardView) -> bool:
    return any(line.is_ready for line in card.chapters)


def is_improved(card: CardView) -> bool:
    return any(line.title.startswith("Discussion – ") for line in card.chapters)


async def test_a_card_is_improved_in_place_and_its_cost_recorded(home: Path, paper: Path) -> None:
    async with running(OpenAiServer()) as server:
        wanted = settings(home, server, summary_model="gpt-4.1-mini")
        async with a_scene(wanted, paper) as scene:
            card = await scene.until(is_improved)
            assert any(line.takeaway in server.said for line in card.chapters)
        assert len(scene.chat.messages) == 1  # the same message, edited
        assert len(server.calls) <= 3
        (row,) = await costs(wanted)
    assert row.listener == SENDER.listener.id
    assert (row.model, len(row.document)) == ("gpt-4.1-mini", 64)
    assert row.micro_usd > 0


async def costs(wanted: Settings) -> Sequence[sa.Row[Any]]:
    async with (
        open_library(wanted.app_database_url) as library,
        library.engine.connect() as connection,
    ):
        return (await connection.execute(sa.select(schema.costs))).all()


async def test_takeaways_come_in_the_listeners_language_when_they_want_that(
    home: Path, paper: Path
) -> None:
    async with running(OpenAiServer()) as server:
        wanted = settings(home, server, summary_model="gpt-4.1-mini")
        async with a_scene(wanted, paper, GERMAN) as scene:
            card = await scene.until(is_improved)
            english = {line.takeaway for line in card.chapters}
            await scene.taps_loose(Verb.TAKEAWAYS_IN, 1)
            card = await scene.until(lambda card: not english & {t.takeaway for t in card.chapters})
            assert {in_german(sentence) for sentence in english} >= {
                line.takeaway for line in card.chapters[1:-1]
            }
            calls = len(server.calls)
            await scene.taps_loose(Verb.TAKEAWAYS_IN, 0)
            await scene.until(lambda card: {line.takeaway for line in card.chapters} == english)
        assert len(server.calls) == calls


async def test_nothing_waits_for_a_model_that_hangs(home: Path, paper: Path) -> None:
    server = OpenAiServer(is_always=Trouble.HANG)
    async with running(server), a_scene(settings(home, server), paper) as scene:
        card = await scene.until(has_sound)
        assert server.calls  # it was asked
    assert all(line.takeaway for line in card.chapters)


async def test_offline_nothing_leaves_whatever_keys_there_are(home: Path, paper: Path) -> None:
    async with running(OpenAiServer()) as server:
        wanted = settings(home, server, speech_voice="alloy", speech_api_key=KEY, offline=True)
        async with a_scene(wanted, paper) as scene:
            card = await scene.until(lambda card: has_sound(card) and not card.status)
    assert not server.calls
    assert all(line.takeaway for line in card.chapters)


@pytest.mark.parametrize("trouble", [Trouble.UNAUTHORIZED, Trouble.FORBIDDEN], ids=str)
async def test_a_key_that_is_refused_is_told_to_who_runs_it_and_with_each_note(
    home: Path, paper: Path, trouble: Trouble
) -> None:
    async with running(OpenAiServer(is_always=trouble)) as server:
        wanted = settings(home, server, speech_voice="alloy", admins="memory:7")
        async with a_scene(wanted, paper) as scene:
            card = await scene.until(lambda card: any(line.is_ready for line in card.chapters[:1]))
            await scene.program.inbox.on_tap(SENDER, card.chapters[0].action.encoded(), "1")
            await until(lambda: scene.chat.tracks and len(notices(scene)) >= 2)
            told = notices(scene)
    assert "the chosen one failed" in scene.chat.tracks[0].note.position
    assert [("gpt-4.1-mini" in text, "alloy" in text) for text in sorted(told)] == [
        (True, False),
        (False, True),
    ]
    assert all(trouble in text and KEY not in text for text in told)


async def in_brief(scene: Scene) -> CardView:
    """The card, once all is spoken in brief."""
    await scene.until(lambda card: bool(card.chapters))
    await scene.until(lambda card: not card.status)
    await scene.taps(Verb.MODE, tuple(Mode).index(Mode.BRIEF))
    return await scene.until(lambda card: "Brief" in card.facts and not card.status)


async def test_the_brief_version_is_what_the_model_tells_and_only_asked_for_when_it_is_wanted(
    home: Path, paper: Path
) -> None:
    async with running(OpenAiServer()) as server:
        wanted = settings(home, server, summary_model="gpt-4.1-mini")
        async with a_scene(wanted, paper) as scene:
            await scene.until(is_improved)
            await scene.until(lambda card: not card.status)
            assert not [call for call in server.calls if '"pieces"' in call.text]
            card = await in_brief(scene)
            briefs = [await scene.lyrics(line.number) for line in card.chapters]
        asked = [call for call in server.calls if '"pieces"' in call.text]
        paid = await costs(wanted)
    assert len(asked) == len(paid) - 1 >= 2
    told = [text for text in briefs if text.partition("\n\n")[2] in server.made]
    assert len(told) == len(asked)


async def test_a_document_is_heard_in_the_listeners_language_and_in_its_own_again(
    home: Path, paper: Path
) -> None:
    async with running(OpenAiServer()) as server:
        wanted = settings(home, server, summary_model="gpt-4.1-mini")
        async with a_scene(wanted, paper, GERMAN) as scene:
            await scene.until(is_improved)
            await scene.until(lambda card: not card.status)
            own = await scene.lyrics(1)
            await scene.taps(Verb.MODE, 2)
            card = await scene.until(lambda card: "Deutsch" in card.facts and not card.status)
            assert all(line.is_ready for line in card.chapters)
            for line in card.chapters:
                passages = (await scene.lyrics(line.number)).split("\n\n")
                assert sum(passage in server.made for passage in passages) >= len(passages) / 2
            calls = len(server.calls)
            await scene.taps(Verb.MODE, 0)
            await scene.until(lambda card: "Original" in card.facts and not card.status)
            assert await scene.lyrics(1) == own
            await scene.taps(Verb.MODE, 2)
            await scene.until(lambda card: "Deutsch" in card.facts and not card.status)
        assert len(server.calls) == calls
        assert all(row.micro_usd > 0 for row in await costs(wanted))


async def test_a_translation_that_cannot_be_had_is_told_and_can_be_tried_again(
    home: Path, paper: Path
) -> None:
    server = OpenAiServer(is_always=Trouble.FORBIDDEN)
    async with running(server), a_scene(settings(home, server), paper, GERMAN) as scene:
        await scene.until(lambda card: bool(card.chapters) and not card.status)
        await scene.taps(Verb.MODE, 2)
        await scene.until(lambda card: "nicht sprechen" in card.status)
        await scene.taps(Verb.PLAY, 1)
        await until(lambda: any("nicht übersetzen" in text for text in notices(scene)))
        assert not scene.chat.tracks


async def test_a_key_without_rights_is_told_once_and_the_brief_version_is_heard_all_the_same(
    home: Path, paper: Path
) -> None:
    server = OpenAiServer(is_always=Trouble.FORBIDDEN)
    async with (
        running(server),
        a_scene(settings(home, server, admins="memory:7"), paper) as scene,
    ):
        card = await in_brief(scene)
        assert all(line.is_ready for line in card.chapters)
        assert ["403" in text for text in notices(scene)] == [True]
        await scene.program.inbox.on_tap(SENDER, card.chapters[0].action.encoded(), "1")
        await until(lambda: scene.chat.tracks)
    assert "failed" not in scene.chat.tracks[0].note.position


def notices(scene: Scene) -> list[str]:
    return [v.text for v in scene.chat.messages.values() if isinstance(v, NoticeView)]


async def listendock(*arguments: str | Path, **environment: str) -> tuple[int, str, str]:
    done = await run_listendock(*arguments, **environment)
    return done.returncode, done.stdout, done.stderr


async def test_the_command_line_writes_as_the_model_does(home: Path, paper: Path) -> None:
    async with running(OpenAiServer()) as server:
        environment = {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": server.url, "LOG_LEVEL": "debug"}
        code, out, err = await listendock("chapters", "--json", paper, **environment)
    assert code == 0
    answer = json.loads(out)
    assert {chapter["takeaway_source"] for chapter in answer["chapters"]} >= {"model"}
    assert KEY not in out + err
    assert not any(sentence in err for sentence in server.said)


async def test_the_command_line_narrates_a_translation(home: Path, paper: Path) -> None:
    async with running(OpenAiServer()) as server:
        environment = {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": server.url}
        out = home / "out"
        code, folder, err = await listendock(
            "narrate", paper, "--out", out, "--language", "de", **environment
        )
    assert code == 0, err
    described = json.loads((Path(folder.strip()) / "document.json").read_text())
    spoken = " ".join(chapter["script"] for chapter in described["chapters"])
    assert spoken.count("beobachten") > 9
    first = Path(folder.strip()) / described["chapters"][0]["audio"]
    passages = ID3(first).getall("USLT")[0].text.split("\n\n")
    assert set(passages) <= server.made


async def test_a_translation_needs_a_model(home: Path, paper: Path) -> None:
    code, _, err = await listendock("narrate", paper, "--language", "de")
    assert code == 3
    assert "OPENAI_BASE_URL" in err


async def test_the_command_line_offline_asks_nobody(home: Path, paper: Path) -> None:
    async with running(OpenAiServer()) as server:
        environment = {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": server.url, "OFFLINE": "1"}
        code, out, _ = await listendock("chapters", "--json", paper, **environment)
    assert code == 0
    assert {c["takeaway_source"] for c in json.loads(out)["chapters"]} == {"extract"}
    assert not server.calls


@pytest.mark.parametrize("trouble", [None, Trouble.UNAUTHORIZED], ids=str)
async def test_doctor_asks_the_model(home: Path, trouble: Trouble | None) -> None:
    async with running(OpenAiServer(is_always=trouble)) as server:
        environment = {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": server.url}
        code, out, err = await listendock("doctor", **environment)
    line = next(line for line in out.splitlines() if " model:" in line)
    assert line.startswith("FAIL" if trouble else "ok")
    assert (code == 0) is (trouble is None)
    assert KEY not in out + err
