"""The servers that settings name. Without a key, and with OFFLINE=1, none is opened, and nothing
can be sent."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.operators import Operators
from bot.ports import Ledger
from bot.settings import Settings
from pipeline.ports import Summarizer, Teller
from pipeline.producer import VoiceCard


@dataclass(frozen=True, slots=True, kw_only=True)
class Servers:
    """What there is beside what is inside: nothing, if no server is named."""

    summarizer: Summarizer | None = None
    teller: Teller | None = None
    voices: tuple[VoiceCard, ...] = ()


NO_SERVERS = Servers()


@asynccontextmanager
async def open_servers(
    settings: Settings, ledger: Ledger, operators: Operators
) -> AsyncIterator[Servers]:
    if not (settings.uses_model or settings.uses_speech_server):
        yield NO_SERVERS
        return
    from bot.openai_servers import open_named

    async with open_named(settings, ledger, operators) as servers:
        yield servers


async def answering_model(settings: Settings) -> str:
    """The model's name, once it has answered. Raises `ConfigurationError`."""
    from bot.openai_servers import answering_model as asked

    return await asked(settings)
