"""`listendock doctor`: one line for each thing that must work, and what to do if it does not."""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from bot.app.chats import CHATS, strangers
from bot.app.servers import check_model
from bot.app.stores import open_stores
from bot.app.workshop import find_loopholes, open_workshop
from bot.home import make_home
from bot.near_misses import near_misses
from bot.ports import ChatError, ChatExtension, Chats
from bot.settings import Settings
from pipeline.audio.ffmpeg import ffmpeg_is_installed
from pipeline.domain import Chapter, Document, Narration, Passage
from pipeline.errors import ListenDockError, NoFfmpeg
from pipeline.process.trial import kernel_words

ENOUGH_BYTES = 1024**3
TIMEOUT_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """`is_fatal`: the program cannot do its main job like this."""

    is_well: bool
    text: str
    is_fatal: bool = True


Check = Callable[[Settings], Awaitable[Diagnosis]]


async def examine(settings: Settings, chats: Chats = CHATS) -> bool:
    """Print a line for each check. True unless something that is needed is missing."""
    is_well = True
    said: dict[str, str] = {}  # what is wrong → the check that found it first
    checks: dict[str, Check] = {
        "settings": partial(_names, chats),
        **_CHECKS,
        **{chat.name: partial(_chat, chat) for chat in chats},
    }
    for name, check in checks.items():
        finding = await _run_check(check, settings)
        mark = "ok  " if finding.is_well else ("FAIL" if finding.is_fatal else "note")
        first = name if finding.is_well else said.setdefault(finding.text, name)
        text = finding.text if first == name else f"the same as of the {first}, see there"
        sys.stdout.write(f"{mark} {name}: {text}\n")
        is_well &= finding.is_well or not finding.is_fatal
    return is_well


async def _run_check(check: Check, settings: Settings) -> Diagnosis:
    try:
        async with asyncio.timeout(TIMEOUT_S):
            return await check(settings)
    except ListenDockError as err:
        return Diagnosis(is_well=False, text=str(err))
    except TimeoutError:
        return Diagnosis(is_well=False, text=f"no answer within {TIMEOUT_S:.0f} s")
    except Exception as err:  # noqa: BLE001 - whatever a library throws: its kind, never its text (secrets)
        return Diagnosis(is_well=False, text=f"failed with {type(err).__name__}")


async def _names(chats: Chats, settings: Settings) -> Diagnosis:
    misses = await asyncio.to_thread(near_misses, settings)
    hints = [*map(str, misses), *strangers(chats, settings)]
    if hints:
        return Diagnosis(is_well=False, text=" ".join(hints), is_fatal=False)
    return Diagnosis(is_well=True, text="no name looks like a misspelt one")


async def _home(settings: Settings) -> Diagnosis:
    home = settings.listendock_home
    await asyncio.to_thread(make_home, home)
    with tempfile.TemporaryFile(dir=home):
        pass
    return Diagnosis(is_well=True, text=f"{home} can be written")


async def _disk(settings: Settings) -> Diagnosis:
    await asyncio.to_thread(make_home, settings.listendock_home)
    free = shutil.disk_usage(settings.listendock_home).free
    text = f"{free / 1024**3:.1f} GB free"
    if free < ENOUGH_BYTES:
        return Diagnosis(
            is_well=False, text=f"{text}; an hour of audio takes 22 MB", is_fatal=False
        )
    return Diagnosis(is_well=True, text=text)


async def _database(settings: Settings) -> Diagnosis:
    async with open_stores(settings) as (library, _):
        await library.shelf("doctor:nobody")
    kind = "PostgreSQL" if settings.is_postgres else "SQLite"
    return Diagnosis(is_well=True, text=f"{kind} answers, its schema is up to date")


async def _file_store(settings: Settings) -> Diagnosis:
    key = "doctor/probe.txt"
    async with open_stores(settings) as (_, files):
        with tempfile.TemporaryDirectory() as folder:
            probe = Path(folder) / "probe"
            probe.write_bytes(b"probe")
            await files.put(key, probe)
        async with files.local(key) as path:
            is_well = path.read_bytes() == b"probe"
        await files.delete([key])
    return Diagnosis(is_well=is_well, text="a file went in and came back")


async def _children(settings: Settings) -> Diagnosis:
    """A child tries what none may."""
    if found := await find_loopholes(settings.listendock_home):
        text = f"{kernel_words()}: one that reads a stranger's PDF {', '.join(found)}"
        return Diagnosis(is_well=False, text=text, is_fatal=settings.require_sandbox)
    return Diagnosis(
        is_well=True, text=f"locked up ({kernel_words()}): no files, sockets, programs"
    )


async def _voice(settings: Settings) -> Diagnosis:
    """Speak for real: voice, encoder and child processes in one go."""
    narration = Narration(voice=settings.default_voice)
    passage = Passage(text="This is a test of the voice.", page=1)
    chapter = Chapter(number=1, title="Test", level=1, page=1, passages=(passage,))
    document = Document(id="0" * 64, title="Test", pages=1, chapters=(chapter,))
    with tempfile.TemporaryDirectory() as folder:
        async with open_workshop(settings) as (producer, _):
            track = await producer.speak(
                document, chapter, narration, Path(folder) / "test.mp3", None
            )
    if track.spoken_by:
        text = f"{settings.default_voice} does not speak, {track.spoken_by} stands in"
        return Diagnosis(is_well=False, text=text)
    text = f"{settings.default_voice} spoke {track.seconds:.1f} s, an MP3 came of it"
    return Diagnosis(is_well=True, text=text)


async def _ffmpeg(settings: Settings) -> Diagnosis:
    if ffmpeg_is_installed():
        return Diagnosis(
            is_well=True, text="there; it joins whole documents and plays a server's sounds"
        )
    text = f"audiobooks (M4B), pictures beside audio files: {NoFfmpeg.sentence}"
    return Diagnosis(is_well=False, text=text, is_fatal=settings.uses_speech_server)


async def _model(settings: Settings) -> Diagnosis:
    if settings.offline:
        return Diagnosis(is_well=True, text="OFFLINE: no server is asked for anything")
    if not settings.uses_model:
        return Diagnosis(
            is_well=True, text="no OPENAI_API_KEY: takeaways are sentences of the text"
        )
    await check_model(settings)
    return Diagnosis(is_well=True, text=f"{settings.summary_model} answers: it writes takeaways")


async def _chat(chat: ChatExtension[Any], settings: Settings) -> Diagnosis:
    if chat.is_remote and settings.offline:
        return Diagnosis(is_well=True, text="OFFLINE: not opened")
    theirs = settings.part(chat.schema)
    if missing := chat.missing(theirs):
        return Diagnosis(is_well=False, text=f"no {missing}", is_fatal=False)
    try:
        return Diagnosis(is_well=True, text=await chat.check(theirs))
    except ChatError as err:
        text = f"{chat.label} cannot be reached ({type(err).__name__})"
        return Diagnosis(is_well=False, text=text)


_CHECKS: dict[str, Check] = {
    "home folder": _home,
    "disk": _disk,
    "database": _database,
    "file store": _file_store,
    "children": _children,
    "voice": _voice,
    "ffmpeg": _ffmpeg,
    "model": _model,
}
