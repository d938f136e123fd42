"""A private PostgreSQL out of Debian's binaries: a cluster for the session, a database for a test.

It listens on a socket in its own folder only, runs without fsync, and is gone at the end.
"""

from __future__ import annotations

import asyncio
import ctypes
import itertools
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from adapters.database import open_library
from tests.waiting import until_blocking

OWNER = "postgres"  # whom Debian runs it as: it refuses to be root
PR_SET_PDEATHSIG = 1
_numbers = itertools.count(1)


def _binaries() -> Path | None:
    """The newest version's folder."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: float(p.parts[-3])
    )
    return found[-1].parent if found else None


class Cluster:
    def __init__(self, folder: Path, binaries: Path) -> None:
        self._folder = folder
        self._binaries = binaries
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        data = self._folder / "data"
        self._run("initdb", "-D", str(data), "-U", OWNER, "-A", "trust", "-E", "UTF8", "-N")
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self._folder),
            "fsync": "off",
            "full_page_writes": "off",
            "synchronous_commit": "off",
            "max_connections": "300",
            "shared_buffers": "32MB",
        }
        options = [f"-c{name}={value}" for name, value in settings.items()]
        with (self._folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                [self._binaries / "postgres", "-D", data, *options],
                stdout=log,
                stderr=log,
                preexec_fn=_end_with_the_tests,
                **self._owner(),
            )
        self._await_start()

    def _await_start(self) -> None:
        until_blocking(self._answers, "PostgreSQL", lives=lambda: self._process.poll() is None)

    def _answers(self) -> bool:
        try:
            self.execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def execute(self, statement: str, database: str = "postgres") -> None:
        where = {"host": str(self._folder), "user": OWNER, "dbname": database}
        with psycopg.connect(**where, autocommit=True) as connection:
            connection.execute(statement)

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://{OWNER}@/{database}?host={self._folder}"

    @contextmanager
    def copy_of(self, template: str) -> Iterator[str]:
        """A database of one's own while the block runs; gives its URL."""
        name = f"test_{next(_numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        try:
            yield self.url(name)
        finally:
            self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def stop(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)  # "fast": sessions are ended
            self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self._binaries / program, *arguments],
            check=True,
            capture_output=True,
            cwd=self._folder,
            **self._owner(),
        )

    def _owner(self) -> dict[str, str]:
        return {"user": OWNER, "group": OWNER} if os.geteuid() == 0 else {}


def _end_with_the_tests() -> None:
    """Also when they are killed."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)


@contextmanager
def a_cluster() -> Iterator[Cluster | None]:
    """None where PostgreSQL is not installed."""
    binaries = _binaries()
    if binaries is None:
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="listendock-pg-"))
    if os.geteuid() == 0:
        shutil.chown(folder, OWNER, OWNER)
    cluster = Cluster(folder, binaries)
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    with a_cluster() as cluster:
        if cluster is None:
            pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
        yield cluster


@pytest.fixture
def postgres_url(postgres: Cluster) -> Iterator[str]:
    """An empty database of one's own."""
    with postgres.copy_of("template1") as url:
        yield url


@pytest.fixture(scope="session")
def _postgres_with_tables(postgres: Cluster) -> str:
    async def migrate() -> None:
        async with open_library(postgres.url("with_tables")):
            pass

    postgres.execute("CREATE DATABASE with_tables")
    asyncio.run(migrate())
    return "with_tables"


@pytest.fixture
def emptied_postgres_url(postgres: Cluster, _postgres_with_tables: str) -> str:
    """A database that has our tables already, with nothing in them. One test at a time."""
    tables = ("documents", "listeners", "lexicons", "spendings", "executors")  # all hang on these
    emptying = "; ".join(f"DELETE FROM {table}" for table in tables)
    postgres.execute(emptying, database=_postgres_with_tables)
    return postgres.url(_postgres_with_tables)
