"""Everything but the chats, put together and at work."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from adapters.database import DatabaseLibrary
from adapters.engine import open_engine
from adapters.links import open_links
from bot.app.chats import CHATS, named_in, owners_of
from bot.app.servers import Servers, open_servers
from bot.app.stores import open_stores
from bot.app.workshop import open_producer
from bot.conversation import Conversations
from bot.handlers.operating import Admission
from bot.handlers.policy import Policy
from bot.handlers.privacy import ModelHosts
from bot.operators import Operators
from bot.ports import ChatPlatform, Chats, FileStore, Inbox, Jobs, Keys, Links
from bot.quota import Quota
from bot.settings import Settings
from bot.work.covers import Covers
from bot.work.improving import Improving
from bot.work.mending import Inspection, Mending
from bot.work.outages import patient
from bot.work.publishing import ALONE_S, POLL_S, Publisher
from bot.work.steps import Work
from bot.work.tellings import Tellings
from pipeline.domain import Narration
from pipeline.producer import Producer


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """Whoever opens a chat puts it into `platforms`."""

    inbox: Inbox
    publisher: Publisher
    files: FileStore
    keys: Keys
    platforms: dict[str, ChatPlatform]


@asynccontextmanager
async def open_program(settings: Settings, chats: Chats = CHATS) -> AsyncIterator[Program]:
    """`chats`: which there may be; none is opened here."""
    async with AsyncExitStack() as stack:
        library, files = await stack.enter_async_context(open_stores(settings))
        platforms: dict[str, ChatPlatform] = {}
        operators = Operators(platforms, named_in(settings.admins, chats))
        servers = await stack.enter_async_context(
            open_servers(settings, patient(library), operators)
        )
        producer = await stack.enter_async_context(open_producer(settings, servers))
        covers = Covers(library=patient(library), files=files, producer=producer)
        mending = Mending(library=library, files=files, jobs=lambda: jobs)
        publisher = Publisher(
            library=library,
            files=files,
            platforms=platforms,
            quota=_quota(settings, chats),
            voices=producer.voices(),
            idle_s=POLL_S if library.is_shared else ALONE_S,
            remake=mending.remake,
        )
        jobs = await stack.enter_async_context(
            open_jobs(settings, library, files, producer, covers, servers, publisher.notify)
        )
        links = None if settings.offline else await stack.enter_async_context(open_links())
        inbox = Conversations(
            library=library,
            ledger=library,
            files=files,
            jobs=jobs,
            platforms=platforms,
            producer=producer,
            policy=_policy(settings, chats, servers, links),
            covers=covers,
            on_change=publisher.notify,
            teller=servers.teller,
        )
        stack.push_async_callback(inbox.close)
        inspection = Inspection(library=library, files=files, covers=covers, mending=mending)
        await stack.enter_async_context(_beside(inspection.run()))
        yield Program(
            inbox=inbox, publisher=publisher, files=files, keys=library, platforms=platforms
        )


@asynccontextmanager
async def _beside(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """It goes on while the block runs, at most."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def open_jobs(
    settings: Settings,
    library: DatabaseLibrary,
    files: FileStore,
    producer: Producer,
    covers: Covers,
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
        covers=covers,
        quota=_quota(settings),
        on_change=on_change,
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


def _policy(settings: Settings, chats: Chats, servers: Servers, links: Links | None) -> Policy:
    return Policy(
        narration=Narration(voice=settings.default_voice),
        max_pdf_mb=settings.max_pdf_mb,
        can_translate=servers.teller is not None,
        admission=Admission(
            allowed=named_in(settings.allowed, chats),
            admins=named_in(settings.admins, chats),
            owners=frozenset(owners_of(chats).values()),
        ),
        quota=_quota(settings, chats),
        model_hosts=ModelHosts(model_host=settings.model_host, voice_host=settings.voice_host),
        carriers={chat.name: chat.label for chat in chats if chat.is_remote},
        links=links,
        free_bytes=lambda: shutil.disk_usage(settings.listendock_home).free,
    )


def _quota(settings: Settings, chats: Chats = CHATS) -> Quota:
    admins = named_in(settings.admins, chats)
    return Quota(daily_s=60.0 * settings.daily_minutes, exempt=admins)
