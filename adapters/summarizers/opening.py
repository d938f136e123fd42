"""A model behind a server, open: what sums up, and what tells in other words."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from adapters.compatible import ServerRefused, ServerUnreachable, open_client
from adapters.summarizers.dialect import Dialect, Nonsense, Spent, TooLong
from adapters.summarizers.openai_compatible import CompatibleSummarizer
from adapters.summarizers.prompts import about_chapters
from adapters.summarizers.teller import CompatibleTeller
from pipeline.domain import Chapter, Passage
from pipeline.errors import ConfigurationError
from pipeline.ports import AnswerCache, Purse, Summarizer, Tell, Teller

MOST_BYTES = 4 * 1024 * 1024  # of an answer, which has some thousand


@asynccontextmanager
async def open_model(
    *,
    base_url: str,
    key: str,
    model: str,
    language: str,
    answers: AnswerCache,
    purse: Purse,
    tell: Tell,
) -> AsyncIterator[tuple[Summarizer, Teller]]:
    """`language`: of takeaways; empty: each document's own. `tell`: for what only whoever runs the
    program can mend."""
    async with _open_dialect(base_url, key, model) as dialect:
        yield (
            CompatibleSummarizer(
                dialect, answers=answers, purse=purse, tell=tell, language=language
            ),
            CompatibleTeller(dialect=dialect, answers=answers, purse=purse, tell=tell),
        )


@asynccontextmanager
async def _open_dialect(base_url: str, key: str, model: str) -> AsyncIterator[Dialect]:
    async with open_client(base_url, key, most_bytes=MOST_BYTES) as client:
        yield Dialect(client=client, model=model)


async def check_model(*, base_url: str, key: str, model: str) -> None:
    """Ask it a question about bees. Raises `ConfigurationError`."""
    passage = Passage(text="Bees find their way home by the sun, for they know its course.", page=1)
    chapter = Chapter(number=1, title="Bees", level=1, page=1, passages=(passage,))
    async with _open_dialect(base_url, key, model) as dialect:
        try:
            await dialect.ask(about_chapters([chapter], "en", 300), Spent())
        except (ServerRefused, ServerUnreachable, Nonsense, TooLong) as err:
            reason = str(err) or type(err).__name__.lower()
            raise ConfigurationError(
                problem=f"{model} gives no usable answer: {reason}. "
                "See OPENAI_API_KEY, OPENAI_BASE_URL and SUMMARY_MODEL."
            ) from err
