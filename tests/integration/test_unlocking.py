"""A locked PDF is opened with its password, which is written nowhere."""

from __future__ import annotations

import asyncio
import io
import logging
import os
import signal
import unicodedata
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pymupdf
import pytest
import structlog

from bot.logs import configure_logs
from pipeline.audio.voices import VoiceCard
from pipeline.errors import (
    ChildDied,
    DamagedPdf,
    DiskFull,
    EncryptedPdf,
    ListenDockError,
    NotAPdf,
    ReadingTookTooLong,
    WrongPassword,
    error_of,
)
from pipeline.process import workplace
from pipeline.process.sandbox import Given, Limits, Sandbox, Wanted
from pipeline.producer import Producer
from tests.books import an_epub
from tests.drawing import DANCE, a_locked, a_paper
from tests.waiting import until

VOICE = VoiceCard(id="none:none", factory="none:none", languages=frozenset({"en"}))
WAYS = {
    "RC4-40": pymupdf.PDF_ENCRYPT_RC4_40,
    "RC4-128": pymupdf.PDF_ENCRYPT_RC4_128,
    "AES-128": pymupdf.PDF_ENCRYPT_AES_128,
    "AES-256": pymupdf.PDF_ENCRYPT_AES_256,
}
SECRET = "Zwölf-Waben-93"
any_way = pytest.mark.parametrize("encryption", WAYS.values(), ids=WAYS)


@pytest.fixture
async def producer() -> AsyncIterator[Producer]:
    """One's own, for those who look at its children or stop them."""
    async with Producer(voices=[VOICE], default_voice=VOICE.id, workers=1) as opened:
        yield opened


@any_way
@pytest.mark.parametrize("password", ["bees", "queen"], ids=["user", "owner"])
async def test_either_password_unlocks_a_copy_that_can_be_read(
    warm_producer: Producer, tmp_path: Path, encryption: int, password: str
) -> None:
    locked = a_locked(tmp_path / "locked.pdf", encryption=encryption)
    with pytest.raises(EncryptedPdf):
        await warm_producer.read(locked, max_pages=10)
    out = tmp_path / "copy.pdf"
    await warm_producer.unlock(locked, password, out)
    document = await warm_producer.read(out, max_pages=10)
    assert "Honey bees find their way home" in document.chapters[0].text
    with pymupdf.open(out) as pdf:
        assert not pdf.needs_pass
        assert pdf.metadata["encryption"] is None


@any_way
async def test_two_unlocks_give_the_same_bytes(
    warm_producer: Producer, tmp_path: Path, encryption: int
) -> None:
    locked = a_locked(tmp_path / "locked.pdf", encryption=encryption)
    first, second = tmp_path / "first.pdf", tmp_path / "second.pdf"
    await warm_producer.unlock(locked, "bees", first)
    await asyncio.sleep(1.1)  # another second: no date is written
    moved = locked.rename(tmp_path / "moved.pdf")
    async with Producer(voices=[VOICE], default_voice=VOICE.id, workers=1) as another:
        await another.unlock(moved, " queen ", second)
    assert first.read_bytes() == second.read_bytes()


@any_way
@pytest.mark.parametrize(
    "wrong", ["wasps", "", " ", "BEES", "b ees", "\ud83d", "東京", "x" * 5000, "é" * 300]
)
async def test_a_wrong_password_is_said_and_leaves_no_file(
    warm_producer: Producer, tmp_path: Path, encryption: int, wrong: str
) -> None:
    locked = a_locked(tmp_path / "locked.pdf", encryption=encryption)
    before = set(tmp_path.iterdir())
    with pytest.raises(WrongPassword, match="Try again, or send a copy"):
        await warm_producer.unlock(locked, wrong, tmp_path / "copy.pdf")
    assert set(tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    ("password", "typed"),
    [
        ("bees", "  bees\n"),
        (" bees ", " bees "),
        ("Bienenstöcke", "Bienenstöcke"),
        ("Bienenstöcke", unicodedata.normalize("NFD", "Bienenstöcke ")),
        ("東京の蜂", "東京の蜂"),
    ],
    ids=["stripped", "with spaces", "umlaut", "decomposed", "japanese"],
)
async def test_a_password_is_tried_as_given_then_without_what_surrounds_it(
    warm_producer: Producer, tmp_path: Path, password: str, typed: str
) -> None:
    out = tmp_path / "copy.pdf"
    await warm_producer.unlock(a_locked(tmp_path / "locked.pdf", password=password), typed, out)
    assert out.exists()


@pytest.mark.parametrize("typed", ["", "anything"])
async def test_a_file_that_needs_no_password_is_copied(
    warm_producer: Producer, tmp_path: Path, typed: str
) -> None:
    restricted = a_locked(tmp_path / "restricted.pdf", password="")
    for file in (
        restricted,
        a_paper(tmp_path / "open.pdf"),
        an_epub(tmp_path / "book.epub", {"Dance": [DANCE]}),
    ):
        out = tmp_path / f"copy-{file.name}"
        read = await warm_producer.read(file, max_pages=50)
        await warm_producer.unlock(file, typed, out)
        copied = await warm_producer.read(out, max_pages=50)
        assert [c.text for c in copied.chapters] == [c.text for c in read.chapters]


