"""The program, run until it is told to stop."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
import webbrowser
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import structlog

from adapters.database import revision_of
from bot.app.chats import CHATS, ready_to_open
from bot.app.heap import settled_heap
from bot.app.program import Program, open_jobs, open_program
from bot.app.servers import open_servers
from bot.app.stores import open_stores
from bot.app.workshop import open_producer
from bot.home import make_home, temporary_folder
from bot.operators import Operators
from bot.ports import Chats, Provisions
from bot.settings import Settings
from bot.work.covers import Covers
from bot.work.outages import patient
from pipeline.errors import ConfigurationError

log = structlog.get_logger()
GRACE_S = 9.0  # of the ten that a supervisor waits


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """Where pages listen, whether one is shown to whoever starts the program, and whether it gets
    another key."""

    host: str
    port: int
    is_opening_browser: bool = False
    is_new_key: bool = False


async def serve(settings: Settings, pages: Pages, chats: Chats = CHATS) -> None:
    """Every chat that is configured, and a worker; until SIGTERM."""
    ready = ready_to_open(chats, settings)
    if settings.offline:
        log.warning("offline", open=[chat.name for chat in ready])
    async with AsyncExitStack() as stack:
        stopped = _stop_signal()
        await _settle(stack, settings)
        program = await stack.enter_async_context(open_program(settings, chats))
        addresses, told = await _open_chats(stack, ready, program, settings, pages)
        stack.enter_context(settled_heap())
        for line in (*(f"listening on {address}" for address in addresses), *told):
            print(line, flush=True)  # noqa: T201 - promised by the contract
        if pages.is_opening_browser and addresses:
            webbrowser.open(addresses[0])
        await _run_until(stopped, program.publisher.run)


async def _settle(stack: AsyncExitStack, settings: Settings) -> None:
    """What is there for a moment lies in the home, and is gone with the program."""
    await asyncio.to_thread(make_home, settings.listendock_home)
    folder = temporary_folder(settings.listendock_home)
    await asyncio.to_thread(stack.enter_context, folder)


async def _open_chats(
    stack: AsyncExitStack, chats: Chats, program: Program, settings: Settings, pages: Pages
) -> tuple[list[str], list[str]]:
    """The addresses at which some of them can be reached; what is for the terminal alone."""
    addresses: list[str] = []
    told: list[str] = []
    provisions = Provisions(
        inbox=program.inbox,
        files=program.files,
        keys=program.keys,
        folder=_spool(settings),
        max_pdf_mb=settings.max_pdf_mb,
        host=pages.host,
        port=pages.port,
        announce=addresses.append,
        tell=told.append,
        is_new_key=pages.is_new_key,
        database_url=settings.app_database_url,
    )
    for chat in chats:
        theirs = replace(provisions, admins=settings.admins_on(chat.name))
        opening = chat.open(settings.part(chat.schema), theirs)
        program.platforms[chat.name] = await stack.enter_async_context(opening)
    return addresses, told


def _spool(settings: Settings) -> Path:
    """Where files stay while they arrive."""
    folder = settings.listendock_home / "incoming"
    folder.mkdir(exist_ok=True)
    return folder


async def work(settings: Settings) -> None:
    """Only work: no chat, no page. For more processes and hosts beside a `serve`."""
    if not settings.database_url.get_secret_value().startswith("postgresql"):
        raise ConfigurationError(
            problem="`listendock worker` needs DATABASE_URL=postgresql+psycopg://… "
            "(with SQLite, `listendock serve` does all the work itself)."
        )
    async with AsyncExitStack() as stack:
        stopped = _stop_signal()
        await _settle(stack, settings)
        library, files = await stack.enter_async_context(open_stores(settings))
        servers = await stack.enter_async_context(
            open_servers(settings, patient(library), Operators())
        )
        producer = await stack.enter_async_context(open_producer(settings, servers))
        covers = Covers(library=patient(library), files=files, producer=producer)
        await stack.enter_async_context(
            open_jobs(settings, library, files, producer, covers, servers, lambda: None)
        )
        stack.enter_context(settled_heap())
        log.info("working", speaking_children=settings.workers)
        await stopped.wait()


async def migrate(settings: Settings) -> str:
    """Bring the database's tables up to date, as `serve` and `worker` do when they start; before
    hosts are renewed one by one, so that none of them has to. Says what came of it. Raises
    `ConfigurationError`."""
    await asyncio.to_thread(make_home, settings.listendock_home)
    before = await revision_of(settings.app_database_url)
    async with open_stores(settings):
        pass
    after = await revision_of(settings.app_database_url)
    if before == after:
        return f"The database is up to date ({after})."
    return f"The database is up to date now ({before or 'it had no tables'} before, {after} now)."


def _stop_signal() -> asyncio.Event:
    """Set by SIGTERM or Ctrl-C; from then on the end is near, whatever holds it up."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()

    def stop() -> None:
        stopped.set()
        end_within(GRACE_S)

    for number in (signal.SIGTERM, signal.SIGINT):
        try:
            loop.add_signal_handler(number, stop)
        except NotImplementedError:  # Windows: Ctrl-C raises KeyboardInterrupt instead
            log.debug("no signal handlers here")
    return stopped


def end_within(seconds: float) -> None:
    """A thread of the engine that waits for its database, or a step that hears no cancel, would
    keep the process for minutes. All that counts is durable, and the next life sweeps."""
    timer = threading.Timer(seconds, _end_hard)
    timer.daemon = True
    timer.start()


def _end_hard() -> None:
    log.warning("ended without waiting any longer", threads=threading.active_count())
    sys.stderr.flush()
    os._exit(0)


async def _run_until(stopped: asyncio.Event, run: Callable[[], Awaitable[None]]) -> None:
    """Run beside the event; an error of `run` ends the program, the event ends `run`."""
    running = asyncio.ensure_future(run())
    waiting = asyncio.ensure_future(stopped.wait())
    await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
    for task in (running, waiting):
        task.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    with suppress(asyncio.CancelledError):
        await running
