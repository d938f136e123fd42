"""Actions travel in 64 bytes and come back only as what was written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.views import Action, Verb

references = st.text("0123456789abcdef", min_size=16, max_size=16)


@given(st.sampled_from(Verb), st.just("") | references, st.integers(0, 999_999))
def test_an_action_comes_back_as_it_was(verb: Verb, document: str, number: int) -> None:
    action = Action(verb=verb, document=document, number=number)
    assert Action.decoded(action.encoded()) == action
    assert len(action.encoded().encode()) <= 64


@given(st.text(max_size=64))
def test_anything_else_is_no_action_or_itself(data: str) -> None:
    action = Action.decoded(data)
    assert action is None or action.encoded() == data or data.split(".")[2] != str(action.number)


@pytest.mark.parametrize(
    "data", ["", "p", "p..", "p.0123456789abcdef.-1", "p.xyz.1", "zz..1", "p..١", "p..1.2"]
)
def test_a_forged_action_is_none(data: str) -> None:
    assert Action.decoded(data) is None
