"""The page's own words: each that it says is known to the catalogues, and none for nothing."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from adapters.web.page import STATIC, page_in
from bot.words import LANGUAGES, messages, words_in
from tests.offering import COMMANDS

CALL = re.compile(r"worded\(([^()]*)")
SENTENCE = re.compile(r'"([^"]+)"')
PASSED_ON = {"new", "started", "heard", "playing", "paused"}  # what a state is called


def said_by_scripts() -> set[str]:
    """In a call, what stands before the facts; a choice of two has what it depends on before it."""
    calls = [call for path in sorted(STATIC.glob("*.js")) for call in CALL.findall(code_of(path))]
    chosen = [call.partition("{ ")[0].rpartition("?")[2] for call in calls]
    return {sentence for call in chosen for sentence in SENTENCE.findall(call)} | PASSED_ON


def code_of(path: Path) -> str:
    return re.sub(r"/\*\*.*?\*/|^//.*?$", "", path.read_text(), flags=re.S | re.M)


def said_by_page() -> set[str]:
    page = (STATIC / "index.html").read_text()
    return set(re.findall(r"\{\{(.+?)\}\}", page)) - {"language", "words", "commands"}


def test_every_sentence_is_in_the_catalogues_and_none_is_left_over() -> None:
    assert said_by_scripts() | said_by_page() == set(messages.PAGE)


def test_scripts_say_nothing_in_english_alone() -> None:
    for path in STATIC.glob("*.js"):
        labels = re.findall(r'(?:"aria-label"|title|"title"): "([^"]+)"', code_of(path))
        assert labels == [], path.name


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_is_whole_in_every_language(language: str) -> None:
    page = page_in(words_in(language), COMMANDS)
    assert "{{" not in page
    assert f'<html lang="{language}">' in page
    block = re.search(r'<script type="application/json" id="words">(.*?)</script>', page)
    assert block is not None
    assert set(json.loads(block[1])) == set(messages.PAGE)
    assert "<" not in block[1]
