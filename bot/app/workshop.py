"""PDFs in, tracks out: what needs no chat and, unless a server is paid, no database. A command that
only narrates starts a second sooner without the rest."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile

from adapters.voices import available_voices
from bot.app.servers import NO_SERVERS, Servers, open_servers
from bot.home import make_home
from bot.operators import Operators
from bot.settings import Settings
from pipeline.errors import ConfigurationError
from pipeline.process.trial import kernel_words, loopholes
from pipeline.producer import Producer, recognition_is_installed


def open_producer(settings: Settings, servers: Servers = NO_SERVERS) -> Producer:
    """The pipeline with the voices that this installation has."""
    return Producer(
        voices=[*servers.voices, *available_voices()],
        default_voice=settings.default_voice,
        workers=settings.workers,
        can_recognise=settings.recognise and recognition_is_installed(),
        must_lock=settings.require_sandbox,
        words=_words(settings.lexicon),
    )


def _words(lexicon: Path | None) -> dict[str, str]:
    """How the operator wants words said. The room that knows how to read that is the children's
    else."""
    if not lexicon:
        return {}
    from pipeline.spoken import operators_words

    return operators_words(lexicon)


async def find_loopholes(home: Path) -> list[str]:
    """What a child can do here that none may, tried on a file in the home."""
    await asyncio.to_thread(make_home, home)
    with NamedTemporaryFile(dir=home) as secret:
        return await loopholes(Path(secret.name))


async def refuse_open_children(home: Path) -> None:
    """Raises `ConfigurationError` where a child could do what none may."""
    if found := await find_loopholes(home):
        raise ConfigurationError(
            problem=f"REQUIRE_SANDBOX is set, but a child here {', '.join(found)} "
            f"({kernel_words()}). It needs Linux 5.13 or newer on x86-64 or arm64."
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
