"""PDFs in, tracks out: what needs no chat and, unless a server is paid, no database. A command that
only narrates starts a second sooner without the rest."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from adapters.voices import available_voices
from bot.app.servers import NO_SERVERS, Servers, open_servers
from bot.operators import Operators
from bot.settings import Settings
from pipeline.producer import Producer, recognition_is_installed
from pipeline.spoken import operators_words


def open_producer(settings: Settings, servers: Servers = NO_SERVERS) -> Producer:
    """The pipeline with the voices that this installation has."""
    return Producer(
        voices=[*servers.voices, *available_voices()],
        default_voice=settings.default_voice,
        workers=settings.workers,
        can_recognise=settings.recognise and recognition_is_installed(),
        words=operators_words(settings.lexicon) if settings.lexicon else {},
    )


@asynccontextmanager
async def open_workshop(settings: Settings) -> AsyncIterator[tuple[Producer, Servers]]:
    """For the command line. Where a server is named, the database as well: it keeps count of what
    is paid."""
    async with AsyncExitStack() as stack:
        servers = NO_SERVERS
        if settings.uses_model or settings.uses_speech_server:
            from bot.app.stores import open_stores

            library, _ = await stack.enter_async_context(open_stores(settings))
            servers = await stack.enter_async_context(open_servers(settings, library, Operators()))
        producer = await stack.enter_async_context(open_producer(settings, servers))
        yield producer, servers
