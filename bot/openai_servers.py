"""OpenAI-compatible servers, opened: part of the composition in `bot.app`. Importing this takes as
long as all the rest, so `bot.servers` does it only when there is a server to open."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from adapters.compatible import ServerRefused, ServerUnreachable, open_client
from adapters.summarizers.dialect import Dialect, Nonsense, Spent, TooLong
from adapters.summarizers.openai_compatible import CompatibleSummarizer
from adapters.summarizers.prompts import about_chapters
from adapters.summarizers.teller import CompatibleTeller
from adapters.voices import openai_speech
from bot.operators import Operators
from bot.ports import Ledger
from bot.servers import Servers
from bot.settings import Settings
from bot.spending import USUAL_PRICES, MonthlyPurse, prices_from
from pipeline.domain import Chapter, Passage
from pipeline.errors import ConfigurationError
from pipeline.ports import Summarizer, Teller
from pipeline.producer import VoiceCard


@asynccontextmanager
async def open_named(
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
            dialect = await stack.enter_async_context(_open_dialect(settings))
            summarizer = CompatibleSummarizer(
                dialect,
                answers=ledger,
                purse=purse,
                tell=operators.tell,
                language=settings.summary_language,
            )
            teller = CompatibleTeller(
                dialect=dialect, answers=ledger, purse=purse, tell=operators.tell
            )
        if settings.uses_speech_server:
            voices = (await stack.enter_async_context(_open_speech(settings, purse, operators)),)
        yield Servers(summarizer=summarizer, teller=teller, voices=voices)


@asynccontextmanager
async def _open_dialect(settings: Settings) -> AsyncIterator[Dialect]:
    key = settings.openai_api_key.get_secret_value()
    async with open_client(settings.openai_base_url, key) as client:
        yield Dialect(client=client, model=settings.summary_model)


@asynccontextmanager
async def _open_speech(
    settings: Settings, purse: MonthlyPurse, operators: Operators
) -> AsyncIterator[VoiceCard]:
    folder = settings.listendock_home / "speech"
    openai_speech.forget_old(folder)
    async with open_client(settings.speech_url, settings.speech_key.get_secret_value()) as client:
        yield openai_speech.card(
            openai_speech.OpenAiSpeech(
                client=client,
                model=settings.speech_model,
                speaker=settings.speaker,
                folder=folder,
                purse=purse,
                tell=operators.tell,
                bucket=openai_speech.Bucket(per_minute=settings.speech_per_minute),
            )
        )


async def answering_model(settings: Settings) -> str:
    """The model's name, once it has answered a question about bees. Raises
    `ConfigurationError`."""
    passage = Passage(text="Bees find their way home by the sun, for they know its course.", page=1)
    chapter = Chapter(number=1, title="Bees", level=1, page=1, passages=(passage,))
    async with _open_dialect(settings) as dialect:
        try:
            await dialect.ask(about_chapters([chapter], "en", 300), Spent())
        except (ServerRefused, ServerUnreachable, Nonsense, TooLong) as err:
            reason = str(err) or type(err).__name__.lower()
            raise ConfigurationError(
                problem=f"{settings.summary_model} gives no usable answer: {reason}. "
                "See OPENAI_API_KEY, OPENAI_BASE_URL and SUMMARY_MODEL."
            ) from err
    return settings.summary_model
