"""The program is killed and begun again, over one database, with all three chats at once.

An instant is a document on its way when the program is killed. In each round some documents come
on every chat, the program is killed once or twice, and must then bring all of them to their end by
itself.
"""

from __future__ import annotations

import asyncio
import itertools
import math
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import sqlalchemy as sa

from adapters.database import DatabaseLibrary, open_library
from bot.ports import cover_key, pdf_key, reading_key
from tests.killing.children import children_of
from tests.killing.page import OnPage, Page, an_open_page
from tests.killing.papers import CHAPTERS
from tests.killing.people import OnSlack, OnTelegram
from tests.killing.program import MOMENTS, Life, Served, begun
from tests.killing.stories import Step, Story
from tests.loopback.slack import APP_TOKEN, BOT_TOKEN, LoopbackSlack
from tests.loopback.slack_member import Member
from tests.loopback.telegram import TOKEN, LoopbackTelegram, opened_telegram
from tests.loopback.telegram_person import Person
from tests.waiting import ended, until

CHATS = ("telegram", "slack", "page")
ASKED = (3, 1)  # one that is not spoken yet, as a rule, and then one that is
FIRST_SPAN_S = 4.0  # of a document's way, before one is known
COMING_UP_S = 3.0  # within which a program may be killed a second time
BY_THE_CLOCK = 0.5

DrawPdf = Callable[[Path, str], Path]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """`draw`: a PDF of three chapters with a title, in a folder. `together`: documents on their
    way on each chat when the program is killed. `again`: how likely it is killed once more while
    it comes up."""

    served: Served
    database: str  # its URL
    draw: DrawPdf
    together: int
    again: float


