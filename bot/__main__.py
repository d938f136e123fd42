"""The command line: `listendock serve | worker | narrate | chapters | migrate | backup | restore |
doctor`, and what chats add to it."""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from enum import IntEnum
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from bot.app.chats import CHATS, loggers_of, settings_of, strangers
from bot.app.workshop import open_workshop, refuse_open_children
from bot.home import keep_private, work_folder
from bot.logs import configure_logs
from bot.near_misses import near_misses
from bot.ports import Chats, Printout
from bot.settings import Settings, read_settings
from bot.terminal import ENDED_BY_SIGTERM, end_on_sigterm
from pipeline.domain import Kind, Mode, Narration
from pipeline.errors import ConfigurationError, NoFfmpeg
from pipeline.process.lock import hide_memory
from pipeline.producer import Producer

if TYPE_CHECKING:
    from bot.offline import FileLimits  # which loads what commands need that narrate
log = structlog.get_logger()
WORKING = ("serve", "worker", "narrate", "chapters")
STAYING = ("serve", "worker")  # commands that run until they are stopped


class Misuse(Exception):
    """What was asked for on the command line cannot be; found out later than by its parser."""


class Exit(IntEnum):
    WELL = 0
    DOCUMENT_FAILED = 1
    USAGE = 2
    CONFIGURATION = 3


def main(arguments: Sequence[str] | None = None, chats: Chats = CHATS) -> int:
    """Run one command; the exit code is that of docs and contract."""
    wanted = _parser(chats).parse_args(arguments)
    try:
        settings = read_settings(settings_of(chats))
        hide_memory()  # it holds tokens and keys from here on
        _begin_logs(settings, chats, wanted.command)
        return asyncio.run(_run(wanted, settings, chats))
    except Misuse as err:
        sys.stderr.write(f"listendock: {err}\n")
        return Exit.USAGE
    except ConfigurationError as err:
        sys.stderr.write(f"listendock: {err}\n")
        return Exit.CONFIGURATION
    except KeyboardInterrupt:
        return 130
    except asyncio.CancelledError:
        return ENDED_BY_SIGTERM


def _begin_logs(settings: Settings, chats: Chats, command: str) -> None:
    is_staying = command in STAYING
    configure_logs(
        level=settings.log_level if is_staying else "error",
        style=settings.log_format,
        secrets=settings.secrets,
        chatty=loggers_of(chats),
    )
    for miss in near_misses(settings):
        if is_staying:
            log.warning("unknown setting", hint=str(miss))
        elif command != "doctor":  # which names them in its report
            sys.stderr.write(f"listendock: {miss}\n")
    if is_staying:
        for stranger in strangers(chats, settings):
            log.warning("unknown account", hint=stranger)


async def _run(wanted: argparse.Namespace, settings: Settings, chats: Chats) -> int:
    if settings.require_sandbox and wanted.command in WORKING:
        await refuse_open_children(settings.listendock_home)
    match wanted.command:
        case "chapters" | "narrate" | "doctor":
            return await _passing(wanted, settings, chats)
        case "backup" | "restore":
            return await asyncio.to_thread(_copy_library, wanted, settings)
        case "serve" | "worker" | "migrate":
            return await _with_everything(wanted, settings, chats)
        case _:
            sys.stdout.write(_printouts(chats)[wanted.command].text())
            return Exit.WELL


async def _passing(wanted: argparse.Namespace, settings: Settings, chats: Chats) -> int:
    """What ends by itself, and leaves nothing for a moment behind however it is ended."""
    with ExitStack() as stack:
        end_on_sigterm(stack.close)
        stack.enter_context(work_folder(settings.listendock_home))
        match wanted.command:
            case "chapters":
                return await _chapters(wanted, settings)
            case "narrate":
                return await _narrate(wanted, settings)
            case _:
                return await _with_everything(wanted, settings, chats)


