"""How often Telegram is called for what a listener does."""

from __future__ import annotations

from pathlib import Path

from bot.words import messages
from tests.integration.telegram.stage import Stage, a_pdf
from tests.waiting import until

CHAPTERS = tuple(f"Chapter of number {number}" for number in range(1, 18))
OF_THE_PROGRAM = {"getUpdates", "getMe", "setMyCommands", "deleteWebhook"}
MOST_CALLS = 30


async def test_a_whole_story_takes_few_calls_none_refused_and_no_byte_twice(
    home: Stage, tmp_path: Path
) -> None:
    home.jobs.titles = CHAPTERS
    ada, telegram = home.ada, home.telegram
    async with home.unhurried():
        ada.forwards(a_pdf(tmp_path))
        await until(lambda: home.jobs.is_done)
    card = await ada.sees(lambda chat: next((m for m in chat.texts if "17 ready" in m.words), None))
    for count, number in enumerate((1, 2, 3), start=1):
        async with home.unhurried():
            ada.taps(CHAPTERS[number - 1], card)
            note = await ada.sees(
                lambda chat, count=count: len(chat.notes) == count and chat.notes[-1]
            )
            ada.taps("✓ Heard", note)
    ada.taps(CHAPTERS[0], card)  # once more
    await ada.sees(lambda chat: len(chat.notes) == 4)
    ada.says("/progress")
    await ada.sees(lambda chat: chat.last.words.startswith(messages.PROGRESS_HEADING))
    ada.says("/delete")
    ada.taps("Delete", await ada.sees(lambda chat: chat.with_button("1. Delete")))
    question = await ada.sees(lambda chat: chat.with_button("Keep"))
    ada.taps("Delete", question)
    await ada.sees(lambda _: question.words == messages.DELETED.format(title="On Bees"))
    await home.settled()

    calls = [call for call in telegram.calls if call.method not in OF_THE_PROGRAM]
    assert len(calls) <= MOST_CALLS, telegram.counts
    assert telegram.refused == []
    sounds = [file.data for file in telegram.uploads]
    assert len(sounds) == len(set(sounds)) == 3
    assert sum(call.uploaded for call in calls) == sum(map(len, sounds))


async def test_a_finished_document_costs_a_second_listener_one_message(
    home: Stage, tmp_path: Path
) -> None:
    pdf = a_pdf(tmp_path)
    home.ada.forwards(pdf)
    await home.ada.sees(lambda chat: chat.with_button("Discussion"))
    await home.settled()
    before = len(home.telegram.calls)
    home.tom.forwards(pdf)
    await home.tom.sees(lambda chat: chat.with_button("Discussion"))
    await home.settled()
    made = {call.method for call in home.telegram.calls[before:]} - OF_THE_PROGRAM
    assert made == {"getFile", "file", "sendMessage"}
    assert len(home.tom.chat.ours) == 1