async def test_the_outline_and_the_title_come_along(
    warm_producer: Producer, tmp_path: Path
) -> None:
    with pymupdf.open(a_paper(tmp_path / "paper.pdf")) as pdf:
        pdf.set_metadata({"title": "On Bees"})
        pdf.set_toc([[1, "The dance", 1], [1, "The honey", 2]])
        secret = {"user_pw": "bees", "owner_pw": "queen"}
        pdf.save(tmp_path / "locked.pdf", encryption=pymupdf.PDF_ENCRYPT_AES_256, **secret)
    await warm_producer.unlock(tmp_path / "locked.pdf", "bees", tmp_path / "copy.pdf")
    with pymupdf.open(tmp_path / "copy.pdf") as copy:
        assert copy.metadata["title"] == "On Bees"
        assert copy.get_toc() == [[1, "The dance", 1], [1, "The honey", 2]]


async def test_what_is_no_pdf_or_damaged_is_named(warm_producer: Producer, tmp_path: Path) -> None:
    page = tmp_path / "page.pdf"
    page.write_bytes(b"<html>")
    with pytest.raises(NotAPdf):
        await warm_producer.unlock(page, "bees", tmp_path / "copy.pdf")
    cut = a_locked(tmp_path / "cut.pdf")
    cut.write_bytes(cut.read_bytes()[:60])
    with pytest.raises(DamagedPdf):
        await warm_producer.unlock(cut, "bees", tmp_path / "copy.pdf")
    assert not (tmp_path / "copy.pdf").exists()


async def test_a_full_disk_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that may not grow stands for a disk that has no room."""
    monkeypatch.setattr(workplace, "MOST_BYTES", 10**15)  # nor has the program
    locked, out = a_locked(tmp_path / "locked.pdf"), tmp_path / "copy.pdf"
    request = {"path": Given(locked), "password": "bees", "out": Wanted(out), "room": 1000}
    limits = Limits(memory_mb=600, cpu_s=0)
    async with Sandbox(module="tests.reading_tasks", size=1, limits=limits) as readers:
        with pytest.raises(DiskFull):
            await readers.run("read.unlock_without_room", request, timeout_s=3600)


def test_the_error_travels_by_its_kind() -> None:
    assert isinstance(error_of("wrong_password", {}), WrongPassword)


# --- the password is written nowhere ------------------------------------------------------------


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """Everything that is logged, at debug level, as in a program."""
    stream = io.StringIO()
    configure_logs(level="debug", style="json", stream=stream)
    yield stream
    logging.getLogger().handlers.clear()
    structlog.reset_defaults()


def _seen_in(error: BaseException | None) -> str:
    """All that an error says, with those behind it."""
    said = ""
    while error is not None:
        said += f"{error!r} {error} {vars(error)}"
        error = error.__cause__ or error.__context__
    return said


async def test_no_log_and_no_error_tells_the_password(
    producer: Producer, tmp_path: Path, logged: io.StringIO
) -> None:
    asyncio.get_running_loop().set_debug(True)
    locked = a_locked(tmp_path / "locked.pdf", password=SECRET)
    await producer.unlock(locked, SECRET, tmp_path / "copy.pdf")
    with pytest.raises(WrongPassword) as caught:
        await producer.unlock(locked, f"{SECRET}!", tmp_path / "copy.pdf")
    structlog.get_logger().exception("failed", exc_info=caught.value)
    for text in (logged.getvalue(), _seen_in(caught.value)):
        assert text
        assert SECRET not in text
        assert "Waben" not in text


@pytest.mark.parametrize(
    ("task", "expected"), [("hang", ReadingTookTooLong), ("crash", ChildDied), ("fail", ChildDied)]
)
async def test_a_child_that_hangs_or_dies_does_not_tell_it_either(
    tmp_path: Path, logged: io.StringIO, task: str, expected: type[ListenDockError]
) -> None:
    limits = Limits(memory_mb=600, cpu_s=0)
    async with Sandbox(
        module="tests.child_tasks", size=1, limits=limits, blames_input=True
    ) as sandbox:
        with pytest.raises(expected) as caught:
            await sandbox.run(task, {"password": SECRET}, timeout_s=0.2 if task == "hang" else 3600)
    structlog.get_logger().exception("failed", exc_info=caught.value)
    assert "child" in logged.getvalue()
    assert "Waben" not in logged.getvalue() + _seen_in(caught.value)


async def test_no_process_argument_environment_or_file_holds_it(
    producer: Producer, tmp_path: Path
) -> None:
    locked = a_locked(tmp_path / "locked.pdf", password=SECRET)
    await producer.unlock(locked, SECRET, tmp_path / "copy.pdf")
    (child,) = producer._readers._idle
    process = Path(f"/proc/{child.process.pid}")
    for name in ("cmdline", "environ"):
        assert SECRET.encode() not in (process / name).read_bytes()
    assert SECRET.encode() not in (tmp_path / "copy.pdf").read_bytes()
    assert {path.name for path in tmp_path.iterdir()} == {"locked.pdf", "copy.pdf"}


async def test_a_child_that_is_killed_leaves_no_half_copy(
    producer: Producer, tmp_path: Path
) -> None:
    locked = a_locked(tmp_path / "locked.pdf")
    await producer.unlock(locked, "bees", tmp_path / "copy.pdf")
    (child,) = producer._readers._idle
    os.kill(child.process.pid, signal.SIGSTOP)  # it will not answer
    unlocking = asyncio.create_task(producer.unlock(locked, "bees", tmp_path / "again.pdf"))
    await until(lambda: any(child.place.inlay.iterdir()), "the job in the child's folder")
    (child.place.outlay / "0").write_bytes(b"half of it")
    unlocking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await unlocking
    assert {path.name for path in tmp_path.iterdir()} == {"locked.pdf", "copy.pdf"}
    assert not child.place.folder.exists()
