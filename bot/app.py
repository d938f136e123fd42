"""Composition root: settings → adapters → run. With `bot.production` the only module that
imports adapters."""

from __future__ import annotations

import asyncio
import shutil
import signal
import webbrowser
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import structlog

from adapters.database import DatabaseLibrary, open_library
from adapters.engine import open_engine
from adapters.files import open_files
from adapters.links import open_links
from adapters.slack import SlackAccess, open_slack
from adapters.slack import manifest as slack_manifest
from adapters.slack import slack_name as _slack_name
from adapters.telegram import TelegramAccess, open_telegram
from adapters.telegram import telegram_name as _telegram_name
from adapters.web import Routes, open_web
from bot.conversation import Conversations
from bot.handlers.operating import Admission
from bot.handlers.policy import Policy
from bot.handlers.privacy import ModelHosts
from bot.home import make_home
from bot.operators import Operators
from bot.ports import ChatPlatform, FileStore, Inbox, Jobs, Links
from bot.production import open_producer
from bot.quota import Quota
from bot.servers import Servers, open_servers
from bot.settings import Settings
from bot.work.improving import Improving
from bot.work.publishing import Publisher
from bot.work.steps import Work
from bot.work.tellings import Tellings
from pipeline.domain import Narration
from pipeline.errors import ConfigurationError
from pipeline.producer import Producer

__all__ = [
    "open_producer",
    "open_stores",
    "serve",
    "slack_manifest",
    "slack_name",
    "telegram_name",
    "work",
]
log = structlog.get_logger()


@asynccontextmanager
async def open_stores(settings: Settings) -> AsyncIterator[tuple[DatabaseLibrary, FileStore]]:
    make_home(settings.listendock_home)
    async with open_library(settings.app_database_url) as library:
        yield library, open_files(settings.file_store_url)


@asynccontextmanager
async def _open_jobs(
    settings: Settings,
    library: DatabaseLibrary,
    files: FileStore,
    producer: Producer,
    servers: Servers,
    on_change: Callable[[], None],
) -> AsyncIterator[Jobs]:
    tellings = Tellings(library=library, teller=servers.teller)
    work = Work(
        library=library,
        files=files,
        producer=producer,
        max_pages=settings.max_pages,
        tellings=tellings,
        quota=_quota(settings),
    )
    async with open_engine(
        library=library,
        work=work,
        improving=Improving(library=library, summarizer=servers.summarizer),
        tellings=tellings,
        home=settings.listendock_home,
        speakers=settings.workers,
        on_change=on_change,
    ) as jobs:
        producer.start_warming()
        yield jobs


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """Everything but the chats, at work. Whoever opens a chat puts it into `platforms`."""

    inbox: Inbox
    publisher: Publisher
    files: FileStore
    platforms: dict[str, ChatPlatform]


@asynccontextmanager
async def open_program(settings: Settings) -> AsyncIterator[Program]:
    async with AsyncExitStack() as stack:
        library, files = await stack.enter_async_context(open_stores(settings))
        platforms: dict[str, ChatPlatform] = {}
        operators = Operators(platforms, settings.admins.split())
        servers = await stack.enter_async_context(open_servers(settings, library, operators))
        producer = await stack.enter_async_context(open_producer(settings, servers))
        publisher = Publisher(
            library=library, files=files, platforms=platforms, quota=_quota(settings)
        )
        jobs = await stack.enter_async_context(
            _open_jobs(settings, library, files, producer, servers, publisher.notify)
        )
        links = None if settings.offline else await stack.enter_async_context(open_links())
        inbox = Conversations(
            library=library,
            ledger=library,
            files=files,
            jobs=jobs,
            platforms=platforms,
            producer=producer,
            policy=_policy(settings, servers, links),
            on_change=publisher.notify,
        )
        stack.push_async_callback(inbox.close)
        yield Program(inbox=inbox, publisher=publisher, files=files, platforms=platforms)


def _policy(settings: Settings, servers: Servers, links: Links | None) -> Policy:
    return Policy(
        narration=Narration(voice=settings.default_voice),
        max_pdf_mb=settings.max_pdf_mb,
        can_translate=servers.teller is not None,
        admission=Admission(
            allowed=frozenset(settings.allowed.split()), admins=frozenset(settings.admins.split())
        ),
        quota=_quota(settings),
        model_hosts=ModelHosts(model_host=settings.model_host, voice_host=settings.voice_host),
        links=links,
        free_bytes=lambda: shutil.disk_usage(settings.listendock_home).free,
    )


def _quota(settings: Settings) -> Quota:
    return Quota(daily_s=60.0 * settings.daily_minutes, exempt=frozenset(settings.admins.split()))