@dataclass(slots=True)
class Series:
    setting: Setting
    chance: random.Random
    telegram: LoopbackTelegram
    slack: LoopbackSlack
    page: Page
    library: DatabaseLibrary
    life: Life
    stories: list[Story] = field(default_factory=list)
    lives: set[int] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)  # of no document alone
    span_s: float = FIRST_SPAN_S
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    missed: int = 0  # kills that came when all was done
    halves: int = 0  # of files; they are swept when they are a day old

    def instants(self, chat: str) -> int:
        return sum(len(story.kills) for story in self.stories if story.chat == chat)

    async def goes_on(self, instants: int, *, within_s: float = math.inf) -> None:
        """Until each chat has seen so many, or the time is over."""
        ends_at = time.monotonic() + within_s
        while min(map(self.instants, CHATS)) < instants and not self.faults:
            if time.monotonic() > ends_at:
                break
            await self._one_round()

    # --- a round ----------------------------------------------------------------------------------

    async def _one_round(self) -> None:
        """Of those that come, each is at another point of its way when the kill comes."""
        new = [self._a_story(chat) for chat in CHATS for _ in range(self.setting.together)]
        self.stories += new
        is_by_the_clock = self.chance.random() < BY_THE_CLOCK
        within_s = self.span_s if is_by_the_clock else 1.0
        living = [
            asyncio.create_task(self._after(self.chance.uniform(0, within_s), story))
            for story in new
        ]
        how = await (self._by_the_clock() if is_by_the_clock else self._at_a_boundary(living))
        if self.life.is_over:
            await self._is_dead(how)
            if self.chance.random() < self.setting.again:
                await asyncio.sleep(self.chance.uniform(0, COMING_UP_S))
                self.life.is_killed()
                await self._is_dead("coming up")
        else:
            self.missed += 1
        await asyncio.gather(*living)
        await self._settles()
        for story in new:
            await story.is_checked(self.library, self.files)
        self._learn(new)

    async def _after(self, pause_s: float, story: Story) -> None:
        await asyncio.sleep(pause_s)
        await story.is_lived()

    async def _by_the_clock(self) -> str:
        await asyncio.sleep(self.span_s)
        self.life.is_killed()
        await ended(self.life.process)
        return "by the clock"

    async def _at_a_boundary(self, living: Sequence[asyncio.Task[None]]) -> str:
        moment = self.chance.choice(MOMENTS)
        plan = self.setting.served.plan
        half = plan.with_suffix(".half")
        half.write_text(f"{self.chance.randrange(self.setting.together)} {moment}")
        half.replace(plan)
        await until(lambda: self.life.is_over or all(task.done() for task in living), moment)
        plan.unlink()
        return moment

    async def _is_dead(self, how: str) -> None:
        """Look at what stands, and begin the next life."""
        await ended(self.life.process)
        await until(lambda: not self._calls_to_chats(), "its last calls")
        for story in self.stories:
            if story.is_under_way:
                await story.is_hit(how, self.library)
        await until(lambda: not children_of(self.lives), "the end of all children")
        self.life = begun(self.setting.served)
        self.lives.add(self.life.number)

    def _calls_to_chats(self) -> int:
        """What was on its way when the program was killed still comes: it counts as sent."""
        ports = {urlsplit(chat.url).port for chat in (self.telegram, self.slack)}
        found = psutil.Process().net_connections("tcp")
        return sum(c.laddr.port in ports and c.status != psutil.CONN_LISTEN for c in found)

    def _learn(self, new: Sequence[Story]) -> None:
        """How long a document's way is when it is not killed, so that kills spread over it."""
        unharmed = [story.lasted_s for story in new if not story.kills and not story.lost]
        if unharmed:
            self.span_s = 0.5 * self.span_s + 0.5 * sum(unharmed) / len(unharmed)

    # --- who --------------------------------------------------------------------------------------

    def _a_story(self, chat: str) -> Story:
        number = next(self.numbers)
        pdf = self.setting.draw(self.setting.served.home.parent, f"Paper-{number}")
        story = Story(
            chat=chat,
            sender=OnTelegram(Person(self.telegram, 1000 + number)),
            pdf=pdf,
            chapters=CHAPTERS,
            asked=ASKED,
        )
        if chat == "slack":
            story.sender = OnSlack(Member(self.slack, f"U0{number:04d}"))
        if chat == "page":
            story.sender = OnPage(self.page, story.document)
        return story

    # --- afterwards -------------------------------------------------------------------------------

    @property
    def files(self) -> Path:
        return self.setting.served.home / "files"

    async def _settles(self) -> None:
        """Nothing is owed, nothing is under way, nothing lies about."""
        try:
            await until(self._is_settled, "a program with nothing to do")
        except AssertionError:
            self.faults += await self._left_over() or ["it never came to rest"]

    async def _is_settled(self) -> bool:
        return not await self._left_over()

    async def _left_over(self) -> list[str]:
        home, left = self.setting.served.home, []
        if found := await self.library.due_wishes(["telegram", "slack", "web"]):
            left.append(f"{len(found)} wishes")
        if unfinished := await self.library.unfinished():
            left.append(f"unfinished: {len(unfinished)}")
        if entries := list(home.glob("incoming/*/todo/*")):
            left.append(f"{len(entries)} updates in a journal")
        return left

    async def is_whole(self) -> None:
        """After its orderly end: no row without its file, no file without its row."""
        home = self.setting.served.home
        promised, possible = await self._keys()
        there = {p.relative_to(self.files).as_posix() for p in self.files.rglob("*") if p.is_file()}
        halves = {name for name in there if name.startswith(".")}
        self.faults += [f"a file of no row: {name}" for name in sorted(there - possible - halves)]
        self.faults += [f"a row without its file: {key}" for key in sorted(promised - there)]
        spooled = [p for p in home.glob("incoming/*") if p.name not in ("telegram", "slack")]
        self.faults += [f"left in incoming: {path.name}" for path in spooled]
        self.faults += [f"left in tmp: {path.name}" for path in home.glob("tmp/*")]
        self.halves = len(halves)

    async def _keys(self) -> tuple[set[str], set[str]]:
        """Of the files that rows promise; of all that there may be because of them."""
        async with self.library.engine.connect() as connection:
            rows = await connection.execute(sa.text("SELECT id FROM documents"))
            documents = [row.id for row in rows]
        promised, beside = {pdf_key(document) for document in documents}, set()
        for document in documents:
            beside |= {reading_key(document), cover_key(document)}
            promised |= {track.key for track in await self.library.ready_tracks(document)}
        return promised, promised | beside

    # --- what came of it --------------------------------------------------------------------------

    def lost(self) -> list[str]:
        found = [
            f"{story.chat} {story.pdf.name} (killed {story.kills}): {what}"
            for story in self.stories
            for what in story.lost
        ]
        return found + self.faults

    def steps(self, chat: str) -> Counter[Step]:
        """Where the kills met the documents."""
        return Counter(step for s in self.stories if s.chat == chat for step, _ in s.kills)

    def moments(self) -> Counter[str]:
        """How the documents were killed."""
        return Counter(how for story in self.stories for _, how in story.kills)


@asynccontextmanager
async def a_series(setting: Setting, *, seed: int) -> AsyncIterator[Series]:
    """All that is needed, the first life begun; stopped in order at the end."""
    async with AsyncExitStack() as stack:
        telegram = await stack.enter_async_context(opened_telegram())
        slack = await stack.enter_async_context(LoopbackSlack().served())
        environment = {
            "LISTENDOCK_HOME": str(setting.served.home),
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": telegram.url,
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_APP_TOKEN": APP_TOKEN,
            "SLACK_API_URL": f"{slack.url}/api/",
            **setting.served.environment,
        }
        served = replace(setting.served, environment=environment)
        life = begun(served)
        series: Series | None = None
        stack.callback(lambda: (series.life if series is not None else life).is_killed())
        await until(lambda: life.listens, "the first life", lives=lambda: not life.is_over)
        page = await stack.enter_async_context(an_open_page(f"http://127.0.0.1:{served.port}"))
        library = await stack.enter_async_context(open_library(setting.database))
        series = Series(
            setting=replace(setting, served=served),
            chance=random.Random(seed),
            telegram=telegram,
            slack=slack,
            page=page,
            library=library,
            life=life,
            lives={life.number},
        )
        yield series
        series.life.stops()
        if await ended(series.life.process) != 0:
            series.faults.append("it did not stop in order")
        await series.is_whole()
