"""Each button, command and answer is declared once, and everything that shows them says so."""

from __future__ import annotations

import re

import pytest
import yaml

from adapters.slack.access import manifest
from adapters.slack.rendering import HOME_COMMANDS, OWN_COMMAND, home_of
from adapters.web.page import SHOWN, page_in
from bot.commands import Command, Section, in_order
from bot.domain import Asked, Sender
from bot.handlers.offers import Answer, Offer, Offers, Tap
from bot.views import Action, Verb
from bot.words import ENGLISH, LANGUAGES, composed, messages, words_in
from tests.offering import COMMANDS, OFFERS

BEES = Command(name="bees", section=Section.ABOUT)
LABELS = {command.name: command.label for command in COMMANDS}


async def on_tap(tap: Tap) -> None: ...
async def on_loose_tap(sender: Sender, action: Action, message: str) -> None: ...
async def on_command(sender: Sender, argument: str) -> None: ...
async def on_answer(answer: Answer) -> None: ...


def test_every_verb_and_every_question_is_declared() -> None:
    assert OFFERS.taps.keys() | OFFERS.loose_taps.keys() == set(Verb)
    assert OFFERS.answers.keys() == set(Asked)


@pytest.mark.parametrize(
    ("offer", "named"),
    [
        (Offer(verb=Verb.PLAY, on_tap=on_tap), "p"),
        (Offer(command=BEES, on_command=on_command), "bees"),
        (Offer(asked=Asked.NAME, on_answer=on_answer), "name"),
    ],
)
def test_what_is_offered_twice_is_refused(offer: Offer, named: str) -> None:
    with pytest.raises(ValueError, match=f"offered twice: {named}"):
        Offers([offer, offer])


def test_one_verb_of_two_handlers_is_refused_even_for_different_taps() -> None:
    offers = [
        Offer(verb=Verb.KEEP, on_tap=on_tap),
        Offer(verb=Verb.KEEP, on_loose_tap=on_loose_tap),
    ]
    with pytest.raises(ValueError, match="offered twice: k"):
        Offers(offers)


@pytest.mark.parametrize(
    "half",
    [
        {"verb": Verb.PLAY},
        {"on_tap": on_tap},
        {"on_loose_tap": on_loose_tap},
        {"command": BEES},
        {"on_command": on_command},
        {"asked": Asked.NAME},
        {"on_answer": on_answer},
        {"verb": Verb.PLAY, "on_tap": on_tap, "command": BEES},
    ],
)
def test_half_an_offer_is_refused(half: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="half an offer"):
        Offer(**half)  # type: ignore[arg-type]


def test_commands_stand_by_section_and_then_as_they_came() -> None:
    sections = (Section.KEEPING, Section.LISTENING, Section.KEEPING, Section.OPERATING)
    commands = [Command(name=str(n), section=section) for n, section in enumerate(sections)]
    assert [command.name for command in in_order(commands)] == ["1", "0", "2", "3"]


def test_a_command_for_admins_is_unknown_to_others() -> None:
    assert OFFERS.on_command("stats", is_admin=True) is not None
    assert OFFERS.on_command("stats", is_admin=False) is None
    assert OFFERS.on_command("HELP", is_admin=False) is not None
    assert OFFERS.on_command("nonsense", is_admin=True) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_tells_every_command_of_the_menu_in_its_order(language: str) -> None:
    words = words_in(language)
    told = re.findall(r"^/(\w+) – (.+)$", composed.help_text(words, COMMANDS), re.M)
    assert told == [
        (name, words(text))
        for name, text in (
            ("progress", messages.MENU_PROGRESS),
            ("continue", messages.MENU_CONTINUE),
            ("library", messages.MENU_LIBRARY),
            ("search", messages.MENU_SEARCH),
            ("voice", messages.MENU_VOICE),
            ("speed", messages.MENU_SPEED),
            ("mode", messages.MENU_MODE),
            ("say", messages.MENU_SAY),
            ("language", messages.MENU_LANGUAGE),
            ("settings", messages.MENU_SETTINGS),
            ("rename", messages.MENU_RENAME),
            ("export", messages.MENU_EXPORT),
            ("cancel", messages.MENU_CANCEL),
            ("delete", messages.MENU_DELETE),
            ("privacy", messages.MENU_PRIVACY),
            ("help", messages.MENU_HELP),
        )
    ]


# --- chats that show some of them as buttons ------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_shows_commands_as_they_are_declared(language: str) -> None:
    page = page_in(words_in(language), COMMANDS)
    shown = re.findall(r'data-command="/(\w+)">([^<]+)<', page)
    assert shown == [(name, words_in(language)(LABELS[name])) for name in SHOWN]
    assert all(label for _, label in shown)


def test_slacks_home_shows_commands_as_they_are_declared() -> None:
    buttons = home_of(ENGLISH, [], COMMANDS)["blocks"][-1]["elements"]
    shown = [(button["value"], button["text"]["text"]) for button in buttons]
    assert shown == [(f"/{name}", LABELS[name]) for name in HOME_COMMANDS]
    assert all(label for _, label in shown)


def test_slacks_manifest_speaks_of_commands_as_they_are_declared() -> None:
    texts = {f"/{command.name}": command.text for command in COMMANDS}
    own, ours = yaml.safe_load(manifest())["features"]["slash_commands"]
    assert own == {"command": f"/{OWN_COMMAND}", "description": texts[f"/{OWN_COMMAND}"]}
    assert ours["command"] == "/listendock"
    hinted = {f"/{name.strip()}" for name in ours["usage_hint"].split("|")}
    assert hinted
    assert hinted <= texts.keys()