async def _open_chats(
    stack: AsyncExitStack,
    settings: Settings,
    program: Program,
    *,
    telegram: TelegramAccess,
    routes: Routes,
    host: str,
) -> None:
    """The chats whose tokens are set; with OFFLINE=1 none."""
    if settings.offline:
        log.warning("offline: only the local page is open")
        return
    spool = _spool(settings)
    if telegram.token:
        program.platforms["telegram"] = await stack.enter_async_context(
            open_telegram(
                telegram,
                inbox=program.inbox,
                folder=spool,
                routes=routes,
                admins=_telegram_admins(settings),
            )
        )
    if settings.has_slack:
        program.platforms["slack"] = await stack.enter_async_context(
            open_slack(_slack_access(settings, host), inbox=program.inbox, folder=spool)
        )


async def serve(settings: Settings, *, host: str, port: int, is_opening_browser: bool) -> None:
    """Every platform whose token is set, the local page, and a worker; until SIGTERM."""
    telegram = _telegram_access(settings)
    async with AsyncExitStack() as stack:
        stopped = _stop_signal()
        program = await stack.enter_async_context(open_program(settings))
        routes: Routes = {}
        page = await stack.enter_async_context(
            open_web(
                inbox=program.inbox,
                files=program.files,
                host=host,
                port=port,
                folder=_spool(settings),
                max_pdf_mb=settings.max_pdf_mb,
                public_url=settings.public_url,
                routes=routes,
            )
        )
        program.platforms["web"] = page
        await _open_chats(stack, settings, program, telegram=telegram, routes=routes, host=host)
        print(f"listening on {page.url}", flush=True)  # noqa: T201 - promised by the contract
        if is_opening_browser:
            webbrowser.open(page.url)
        await _run_until(stopped, program.publisher.run)


def _spool(settings: Settings) -> Path:
    """Where files stay while they arrive."""
    folder = settings.listendock_home / "incoming"
    folder.mkdir(exist_ok=True)
    return folder


def _telegram_access(settings: Settings) -> TelegramAccess:
    if settings.telegram_webhook and not settings.public_url.startswith("https://"):
        raise ConfigurationError(
            problem="TELEGRAM_WEBHOOK needs PUBLIC_URL, an https address at which Telegram reaches "
            "this program. Without one leave it out: Telegram is asked for what is new then."
        )
    return TelegramAccess(
        token=settings.telegram_bot_token.get_secret_value(),
        api_url=settings.telegram_api_url,
        is_local=settings.telegram_local,
        public_url=settings.public_url if settings.telegram_webhook else "",
    )


def _telegram_admins(settings: Settings) -> list[str]:
    """Their accounts there."""
    named = (admin.partition(":") for admin in settings.admins.split())
    return [account for platform, _, account in named if platform == "telegram"]


async def telegram_name(settings: Settings) -> str:
    """The bot's name on Telegram. Raises `ConfigurationError` if the token is not accepted."""
    return await _telegram_name(_telegram_access(settings))


def _slack_access(settings: Settings, host: str = "127.0.0.1") -> SlackAccess:
    return SlackAccess(
        bot_token=settings.slack_bot_token.get_secret_value(),
        app_token=settings.slack_app_token.get_secret_value(),
        signing_secret=settings.slack_signing_secret.get_secret_value(),
        client_id=settings.slack_client_id,
        client_secret=settings.slack_client_secret.get_secret_value(),
        database_url=settings.app_database_url,
        api_url=settings.slack_api_url,
        host=host,
        port=settings.slack_port,
    )


async def slack_name(settings: Settings) -> str:
    """The workspace on Slack. Raises `ConfigurationError` naming what is missing."""
    return await _slack_name(_slack_access(settings))


async def work(settings: Settings) -> None:
    """Only work: no chat, no page. For more processes and hosts beside a `serve`."""
    if not settings.database_url.get_secret_value().startswith("postgresql"):
        raise ConfigurationError(
            problem="`listendock worker` needs DATABASE_URL=postgresql+psycopg://… "
            "(with SQLite, `listendock serve` does all the work itself)."
        )
    async with AsyncExitStack() as stack:
        stopped = _stop_signal()
        library, files = await stack.enter_async_context(open_stores(settings))
        servers = await stack.enter_async_context(open_servers(settings, library, Operators()))
        producer = await stack.enter_async_context(open_producer(settings, servers))
        await stack.enter_async_context(
            _open_jobs(settings, library, files, producer, servers, lambda: None)
        )
        log.info("working", speaking_children=settings.workers)
        await stopped.wait()


def _stop_signal() -> asyncio.Event:
    """Set by SIGTERM or Ctrl-C."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        try:
            loop.add_signal_handler(number, stopped.set)
        except NotImplementedError:  # Windows: Ctrl-C raises KeyboardInterrupt instead
            log.debug("no signal handlers here")
    return stopped


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