async def _with_everything(wanted: argparse.Namespace, settings: Settings, chats: Chats) -> int:
    """The commands that need database and engine, which take a second to import."""
    from bot.app import serving
    from bot.doctor import examine

    keep_private()
    match wanted.command:
        case "serve":
            pages = serving.Pages(
                host=wanted.host,
                port=wanted.port,
                is_opening_browser=wanted.open,
                is_new_key=wanted.new_key,
            )
            await serving.serve(settings, pages, chats)
        case "worker":
            await serving.work(settings)
        case "migrate":
            sys.stdout.write(f"{await serving.migrate(settings)}\n")
        case _:
            return Exit.WELL if await examine(settings, chats) else Exit.CONFIGURATION
    return Exit.WELL


def _copy_library(wanted: argparse.Namespace, settings: Settings) -> int:
    from bot.app import backup

    keep_private()
    copy = backup.back_up if wanted.command == "backup" else backup.restore
    try:
        count = copy(settings, wanted.folder)
    except OSError as err:  # no room, no rights: what was copied so far is of no use
        problem = f"Not copied: {err.strerror or type(err).__name__}."
        raise ConfigurationError(problem=problem) from None
    sys.stdout.write(f"{count} files, each checked by its hash\n")
    if wanted.command == "restore" and (aside := backup.set_aside_in(settings)):
        sys.stdout.write(
            f"Files of documents that came after the backup lie in {aside}: send their PDFs again "
            "to hear them, or delete that folder.\n"
        )
    return Exit.WELL


def _printouts(chats: Chats) -> dict[str, Printout]:
    return {printout.name: printout for chat in chats for printout in chat.printouts}


async def _chapters(wanted: argparse.Namespace, settings: Settings) -> int:
    from bot import offline

    if wanted.pages is not None:
        _have_folder(wanted.pages, "--pages")
    async with open_workshop(settings) as (producer, servers):
        failures = await offline.chapters(
            producer,
            wanted.files,
            _limits(settings),
            form="json" if wanted.json else "account" if wanted.account else "text",
            kind=_kind(wanted),
            pages=wanted.pages,
            summarizer=servers.summarizer,
        )
    return Exit.DOCUMENT_FAILED if failures else Exit.WELL


async def _narrate(wanted: argparse.Namespace, settings: Settings) -> int:
    from bot import offline

    narration = Narration(
        voice=wanted.voice or settings.default_voice,
        speed=wanted.speed,
        mode=Mode.TRANSLATION if wanted.language else Mode(wanted.mode),
        language=wanted.language or "en",  # else each document's own
    )
    if wanted.language and not settings.uses_model:
        raise ConfigurationError(
            problem="--language needs a model that translates: set OPENAI_API_KEY or "
            "OPENAI_BASE_URL."
        )
    _refuse_to_join(wanted.whole)
    async with open_workshop(settings) as (producer, servers):
        _refuse_unknown(wanted.voice, producer)
        _have_folder(wanted.out, "--out")
        order = offline.Order(
            limits=_limits(settings),
            out=wanted.out,
            narration=narration,
            kind=_kind(wanted),
            whole=wanted.whole,
            summarizer=servers.summarizer,
            teller=servers.teller,
        )
        failures = await offline.narrate(producer, wanted.files, order)
    return Exit.DOCUMENT_FAILED if failures else Exit.WELL


def _have_folder(folder: Path, option: str) -> None:
    """Before anything is read. Raises `ConfigurationError`."""
    try:
        nearest = next(place for place in (folder, *folder.parents) if place.exists())
        if not nearest.is_dir():
            problem = f"{option}: {nearest} is a file, and a folder is needed."
            raise ConfigurationError(problem=problem)
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as err:
        problem = f"{option}: {folder} cannot be made: {err.strerror}."
        raise ConfigurationError(problem=problem) from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise ConfigurationError(problem=f"{option}: {folder} cannot be written to.")


def _refuse_to_join(whole: str) -> None:
    """Raises `NoFfmpeg` before anything is read, where one file of all chapters cannot be made."""
    from pipeline.audio.ffmpeg import ffmpeg_is_installed

    if whole and not ffmpeg_is_installed():
        raise NoFfmpeg


