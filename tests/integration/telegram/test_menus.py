"""The menus behind Telegram's / button."""

from __future__ import annotations

import pytest

from adapters.telegram import menus
from adapters.telegram.access import TelegramAccess
from adapters.telegram.opening import open_telegram
from bot.commands import shown
from bot.words import LANGUAGES, SOURCE, messages, words_in
from tests import sayings
from tests.integration.telegram.stage import Stage
from tests.loopback.telegram import TOKEN, Fault
from tests.loopback.telegram_person import Person
from tests.offering import COMMANDS
from tests.waiting import until

EVERYBODYS = [command.name for command in shown(COMMANDS)]
ADMINS = [*EVERYBODYS, "stats"]
EACH = 4 * len(LANGUAGES)  # private chats, groups, two admins


async def registered(stage: Stage, count: int) -> dict[tuple[str, str], list[str]]:
    folder = stage.folder / "incoming"
    folder.mkdir(exist_ok=True)
    opened = open_telegram(
        TelegramAccess(token=TOKEN, api_url=stage.telegram.url),
        inbox=stage.inbox,
        folder=folder,
        routes={},
        admins=["7", "404"],
    )
    async with opened:
        calls = stage.telegram.calls
        await until(
            lambda: sum(c.method == "setMyCommands" and c.code != 0 for c in calls) >= count
        )
    return {
        place: [command["command"] for command in menu]
        for place, menu in stage.telegram.commands.items()
    }


async def test_each_scope_and_language_has_its_own(stage: Stage) -> None:
    found = await registered(stage, EACH)
    told = ["" if code == SOURCE else code for code in LANGUAGES]  # to whoever speaks others too
    assert found == {
        **{("all_private_chats", code): EVERYBODYS for code in told},
        **{("all_group_chats", code): EVERYBODYS for code in told},
        **{("7", code): ADMINS for code in told},
    }
    german = stage.telegram.commands["all_private_chats", "de"][0]
    described = words_in("de")(messages.MENU_PROGRESS)
    assert german == {"command": "progress", "description": described}


async def test_an_admin_who_has_not_opened_the_chat_yet_holds_nothing_up(stage: Stage) -> None:
    await registered(stage, EACH)
    refusals = {call.refusal for call in stage.telegram.refused}
    assert refusals == {"Bad Request: chat not found"}


@pytest.mark.parametrize("fault", [Fault.DROP_BEFORE, Fault.SERVER_ERROR])
async def test_an_outage_holds_them_up_but_loses_none(stage: Stage, fault: Fault) -> None:
    stage.telegram.breaks("setMyCommands", fault, times=3)
    more = 0 if fault is Fault.DROP_BEFORE else 3
    assert len(await registered(stage, EACH + more)) == 3 * len(LANGUAGES)


async def test_a_listener_is_answered_while_menus_are_refused(stage: Stage) -> None:
    stage.telegram.breaks("setMyCommands", Fault.SERVER_ERROR, times=1000)
    async with stage.living():
        stage.ada.says("/help")
        assert (await stage.ada.sees(lambda chat: chat.last)).words == sayings.HELP


def test_groups_know_what_their_menu_shows() -> None:
    assert menus.known_in_groups(COMMANDS) == {"start", *EVERYBODYS}


async def test_all_that_the_menus_show_today_is_answered(home: Stage) -> None:
    home.telegram.flood.is_on = False
    names = EVERYBODYS
    people = [Person(home.telegram, 20 + number) for number in range(4)]
    for number, name in enumerate(names):  # one chat alone would have to be spared
        people[number % 4].says(f"/{name}")
    await until(lambda: len([m for who in people for m in who.chat.ours]) >= len(names))
    await home.settled()
    answers = [message for who in people for message in who.chat.ours]
    assert not any(m.words.startswith(messages.UNKNOWN_COMMAND[:20]) for m in answers)
