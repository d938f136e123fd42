"""The servers that settings name. Without a key, and with OFFLINE=1, none is opened, and nothing
can be sent; nor is their library loaded, which takes as long as all the rest."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from bot.operators import Operators
from bot.ports import Ledger
from bot.settings import Settings
from bot.spending import USUAL_PRICES, MonthlyPurse, prices_from
from pipeline.audio.voices import VoiceCard
from pipeline.ports import Summarizer, Teller


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
    purse = MonthlyPurse(
        ledger,
        prices={**USUAL_PRICES, **prices_from(settings.prices)},
        ceiling_usd=settings.monthly_budget,
        tell=operators.tell,
    )
    async with AsyncExitStack() as stack:
        summarizer: Summarizer | None = None
        teller: Teller | None = None
        voices: tuple[VoiceCard, ...] = ()
        if settings.uses_model:
            model = _open_model(settings, ledger, purse, operators)
            summarizer, teller = await stack.enter_async_context(model)
        if settings.uses_speech_server:
            voice = _open_speech(settings, purse, operators)
            voices = (await stack.enter_async_context(voice),)
        yield Servers(summarizer=summarizer, teller=teller, voices=voices)


def _open_model(
    settings: Settings, ledger: Ledger, purse: MonthlyPurse, operators: Operators
) -> AbstractAsyncContextManager[tuple[Summarizer, Teller]]:
    from adapters.summarizers.opening import open_model

    return open_model(
        base_url=settings.openai_base_url,
        key=settings.openai_api_key.get_secret_value(),
        model=settings.summary_model,
        language=settings.summary_language,
        answers=ledger,
        purse=purse,
        tell=operators.tell,
    )


def _open_speech(
    settings: Settings, purse: MonthlyPurse, operators: Operators
) -> AbstractAsyncContextManager[VoiceCard]:
    from adapters.voices.opening import open_speech

    return open_speech(
        base_url=settings.speech_url,
        key=settings.speech_key.get_secret_value(),
        model=settings.speech_model,
        speaker=settings.speaker,
        folder=settings.listendock_home / "speech",
        per_minute=settings.speech_per_minute,
        purse=purse,
        tell=operators.tell,
    )


async def check_model(settings: Settings) -> None:
    """Have it answer. Raises `ConfigurationError`."""
    from adapters.summarizers import opening

    await opening.check_model(
        base_url=settings.openai_base_url,
        key=settings.openai_api_key.get_secret_value(),
        model=settings.summary_model,
    )
