"""A document that an earlier version read is read again when it is opened: by the engine, on both
databases, and asked for by whoever opens it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot.domain import Stage
from bot.ports import pdf_key
from bot.views import Verb
from pipeline.errors import EncryptedPdf
from tests.engines import Machine
from tests.integration.test_conversation import BEES, BYTES, opened
from tests.lives import read_by_an_earlier_version
from tests.samples import a_document, a_sender, a_track

ADA = a_sender("ada")
BEFORE = replace(a_document(BEES), edition=0)


async def was_read(machine: Machine) -> None:
    await machine.takes(ADA, BEES)
    await machine.is_done(ADA, BEES)
    await machine.is_idle()
    await read_by_an_earlier_version(machine.library, machine.files, BEES)


async def test_what_an_earlier_version_read_is_read_again_and_spoken_no_second_time(
    machine: Machine,
) -> None:
    await was_read(machine)
    machine.producer.leaves_out = True
    await machine.jobs.read_again(BEES, ADA.listener.id)
    await machine.is_idle()
    progress = await machine.progress(ADA, BEES)
    assert (progress.ready, len(machine.producer.spoken)) == (3, 3)
    assert not progress.holding.is_outdated
    assert progress.left_out
    await machine.jobs.read_again(BEES, ADA.listener.id)
    await machine.is_idle()
    assert len(machine.producer.reads) == 2


async def test_what_cannot_be_read_again_stays_as_it_is_and_is_not_tried_once_more(
    machine: Machine,
) -> None:
    await was_read(machine)
    machine.producer.fail_next.append(EncryptedPdf())
    await machine.jobs.read_again(BEES, ADA.listener.id)
    await machine.is_idle()
    progress = await machine.progress(ADA, BEES)
    assert (progress.ready, progress.holding.stage) == (3, Stage.READ)
    assert not progress.holding.is_outdated


async def test_whoever_opens_it_has_it_read_again_once_they_are_answered(tmp_path: Path) -> None:
    stage = opened(tmp_path)
    await stage.sends(ADA)
    await stage.library.save_reading(BEFORE)
    await stage.library.save_track(a_track(BEES, 1))
    opening = (
        lambda: stage.taps(ADA, Verb.OPEN),
        lambda: stage.inbox.what_is_at(ADA, BEES, 1, 10, 10),
        lambda: stage.inbox.track_of(ADA, BEES, 1),
    )
    for opened_by in opening:
        stage.jobs.reads.clear()
        await opened_by()
        assert stage.jobs.reads == [BEES]


async def test_nobody_is_asked_for_one_whose_file_is_gone_or_that_this_version_read(
    tmp_path: Path,
) -> None:
    stage = opened(tmp_path)
    await stage.sends(ADA)
    await stage.library.save_reading(BEFORE)
    stage.jobs.reads.clear()
    stage.files.files[pdf_key(BEES)] = BYTES[:2]
    await stage.taps(ADA, Verb.OPEN)
    del stage.files.files[pdf_key(BEES)]
    await stage.taps(ADA, Verb.OPEN)
    assert stage.jobs.reads == []
    stage.files.files[pdf_key(BEES)] = BYTES
    await stage.library.renew_reading(BEES, a_document(BEES))
    await stage.taps(ADA, Verb.OPEN)
    assert stage.jobs.reads == []
