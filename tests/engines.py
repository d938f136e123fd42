"""A whole engine around a pipeline in memory, on SQLite and on PostgreSQL."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from dbos import DBOS

from adapters.database import DatabaseLibrary, open_library
from adapters.engine import DurableJobs, open_engine
from adapters.files import FolderFiles
from bot.domain import Progress, Sender
from bot.ports import pdf_key
from bot.work.steps import Work
from bot.work.tellings import Tellings
from pipeline.domain import Narration
from pipeline.ports import Teller
from tests.postgres import Cluster
from tests.producing import MemoryProducer, a_pdf
from tests.samples import ENGLISH
from tests.waiting import until


@dataclass(slots=True)
class Machine:
    """A program's insides, and short ways to use them."""

    library: DatabaseLibrary
    files: FolderFiles
    producer: MemoryProducer
    jobs: DurableJobs
    home: Path
    changes: list[None] = field(default_factory=list)

    async def shelves(
        self,
        sender: Sender,
        document: str,
        chapters: int = 3,
        *,
        narration: Narration = ENGLISH,
    ) -> None:
        """What a conversation does with a file, but for asking for the work."""
        await self.files.put(pdf_key(document), a_pdf(self.home, document, chapters))
        await self.library.receive(document, filename="x.pdf", size=1)
        await self.library.shelve(sender.listener, document, narration)

    async def takes(self, sender: Sender, document: str, chapters: int = 3) -> None:
        await self.shelves(sender, document, chapters)
        await self.jobs.read(document, sender.listener.id)

    async def progress(self, sender: Sender, document: str) -> Progress:
        found = await self.library.progress(sender.listener.id, document)
        assert found is not None
        return found

    async def is_done(self, sender: Sender, document: str) -> None:
        """Wait until it is read and every chapter is spoken or has failed."""

        async def done() -> bool:
            progress = await self.progress(sender, document)
            assert not progress.holding.failure
            return bool(progress.chapters) and not progress.is_working

        await until(done)

    async def is_idle(self) -> None:
        """Wait until no job is open."""

        async def idle() -> bool:
            return not await open_jobs()

        await until(idle)

    def order(self) -> list[tuple[str, int]]:
        """The chapters as they began to be spoken, with the first letters of their documents."""
        return [(document[:2], chapter) for document, chapter in self.producer.speaks]


async def open_jobs() -> list[str]:
    """The ids of workflows that wait or run."""
    found = await DBOS.list_workflows_async(status=["ENQUEUED", "PENDING"])
    return [status.workflow_id for status in found]


@asynccontextmanager
async def open_machine(
    home: Path,
    url: str,
    *,
    producer: MemoryProducer | None = None,
    teller: Teller | None = None,
    speakers: int = 1,
) -> AsyncIterator[Machine]:
    producer = producer or MemoryProducer()
    changes: list[None] = []
    async with open_library(url) as library:
        files = FolderFiles(home / "files")
        tellings = Tellings(library=library, teller=teller)
        work = Work(
            library=library, files=files, producer=producer, max_pages=100, tellings=tellings
        )
        async with open_engine(
            library=library,
            work=work,
            tellings=tellings,
            home=home,
            speakers=speakers,
            on_change=lambda: changes.append(None),
        ) as jobs:
            yield Machine(library, files, producer, jobs, home, changes)


@pytest.fixture(scope="session")
def _used_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which a program was once, to be copied: its tables are there."""
    home = tmp_path_factory.mktemp("used")

    async def use() -> None:
        async with open_machine(home, _sqlite_url(home)):
            pass

    asyncio.run(use())
    return home


@pytest.fixture(scope="session")
def _used_database(postgres: Cluster, tmp_path_factory: pytest.TempPathFactory) -> str:
    postgres.execute("CREATE DATABASE used")

    async def use() -> None:
        async with open_machine(tmp_path_factory.mktemp("used"), postgres.url("used")):
            pass

    asyncio.run(use())
    return "used"


def _sqlite_url(home: Path) -> str:
    return f"sqlite+aiosqlite:///{home / 'app.db'}"


@pytest.fixture
def sqlite_home(_used_home: Path, tmp_path: Path) -> Path:
    shutil.copytree(_used_home, tmp_path / "home")
    return tmp_path / "home"


@pytest.fixture
def engine_postgres_url(postgres: Cluster, _used_database: str) -> Iterator[str]:
    with postgres.copy_of(_used_database) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, str]:
    """A home and a database URL, twice."""
    if request.param == "postgres":
        return tmp_path, str(request.getfixturevalue("engine_postgres_url"))
    home: Path = request.getfixturevalue("sqlite_home")
    return home, _sqlite_url(home)


@pytest.fixture
async def machine(place: tuple[Path, str]) -> AsyncIterator[Machine]:
    async with open_machine(*place) as found:
        yield found
