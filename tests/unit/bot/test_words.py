"""Sentences in the listener's language: none is missing, none loses what belongs into it."""

from __future__ import annotations

import string

import pytest
from babel import Locale

from adapters.voices.espeak import LANGUAGES as VOICED
from bot.commands import shown
from bot.views import Verb
from bot.words import LANGUAGES, SOURCE, composed, messages, words_in
from bot.words.catalogue import Catalogue
from bot.words.languages import IN_ENGLISH
from pipeline.domain import Skipped
from pipeline.errors import PdfTooLarge, TooManyPages
from tests import catalogues
from tests.offering import COMMANDS

OTHERS = [language for language in LANGUAGES if language != SOURCE]
TOAST_SIGNS, DESCRIPTION_SIGNS, LABEL_SIGNS = 200, 256, 40


def gaps_of(sentence: str) -> set[str]:
    return {gap for _, gap, _, _ in string.Formatter().parse(sentence) if gap}


@pytest.mark.parametrize("language", OTHERS)
def test_no_language_misses_a_key_or_keeps_an_old_one(language: str) -> None:
    found = {message.id for message in catalogues.catalogue_of(language) if message.id}
    assert found == set(catalogues.keys())
    as_written = catalogues.path_of(language).read_bytes()
    assert as_written == catalogues.text_of(catalogues.renewed(language))


@pytest.mark.parametrize("language", OTHERS)
def test_every_key_is_translated_with_all_that_fills_it(language: str) -> None:
    catalogue = catalogues.catalogue_of(language)
    for message in catalogue:
        if not message.id:
            continue
        source = message.id if isinstance(message.id, str) else message.id[1]
        said = [message.string] if isinstance(message.string, str) else list(message.string)
        assert len(said) == (1 if isinstance(message.id, str) else catalogue.num_plurals), source
        for sentence in said:
            assert sentence.strip(), source
            assert gaps_of(sentence) == gaps_of(source), source
            assert sentence.startswith("\n") == source.startswith("\n")


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_is_read_as_the_library_reads_it_that_wrote_it(language: str) -> None:
    read = Catalogue(catalogues.path_of(language).read_text(encoding="utf-8"))
    for message in catalogues.catalogue_of(language):
        if isinstance(message.id, str):
            assert not message.id or read.gettext(message.id) == message.string
        else:
            said = {read.ngettext(*message.id, number) for number in range(130)}
            assert said == set(message.string)


def test_a_sentence_without_a_translation_is_said_in_the_words_of_the_source() -> None:
    read = Catalogue('msgid "Bees"\nmsgstr ""\n\nmsgid "a"\nmsgid_plural "b"\nmsgstr[0] ""\n')
    assert [read.gettext("Bees"), read.gettext("Wasps")] == ["Bees", "Wasps"]
    assert [read.ngettext("a", "b", number) for number in (1, 2)] == ["a", "b"]


def test_languages_are_called_in_english_as_unicode_has_them() -> None:
    assert set(IN_ENGLISH) == set(VOICED)
    assert {code: Locale("en").languages[code] for code in VOICED} == IN_ENGLISH


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_chat_shows_briefly_is_brief_in_every_language(language: str) -> None:
    words = words_in(language)
    assert all(len(words(verb.toast)) <= TOAST_SIGNS for verb in Verb)
    menu = shown(COMMANDS, to_admins=True)
    assert all(3 <= len(words(command.text)) <= DESCRIPTION_SIGNS for command in menu)
    labels = [v for name, v in vars(messages).items() if name.startswith("BUTTON_")]
    assert all(len(words(label, time="1:23:45")) <= LABEL_SIGNS for label in labels)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ["1 chapter", "2 chapters", "5 chapters", "21 chapters"]),
        ("de", ["1 Kapitel", "2 Kapitel", "5 Kapitel", "21 Kapitel"]),
        ("fr", ["1 chapitre", "2 chapitres", "5 chapitres", "21 chapitres"]),
        ("ru", ["1 глава", "2 главы", "5 глав", "21 глава"]),
    ],
)
def test_numbers_take_the_form_of_their_language(language: str, told: list[str]) -> None:
    words = words_in(language)
    assert [words.count(n, messages.CHAPTERS) for n in (1, 2, 5, 21)] == told


def test_a_language_without_a_catalogue_is_spoken_to_in_english() -> None:
    for language in ("ja", "", "xx-yy"):
        assert words_in(language)(messages.KEPT) == messages.KEPT
    assert words_in("pt-BR").language == "pt"


def test_nothing_said_is_nothing_and_braces_in_a_title_stay() -> None:
    words = words_in("de")
    assert words("") == ""
    assert "{odd}" in words(messages.ALL_HEARD, title="{odd}")


def test_errors_and_counts_are_said_in_the_language() -> None:
    words = words_in("de")
    assert words.error(PdfTooLarge(megabytes=9, limit=5)).startswith("Dieses PDF hat 9 MB")
    assert "9 Literaturangaben" in composed.skipped(words, Skipped(references=9))
    facts: dict[str, str | int] = {"pages": 9, "limit": 5}
    told = composed.failure(words, TooManyPages.kind, "in English", facts)
    assert told.startswith("Dieses PDF hat 9 Seiten")
    assert composed.failure(words, "unknown", "in English", {}) == "in English"
    told = composed.failure(words, "internal", "in English", {"reference": "abc"})
    assert "(abc)" in told
