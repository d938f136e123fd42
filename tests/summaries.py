"""A document whose chapters differ, and writers that ask a server on this machine."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from adapters.compatible import open_client
from adapters.memory.ledger import MemoryLedger
from adapters.summarizers.dialect import Dialect
from adapters.summarizers.openai_compatible import CompatibleSummarizer
from adapters.summarizers.opening import MOST_BYTES
from adapters.summarizers.teller import CompatibleTeller
from bot.spending import MonthlyPurse, Price, prices_from
from pipeline.domain import Chapter, Document, Passage
from pipeline.takeaways.extracts import with_takeaways
from tests.loopback.openai import KEY, OpenAiServer

MODEL = "loopback-1"
PRICES = prices_from(f"{MODEL}=0.4/1.6")
BEES = "be" * 32
SUBJECTS = (
    "honey bees", "glacier ice", "steam engines", "tulip bulbs", "coral reefs", "paper money",
    "violin strings", "volcanic ash", "desert foxes", "printing presses", "tidal power",
    "sourdough bread", "alpine railways", "copper mines", "monsoon rain", "arctic terns",
    "silk worms",
)  # fmt: skip
PLACES = ("valleys", "archives", "harbours", "orchards", "laboratories", "workshops", "islands")


def a_chapter(number: int, *, title: str = "", pages: int = 1) -> Chapter:
    """About one subject of its own; its first sentence is a good takeaway."""
    subject = SUBJECTS[(number - 1) % len(SUBJECTS)]
    place = PLACES[(number - 1) % len(PLACES)]
    first = (
        f"Careful observations of {subject} over {number + 20} years show that slow changes in "
        f"nearby {place} decide how {subject} develop and how long they last."
    )
    filler = " ".join(
        f"Observation {n} of {subject} was made in {place} by trained people with simple tools."
        for n in range(1, 13)
    )
    passages = [Passage(text=f"{first} {filler}", page=number)]
    passages += [Passage(text=filler, page=number + page) for page in range(1, pages)]
    return Chapter(
        number=number,
        title=title or subject.capitalize(),
        level=1,
        page=number,
        passages=tuple(passages),
    )


def a_document(*, chapters: int = 5, titles: Sequence[str] = (), pages: int = 1) -> Document:
    """With extracts, as reading leaves it."""
    named = [*titles, *[""] * (chapters - len(titles))]
    document = Document(
        id=BEES,
        title="Slow changes",
        pages=chapters,
        chapters=tuple(
            a_chapter(n, title=title, pages=pages) for n, title in enumerate(named, start=1)
        ),
    )
    return with_takeaways(document)


def saying(document: Document, number: int, *sentences: str) -> Document:
    """The document with something added to one chapter."""

    def added(chapter: Chapter) -> Chapter:
        passage = Passage(text=" ".join(sentences), page=chapter.page)
        return replace(chapter, passages=(*chapter.passages, passage))

    return replace(
        document,
        chapters=tuple(added(c) if c.number == number else c for c in document.chapters),
    )


@dataclass(slots=True)
class Desk:
    """A summarizer and a teller with all that they use. `told`: what whoever runs the program was
    told."""

    summarizer: CompatibleSummarizer
    teller: CompatibleTeller
    dialect: Dialect
    ledger: MemoryLedger
    told: list[str] = field(default_factory=list)


@asynccontextmanager
async def a_desk(
    server: OpenAiServer,
    *,
    ceiling_usd: float = 0.0,
    prices: dict[str, Price] = PRICES,
    ledger: MemoryLedger | None = None,
    deadline_s: float = 30.0,
    language: str = "",
) -> AsyncIterator[Desk]:
    told: list[str] = []

    async def tell(text: str) -> None:
        told.append(text)

    ledger = ledger or MemoryLedger()
    purse = MonthlyPurse(ledger, prices=prices, ceiling_usd=ceiling_usd, tell=tell)
    async with open_client(server.url, KEY, most_bytes=MOST_BYTES) as client:
        dialect = Dialect(client=client, model=MODEL, first_pause_s=0.01)
        summarizer = CompatibleSummarizer(
            dialect,
            answers=ledger,
            purse=purse,
            tell=tell,
            language=language,
            deadline_s=deadline_s,
        )
        teller = CompatibleTeller(
            dialect=dialect, answers=ledger, purse=purse, tell=tell, deadline_s=deadline_s
        )
        yield Desk(summarizer=summarizer, teller=teller, dialect=dialect, ledger=ledger, told=told)