def _refuse_unknown(voice: str | None, producer: Producer) -> None:
    """Raises `Misuse` for a voice that is not here."""
    known = [card.id for card in producer.voices()]
    if voice and voice not in known:
        raise Misuse(f"--voice {voice}: there is {', '.join(known)}.")


def _limits(settings: Settings) -> FileLimits:
    from bot.offline import FileLimits

    return FileLimits(pages=settings.max_pages, megabytes=settings.max_pdf_mb)


def _parser(chats: Chats) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="listendock", description="PDFs as chapters that you can listen to."
    )
    parser.add_argument("--version", action="version", version=version("listendock"))
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    serve = commands.add_parser("serve", help="all chats that are configured, and the local page")
    serve.add_argument(
        "--host",
        default="127.0.0.1",
        help="address of the page; one that others reach opens to its key alone",
    )
    serve.add_argument("--port", type=_port, default=8080, help="port of the page; 0: a free one")
    serve.add_argument("--open", action="store_true", help="open the page in the browser")
    serve.add_argument(
        "--new-key",
        action="store_true",
        help="make another key to a page that others reach; the former opens nothing any more",
    )
    commands.add_parser("worker", help="only work, for more processes and hosts")
    _add_narrate(commands.add_parser("narrate", help="write MP3s, no server"))
    chapters = commands.add_parser("chapters", help="show what would be read, no audio")
    chapters.add_argument("files", nargs="+", metavar="FILE.pdf")
    _add_kind(chapters)
    form = chapters.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="one line of JSON a file")
    form.add_argument(
        "--account", action="store_true", help="page by page what is read, what is left out and why"
    )
    chapters.add_argument(
        "--pages",
        type=Path,
        metavar="DIR",
        help="draw each page: what is read in green, what is left out in grey with the reason",
    )
    commands.add_parser("migrate", help="bring the database up to date, and do nothing else")
    commands.add_parser("doctor", help="check configuration, tokens, stores, voices, disk")
    for name, said in (
        ("backup", "copy the library, database and files, also while it serves"),
        ("restore", "bring a backup back into a home without a library"),
    ):
        commands.add_parser(name, help=said).add_argument("folder", type=Path, metavar="DIR")
    for name, printout in _printouts(chats).items():
        commands.add_parser(name, help=printout.help)
    return parser


def _add_kind(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--kind",
        choices=[kind.value for kind in Kind],
        metavar="KIND",
        help=f"what the files are, where they are taken for something else: {', '.join(Kind)}",
    )


def _kind(wanted: argparse.Namespace) -> Kind | None:
    return Kind(wanted.kind) if wanted.kind else None


def _add_narrate(narrate: argparse.ArgumentParser) -> None:
    narrate.add_argument("files", nargs="+", metavar="FILE.pdf")
    _add_kind(narrate)
    narrate.add_argument("--out", type=Path, default=Path(), metavar="DIR", help="default: here")
    narrate.add_argument("--voice", metavar="ID", help="for example hibari:heart")
    narrate.add_argument("--speed", type=_speed, default=1.0, help="0.5 to 2.0")
    narrate.add_argument(
        "--whole", choices=["mp3", "m4b"], default="", help="all chapters in one file as well"
    )
    what = narrate.add_mutually_exclusive_group()
    what.add_argument("--mode", choices=[Mode.ORIGINAL.value, Mode.BRIEF.value], default="original")
    what.add_argument("--language", type=_language, metavar="de", help="translated, by a model")


def _language(text: str) -> str:
    if not re.fullmatch("[a-z]{2}", text):
        raise argparse.ArgumentTypeError("a language has two letters")
    return text


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65535:
        raise argparse.ArgumentTypeError("a port is 0 to 65535")
    return port


def _speed(text: str) -> float:
    speed = float(text)
    if not 0.5 <= speed <= 2.0:
        raise argparse.ArgumentTypeError("a speed is 0.5 to 2.0")
    return speed


if __name__ == "__main__":
    sys.exit(main())
