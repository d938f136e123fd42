"""Actions travel in 64 bytes and come back only as what was written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import MARK_DIGITS, Listener
from bot.views import Action, Button, Verb, asking

references = st.text("0123456789abcdef", min_size=16, max_size=16)


marks = st.text("0123456789abcdef", min_size=MARK_DIGITS, max_size=MARK_DIGITS)


@given(
    st.sampled_from(Verb),
    st.just("") | references,
    st.integers(0, 999_999_999),
    st.just("") | marks,
)
def test_an_action_comes_back_as_it_was(verb: Verb, document: str, number: int, asked: str) -> None:
    action = Action(verb=verb, document=document, number=number, asked=asked)
    assert Action.decoded(action.encoded()) == action
    assert len(action.encoded().encode()) <= 64


@given(st.text(max_size=64))
def test_anything_else_is_no_action_or_itself(data: str) -> None:
    action = Action.decoded(data)
    assert action is None or action.encoded() == data or data.split(".")[2] != str(action.number)


@pytest.mark.parametrize(
    "data",
    [
        "",
        "p",
        "p..1.",
        "p..1.0123456789a",
        "p..1.0123456789.",
        "p..",
        "p.0123456789abcdef.-1",
        "p.xyz.1",
        "zz..1",
        "p..١",
        "p..1.2",
    ],
)
def test_a_forged_action_is_none(data: str) -> None:
    assert Action.decoded(data) is None


def test_a_question_is_for_the_one_who_was_asked() -> None:
    ada, tom = (Listener(platform="telegram", account=account) for account in ("7", "8"))
    ((button,),) = asking(ada, ((Button(label="Keep", action=Action(verb=Verb.KEEP)),),))
    assert button.action.is_for(ada)
    assert not button.action.is_for(tom)
    assert all(Action(verb=Verb.KEEP).is_for(one) for one in (ada, tom))


def test_buttons_that_stand_in_chats_go_on_meaning_what_they_meant() -> None:
    """Written down once and never changed: whoever adds a verb adds its line."""
    values = {verb.name: verb.value for verb in Verb}
    assert values == {
        "PLAY": "p",
        "STARTED": "b",
        "HEARD": "h",
        "UNHEARD": "u",
        "UNDO": "z",
        "UP_TO": "t",
        "NEXT": "n",
        "TEXT": "w",
        "TAKEAWAYS": "a",
        "LEFT_OUT": "L",
        "ALL": "A",
        "STOP_ALL": "X",
        "PAGE": "g",
        "OPEN": "o",
        "CONTINUE": "c",
        "CANCEL": "x",
        "RESUME": "r",
        "ASK_DELETE": "d",
        "DELETE": "D",
        "KEEP": "k",
        "RENAME": "N",
        "UNLOCK": "U",
        "SHARE": "S",
        "REVOKE": "R",
        "EXPORT": "E",
        "ASK_ERASE": "q",
        "ERASE": "Q",
        "SHELF_PAGE": "s",
        "SETTINGS": "e",
        "VOICE": "v",
        "SAMPLED_VOICE": "V",
        "SPEED": "y",
        "MODE": "m",
        "CHOSEN_MODE": "M",
        "FORMAT": "f",
        "TAKEAWAYS_IN": "i",
        "LANGUAGE": "l",
    }
    assert Action.decoded("v..3") == Action(verb=Verb.VOICE, number=3)
    assert Action(verb=Verb.HEARD, document="0" * 16, number=2).encoded() == f"h.{'0' * 16}.2"
