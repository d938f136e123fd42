"""The menus behind Telegram's / button."""

from __future__ import annotations

import pytest

from adapters.telegram import Menus, TelegramAccess, menus, open_telegram
from bot.words import composed, messages
from tests import sayings
from tests.integration.telegram.stage import Stage
from tests.loopback.telegram import TOKEN, Fault
from tests.loopback.telegram_person import Person
from tests.waiting import until

LANGUAGES = ("en", "de", "es", "fr", "ru", "pt")
GIVEN: Menus = {
    "private": {code: [("progress", f"in {code}"), ("help", "?")] for code in LANGUAGES},
    "group": {"en": [("progress", "yours alone"), ("listen", "to a file")]},
    "admins": {"en": [("progress", "in en"), ("stats", "how it goes")]},
}


async def registered(stage: Stage, count: int) -> dict[tuple[str, str], list[str]]:
    folder = stage.folder / "incoming"
    folder.mkdir(exist_ok=True)
    opened = open_telegram(
        TelegramAccess(token=TOKEN, api_url=stage.telegram.url),
        inbox=stage.inbox,
        folder=folder,
        routes={},
        menus=GIVEN,
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
    found = await registered(stage, 9)
    privates = {("all_private_chats", code): ["progress", "help"] for code in LANGUAGES[1:]}
    assert found == privates | {
        ("all_private_chats", ""): ["progress", "help"],  # whoever speaks another language too
        ("all_group_chats", ""): ["progress", "listen"],
        ("7", ""): ["progress", "stats"],
    }
    german = stage.telegram.commands["all_private_chats", "de"][0]
    assert german == {"command": "progress", "description": "in de"}


async def test_an_admin_who_has_not_opened_the_chat_yet_holds_nothing_up(stage: Stage) -> None:
    await registered(stage, 9)
    assert [call.refusal for call in stage.telegram.refused] == ["Bad Request: chat not found"]


@pytest.mark.parametrize("fault", [Fault.DROP_BEFORE, Fault.SERVER_ERROR])
async def test_an_outage_holds_them_up_but_loses_none(stage: Stage, fault: Fault) -> None:
    stage.telegram.breaks("setMyCommands", fault, times=3)
    assert len(await registered(stage, 9 if fault is Fault.DROP_BEFORE else 12)) == 8


async def test_a_listener_is_answered_while_menus_are_refused(stage: Stage) -> None:
    stage.telegram.breaks("setMyCommands", Fault.SERVER_ERROR, times=1000)
    async with stage.living():
        stage.ada.says("/help")
        assert (await stage.ada.sees(lambda chat: chat.last)).words == sayings.HELP


def test_groups_know_what_their_menu_shows() -> None:
    assert menus.known_in_groups(GIVEN) == {"start", "help", "progress", "listen"}


async def test_all_that_the_menus_show_today_is_answered(home: Stage) -> None:
    home.telegram.flood.is_on = False
    names = [name for name, _ in composed.menus()["private"]["en"]]
    people = [Person(home.telegram, 20 + number) for number in range(4)]
    for number, name in enumerate(names):  # one chat alone would have to be spared
        people[number % 4].says(f"/{name}")
    await until(lambda: len([m for who in people for m in who.chat.ours]) >= len(names))
    await home.settled()
    answers = [message for who in people for message in who.chat.ours]
    assert not any(m.words.startswith(messages.UNKNOWN_COMMAND[:20]) for m in answers)
