"""What every file store promises: in memory, in a folder, in a bucket."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from obstore.store import MemoryStore

from adapters.files import CHUNK, FolderFiles, open_files
from adapters.files.bucket import BucketFiles
from adapters.memory import MemoryFiles
from bot.ports import FileStore, cover_key, pdf_key, reading_key
from pipeline.domain import document_folder
from pipeline.errors import ConfigurationError, DiskFull
from tests.loopback.bucket import bucket
from tests.samples import a_track
from tests.waiting import until

BEES = "be" * 32
KEY = pdf_key(BEES)
ROOT = Path(__file__).parents[2]


@pytest.fixture(params=["memory", "folder", "objects", "s3"])
def files(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[FileStore]:
    if request.param == "memory":
        yield MemoryFiles()
    elif request.param == "folder":
        yield FolderFiles(tmp_path / "files")
    elif request.param == "objects":
        yield BucketFiles(MemoryStore())
    else:
        with bucket() as environment:
            for name, value in environment.items():
                monkeypatch.setenv(name, value)
            yield open_files("s3://audio/listendock")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """More than two pieces, and not a whole number of them."""
    path = tmp_path / "source"
    path.write_bytes(os.urandom(2 * CHUNK + 1234))
    return path


async def read(files: FileStore, key: str, start: int = 0, end: int = 2**40) -> bytes:
    return b"".join([chunk async for chunk in files.chunks(key, start, end)])


async def test_what_was_put_comes_back_byte_for_byte(files: FileStore, source: Path) -> None:
    await files.put(KEY, source)
    assert await files.has(KEY)
    async with files.local(KEY) as path:
        assert path.suffix == ".pdf"
        assert path.read_bytes() == source.read_bytes()
    assert await read(files, KEY) == source.read_bytes()


async def test_a_second_put_takes_the_place_of_the_first(
    files: FileStore, source: Path, tmp_path: Path
) -> None:
    await files.put(KEY, source)
    (tmp_path / "short").write_bytes(b"short")
    await files.put(KEY, tmp_path / "short")
    assert await read(files, KEY) == b"short"


async def test_an_empty_file_is_a_file(files: FileStore, tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    await files.put(KEY, tmp_path / "empty")
    assert await files.has(KEY)
    assert await read(files, KEY) == b""


@pytest.mark.parametrize(
    ("start", "end"),
    [(0, 1), (5, 5), (1, CHUNK + 1), (CHUNK - 1, 2 * CHUNK + 7), (2 * CHUNK + 1000, 2**40)],
)
async def test_any_part_can_be_had_and_beyond_the_end_there_is_nothing(
    files: FileStore, source: Path, start: int, end: int
) -> None:
    await files.put(KEY, source)
    assert await read(files, KEY, start, end) == source.read_bytes()[start:end]


async def test_a_part_that_begins_at_or_beyond_the_end_is_empty(
    files: FileStore, source: Path
) -> None:
    await files.put(KEY, source)
    size = source.stat().st_size
    assert await read(files, KEY, size, size + 10) == b""
    assert await read(files, KEY, size + 5, size + 10) == b""


async def test_a_missing_file_says_so(files: FileStore) -> None:
    assert not await files.has(KEY)
    with pytest.raises(FileNotFoundError):
        async with files.local(KEY):
            pass
    with pytest.raises(FileNotFoundError):
        await read(files, KEY)
    await files.delete([KEY])


async def test_deleted_files_are_gone_and_others_stay(files: FileStore, source: Path) -> None:
    for key in (KEY, cover_key(BEES), reading_key(BEES)):
        await files.put(key, source)
    await files.delete([KEY, reading_key(BEES)])
    assert [await files.has(k) for k in (KEY, cover_key(BEES), reading_key(BEES))] == [
        False,
        True,
        False,
    ]


async def test_a_documents_folder_goes_with_all_that_is_in_it_and_no_neighbour(
    files: FileStore, source: Path
) -> None:
    neighbour = pdf_key(f"{BEES}0")  # its name begins with the other's
    mine = [KEY, cover_key(BEES), reading_key(BEES), a_track(BEES, 1).key]
    for key in (*mine, neighbour):
        await files.put(key, source)
    await files.delete_under(document_folder(BEES))
    assert not any([await files.has(key) for key in mine])
    assert await files.has(neighbour)
    await files.delete_under(document_folder(BEES))


async def test_sizes_are_told_of_one_file_and_of_a_documents_folder(
    files: FileStore, source: Path
) -> None:
    track, size = a_track(BEES, 1).key, source.stat().st_size
    for key in (KEY, track, pdf_key(f"{BEES}0")):
        await files.put(key, source)
    assert await files.size(KEY) == size
    assert await files.size(cover_key(BEES)) is None
    assert await files.sizes(document_folder(BEES)) == {KEY: size, track: size}
    assert await files.sizes(document_folder("ab" * 32)) == {}


@pytest.mark.parametrize(
    "key",
    ["", "/etc/passwd", "../up", "a/../b", "a//b", "a/.hidden", "a/b\n", "a b", "a\\b", "a/\0"],
)
async def test_nothing_can_climb_out_by_its_name(files: FileStore, source: Path, key: str) -> None:
    with pytest.raises(ValueError, match="not a key"):
        await files.put(key, source)
    with pytest.raises(ValueError, match="not a key"):
        await files.has(key)
    with pytest.raises(ValueError, match="not a key"):
        async with files.local(key):
            pass
    with pytest.raises(ValueError, match="not a key"):
        await read(files, key)
    with pytest.raises(ValueError, match="not a key"):
        await files.delete([key])
    with pytest.raises(ValueError, match="not a key"):
        await files.delete_under(key)


async def test_many_puts_of_one_key_at_once_leave_one_whole_file(
    files: FileStore, tmp_path: Path
) -> None:
    sources = [tmp_path / str(number) for number in range(8)]
    for number, path in enumerate(sources):
        path.write_bytes(bytes([number]) * CHUNK)
    await asyncio.gather(*(files.put(KEY, path) for path in sources))
    found = await read(files, KEY)
    assert found in [path.read_bytes() for path in sources]


# --- the folder ---------------------------------------------------------------------------------

PUT = (
    "import asyncio, sys; from pathlib import Path; from adapters.files import FolderFiles;"
    "asyncio.run(FolderFiles(Path(sys.argv[1])).put(sys.argv[2], Path(sys.argv[3])))"
)


async def test_a_program_killed_while_it_writes_leaves_the_former_file_whole(
    source: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "files"
    files = FolderFiles(folder)
    await files.put(KEY, source)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    command = [sys.executable, "-c", PUT, folder, KEY, pipe]
    with subprocess.Popen(command, cwd=ROOT) as writer, pipe.open("wb") as end:
        end.write(b"half of it " * 100_000)
        end.flush()
        incoming = folder / ".incoming"
        await until(
            lambda: any(part.stat().st_size for part in incoming.iterdir()),
            "a half written file",
            lives=lambda: writer.poll() is None,
        )
        writer.kill()
        writer.wait()
    assert await read(files, KEY) == source.read_bytes()


async def test_what_a_killed_program_left_is_cleared_when_it_is_old(tmp_path: Path) -> None:
    incoming = tmp_path / ".incoming"
    incoming.mkdir()
    for name in ("old", "fresh"):
        (incoming / name).write_bytes(b"half")
    os.utime(incoming / "old", (0, 0))
    FolderFiles(tmp_path)
    assert [path.name for path in incoming.iterdir()] == ["fresh"]


async def test_a_little_room_is_left_to_the_databases(source: Path, tmp_path: Path) -> None:
    files = FolderFiles(tmp_path / "files", reserve=2**60)
    with pytest.raises(DiskFull):
        await files.put(KEY, source)
    assert not await files.has(KEY)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("a small disk can only be mounted by root")
    yield folder
    subprocess.run(["umount", folder], check=True)


async def test_a_full_disk_is_told_leaves_nothing_and_is_forgiven(
    source: Path, small_disk: Path, tmp_path: Path
) -> None:
    files = FolderFiles(small_disk, reserve=-(2**40))  # only the write itself finds it full
    (tmp_path / "large").write_bytes(bytes(2 * 1024 * 1024))
    with pytest.raises(DiskFull):
        await files.put(KEY, tmp_path / "large")
    assert not await files.has(KEY)
    await files.put(KEY, source)
    assert await files.has(KEY)


# --- opening ------------------------------------------------------------------------------------


@pytest.mark.parametrize("url", ["{folder}", "file://{folder}"])
def test_a_folder_is_opened_by_path_or_url(tmp_path: Path, url: str) -> None:
    folder = tmp_path / "with a space"
    path = str(folder) if "://" not in url else folder.as_uri().removeprefix("file://")
    assert isinstance(open_files(url.format(folder=path)), FolderFiles)
    assert folder.is_dir()


def test_a_bucket_is_opened_by_url() -> None:
    assert isinstance(open_files("s3://audio/prefix"), BucketFiles)


def test_a_bucket_without_its_library_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ConfigurationError, match=r"listendock\[s3\]"):
        open_files("s3://audio/prefix")


@pytest.mark.parametrize("url", ["ftp://host/x", "s4://bucket", "s3://"])
def test_anything_else_is_a_configuration_error(url: str) -> None:
    with pytest.raises(ConfigurationError, match="AUDIO_URL"):
        open_files(url)


def test_a_folder_that_cannot_be_made_is_a_configuration_error() -> None:
    with pytest.raises(ConfigurationError, match="AUDIO_URL"):
        open_files("/proc/listendock")
