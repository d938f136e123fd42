"""The token is part of every address, and of nothing that anybody reads."""

from __future__ import annotations

import io
import logging
from pathlib import Path

from tests.integration.telegram.conftest import LOGGERS
from tests.integration.telegram.stage import Stage, a_pdf, is_card
from tests.loopback.telegram import TOKEN, Fault
from tests.waiting import until


async def test_the_token_reaches_no_log_whatever_goes_wrong(
    stage: Stage, tmp_path: Path, written: io.StringIO
) -> None:
    for name in LOGGERS:  # all that the libraries could say, addresses included
        logging.getLogger(name).setLevel(logging.DEBUG)
    stage.telegram.token = "123:another"
    async with stage.living():
        await until(lambda: stage.telegram.refused)
        stage.telegram.token = TOKEN
        stage.telegram.breaks("getUpdates", Fault.SERVER_ERROR)
        stage.telegram.breaks("getFile", Fault.NONSENSE)
        stage.telegram.breaks("file", Fault.DROP_BEFORE)
        stage.telegram.breaks("sendMessage", Fault.DROP_BEFORE)
        stage.telegram.breaks("sendVoice", Fault.NONSENSE)
        stage.ada.forwards(a_pdf(tmp_path))
        await stage.ada.sees(is_card())
        stage.ada.taps("Introduction")
        await stage.ada.sees(lambda chat: chat.notes)
    log = written.getvalue()
    assert "HTTP Request" in log  # httpx did write down its addresses
    assert "[secret]" in log
    assert TOKEN not in log
    assert TOKEN.partition(":")[2] not in log


async def test_what_people_send_reaches_no_log(
    stage: Stage, tmp_path: Path, written: io.StringIO
) -> None:
    async with stage.living():
        stage.ada.says("a very private question")
        stage.ada.forwards(a_pdf(tmp_path, "private letters.pdf"))
        await stage.ada.sees(is_card())
        await stage.settled()
    assert "document received" in written.getvalue()
    assert "private" not in written.getvalue()
    assert "what this chapter tells about" not in written.getvalue()
